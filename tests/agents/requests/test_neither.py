"""Two that are denied together, and words that point to one of two."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.neither import denied_together, refuse_what_is_spared_together
from amnestic.agents.requests.of_two import with_the_two_named
from amnestic.exceptions import ForgetRequestError

READER = LocalInterpreter()


@pytest.mark.parametrize(
    "text",
    [
        "Neither Ana Morel nor Tor Hagen should be forgotten.",
        "Weder Anselm Krug noch Beate Wirth sollen vergessen werden.",
        "Bitte weder Anselm Krug noch Beate Wirth dürfen gelöscht werden!",
        "Ni Lucie Varenne ni Hugo Varenne ne doivent être oubliés.",
        "Ni Ana Morel ni Tor Hagen deben ser olvidados.",
        "Né Ana Morel né Tor Hagen devono essere dimenticati.",
        "Noch Ana Morel noch Tor Hagen mogen vergeten worden.",
        "Forget neither Ana Morel nor Tor Hagen.",
        "Vergiss weder Ana Morel noch Tor Hagen.",
        "N'oublie ni Ana Morel ni Tor Hagen.",
        "No olvides ni a Ana Morel ni a Tor Hagen.",
        "Non dimenticare né Ana Morel né Tor Hagen.",
    ],
)
def test_who_is_not_to_be_forgotten_is_not_stored(text: str) -> None:
    with pytest.raises(ForgetRequestError, match="not forgotten, so nothing is"):
        READER.read(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Neither Ana Morel nor Tor Hagen should appear.", {"Ana Morel", "Tor Hagen"}),
        (
            "Neither Ana Morel, Tor Hagen nor Osk Venn should ever come up again.",
            {"Ana Morel", "Tor Hagen", "Osk Venn"},
        ),
        (
            "Weder Anselm Krug noch Beate Wirth sollen in Antworten vorkommen.",
            {"Anselm Krug", "Beate Wirth"},
        ),
        ("Weder Ana Morel noch Tor Hagen dürfen erwähnt werden.", {"Ana Morel", "Tor Hagen"}),
        (
            "Ni Lucie Varenne ni son frère Hugo Varenne ne doivent être mentionnés.",
            {"Lucie Varenne", "Hugo Varenne"},
        ),
        ("Ni Ana Morel ni Tor Hagen deben aparecer.", {"Ana Morel", "Tor Hagen"}),
        ("Né Ana Morel né Tor Hagen devono comparire nelle risposte.", {"Ana Morel", "Tor Hagen"}),
        ("Noch Ana Morel noch Tor Hagen mogen genoemd worden.", {"Ana Morel", "Tor Hagen"}),
    ],
)
def test_who_shall_not_come_up_is_each_a_target(text: str, names: set[str]) -> None:
    assert {target.subject for target in READER.read(text).targets} == names


def test_what_is_wished_beside_is_not_refused_with_those_who_stay() -> None:
    text = "Neither Ana Morel nor her lawyer may be named, and all must be deleted."

    assert [target.subject for target in READER.read(text).targets][:1] == ["Ana Morel"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "Forget Ana Morel and Tor Hagen; the former's recipes may stay.",
            "Forget Ana Morel and Tor Hagen; Ana Morel's recipes may stay.",
        ),
        (
            "Vergiss Ana Morel und Tor Hagen, letzterer ist mein Nachbar.",
            "Vergiss Ana Morel und Tor Hagen, Tor Hagen ist mein Nachbar.",
        ),
        (
            "Oublie Ana Morel et Tor Hagen; ce dernier était mon voisin.",
            "Oublie Ana Morel et Tor Hagen; Tor Hagen était mon voisin.",
        ),
    ],
)
def test_the_former_and_the_latter_are_the_two_before(text: str, meant: str) -> None:
    assert with_the_two_named(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Forget Ana Morel, the former mayor of Tavel.",
        "Forget Yugoslavia and the former Soviet Union.",
        "Forget Osk Tarn and Tor Hagen, a former spy.",
        "Forget Ana Morel, Osk Tarn and Tor Hagen; the latter may stay.",
        "Forget Ana Morel and Tor Hagen. Osk Venn met Mirela Tarn, the latter of Rome.",
        "Oublie Ana Morel et Tor Hagen, et ce dernier livre.",
        "The latter may stay.",
    ],
)
def test_where_nobody_knows_which_of_two_is_meant_nothing_is_put_in(text: str) -> None:
    assert with_the_two_named(text) == text


def test_one_of_several_that_may_stay_is_asked_for() -> None:
    reading = READER.read("Forget Ana Morel, Osk Tarn and Tor Hagen; the latter may stay.")

    assert reading.doubts == ("which of them is 'the latter'? Give the name",)
    assert not any(target.exceptions for target in reading.targets)


def test_somebody_unknown_who_may_stay_is_said_and_is_no_exception() -> None:
    reading = READER.read("Forget Ana Morel; the other may stay.")

    assert [target.exceptions for target in reading.targets] == [()]
    assert any("'the other'" in piece for piece in reading.unread)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Sehr geehrte Damen und Herren,\n\nhiermit verlange ich nach Art. 17 DSGVO die "
            "Löschung sämtlicher Angaben zu meiner Person.\n\n"
            "Mit freundlichen Grüßen\nSibylle Harnack",
            "Sibylle Harnack",
        ),
        (
            "Madame, Monsieur,\n\nje demande l'effacement de toutes les données me concernant.\n\n"
            "Cordialement\nLucie Varenne",
            "Lucie Varenne",
        ),
        ("Ich beantrage die Löschung der Daten von Anselm Krug.", "Anselm Krug"),
    ],
)
def test_a_letter_asks_for_whoever_it_names_or_is_signed_by(text: str, name: str) -> None:
    assert [target.subject for target in READER.read(text).targets] == [name]


def test_a_letter_on_oneself_is_no_wish_for_oneself() -> None:
    from amnestic.agents.requests.oneself import is_self

    assert is_self("sämtliche Angaben zu meiner Person")
    assert not is_self("Osks Briefe über mich")


def test_what_stays_may_stand_behind_not_but() -> None:
    (target,) = READER.read("Vergiss die Firma Lodenbach, nicht aber den Ort Lodenbach.").targets

    assert target.exceptions == ("den Ort Lodenbach",)


def test_what_stays_never_ends_within_a_name_that_is_asked_for() -> None:
    reading = READER.read(
        "Kids shouldn't hear from you about the horror game Nine Doors Down, nor its sequel "
        "Tenth Door."
    )

    assert {(t.subject, t.kind.value) for t in reading.targets} == {
        ("Nine Doors Down", "work"),
        ("Tenth Door", "work"),
    }
    assert not any(t.exceptions for t in reading.targets)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Vergeet de popgroep De Natte Hond.", "De Natte Hond", "organisation"),
        ("Zapomnij zespół Zielone Koty.", "Zielone Koty", "organisation"),
        ("Esqueça o livro Noite Longa.", "Noite Longa", "work"),
        ("Forget the sequel Tenth Door.", "Tenth Door", "work"),
    ],
)
def test_the_noun_before_a_name_says_what_it_is(text: str, name: str, kind: str) -> None:
    (target,) = READER.read(text).targets

    assert (target.subject, target.kind.value) == (name, kind)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("uhm yeah plz wipe whatever u have on Fjordline Couriers", "Fjordline Couriers"),
        ("Forget the customer at PLZ 10115 Berlin, Ana Morel.", "Ana Morel"),
        ("Vergeet alles wat u weet over Ana Morel.", "Ana Morel"),
    ],
)
def test_words_of_a_chat_are_read_as_what_they_stand_for(text: str, name: str) -> None:
    assert name in {target.subject for target in READER.read(text).targets}


@pytest.mark.parametrize(
    "text",
    [
        "Neither Ana Morel nor Tor Hagen should come up. All of it must be deleted.",
        "Neither Ana Morel nor Tor Hagen should come up. Their data can be deleted.",
    ],
)
def test_what_a_further_sentence_wants_gone_is_not_spared(text: str) -> None:
    targets = READER.read(text).targets

    assert [t.subject for t in targets] == ["Ana Morel", "Tor Hagen"]


def test_a_wish_behind_what_is_spared_is_read() -> None:
    refuse_what_is_spared_together("Forget neither Ana Morel nor Tor Hagen. Forget Bea Wirth.")
    refuse_what_is_spared_together("Neither Osk nor Tarn works here, so they can be removed.")


def test_a_name_in_quotation_marks_is_not_divided() -> None:
    text = 'Neither "Guns nor Roses" nor "Ana Morel" should come up.'

    assert denied_together(text) == '"Guns nor Roses" and "Ana Morel"'


@pytest.mark.parametrize(
    "letter",
    [
        "Sehr geehrte Damen und Herren,\nhiermit beantrage ich die Löschung aller zu meiner "
        "Person gespeicherten Daten.\nMit freundlichen Grüßen\n"
        "Ana Morel",
        "Gentili signori,\nchiedo la cancellazione di tutti i miei dati personali.\n"
        "Cordiali saluti,\nAna Morel",
        "Geachte heer, mevrouw,\nhierbij verzoek ik u om verwijdering van al mijn "
        "persoonsgegevens.\nMet vriendelijke groet,\nAna Morel",
    ],
)
def test_a_letter_for_all_that_is_held_on_oneself_is_for_whoever_signs(letter: str) -> None:
    assert [t.subject for t in READER.read(letter).targets] == ["Ana Morel"]
