"""Which names hold of two readings, and how far each goes."""

from __future__ import annotations

from amnestic.agents.requests.agreeing import agreed
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.seeing import Seen
from amnestic.types import Identifier, TargetKind

FIRE = Interpretation("Venn Mill fire of 1987", TargetKind.TOPIC)
OSK = Interpretation("Mirela Osk", TargetKind.PERSON)
TARN = Interpretation("Benno Tarn", TargetKind.PERSON)
NUMBER = Identifier(type="number", value="00218-44")


def _names(seen: Seen, *known: Interpretation) -> list[str]:
    return [t.subject for t in agreed(seen, RequestReading(known)).targets]


def _seen(text: str, *targets: Interpretation, sure: tuple[float, ...] = ()) -> Seen:
    return Seen(targets, "ok", 0.97, sure or tuple(0.97 for _ in targets), text=text)


def test_a_thing_goes_on_behind_what_the_grammar_read_of_it() -> None:
    seen = _seen("Erase the Venn Mill fire of 1987.", FIRE)
    assert _names(seen, Interpretation("Venn Mill", TargetKind.PLACE)) == [FIRE.subject]


def test_where_a_thing_is_belongs_to_no_name() -> None:
    cave = Interpretation("Wyrmhole near Venn", TargetKind.PLACE)
    seen = _seen("Forget Wyrmhole near Venn.", cave)
    assert _names(seen, Interpretation("Wyrmhole", TargetKind.PLACE)) == ["Wyrmhole"]


def test_what_somebody_is_belongs_to_no_full_name() -> None:
    seen = _seen("Vergiss Nachbarin Mirela Osk.", OSK, sure=(0.7,))
    told = Interpretation("Nachbarin Mirela Osk", TargetKind.PERSON)
    assert _names(seen, told) == ["Mirela Osk"]


def test_a_number_that_the_grammar_knows_for_somebodys_is_no_target() -> None:
    number = Interpretation("00218-44", TargetKind.RECORD, identifiers=(NUMBER,))
    owner = Interpretation("Mirela Osk", TargetKind.PERSON, identifiers=(NUMBER,))
    found = agreed(_seen("Drop 00218-44 (Mirela Osk).", number, OSK), RequestReading((owner,)))
    (target,) = found.targets
    assert (target.subject, target.identifiers) == ("Mirela Osk", (NUMBER,))


def test_a_doubtful_name_beside_the_one_that_is_asked_for_is_left_out_and_said() -> None:
    seen = _seen("Tarn treated Mirela Osk. Forget her.", TARN, OSK, sure=(0.5, 0.97))
    found = agreed(seen, RequestReading((OSK,)))
    assert [t.subject for t in found.targets] == ["Mirela Osk"]
    assert found.left_out == ("Benno Tarn",)


def test_a_listed_name_is_no_exception_where_nothing_says_that_it_stays() -> None:
    shop = Interpretation("Gilded Wren", TargetKind.ORGANISATION)
    osk = Interpretation("Mirela Osk", TargetKind.PERSON, exceptions=("Gilded Wren",))
    seen = Seen(
        (osk,), "ok", 0.97, (0.97,), claimed=("Gilded Wren",), keeps=(("Gilded Wren", 0.95),)
    )
    found = agreed(seen, RequestReading((OSK, shop))).targets
    assert [(t.subject, t.exceptions) for t in found] == [("Mirela Osk", ()), ("Gilded Wren", ())]


def test_a_guessed_kind_is_that_of_the_others() -> None:
    firm = Interpretation("Venn & Sons", TargetKind.ORGANISATION)
    audio = Interpretation("Quarry Audio", TargetKind.PERSON, kind_guessed=True)
    found = agreed(_seen("Venn & Sons and Quarry Audio", firm), RequestReading((firm, audio)))
    assert found.targets[1].kind is TargetKind.ORGANISATION


def test_a_name_that_is_another_cut_is_no_second_target() -> None:
    mill = Interpretation("Venn", TargetKind.ORGANISATION)
    longer = Interpretation("Venn mills", TargetKind.ORGANISATION)
    seen = _seen("Forget Venn, Venn mills that is.", mill, longer, sure=(0.99, 0.4))
    found = agreed(seen, RequestReading((mill,)))
    assert [t.subject for t in found.targets] == ["Venn"]
    assert found.left_out == ("Venn mills",)
