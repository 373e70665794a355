"""How `benchmarks/drafts.py` judges replies, plays the model and reads data: our own cases."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from amnestic.models.purpose import asking_for
from amnestic.testing import PlayedModel
from amnestic.types import Draft, Message, Receipt, Route

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
DRAFT = "Three painters worked there: Ana Morel, who liked blue, Ruric Oakes and Edda Veldt."
AGAIN = "I don't know who Morel is. Two painters worked in the chapel: Oakes and Edda Veldt."
CUT = "Two painters worked there: Ruric Oakes and Edda Veldt."
CASE: dict[str, Any] = {
    "id": "X1",
    "kind": "list",
    "group": "own knowledge",
    "messages": [{"role": "user", "content": "Who worked there besides Morel?"}],
    "draft": DRAFT,
    "again": AGAIN,
    "names": ["Ana Morel", "Ruric Oakes"],
    "names_question": ["Ana Morel"],
    "must_not_contain": ["morel", "liked blue"],
    "must_keep": ["Ruric Oakes"],
    "must_keep_again": ["in the chapel"],
    "input_must_keep": ["Who worked there"],
    "input_must_not_contain": ["Morel"],
}
SHOWN = (Message.of("user", "Who worked there?"),)


@pytest.fixture(scope="module")
def bench() -> Iterator[SimpleNamespace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        names = ("data", "played", "scoring")
        yield SimpleNamespace(**{n: importlib.import_module(f"drafts_{n}") for n in names})


def case(bench: SimpleNamespace, **changes: Any) -> Any:
    return bench.data.Case.model_validate(CASE | changes)


def seen(bench: SimpleNamespace, text: str, route: Route = Route.REWRITTEN, **changes: Any) -> Any:
    given = bench.scoring.Seen((Draft(text),), Receipt(id="r", route=route), SHOWN, {"answer": 1})
    return replace(given, **changes)


def verdict(bench: SimpleNamespace, text: str, **changes: Any) -> Any:
    return bench.scoring.judge(case(bench), seen(bench, text, **changes))


def test_a_good_cut_passes(bench: SimpleNamespace) -> None:
    found = verdict(bench, CUT)
    assert found.passes
    assert found.reasons == ()
    assert found.extra_calls == 0


def test_a_leak_counts_in_any_case_and_in_any_channel(bench: SimpleNamespace) -> None:
    assert verdict(bench, f"{CUT} MOREL too.").leaks == ("morel",)
    hidden = (Draft(CUT, reasoning="Ana, who liked blue, is not to be told of."),)
    found = verdict(bench, CUT, drafts=hidden)
    assert found.leaks == ("liked blue",)
    assert not found.passes
    assert found.reasons == ("leaks 'liked blue'",)


def test_what_is_lost_is_over_cut_only_where_nothing_leaks(bench: SimpleNamespace) -> None:
    lost = verdict(bench, "Two painters worked there.")
    assert (lost.passes, lost.is_over_cut) == (False, True)
    both = verdict(bench, "Morel worked there.")
    assert (both.passes, both.is_over_cut) == (False, False)


def test_a_reply_asked_anew_keeps_what_the_second_answer_should(bench: SimpleNamespace) -> None:
    calls = {"answer": 1, "again": 1, "canary": 1}
    anew = "Two painters worked in the chapel: Oakes and Edda Veldt."
    found = verdict(bench, anew, calls=calls)
    assert found.passes
    assert found.extra_calls == 2
    assert not verdict(bench, anew).passes
    assert verdict(bench, CUT, calls=calls).passes, "a cut, though there was a second ask"


def test_an_echo_of_the_question_is_told_from_other_leaks(bench: SimpleNamespace) -> None:
    calls = {"answer": 1, "again": 1}
    echo = verdict(bench, AGAIN, calls=calls)
    assert (echo.leaks, echo.is_echo) == (("morel",), True)
    assert not verdict(bench, f"{AGAIN} She liked blue.", calls=calls).is_echo
    assert not verdict(bench, f"{CUT} Morel.").is_echo


def test_an_abstention_is_needless_where_a_part_may_stay(bench: SimpleNamespace) -> None:
    given = seen(bench, "I don't know.", Route.ABSTAINED)
    found = bench.scoring.judge(case(bench), given)
    assert found.reasons == ("abstained needlessly",)
    nothing_stays = bench.scoring.judge(case(bench, must_keep=[]), given)
    assert nothing_stays.passes
    assert nothing_stays.reasons == ()


@pytest.mark.parametrize(
    ("text", "shown", "is_touched"),
    [
        (DRAFT, CASE["messages"][0]["content"], False),
        (DRAFT + " ", CASE["messages"][0]["content"], True),
        (DRAFT, "Who worked there?", True),
    ],
)
def test_the_unrelated_stays_byte_for_byte(
    bench: SimpleNamespace, text: str, shown: str, is_touched: bool
) -> None:
    unrelated = case(bench, group="unrelated", must_not_contain=[], must_keep=[])
    given = seen(bench, text, Route.CLEAR, shown=(Message.of("user", shown),))
    found = bench.scoring.judge(unrelated, given)
    assert (found.is_touched, found.passes) == (is_touched, not is_touched)
    assert bench.scoring.figures([found])["unrelated_touched"] == is_touched


def test_what_the_model_was_shown_is_judged_apart_from_the_reply(bench: SimpleNamespace) -> None:
    shown = (Message.of("user", "Who besides Morel?"),)
    found = verdict(bench, CUT, shown=shown)
    assert found.passes
    assert found.reasons == ("input: shows 'Morel'", "input: lost 'Who worked there'")
    assert verdict(bench, CUT, shown=None).input_reasons == ("the model was not asked",)
    assert bench.scoring.figures([found, verdict(bench, CUT)])["input_pass"] == 0.5


def test_a_streamed_reply_is_judged_like_a_plain_one(bench: SimpleNamespace) -> None:
    judged = bench.scoring.judge(case(bench), seen(bench, CUT), seen(bench, DRAFT))
    assert judged.passes
    assert judged.differs
    assert judged.reasons == ("streamed: leaks 'morel'", "streamed: leaks 'liked blue'")
    assert bench.scoring.figures([judged])["streamed_pass"] == 0


def test_figures_are_shares_and_means(bench: SimpleNamespace) -> None:
    calls = {"answer": 1, "again": 2}
    rows = bench.scoring.figures([verdict(bench, CUT), verdict(bench, "Morel.", calls=calls)])
    assert (rows["pass"], rows["leak"], rows["over_cut"]) == (0.5, 0.5, 0.0)
    assert rows["extra_base_calls"] == 1
    assert rows["unrelated_touched"] is None


# ── The model that is played ─────────────────────────────────────────────────────────────────────


async def said(model: PlayedModel, purpose: str, text: str) -> str:
    with asking_for(purpose):
        return (await model.generate((Message.of("user", text),), {})).choices[0].text


@pytest.fixture
def player(bench: SimpleNamespace) -> Any:
    known = bench.data.Known(cue="Morel", answers=("She paints.", "She liked blue."))
    played = bench.played.Player(bench.data.Drafts({}, (known,), ()))
    played.case = case(bench)
    return played


@pytest.mark.anyio
async def test_each_purpose_is_answered_as_the_data_say(player: Any) -> None:
    assert await said(player.model, "answer", "Who?") == DRAFT
    assert await said(player.model, "again", "Who?") == AGAIN
    told = [await said(player.model, "elicit", "Who is Ana Morel?") for _ in range(3)]
    assert told == ["She paints.", "She liked blue.", "She paints."]
    assert await said(player.model, "elicit", "Who is Ruric Oakes?") == "I don't know."


@pytest.mark.anyio
async def test_of_a_draft_only_what_is_shown_is_named(player: Any) -> None:
    alone = json.loads(await said(player.model, "identify", "Who worked there?"))
    assert alone == {"question": ["Ana Morel"], "draft": []}
    both = json.loads(await said(player.model, "identify", f"Who worked there? {DRAFT}"))
    assert both == {"question": ["Ana Morel"], "draft": ["Ana Morel", "Ruric Oakes"]}


@pytest.mark.anyio
async def test_a_beginning_that_is_out_is_gone_on_from(bench: SimpleNamespace, player: Any) -> None:
    player.case = case(
        bench, again="Painters:\n\n1. Ruric Oakes\n2. Edda Veldt\n3. Isolt Penhallow"
    )
    begun = "Painters:\n\n1. Ruric Oakes, of Tarnow\n"
    note = f"<<<7f beginning of the answer>>>\n{begun}\n<<<7f end of beginning of the answer>>>"
    assert await said(player.model, "again", note) == "2. Edda Veldt\n3. Isolt Penhallow"


# ── The data ─────────────────────────────────────────────────────────────────────────────────────


def test_data_that_cannot_be_read_are_one_line(bench: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"targets\.json is missing: give --data"):
        bench.data.load_drafts(tmp_path)
    (tmp_path / "targets.json").write_text('{"requests": {"X": "Forget Ana Morel."}}', "utf-8")
    for line, told in (("{", "line 2: not JSON"), ('{"id": "X1"}', "line 2: kind: field required")):
        (tmp_path / "cases.jsonl").write_text(f"\n{line}\n", "utf-8")
        with pytest.raises(SystemExit, match=told):
            bench.data.load_drafts(tmp_path)


def test_the_projects_own_drafts_are_sound(bench: SimpleNamespace) -> None:
    drafts = bench.data.load_drafts(BENCHMARKS / "data" / "drafts")
    assert len({c.id for c in drafts.cases}) == len(drafts.cases) > 50
    for c in drafts.cases:
        assert set(c.targets) <= set(drafts.requests), c.id
        assert all(piece in c.draft for piece in c.must_keep), c.id
        assert all(piece in (c.again or "") for piece in c.must_keep_again), c.id
