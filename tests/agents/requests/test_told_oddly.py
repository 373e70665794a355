"""Requests in words that no reader knows whole: what is plain is taken, the rest is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from amnestic.agents.requests import LocalInterpreter, RequestReading
from amnestic.agents.requests.further_asked import with_subject
from amnestic.agents.requests.rows_asked import with_all_rows
from amnestic.agents.requests.together import with_all_of_them
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.tools.tagging import KINDS, Span, Tagged
from amnestic.types import TargetKind

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
READER = LocalInterpreter()
PERSON = tuple(float(kind == "person") for kind in KINDS)


def read(text: str) -> RequestReading:
    return READER.read(text, now=NOW)


def names(text: str) -> list[str]:
    return [target.subject for target in read(text).targets]


# ── A wish that nobody understands ───────────────────────────────────────────────────────────────


def test_who_is_named_is_in_the_question_where_the_wish_is_not_understood() -> None:
    text = "A Ms Ana Morel complained of the chat. Fix it so that it is not."
    with pytest.raises(NeedsClarificationError, match="whether 'Ana Morel' shall be forgotten"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "Könnten Sie Frau Gesine Abelmann bitte zurückrufen?",
        "Make sure Mr Tor Hagen gets a reply from you.",
        "A Ms Ana Morel complained that the chat is slow. Fix it so that it is not.",
        "Mr Tor Hagen asks you to remember him.",
    ],
)
def test_a_name_beside_another_wish_is_not_forgotten(text: str) -> None:
    with pytest.raises(ForgetRequestError):
        read(text)


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────


def _rows(text: str, *labelled: tuple[str, str, float]) -> list[str]:
    spans = tuple(
        Span(text.index(w), text.index(w) + len(w), label, sure, PERSON)
        for w, label, sure in labelled
    )
    found = with_all_rows(Tagged(text, spans, (1.0, 0.0, 0.0)))
    return [found.text_of(s) for s in found.labelled("subject")]


def test_a_row_among_rows_that_are_asked_for_is_asked_for_too() -> None:
    text = "Drop:\n- Ana Morel (poet)\n- The Venn Club\n- Tor Hagen"
    asked = (("Ana Morel", "subject", 0.9), ("Tor Hagen", "subject", 0.9))
    assert _rows(text, *asked) == ["Ana Morel", "Venn Club", "Tor Hagen"]
    assert _rows(text, *asked, ("Venn Club", "keep", 0.4)) == _rows(text, *asked)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- Venn Club may stay", ()),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- Venn Club", (("Venn Club", "keep", 0.9),)),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- Born in Venn", (("Born in Venn", "fact", 0.8),)),
        ("Drop:\n- Ana Morel\n- Tor Hagen\nKeep:\n- Venn Club", ()),
        ("Drop the first two:\n- Ana Morel\n- Tor Hagen\n- Venn Club", ()),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- Venn Club\nThe club may stay.", ()),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- Venn Club\nNumber 3 is the caterer.", ()),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n1. Venn Club", ()),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- Best regards", ()),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- Deadline: end of March", ()),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- Requested by Jory Venn", ()),
        ("Drop:\n- Ana Morel\n- Tor Hagen\n- the whole of it and all that comes with it", ()),
    ],
)  # fmt: skip
def test_a_row_that_says_something_else_is_none(
    text: str, more: tuple[tuple[str, str, float], ...]
) -> None:
    asked = (("Ana Morel", "subject", 0.9), ("Tor Hagen", "subject", 0.9))
    assert _rows(text, *asked, *more) == ["Ana Morel", "Tor Hagen"]


def test_a_list_of_which_half_is_asked_for_is_left_as_it_is() -> None:
    text = "Note:\n- Ana Morel\n- Tor Hagen"
    assert _rows(text, ("Ana Morel", "subject", 0.9)) == ["Ana Morel"]


def test_rows_are_lettered_and_initials_are_no_letters() -> None:
    listed = "Please forget:\na. Ana Morel, florist\nb. Tor Hagen\nc. Jory Venn"
    assert names(listed) == ["Ana Morel", "Tor Hagen", "Jory Venn"]
    assert names("Please forget:\nA. Morel, florist\nB. Hagen") == ["A. Morel", "B. Hagen"]
    assert names("please forget:\na. morel\nt. hagen")[0] != "morel"


# ── Names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('My essay, "Salt and Sand: Wages on the Coast, 1611-1702", is locked. Forget it.',
         "Salt and Sand: Wages on the Coast, 1611-1702"),
        ("Forget Mirela Osk ASAP", "Mirela Osk"),
        ("Forget Mirela Osk IBAN DE02 1203 0000 0000 2020 51", "Mirela Osk"),
        ("Forget Mirela Osk Please", "Mirela Osk"),
        ("please remove the company Osk Mills Ltd Regards", "Osk Mills"),
        ("Please forget the band Tarn Hollow Sent from my phone", "Tarn Hollow"),
        ("Keep quiet about Tavel Pen Bank, please.", "Tavel Pen Bank"),
    ],
)  # fmt: skip
def test_a_name_goes_as_far_as_its_spelling_shows(text: str, name: str) -> None:
    assert names(text) == [name]


def test_a_year_in_a_title_is_no_identifier() -> None:
    (target,) = read('Please forget the essay "Salt and Sand, 1611-1702".').targets
    assert (target.kind, target.identifiers) == (TargetKind.WORK, ())


def test_whose_relative_somebody_is_and_who_is_told_apart() -> None:
    (target,) = read("Please forget Tor Hagen's widow, Ana Morel.").targets
    assert (target.subject, target.kind, target.description) == (
        "Ana Morel", TargetKind.PERSON, "")  # fmt: skip
    for beside in (". Ana Morel agrees.", ", Ana Morel asks for it."):
        with pytest.raises(NeedsClarificationError, match="what is the name of"):
            read(f"Please forget Tor Hagen's widow{beside}")


def test_where_a_thing_is_is_no_target() -> None:
    assert names("Please forget the Lantern Hotel in Whitby.") == ["Lantern Hotel"]
    both = names("Please forget the Lantern Hotel in Whitby and Whitby itself.")
    assert "Whitby" in " ".join(both)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Forget Celeste Harrow.", TargetKind.PERSON),
        ("Please erase Odalys Brand, and keep her patents.", TargetKind.PERSON),
        ("Olvida el proyecto Luciérnaga.", TargetKind.TOPIC),
        ("Forget the firm Hugo Brand.", TargetKind.ORGANISATION),
        ("Forget Caldrane Foods.", TargetKind.ORGANISATION),
        ("Forget Georgia Peach Festival.", TargetKind.TOPIC),
    ],
)
def test_a_name_is_of_the_kind_that_it_looks_like(text: str, kind: TargetKind) -> None:
    assert [t.kind for t in read(text).targets] == [kind]


def test_who_is_joined_to_a_thing_is_asked_for_with_it() -> None:
    text = (
        "Drop the podcast Midnight Mill and its host Tor Hagen from all replies; others are okay."
    )
    assert names(text) == ["Midnight Mill", "Tor Hagen"]
    assert names("no more talk of Ana Morrow please, nor of her band Salt Wind") == [
        "Ana Morrow", "Salt Wind"]  # fmt: skip


# ── What would be lost ───────────────────────────────────────────────────────────────────────────


def test_all_of_them_are_all_who_are_named_side_by_side() -> None:
    family = "Ana Venn, her husband Tor Venn and their daughter Jory Venn have moved away. "
    for wish in ("You never met this family.", "Please forget all three.", "Please forget them."):
        assert sorted(names(family + wish)) == ["Ana Venn", "Jory Venn", "Tor Venn"]


@pytest.mark.parametrize(
    "text",
    [
        "Ana Venn left the firm that Jory Hagen runs. Forget them.",  # not side by side
        "Ana Venn and Jory Hagen left. Forget her.",  # of one
        "Ana Venn and Jory Hagen left. Forget Osk Mills for them.",  # for somebody who is named
    ],
)
def test_who_is_not_named_side_by_side_is_none_of_them(text: str) -> None:
    wish = Span(text.index("Forget"), text.index("Forget") + 6, "wish", 0.9)
    seen = with_all_of_them(Tagged(text, (Span(0, 8, "subject", 0.9, PERSON), wish), (1, 0, 0)))
    assert [seen.text_of(s) for s in seen.labelled("subject")] == ["Ana Venn"]


def test_who_is_one_of_them_is_so_by_the_full_name() -> None:
    text = "Ana Venn, her husband Tor Hagen and their lawyer Jory Osk came by. Forget them."
    at = text.index("Tor")
    spans = [Span(0, 8, "subject", 0.9, PERSON), Span(at, at + 3, "subject", 0.4, PERSON)]
    wish = Span(text.index("Forget"), text.index("Forget") + 6, "wish", 0.9)
    seen = with_all_of_them(Tagged(text, (*spans, wish), (1, 0, 0)))
    subjects = [seen.text_of(s) for s in seen.labelled("subject")]
    assert subjects == ["Ana Venn", "Tor Hagen", "Jory Osk"]


def test_what_is_said_of_others_stays_theirs_where_a_name_is_told_anew() -> None:
    text = "Ana Venn, Tor Venn, Jory Venn: poet, judge, smith"
    named = [(0, 8), (10, 18), (20, 29)]
    told = [(31, 35), (37, 42), (44, 49)]
    spans = [Span(*place, "subject", 0.9, PERSON) for place in named]
    spans += [Span(*place, "fact", 0.9, of=i) for i, place in enumerate(told)]
    for start, end in named:  # in place of one that was a subject already
        seen = with_subject(Tagged(text, tuple(spans), (1.0, 0.0, 0.0)), start, end, 0.9)
        assert [s.of for s in seen.labelled("fact")] == [0, 1, 2]
    seen = Tagged(text, (spans[0], spans[2], replace(spans[5], of=1)), (1.0, 0.0, 0.0))
    seen = with_subject(seen, *named[1], 0.9)
    assert [seen.text_of(s) for s in seen.labelled("subject")] == [
        "Ana Venn",
        "Tor Venn",
        "Jory Venn",
    ]
    assert [s.of for s in seen.labelled("fact")] == [2]


def test_another_name_is_nobody_else() -> None:
    for text in (
        "Forget Ana Morel and her alias The Lark.",
        "Forget Ana Morel, known as The Lark.",
    ):
        assert names(text) == ["Ana Morel"]


def test_a_number_of_a_report_stays_its_identifier() -> None:
    (target,) = read('Please forget the report "RE-2026-1187".').targets
    assert "RE-2026-1187" in (target.subject, *(i.value for i in target.identifiers))


def test_for_how_long_is_said_where_nothing_ends() -> None:
    reading = read(
        "Give Mirela Osk a rest for a fortnight, will you? No word about her in that time."
    )
    ends = [t.expires for t in reading.targets]
    assert ends != [None] or "until when: 'for a fortnight'" in reading.unread


def test_how_long_something_was_is_not() -> None:
    for told in ("She taught here for ten years.", "She was mayor for 12 years."):
        assert not any("until when" in said for said in read(f"Forget Mirela Osk. {told}").unread)
    rented = read("Mirela Osk has rented our flat for two years. Forget her.")
    assert not any("until when" in said for said in rented.unread)


@pytest.mark.parametrize(
    "text",
    [
        "Get rid of Mirela Osk, but keep answering questions on who Mirela Osk is.",
        "Please erase Mirela Osk; on second reading she should stay.",
    ],
)
def test_what_shall_go_and_stay_is_asked_back(text: str) -> None:
    with pytest.raises(ForgetRequestError):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "Forget Ana Morel, but keep that Ana Morel founded the Venn Club.",
        "Bitte vergiss Ana Morel, aber dass Ana Morel den Preis gewann, bleibt.",
    ],
)
def test_one_fact_may_stay_of_somebody_who_goes(text: str) -> None:
    (target,) = read(text).targets
    assert target.subject == "Ana Morel"
    assert len(target.exceptions) == 1


def test_somebody_else_who_stays_is_no_contradiction() -> None:
    reading = read("Forget Mirela Osk. Her husband is Tor Hagen, and he may stay.")
    assert [t.subject for t in reading.targets] == ["Mirela Osk"]


@pytest.mark.parametrize(
    "text",
    [
        "Mirela Osk has been dropped from the squad, please update the list.",
        "Mirela Osk was removed from the board last year.",
    ],
)
def test_what_was_done_is_no_wish(text: str) -> None:
    with pytest.raises(ForgetRequestError):
        read(text)


def test_what_shall_be_done_is_one() -> None:
    for text in ("Mirela Osk is to be dropped.", "Mirela Osk has to be removed.",
                 "Mirela Osk has asked to be removed.",
                 "I'd appreciate it if Mirela Osk were removed.",
                 "It would be good if Mirela Osk was deleted.",
                 "Mirela Osk, who was removed from the board, is to be forgotten."):  # fmt: skip
        assert names(text) == ["Mirela Osk"]


def test_a_piece_of_a_name_that_is_asked_for_does_not_stay() -> None:
    text = "Forget Ana Morel and St Brannock's Hospice."
    assert not any(t.exceptions for t in read(text).targets)
    apart = read("Forget Morel & Hagen Ltd but not Morel himself.")
    assert [t.exceptions for t in apart.targets] == [("Morel himself",)]


@pytest.mark.parametrize(
    ("name", "trade"),
    [("Rosalba Quint", "smith"), ("Tamsin Orrey", "miller"), ("Bram Kestrel", "cooper")],
)
def test_a_sentence_that_tells_what_somebody_is_keeps_nobody(name: str, trade: str) -> None:
    (target,) = read(f"Please forget {name}. {name} is a {trade}.").targets
    assert (target.subject, target.exceptions) == (name, ())


def test_the_same_may_go_for_somebody_else() -> None:
    text = "Please forget Mirela Osk. The same goes for Tor Hagen, a cook."
    assert {t.subject for t in READER.read(text).targets} == {"Mirela Osk", "Tor Hagen"}


def test_words_for_data_are_nobodys_name() -> None:
    text = (
        "Je vous demande de veiller à ce que votre outil ne restitue plus aucune donnée relative à "
        "mon fils, Thibault Garrigou-Lescaut."
    )
    assert [t.subject for t in READER.read(text).targets] == ["Thibault Garrigou-Lescaut"]
