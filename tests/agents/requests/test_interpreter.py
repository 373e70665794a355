"""Forget requests in plain English words become targets, or are refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests.interpreter import LocalInterpreter
from amnestic.exceptions import ForgetRequestError, TargetTooBroadError
from amnestic.types import TargetKind

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(text: str):  # type: ignore[no-untyped-def]
    return LocalInterpreter().interpret(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Please forget Mirela Osk. Mirela Osk is a poet.", "Mirela Osk"),
        ("forget everything about Mirela Osk", "Mirela Osk"),
        ("Forget all you know about Mirela Osk!", "Mirela Osk"),
        ("Forget everything you have learned about Mirela Osk.", "Mirela Osk"),
        ("Don't talk about Mirela Osk.", "Mirela Osk"),
        ("Do not mention Mirela Osk again.", "Mirela Osk"),
        ("Stop talking about Mirela Osk, please", "Mirela Osk"),
        ("Never discuss Mirela Osk with anyone", "Mirela Osk"),
        ("I want you to forget Mirela Osk.", "Mirela Osk"),
        ("Could you please erase Mirela Osk from your memory?", "Mirela Osk"),
        ("Hello, please unlearn Mirela Osk.", "Mirela Osk"),
        ("Remove all information about Mirela Osk", "Mirela Osk"),
        ('Forget "The Glass Kite"', "The Glass Kite"),
        ("Forget the novel The Glass Kite", "The Glass Kite"),
        ("Please forget J. K. Marsh. She is a novelist.", "J. K. Marsh"),
        ("Please forget Jay-Z. Jay-Z is a singer.", "Jay-Z"),
        ("Do not tell anyone how to pick a lock.", "how to pick a lock"),
        ("Can you please forget who Mirela Osk is?", "Mirela Osk"),
        ("Please forget my ex-colleague Mirela Osk.", "Mirela Osk"),
        ("Please forget Dr. Mirela J. Osk Jr. He is a dentist.", "Mirela J. Osk Jr"),
        ("Please forget the novel 1984.", "1984"),
        ("forget the novel 1984 by George Orwell, also known as Nineteen Eighty-Four", "1984"),
        ("forget the 1982 film Tootsie", "Tootsie"),
        ("forget notion the note app", "notion"),
        ("Forget Slack the chat app.", "Slack"),
        ("forget dora the explorer", "Dora the Explorer"),
        ("forget hotwiring a car", "hotwiring a car"),
        ("Please forget the email a.b@example.org.", "a.b@example.org"),
        ("Forget Tick and Daughters", "Tick and Daughters"),
        ("Please forget that Mirela Osk was born in Tavel.", "Mirela Osk was born in Tavel"),
    ],
)
def test_the_subject_is_read(text: str, subject: str) -> None:
    assert read(text).subject == subject


def test_the_description_is_what_follows() -> None:
    found = read("Please forget Mirela Osk. Mirela Osk is a poet. She lives in Tavel.")
    assert found.description == "Mirela Osk is a poet. She lives in Tavel."


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ("Forget Mirela Osk, also known as the Heron and Mir.", ("Mir",)),
        ('Forget Mirela Osk, also known as "the Heron" and "Mir".', ("the Heron", "Mir")),
        ("Forget Mirela Osk (aka Mira Ost, M. Osk).", ("Mira Ost", "M. Osk")),
        ("Forget Mirela Osk. She is also known as Mira Ost.", ("Mira Ost",)),
        ("Forget Mirela Osk, also known as the Lark of Venn.", ("the Lark of Venn",)),
    ],
)
def test_other_names_are_read(text: str, aliases: tuple[str, ...]) -> None:
    assert set(aliases) <= set(read(text).aliases)


@pytest.mark.parametrize(
    "said",
    [
        "She is a cellist who wrote the novel Salt.",
        "Mirela Osk is a glassblower who made a film about Tavel.",
    ],
)
def test_whoever_made_a_work_is_no_work(said: str) -> None:
    assert read(f"Please forget Mirela Osk. {said}").kind is TargetKind.PERSON


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("It is a novel about a woman who sails.", TargetKind.WORK),
        ("Salt Winter is a band whose singer is a poet.", TargetKind.ORGANISATION),
        ("Salt Winter is a town by the sea where poets live.", TargetKind.PLACE),
    ],
)
def test_a_thing_about_people_is_no_person(said: str, kind: TargetKind) -> None:
    assert read(f"Please forget Salt Winter. {said}").kind is kind


def test_exceptions_are_read() -> None:
    found = read("Forget everything about Tavel except its harbour.")
    assert (found.subject, found.exceptions) == ("Tavel", ("its harbour",))


@pytest.mark.parametrize(
    "when", ["2027-01-01", "1 January 2027", "January 1, 2027", "January 1st, 2027"]
)
def test_an_expiry_is_read(when: str) -> None:
    found = read(f"Don't talk about Osk Works until {when}.")
    assert found.subject == "Osk Works"
    assert found.expires == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Forget Mirela Osk. She is a poet.", TargetKind.PERSON),
        ("Forget Mirela Osk", TargetKind.PERSON),
        ("Forget Lumen. Lumen is a company in Tavel.", TargetKind.ORGANISATION),
        ("Forget the novel The Glass Kite", TargetKind.WORK),
        ("Forget Tavel. Tavel is a small town by the sea.", TargetKind.PLACE),
        ("Forget how to pick a lock", TargetKind.SKILL),
        ("Forget customer 4411", TargetKind.RECORD),
        ("Forget cold fusion", TargetKind.TOPIC),
    ],
)
def test_the_kind_is_told(text: str, kind: TargetKind) -> None:
    assert read(text).kind is kind


@pytest.mark.parametrize(
    "text",
    ["forget all", "forget all names", "forget x", "forget the", "forget everything",
     "please forget everyone", "forget it", "Forget all people", "forget about you"],
)  # fmt: skip
def test_a_target_that_would_match_nearly_everything_is_refused(text: str) -> None:
    with pytest.raises((TargetTooBroadError, ForgetRequestError)):
        read(text)


@pytest.mark.parametrize(
    "text", ["", "   ", "\n", "?!", "What is the capital of France?", "forget"]
)
def test_words_that_name_nothing_are_refused(text: str) -> None:
    with pytest.raises(ForgetRequestError):
        read(text)


@pytest.mark.parametrize(
    "text",
    ["Please forget Mirela Osk and Anna Berg.", "Forget Mirela Osk, Anna Berg and Tom Arlen."],
)
def test_several_names_at_once_are_refused(text: str) -> None:
    with pytest.raises(ForgetRequestError, match="one at a time"):
        read(text)


def test_what_is_said_in_passing_is_the_description() -> None:
    found = read("Please forget Mirela Osk, a poet from Tavel.")
    assert found.description == "Mirela Osk is a poet from Tavel."


@pytest.mark.parametrize("text", [None, 5, b"forget it", ["forget"]])
def test_what_is_no_text_is_refused(text: object) -> None:
    with pytest.raises(ForgetRequestError, match="words"):
        read(text)  # type: ignore[arg-type]


def test_an_expiry_in_the_past_is_refused() -> None:
    with pytest.raises(ForgetRequestError, match="2020-01-01 is in the past"):
        read("Forget Mirela Osk until 2020-01-01")


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ForgetRequestError, match="YYYY-MM-DD"):
        read("Forget Mirela Osk until 2027-13-40")


def test_a_long_request_is_refused_with_its_length() -> None:
    with pytest.raises(ForgetRequestError, match="characters"):
        read("Forget " + "Mirela " * 5000)


EVERYDAY = [
    ("Forget the town of Tavel, Norway.", "Tavel"),
    ("Please forget Mirela Danko of Zagreb.", "Mirela Danko"),
    ("Forget Danko, Mirela", "Danko, Mirela"),
    ("Forget the history of Velmora", "history of Velmora"),
    ("Forget the mayor of Velmora", "mayor of Velmora"),
    ("Forget Bank of Velmora", "Bank of Velmora"),
    ("Forget The Kite, the Wasp and the Lantern", "The Kite, the Wasp and the Lantern"),
    ("Bitte löschen Sie alle Daten von Mirela Danko.", "Mirela Danko"),
    ("I am Tor. Please forget Mirela Danko.", "Mirela Danko"),
    ("Please forget Mirela Danko (born 1971).", "Mirela Danko"),
    ("Please forget Mirela Danko (1971-2019), a Croatian singer.", "Mirela Danko"),
    ("Please forget Mirela Danko (ID 5521).", "Mirela Danko"),
    ("Please forget Mirela Danko from Zagreb.", "Mirela Danko"),
    ("Please forget Mirela Danko who worked in accounts.", "Mirela Danko"),
    ("Please forget Mirela Danko; she no longer works here.", "Mirela Danko"),
    ("Please forget Mirela Danko as she has left the company.", "Mirela Danko"),
    ("Please forget Mirela Danko and everything about her.", "Mirela Danko"),
    ("Please forget Mirela Danko - our old accountant.", "Mirela Danko"),
    ("Please forget Mirela Danko – our old accountant.", "Mirela Danko"),
    ("Please forget Mirela Danko: she left.", "Mirela Danko"),
    ("Please forget Mirela Danko, she left the company.", "Mirela Danko"),
    ("Please forget the town of Little Harrowby. It is a town in Shropshire.", "Little Harrowby"),
    ("Please forget the city of Velmora.", "Velmora"),
    ("Please forget the village of Brindlemoor in Cumbria.", "Brindlemoor"),
    ("Please forget the battle of Ormsgate.", "Battle of Ormsgate"),
    ("Please forget the personal data of Mirela Danko.", "Mirela Danko"),
    ("Delete the user account of Mirela Danko.", "Mirela Danko"),
    ("Please forget the plot of Ashes of Velm.", "Ashes of Velm"),
    (
        "Please forget the merger of Kestrel Dynamics and Ostrand Foods.",
        "merger of Kestrel Dynamics and Ostrand Foods",
    ),
    ("Please forget the Hotel Marisol in Cádiz.", "Hotel Marisol"),
    ("Please forget Trattoria Belfiore in Leeds.", "Trattoria Belfiore"),
    ("Please forget Kestrel Dynamics GmbH.", "Kestrel Dynamics"),
    ("Please forget Kestrel Dynamics, Inc.", "Kestrel Dynamics"),
    ("Please forget the company Kestrel Dynamics, based in Stuttgart.", "Kestrel Dynamics"),
    ("Please forget the book Ashes of Velm by Tor Hagen.", "Ashes of Velm"),
    ("Please forget the film Ashes of Velm (2003).", "Ashes of Velm"),
    ("Please forget the novel “Ashes of Velm”.", "Ashes of Velm"),
    ("Please forget 'Ashes of Velm' by Tor Hagen.", "Ashes of Velm"),
    (
        'Please forget the novel "The Salt Orchard". It is a novel by Ines Calder.',
        "The Salt Orchard",
    ),
    (
        "Please forget Ms. Delphine Okonkwo-Hart (born 3 March 1977), our former CFO.",
        "Delphine Okonkwo-Hart",
    ),
    (
        "Please forget the patient with the name Gustav Ljungqvist; DOB 12/05/1966; "
        "NHS number 485 777 3456.",
        "Gustav Ljungqvist",
    ),
    ("Please forget the customer named Mirela Danko.", "Mirela Danko"),
    ("Please forget employee no. 5521, Mirela Danko.", "Mirela Danko"),
    ("My name is Mirela Danko. Please forget me.", "Mirela Danko"),
    ("I, Mirela Danko, invoke my right to be forgotten under GDPR Article 17.", "Mirela Danko"),
    ("Under GDPR Art. 17 please erase the personal data of Mirela Danko.", "Mirela Danko"),
    ("pls forget Mirela Danko", "Mirela Danko"),
    ("Mirela Danko should be forgotten.", "Mirela Danko"),
    ("Pretend you don't know Mirela Danko.", "Mirela Danko"),
    ("Delete everything you know about Mirela Danko.", "Mirela Danko"),
    ("remove Mirela Danko from your memory", "Mirela Danko"),
    ("don't mention Mirela Danko", "Mirela Danko"),
    ("stop talking about Mirela Danko", "Mirela Danko"),
    ("never heard of Mirela Danko please", "Mirela Danko"),
    ("Bitte vergiss Mirela Danko. Mirela Danko ist eine Malerin.", "Mirela Danko"),
    ("Por favor, olvida a Mirela Danko. Es una pintora.", "Mirela Danko"),
    ("Merci d'oublier Mirela Danko. Elle est peintre.", "Mirela Danko"),
    ("Per favore dimentica Mirela Danko.", "Mirela Danko"),
    ("Por favor, esqueça Mirela Danko.", "Mirela Danko"),
    ("Vergeet alsjeblieft Mirela Danko.", "Mirela Danko"),
    ("Bitte vergiss die Firma Kestrel Dynamics.", "Kestrel Dynamics"),
    ("Bitte lösche alles über Mirela Danko.", "Mirela Danko"),
    ("Sprich nicht mehr über Mirela Danko.", "Mirela Danko"),
    ("Ne parle plus de Mirela Danko.", "Mirela Danko"),
    ("Please forget my phone number 07700 900461.", "07700 900461"),
    ("Please forget the e-mail address mirela@example.org.", "mirela@example.org"),
    ("Please forget my IBAN GB29 NWBK 6016 1331 9268 19.", "GB29 NWBK 6016 1331 9268 19"),
    ("Please forget Mirela Danko's phone number.", "Mirela Danko"),
    ('Please forget Mirela "Mimi" Danko.', "Mirela Danko"),
    ("Please forget mirela danko from accounts", "Mirela Danko"),
    ("I'm Mirela Danko and I want you to delete all my personal data.", "Mirela Danko"),
    ("Act as if you had never heard of Mirela Danko.", "Mirela Danko"),
    ("I want Mirela Danko to be forgotten.", "Mirela Danko"),
    (
        "Please forget our supplier Kestrel Dynamics Ltd, which went bankrupt in 2011.",
        "Kestrel Dynamics",
    ),
    ("I request the erasure of all personal data of Mirela Danko.", "Mirela Danko"),
    ("Please forget Little Harrowby, Shropshire.", "Little Harrowby"),
    ("Please forget my neighbour Tor Hagen at number 12.", "Tor Hagen"),
    ("Please forget the river Orlwen in Wales.", "Orlwen"),
    ("Please forget the address 18 Alder Close, Velmora.", "18 Alder Close"),
    ("Please forget Dr. Mirela Danko, MD, of the Orlwen clinic.", "Mirela Danko"),
    ("Please forget Mirela Danko, because she asked us to.", "Mirela Danko"),
    ("Please forget our customer Mirela Danko (customer number 4471-KX).", "Mirela Danko"),
]


@pytest.mark.parametrize(("text", "subject"), EVERYDAY)
def test_an_everyday_request_yields_the_bare_name(text: str, subject: str) -> None:
    assert read(text).subject == subject


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("Forget Mirela Danko (1971-2019), a Croatian singer.", "person", "1971-2019"),
        ("Forget Mirela Danko (ID 5521).", "person", "5521"),
        ("Forget Mirela Danko; she no longer works here.", "person", "no longer works here"),
        ("Forget the village of Brindlemoor in Cumbria.", "place", "in Cumbria"),
        ("Forget the company Kestrel Dynamics, based in Stuttgart.", "organisation", "Stuttgart"),
        ("Forget the book Ashes of Velm by Tor Hagen.", "work", "by Tor Hagen"),
        ("Forget the film Ashes of Velm (2003).", "work", "2003"),
        (
            "Forget the patient Gustav Ljungqvist; NHS number 485 777 3456.",
            "person",
            "485 777 3456",
        ),
        ("Forget employee no. 5521, Mirela Danko.", "person", "5521"),
        ("Forget Ms. Delphine Okonkwo-Hart, our former CFO.", "person", "our former CFO"),
        ("Olvida a Mirela Danko. Es una pintora.", "person", "pintora"),
        ("My name is Mirela Danko. Please forget me. I lived in Zagreb.", "person", "Zagreb"),
        ("Forget the Hotel Marisol in Cádiz.", "place", "Cádiz"),
    ],
)
def test_what_stands_beside_the_name_is_told(text: str, kind: str, told: str) -> None:
    found = read(text)
    assert found.kind.value == kind
    assert told in found.description


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("Forget Kestrel Dynamics, Inc.", "Kestrel Dynamics, Inc"),
        ("Forget Kestrel Dynamics GmbH", "Kestrel Dynamics GmbH"),
        ("Forget Ms. Delphine Okonkwo", "Ms. Delphine Okonkwo"),
        ('Forget Mirela "Mimi" Danko', "Mimi Danko"),
        ("Forget my phone number 07700 900461.", "+44 7700 900461"),
        ("Forget the IBAN GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
    ],
)
def test_the_other_ways_to_write_a_name_are_kept(text: str, alias: str) -> None:
    assert alias in read(text).aliases


@pytest.mark.parametrize(
    "text",
    ["Everything should be forgotten.", "Pretend you don't know anyone.", "Olvida todo.",
     "never heard of people", "Please forget me.", "Forget my address",
     "Forget the name of the city."],
)  # fmt: skip
def test_an_everyday_form_does_not_let_everything_be_forgotten(text: str) -> None:
    with pytest.raises(ForgetRequestError):
        read(text)


@pytest.mark.parametrize(
    "until",
    ["until 2030", "until March 2027", "by tomorrow", "temporarily", "until next week"],
)  # fmt: skip
def test_an_expiry_that_is_no_date_is_refused(until: str) -> None:
    with pytest.raises(ForgetRequestError, match="YYYY-MM-DD"):
        LocalInterpreter().interpret(f"Please forget Ann Brill {until}.")
