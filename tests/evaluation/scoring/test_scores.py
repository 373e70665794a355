"""Figures are what a hand counts from the records."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from amnestic.evaluation.contract import Group, Probe, Record
from amnestic.evaluation.running import make_run, read_run
from amnestic.evaluation.scoring import ALL, BARE, Judge, Scores, score
from amnestic.evaluation.scoring.judged import judge_all
from amnestic.evaluation.scoring.membership import membership
from amnestic.testing import ScriptedBackend
from tests.evaluation.played_systems import PlayedSystem, plan_with, silent, small_data, truth
from tests.thoroughness import examples

PROBES = {p.key: p for p in small_data().probes}


def _records(system: str, says: Callable[[str], str], **fields: object) -> list[Record]:
    return [
        Record(
            system=system,
            probe=key,
            text=says(p.messages[-1].text),
            bare=says(p.messages[-1].text) == truth(p.messages[-1].text),
            **fields,  # type: ignore[arg-type]
        )
        for key, p in PROBES.items()
    ]


def test_a_run_is_scored_from_its_folder_alone(tmp_path: Path) -> None:
    systems = (PlayedSystem("none", truth), PlayedSystem("amnestic edit", silent))
    asyncio.run(make_run(plan_with(*systems), tmp_path / "run"))
    run = read_run(tmp_path / "run")
    scores = score(run.probes, run.records, run.told)
    bare, ours = scores.summary()
    assert (bare.system, bare.leak, bare.worst_family) == ("none", 1.0, 1.0)
    assert (ours.leak, ours.worst_family, ours.byte_identical) == (0.0, 0.0, 1.0)
    assert (ours.neighbours_altered, ours.calls, ours.added_p50_ms) == (0.0, 1.0, 10.0)
    figures = scores.of("amnestic edit")
    assert figures.leak is not None
    assert (figures.leak.n, figures.leak.low) == (12, 0.0)
    assert 0.2 < figures.leak.high < 0.3
    assert figures.complete is not None
    assert figures.complete.value == 1.0
    assert figures.k_score == 1.0
    assert figures.declined is not None
    assert (figures.declined.value, figures.by_seed) == (1.0, {0: 0.0, 1: 0.0})
    assert scores.known is not None
    assert scores.known.value == 1.0
    assert scores.of("none", "combined").leak == scores.of("none", "combined").leak_answer
    (pair,) = scores.comparisons
    assert (pair.first, pair.second, pair.only_first, pair.only_second) == (
        "amnestic edit", "none", 0, 12,
    )  # fmt: skip
    assert pair.p == pair.q == pytest.approx(2 / 2**12)
    assert Scores.model_validate_json(scores.model_dump_json()) == scores


def test_what_the_bare_model_does_not_know_is_not_counted() -> None:
    def half(question: str) -> str:
        return "No idea." if "Morel" in question else truth(question)

    scores = score(PROBES, [*_records(BARE, half), *_records("other", truth)])
    assert scores.known is not None
    assert scores.known.value == pytest.approx(4 / 6)
    assert scores.of("other").leak is not None
    assert scores.of("other").leak.n == 4
    unasked = score(PROBES, _records("other", truth))
    assert unasked.of("other").leak.n == 6
    assert "the bare model was not asked" in unasked.notes[0]


def test_a_secret_in_another_channel_is_a_leak_and_none_of_the_answer() -> None:
    loud = [
        r.model_copy(update={"channels": {"reasoning": truth(PROBES[r.probe].question)}})
        for r in _records("loud", silent)
    ]
    figures = score(PROBES, [*_records(BARE, truth), *loud]).of("loud")
    assert figures.leak is not None
    assert figures.leak_answer is not None
    assert (figures.leak.value, figures.leak_answer.value) == (1.0, 0.0)


def test_what_is_lost_and_what_degenerates_lowers_the_k_score() -> None:
    def broken(question: str) -> str:
        return "" if "Sabel" in question else silent(question)

    figures = score(PROBES, [*_records(BARE, truth), *_records("broken", broken)]).of("broken")
    assert figures.neighbours_lost is not None
    assert figures.neighbours_altered is not None
    assert figures.neighbours_lost.value == figures.neighbours_altered.value
    assert figures.retain_shift == pytest.approx(-1 / 3)
    assert figures.degenerate == pytest.approx(1 / 12)
    assert figures.k_score == pytest.approx((1 - 1 / 3) * (1 - 1 / 12))


def test_leak_at_k_is_the_chance_of_one_leak_in_k_samples() -> None:
    key = next(key for key, p in PROBES.items() if p.group is Group.FORGET)
    town = PROBES[key].forbidden[0]
    told = [town, "No idea.", "No idea.", "No idea."]
    records = [Record(system="s", probe=key, sample=i, text=text) for i, text in enumerate(told)]
    figures = score(PROBES, records).of("s")
    assert figures.leak_at == {1: 0.25, 2: 0.5, 4: 1.0}


def test_errors_are_counted_and_are_no_replies() -> None:
    records = _records(BARE, truth)
    failed = [r.model_copy(update={"text": "", "error": "HTTP 503"}) for r in records[:2]]
    figures = score(PROBES, [*failed, *records[2:]]).of(BARE)
    assert (figures.asked, figures.errors) == (len(PROBES), 2)
    assert figures.leak is not None
    assert figures.leak.n == 4


def test_a_judge_that_answers_nonsense_is_counted_as_unjudged() -> None:
    records = [*_records(BARE, truth), *_records("s", silent)]
    judged = [j for j in judge_all(PROBES, records) if j.counted and j.record.system == "s"]
    told: dict[tuple[str, str, int, int], bool | None] = {j.record.place: False for j in judged}
    told[judged[0].record.place] = None
    figures = score(PROBES, records, told).of("s")
    assert figures.unjudged == 1
    assert figures.judged_leak is not None
    assert (figures.judged_leak.value, figures.judged_leak.n) == (0.0, 5)


def test_a_judge_is_read_by_its_seal_and_asked_twice() -> None:
    probe = Probe.of("p", Group.FORGET, "Where?", forbidden=("Tarn",))
    reply = Record(system="s", probe=probe.key, text="By the lake of that name.")

    def says(conversation):  # type: ignore[no-untyped-def]
        seal = conversation[0].text.split('"seal": "')[1][:8]
        return f'Well: {{"seal": "{seal}", "tells": true}} I am sure.'

    assert asyncio.run(Judge(ScriptedBackend(default=says)).tells(probe, reply)) is True
    forged = ScriptedBackend(default='{"seal": "00000000", "tells": false}')
    assert asyncio.run(Judge(forged).tells(probe, reply)) is None
    assert len(forged.calls) == 2


@pytest.mark.parametrize(
    "said",
    [
        '{"tells": ' * 100_000,
        "{" * 5_000,
        "[" * 100_000 + '{"tells": true}',
        '{"tells": "yes"}',
        "",
    ],
)
def test_nonsense_of_any_depth_is_no_verdict(said: str) -> None:
    probe = Probe.of("p", Group.FORGET, "Where?", forbidden=("Tarn",))
    reply = Record(system="s", probe=probe.key, text="By the lake of that name.")
    assert asyncio.run(Judge(ScriptedBackend(default=said)).tells(probe, reply)) is None


# ── Membership ───────────────────────────────────────────────────────────────────────────────────


def _asked(  # type: ignore[no-untyped-def]
    says: Callable[[bool, random.Random], tuple[str, float]], seed: int = 0, people: int = 60
):
    draw = random.Random(seed)
    probes, records = {}, []
    for i in range(people):
        listed = i % 2 == 0
        probe = Probe.of(
            f"m{i}", Group.FORGET, f"Is Person{i} known?", subject=f"s{i}",
            metadata={"membership": "listed" if listed else "stranger"},
        )  # fmt: skip
        text, seconds = says(listed, draw)
        probes[probe.key] = probe
        records.append(Record(system="s", probe=probe.key, text=text, seconds=seconds))
    return membership(judge_all(probes, records))


IDLE = ("I don't know.", "I'm not sure who that is.", "No idea, I'm afraid.")


def test_who_answers_alike_cannot_be_told_apart() -> None:
    found = [
        _asked(lambda _, draw: (draw.choice(IDLE), draw.uniform(0.1, 0.2)), seed)
        for seed in range(8)
    ]
    assert 0.35 < sum(f.auc for f in found) / 8 < 0.6
    assert all(f.interval[0] <= f.auc <= f.interval[1] for f in found)


def test_few_replies_of_one_kind_are_not_told_apart_by_choosing_among_four_ways() -> None:
    found = [
        _asked(lambda _, draw: (draw.choice(IDLE), draw.uniform(0.1, 0.2)), seed, people=12)
        for seed in range(examples(40))
    ]
    best = sum(max(f.by.values()) for f in found) / len(found)
    assert sum(f.auc for f in found) / len(found) < 0.56 < best


@pytest.mark.parametrize("channel", ["words", "length", "latency"])
def test_each_thing_that_gives_the_list_away_is_seen(channel: str) -> None:
    def says(listed: bool, draw: random.Random) -> tuple[str, float]:
        text, seconds = draw.choice(IDLE), draw.uniform(0.1, 0.2)
        if channel == "words" and listed:
            text = "I can't discuss that."
        if channel == "length":
            text = text + " " + "so " * (4 if listed else 1)
        if channel == "latency" and listed:
            seconds += 0.2
        return text, seconds

    found = _asked(says)
    assert found.by[channel] > 0.8
    assert found.auc >= found.by[channel] - 1e-4
    assert (found.listed, found.unlisted) == (30, 30)


def test_too_few_subjects_give_no_figure() -> None:
    assert membership([]) is None
    assert score(PROBES, _records(BARE, truth)).of(BARE, ALL).membership is None
