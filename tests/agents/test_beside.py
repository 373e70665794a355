"""What is left of drafts is read beside the drafts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amnestic.agents.beside import beside
from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.agents.masking import Mask
from amnestic.tools.protocols import Told
from amnestic.types import Draft, Evidence, Finding, LeakKind, Span, ToolCall

QUESTION = "Who are Mirela Osk and Tor Vey?"
DRAFT = Draft(
    text="Mirela Osk sang.", reasoning="Two.", tool_calls=(ToolCall("1", "look", '{"q": "Osk"}'),)
)
NAMED = Finding("osk", 0, "answer", LeakKind.DIRECT, 0.99, (Span(0, 10),))
VERDICT = VetVerdict(Vet.SUSPECT, QUESTION)


def test_each_draft_is_read_with_the_question_that_its_audit_read_it_with() -> None:
    drafts = beside(VERDICT, [NAMED], [DRAFT]).context.drafts
    assert drafts is not None
    assert drafts.texts == (
        Told("Mirela Osk sang.", QUESTION), Told("Two.", QUESTION),
    )  # fmt: skip
    assert drafts.targets == {"osk"}


def test_where_the_question_was_masked_so_it_is_here() -> None:
    mask = Mask({"Mirela Osk": "Lenara Dah"})
    masked = beside(replace(VERDICT, mask=mask, beyond=True), [NAMED], [DRAFT]).context.drafts
    plain = beside(replace(VERDICT, mask=mask), [NAMED], [DRAFT]).context.drafts
    assert masked is not None
    assert plain is not None
    assert masked.texts[0].asked == "Who are Lenara Dah and Tor Vey?"
    assert plain.texts[0].asked == QUESTION


def test_what_is_told_by_place_is_read_beside_its_draft_and_else_nothing() -> None:
    found = replace(NAMED, kind=LeakKind.INDIRECT)
    assert beside(VERDICT, [found], [DRAFT]) == VERDICT
    by_place = replace(found, evidence=(Evidence("attributed", 4.0),))
    context = beside(VERDICT, [by_place], [DRAFT]).context
    assert context.drafts is not None
    assert (context.drafts.targets, context.told) == ({"osk"}, frozenset())


@pytest.mark.parametrize(
    ("sign", "kind", "is_told"),
    [
        ("surname", LeakKind.INDIRECT, True),
        ("a_part", LeakKind.INDIRECT, True),
        ("surname_among_others", LeakKind.INDIRECT, False),
        ("surname", LeakKind.ENTANGLED, False),  # among names of others
    ],
)
def test_a_draft_tells_of_whom_it_calls_by_a_part_of_the_name(
    sign: str, kind: LeakKind, is_told: bool
) -> None:
    found = replace(NAMED, kind=kind, evidence=(Evidence(sign, 1.0),))
    assert (beside(VERDICT, [found], [DRAFT]).context.told == {"osk"}) is is_told
