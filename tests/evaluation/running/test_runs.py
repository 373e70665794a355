"""A run keeps every reply as it comes, goes on where it stopped, and survives what fails."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import resource
from dataclasses import replace
from pathlib import Path

import pytest

from amnestic.evaluation.contract import Group, Probe
from amnestic.evaluation.running import judge_run, make_run, read_run
from amnestic.evaluation.running.manifest import FORMAT
from amnestic.evaluation.scoring import Judge, score
from amnestic.exceptions import ConfigurationError, ModelError, RunError
from amnestic.testing import ScriptedBackend
from tests.evaluation.played_systems import PlayedSystem, plan_with, silent, small_data, truth


def _all(path: Path) -> list[tuple[str, str, int, int]]:
    return [record.place for record in read_run(path).records]


def test_everybody_is_asked_everything_once_and_the_bare_model_first(tmp_path: Path) -> None:
    quiet, bare = PlayedSystem("quiet", silent), PlayedSystem("none", truth)
    manifest = asyncio.run(make_run(plan_with(quiet, bare), tmp_path / "run"))
    run = read_run(tmp_path / "run")
    data = small_data()
    assert manifest.status == run.manifest.status == "complete"
    assert len(run.records) == len(set(_all(tmp_path / "run"))) == 2 * 2 * len(data.probes)
    assert run.records[0].system == "none"
    assert list(run.probes.values()) == list(data.probes)
    assert set(run.seeds.values()) == {(0, 1)}
    assert quiet.prepared == data.subjects
    assert quiet.closed
    assert run.manifest.state("quiet").prepared_calls == 3
    groups = {r.probe: r.bare for r in run.records if r.system == "quiet"}
    told = {run.probes[key].group.value: bare for key, bare in groups.items()}
    assert told == {"forget": False, "combined": False, "neighbour": True, "unrelated": True}


def test_a_run_is_gone_on_with_and_no_reply_is_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "run"
    asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))
    before = (path / "records.jsonl").read_bytes()
    again, quiet = PlayedSystem("none", truth), PlayedSystem("quiet", silent)
    asyncio.run(make_run(plan_with(again, quiet), path))
    assert again.asked == []
    assert len(quiet.asked) == 2 * len(small_data().probes)
    assert (path / "records.jsonl").read_bytes().startswith(before)


def test_a_half_written_line_is_cut_off_and_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "run"
    asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))
    file = path / "records.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-9])
    assert len(read_run(path).records) == 2 * len(small_data().probes) - 1
    again = PlayedSystem("none", truth)
    asyncio.run(make_run(plan_with(again), path))
    assert len(again.asked) == 1
    assert sorted(file.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_a_stopped_run_is_valid_and_says_that_it_is_partial(tmp_path: Path) -> None:
    path, running = tmp_path / "run", []

    def stops(question: str) -> str:
        if "Osk" in question:
            running[0].cancel()
        return truth(question)

    async def run_until_stopped() -> None:
        running.append(asyncio.current_task())
        await make_run(plan_with(PlayedSystem("none", stops)), path)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run_until_stopped())
    run = read_run(path)
    assert run.manifest.status == run.manifest.state("none").status == "partial"
    assert 0 < len(run.records) < 2 * len(small_data().probes)
    asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))
    assert read_run(path).manifest.status == "complete"
    assert len(set(_all(path))) == 2 * len(small_data().probes)


def test_a_model_that_fails_half_way_keeps_its_replies_and_the_others_go_on(tmp_path: Path) -> None:
    path, asked = tmp_path / "run", []

    def fails(question: str) -> str:
        asked.append(question)
        if len(asked) > 8:
            raise ModelError("model 'm' answered HTTP 503", hint="try again later")
        return silent(question)

    plan = plan_with(
        PlayedSystem("none", truth), PlayedSystem("weary", fails), PlayedSystem("last", silent)
    )
    manifest = asyncio.run(make_run(plan, path))
    assert manifest.status == manifest.state("weary").status == "partial"
    assert "503" in manifest.state("weary").error
    assert manifest.state("last").status == "complete"
    replies = [r for r in read_run(path).records if r.system == "weary" and not r.error]
    assert len(replies) == 8
    assert len(asked) < 20
    asyncio.run(
        make_run(plan_with(*(PlayedSystem(s, silent) for s in ("none", "weary", "last"))), path)
    )
    assert not [r for r in read_run(path).records if r.error]


def test_a_system_that_cannot_be_prepared_is_one_line_and_the_others_go_on(tmp_path: Path) -> None:
    class Unprepared(PlayedSystem):
        async def prepare(self, subjects: object) -> object:  # type: ignore[override]
            raise ConfigurationError("system 'never knew' needs a model")

    class Broken(PlayedSystem):
        async def prepare(self, subjects: object) -> object:  # type: ignore[override]
            raise TypeError("a secret")

    first, second = Unprepared("never knew", silent), Broken("broken", silent)
    manifest = asyncio.run(
        make_run(plan_with(first, second, PlayedSystem("none", truth)), tmp_path / "run")
    )
    assert manifest.status == "partial"
    assert manifest.state("never knew").status == manifest.state("broken").status == "failed"
    assert manifest.state("never knew").error == "system 'never knew' needs a model"
    assert manifest.state("broken").error == "TypeError while 'broken' was prepared"
    assert manifest.state("none").status == "complete"
    assert first.closed


def test_a_full_disk_is_one_line_and_keeps_what_was_written(tmp_path: Path) -> None:
    path, (soft, hard) = tmp_path / "run", resource.getrlimit(resource.RLIMIT_FSIZE)

    def fills(question: str) -> str:
        file = path / "records.jsonl"
        if file.exists():
            resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 300, hard))
        return truth(question)

    plan = plan_with(PlayedSystem("none", fills), PlayedSystem("quiet", silent), samples=4)
    try:
        with pytest.raises(RunError, match=r"records\.jsonl.*File too large.*kept"):
            asyncio.run(make_run(plan, path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    kept = len(read_run(path).records)
    assert kept > 0
    assert (path / "records.jsonl").read_bytes().endswith(b"\n")
    again = PlayedSystem("none", truth)
    plan = plan_with(again, PlayedSystem("quiet", silent), samples=4)
    asyncio.run(make_run(plan, path))
    assert len(again.asked) == 4 * 2 * len(small_data().probes) - kept
    assert len(set(_all(path))) == 2 * 4 * 2 * len(small_data().probes)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("notes.txt", "somebody's", "something else than a run"),
        ("run.json", "{", "no JSON"),
        ("run.json", '{"format": "other"}', "no run of `amnestic eval`"),
        ("run.json", json.dumps({"format": FORMAT, "format_version": 9}), "has format 9"),
        ("run.json", json.dumps({"format": FORMAT, "format_version": 1}), "'request'"),
    ],
)
def test_a_foreign_folder_is_refused_and_left_alone(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(RunError, match=words):
        asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), tmp_path))
    assert (tmp_path / name).read_text() == text
    with pytest.raises(RunError):
        read_run(tmp_path / "nothing here")


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run"
    asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))
    file = path / "records.jsonl"
    rows = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*rows[:2], b'{"system": "none", "probe": 7}\n', *rows[2:]]))
    with pytest.raises(RunError, match=r"line 3 is no record, see 'probe'"):
        read_run(path)


@pytest.mark.parametrize(
    "damage",
    [
        {"question": 7},
        {"forbidden": "Tarn"},
        {"keep": ["Tarn"]},
        {"metadata": ["kind"]},
        {"messages": "Where?"},
        {"messages": [{"role": "user", "text": None}]},
        {"group": "all"},
    ],
)
def test_a_probe_of_another_form_is_named(tmp_path: Path, damage: dict[str, object]) -> None:
    path = tmp_path / "run"
    asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))
    first, *rest = (path / "probes.jsonl").read_text("utf-8").splitlines(keepends=True)
    row = {**json.loads(first), **damage}
    (path / "probes.jsonl").write_text("".join([f"{json.dumps(row)}\n", *rest]), "utf-8")
    with pytest.raises(RunError, match=r"probes\.jsonl.*line 1 is no probe"):
        read_run(path)


def test_a_line_of_endless_brackets_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "run"
    asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))
    for name, words in (("records.jsonl", "line 1 is no JSON object"), ("run.json", "no JSON")):
        (path / name).write_text('{"a": ' * 100_000 + "\n", "utf-8")
        with pytest.raises(RunError, match=words):
            read_run(path)


def test_replies_to_what_was_not_asked_are_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "run"
    asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))
    with (path / "records.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"system": "none", "probe": "of another run", "text": "Tarn."}\n')
    judge = ScriptedBackend(default="Hm.")
    asyncio.run(judge_run(path, Judge(judge), 2, lambda _: None))
    asked = [p for p in small_data().probes if p.group.forgets]
    assert len(read_run(path).told) == 2 * len(asked)


def test_a_folder_in_that_nothing_can_be_made_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run"

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", full)
        with pytest.raises(RunError, match=r"run` cannot be written: No space left on device"):
            asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))


def test_figures_of_two_versions_or_data_sets_do_not_go_into_one_folder(tmp_path: Path) -> None:
    path = tmp_path / "run"
    plan = plan_with(PlayedSystem("none", truth))
    asyncio.run(make_run(plan, path))
    other = plan_with(PlayedSystem("none", truth))
    object.__setattr__(other.data, "subjects", other.data.subjects[:2])
    with pytest.raises(RunError, match="begun with another 'small'"):
        asyncio.run(make_run(other, path))
    manifest = json.loads((path / "run.json").read_text())
    (path / "run.json").write_text(json.dumps({**manifest, "product": "0.0.1"}))
    with pytest.raises(RunError, match=r"begun by Amnestic 0\.0\.1"):
        asyncio.run(make_run(plan, path))


def test_a_folder_is_worked_on_by_one_process(tmp_path: Path) -> None:
    from filelock import FileLock

    path = tmp_path / "run"
    asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))
    with FileLock(path / ".lock"), pytest.raises(RunError, match="another process"):
        asyncio.run(make_run(plan_with(PlayedSystem("none", truth)), path))


def test_samples_are_asked_for_with_seeds_of_their_own_and_the_same_each_time(
    tmp_path: Path,
) -> None:
    seen: list[list[int]] = []
    for name in ("a", "b"):
        system = PlayedSystem("none", truth)
        options: list[int] = []
        answer = system.answer

        async def answer_with(conversation, given, options=options, answer=answer):  # type: ignore[no-untyped-def]
            options.append(given["seed"])
            return await answer(conversation, given)

        system.answer = answer_with  # type: ignore[method-assign]
        plan = plan_with(system, samples=2, temperature=0.8, parallel=1)
        asyncio.run(make_run(plan, tmp_path / name))
        seen.append(options)
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == 4


class _Ladder:
    """A search that asks three questions, the last of which is answered."""

    def __init__(self) -> None:
        self.scores: list[float] = []

    def propose(self) -> Probe | None:
        asked = ("Hello?", "Where?", "Where was Ana Morel born?")
        if len(self.scores) == len(asked) or 1.0 in self.scores:
            return None
        said = asked[len(self.scores)]
        return Probe.of(said, Group.FORGET, said, forbidden=("Tarn",), reference="Born in Tarn.")

    def tell(self, score: float) -> None:
        self.scores.append(score)


def test_a_search_is_led_by_replies_and_its_whole_cost_is_counted(tmp_path: Path) -> None:
    begun: list[_Ladder] = []

    def search(probe: Probe, seed: int) -> _Ladder:
        begun.append(_Ladder())
        return begun[-1]

    plan = plan_with(PlayedSystem("none", truth), PlayedSystem("quiet", silent))
    adaptive = replace(plan.data.probes[0], id="a", family="adaptive", metadata={"budget": 3})
    plan = replace(plan, draws={0: (adaptive,)}, search=search)
    asyncio.run(make_run(plan, tmp_path / "run"))
    loud, quiet = read_run(tmp_path / "run").records
    assert (loud.text, loud.calls, loud.probe) == ("Ana Morel was born in Tarn.", 3, adaptive.key)
    assert quiet.calls == 3
    assert begun[0].scores[-1] == 1.0
    assert max(begun[1].scores) < 1.0


def test_an_attack_by_asking_often_says_how_often_and_how_warm(tmp_path: Path) -> None:
    plan = plan_with(PlayedSystem("none", truth), often=3)
    metadata = {"samples": 20, "options": {"temperature": 1.0}}
    sampled = replace(plan.data.probes[0], id="s", family="sampling", metadata=metadata)
    plan = replace(plan, draws={0: (plan.data.probes[0], sampled)})
    assert [sample for probe, _, sample in plan.tasks() if probe.id == "s"] == [0, 1, 2]
    assert plan.options_of(sampled, 0, 2) == {"temperature": 1.0, "seed": 2}
    assert plan.options_of(plan.data.probes[0], 0, 0) == {}
    asyncio.run(make_run(plan, tmp_path / "run"))
    run = read_run(tmp_path / "run")
    assert len(run.records) == 4
    assert score(run.probes, run.records).of("none", "sampling").leak_at == {1: 1.0, 2: 1.0}
