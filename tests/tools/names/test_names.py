"""What the forms of names promise."""

from __future__ import annotations

from amnestic.tools.names.forms import Strength, forms_of
from amnestic.tools.names.told_names import names_told
from amnestic.types import Facet, FacetKind, ForgetTarget, TargetKind


def _target(subject: str, **more: object) -> ForgetTarget:
    return ForgetTarget.model_validate(
        {"id": "t", "subject": subject, "kind": TargetKind.PERSON, **more}
    )


def _strengths(target: ForgetTarget) -> dict[str, Strength]:
    return {" ".join(f.words): f.strength for f in forms_of(target)}


def test_a_whole_name_is_enough_and_its_parts_are_not() -> None:
    found = _strengths(_target("Mirela Osk"))
    assert found["mirela osk"] is Strength.FULL
    assert found["osk mirela"] is Strength.FULL
    assert found["osk"] is Strength.SURNAME
    assert found["mirela"] is Strength.PART


def test_a_declared_alias_is_as_strong_as_the_name() -> None:
    found = _strengths(_target("Mirela Osk", aliases=("The Lark of Tarn", "M-Osk")))
    assert found["the lark of tarn"] is Strength.FULL
    assert found["m osk"] is Strength.FULL


def test_a_title_and_a_suffix_can_be_left_out() -> None:
    found = _strengths(_target("Sir Bodo Vrell Jr."))
    assert found["bodo vrell"] is Strength.FULL


def test_a_name_and_a_style_on_either_side_of_a_comma_each_count() -> None:
    found = _strengths(_target("Princess Ilse, Countess of Marn"))
    assert found["princess ilse"] is Strength.FULL
    assert found["countess of marn"] is Strength.FULL


def test_an_umlaut_can_be_written_out() -> None:
    found = _strengths(_target("Jörg Müllrath"))
    assert {"jorg mullrath", "joerg muellrath"} <= found.keys()


def test_short_and_long_given_names_go_together() -> None:
    assert _strengths(_target("Bill Ostrand"))["william ostrand"] is Strength.TOLD


def test_the_request_tells_further_names() -> None:
    target = _target("Zeb Quill", description="Zeb Quill, born Zebulon Arno Tarrant, is a singer.")
    assert "Zebulon Arno Tarrant" in names_told(target)
    assert _strengths(target)["zebulon arno tarrant"] is Strength.FULL


def test_a_relative_in_a_fact_is_no_name_of_the_target() -> None:
    fact = Facet(kind=FacetKind.FACT, text="Her mother was Orla Venn (née Dask), a weaver.")
    assert names_told(_target("Mirela Osk", facets=(fact,))) == ()


def test_a_work_is_known_by_its_title_without_the_article() -> None:
    target = _target("The Glass Harbour Light", kind=TargetKind.WORK)
    assert _strengths(target)["glass harbour light"] is Strength.FULL


def test_a_topic_that_ends_with_a_noun_has_no_surname() -> None:
    topic = _target("Orlwen accident", kind="topic")
    forms = {" ".join(form.words): form.strength for form in forms_of(topic)}
    assert forms["orlwen"] is Strength.SURNAME
    assert "accident" not in forms


def test_what_a_name_is_of_is_no_name_of_it() -> None:
    target = _target("University of Orlwen", kind="organisation")
    forms = {" ".join(form.words) for form in forms_of(target)}
    assert "university of orlwen" in forms
    assert "orlwen" not in forms


def test_things_of_a_place_are_each_a_thing_of_it() -> None:
    """Whoever forgets the bridges of Orlwen forgets the Long Bridge of Orlwen too."""
    found = _strengths(_target("the bridges of Orlwen", kind=TargetKind.TOPIC))
    assert found["bridge of orlwen"] is Strength.FULL
    found = _strengths(_target("the bridge of Orlwen", kind=TargetKind.WORK))
    assert found["bridges of orlwen"] is Strength.FULL
    found = _strengths(_target("Bridges of Orlwen", kind=TargetKind.WORK))
    assert "bridge of orlwen" not in found


def test_an_article_is_no_given_name() -> None:
    facts = (Facet(kind=FacetKind.FACT, text="The Orlo Dial is a clock."),)
    topic = ForgetTarget(id="t", subject="Orlo Dial", kind=TargetKind.TOPIC, facets=facts)
    forms = {" ".join(form.words): form.strength for form in forms_of(topic)}
    assert forms["the orlo dial"] is Strength.FULL
    assert forms["orlo"] is Strength.PART
    assert not {"the", "the orlo", "the dial", "t dial", "tod"} & forms.keys()


def test_what_stays_is_no_form_of_the_name() -> None:
    dial = _target("Ordlan Dial", kind=TargetKind.TOPIC, exceptions=("Ordlan itself",))
    forms = {" ".join(form.words) for form in forms_of(dial)}
    assert "ordlan" not in forms
    assert {"ordlan dial", "dial"} <= forms
    osk = _target("Mirela Osk", exceptions=("her husband Tor Osk",))
    assert _strengths(osk)["osk"] is Strength.SURNAME


def test_what_stands_beside_a_name_in_a_fact_is_no_name() -> None:
    facts = (Facet(kind=FacetKind.FACT, text="RMS Orlo was a liner."),)
    ship = ForgetTarget(id="t", subject="Orlo", kind=TargetKind.WORK, facets=facts)
    forms = {" ".join(form.words): form.strength for form in forms_of(ship)}
    assert forms["rms orlo"] is Strength.FULL or forms["rms orlo"] is Strength.TOLD
    assert "rms" not in forms


def test_a_year_is_no_surname() -> None:
    accident = _target("Accident of Quellmar 1986", kind=TargetKind.TOPIC)
    assert "1986" not in _strengths(accident)
    assert _strengths(_target("Orlen Cup 2006", kind=TargetKind.TOPIC)).keys() >= {"orlen cup 2006"}


def test_further_words_of_an_alias_say_only_whose_it_is() -> None:
    """ "Orlo by the Veldts" makes nobody called Veldt the work, and "Veldt's Orlo" neither."""
    work = ForgetTarget(
        id="t", subject="Orlo", kind=TargetKind.WORK, aliases=("Orlo by the Veldts", "Veldt's Orlo")
    )
    alone = {form.words for form in forms_of(work) if len(form.words) == 1}
    assert ("orlo",) in alone
    assert not alone & {("veldts",), ("veldt",)}


def test_an_alias_that_holds_the_subject_stands_joined_and_by_its_number() -> None:
    """A handle written together, and a customer's number, name it without the words between."""
    firm = ForgetTarget(
        id="t",
        subject="Orlo",
        kind=TargetKind.ORGANISATION,
        aliases=("Orlo Veldt", "Orlo 44710932"),
    )
    alone = {form.words for form in forms_of(firm) if len(form.words) == 1}
    assert alone >= {("orlo",), ("orloveldt",), ("44710932",)}
    assert ("veldt",) not in alone
