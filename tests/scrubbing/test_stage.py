"""The same step in pipelines: as a plain callable, in datatrove's form, and on a real Ray."""

from __future__ import annotations

import json
import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from amnestic import Amnesia
from amnestic.exceptions import CorpusError
from amnestic.scrubbing import (
    ScrubOptions,
    ScrubStage,
    Snapshot,
    on_ray,
    scrub_dataset,
    scrub_files,
)
from amnestic.scrubbing.formats import Output, Piece
from amnestic.scrubbing.formats.json_forms import JsonLines
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.on_ray import RayWorkers
from amnestic.scrubbing.workers import Failure, Job, work_on

FAR = "The ferry leaves the harbour at nine."
NEAR = "Mirela Osk wrote The Paper Lighthouse."


def test_a_stage_that_was_sent_takes_columns_and_leaves_those_without_text(
    snapshot: Snapshot,
) -> None:
    stage = pickle.loads(pickle.dumps(ScrubStage(snapshot)))
    batch = {
        "id": np.array([1, 2]),
        "text": np.array([f"{FAR} {NEAR}", FAR], dtype=object),
        "vector": np.zeros((2, 3)),
        "same": np.array([FAR, FAR], dtype=object),
    }
    given = stage(batch)
    assert given["text"].tolist() == [FAR, FAR]
    assert all(given[name] is batch[name] for name in ("id", "vector", "same"))
    assert stage([{"text": NEAR}, {"text": FAR}]) == [{"text": ""}, {"text": FAR}]


def test_a_stage_may_carry_no_more_than_a_place(snapshot: Snapshot, tmp_path: Path) -> None:
    place = tmp_path / "targets.jsonl"
    snapshot.save(place)
    assert place.stat().st_mode & 0o077 == 0
    assert Snapshot.read(place).mark() == snapshot.mark()
    sent = pickle.dumps(ScrubStage(place))
    assert b"Osk" not in sent
    texts = [NEAR, FAR, "Edwin Harl mends clocks in Norrby."]
    assert pickle.loads(sent)(texts) == ScrubStage(snapshot)(texts) == ["", FAR, ""]


@pytest.mark.parametrize("cut", [0, 40, 3_000, -1])
def test_a_snapshot_that_is_not_whole_is_refused(
    snapshot: Snapshot, tmp_path: Path, cut: int
) -> None:
    place = tmp_path / "targets.jsonl"
    snapshot.save(place)
    told = place.read_bytes()
    place.write_bytes(told[:cut] if cut >= 0 else told[: told.rindex(b"\n", 0, -1) + 1])
    with pytest.raises(CorpusError, match=r"no snapshot of targets can be read from `.*targets"):
        Snapshot.read(place)


@pytest.mark.parametrize(
    "change",
    [
        lambda head, row: head.pop("revision"),
        lambda head, row: head.update(position=None),
        lambda head, row: head["settings"].update(db="elsewhere.db"),
        lambda head, row: row["target"].update(sealed=True),
        lambda head, row: row["target"].update(status="revoked"),
        lambda head, row: row.update(shape=[1, -1]),
        lambda head, row: row["target"].update(id="another"),
    ],
    ids=["revision", "position", "a setting", "sealed", "revoked", "shape", "an id twice"],
)
def test_a_snapshot_that_was_made_otherwise_is_refused(
    snapshot: Snapshot, tmp_path: Path, change: Callable[[Any, Any], Any]
) -> None:
    place = tmp_path / "targets.jsonl"
    snapshot.save(place)
    head, *rows = map(json.loads, place.read_text().splitlines())
    change(head, rows[0])
    if rows[0]["target"]["id"] == "another":
        rows[1]["target"]["id"] = "another"
    place.write_text("".join(json.dumps(row) + "\n" for row in (head, *rows)))
    with pytest.raises(CorpusError, match="no snapshot of targets can be read"):
        Snapshot.read(place)


def test_a_sealed_target_is_written_to_no_file(layer: Any, tmp_path: Path) -> None:
    amnesia = layer()
    target = amnesia.forget("Please forget Mirela Osk. Mirela Osk is a poet.")
    sealed = replace(Snapshot.of(amnesia), targets=(target.model_copy(update={"sealed": True}),))
    with pytest.raises(CorpusError, match="sealed"):
        sealed.save(tmp_path / "targets.jsonl")
    assert not list(tmp_path.glob("targets*"))


@dataclass
class Document:
    """What datatrove hands on."""

    text: str
    id: str
    metadata: dict[str, Any] = field(default_factory=dict)


def test_a_stage_is_a_step_of_datatrove(snapshot: Snapshot) -> None:
    documents = [Document(f"{FAR} {NEAR}", "a", {"n": 1}), Document(FAR, "b", {"n": 2})]
    given = list(ScrubStage(snapshot).run(iter(documents)))
    assert [(d.text, d.id, d.metadata) for d in given] == [
        (FAR, "a", {"n": 1}),
        (FAR, "b", {"n": 2}),
    ]
    assert given[1] is documents[1]


def test_a_pipeline_of_datatrove_itself_goes_through_the_stage(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    trove: Any = pytest.importorskip("datatrove.data", reason="datatrove is not installed")
    from datatrove.executor import LocalPipelineExecutor

    picture = trove.Media("m", 0, "https://a.example/1.png", alt=f"{FAR} {NEAR}")
    documents = [
        trove.Document(f"{FAR} {NEAR}", "a", [picture], {"note": NEAR, "n": 1}),
        trove.Document(FAR, "b"),
    ]
    done: list[Any] = []

    def kept(data: Any, rank: int, world_size: int) -> Any:
        done.extend(data)
        return done

    steps = [documents, ScrubStage(snapshot).run, kept]
    LocalPipelineExecutor(steps, logging_dir=str(tmp_path), workers=1).run()
    assert [d.text for d in done] == [FAR, FAR]
    assert done[0].metadata == {"note": "", "n": 1}
    assert (done[0].media[0].url, done[0].media[0].alt) == ("https://a.example/1.png", FAR)


@dataclass(frozen=True)
class Deadly:
    """A format of which one piece ends the process that reads it."""

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """The pieces, where none is deadly."""
        if any(piece.raw == b"deadly" for piece in pieces):
            os.kill(os.getpid(), signal.SIGKILL)
        return [Output(piece.raw) for piece in pieces]


class OutOfReach:
    """Ray, as far as it is asked here. Its first actor lives and answers nothing."""

    exceptions = SimpleNamespace(**{
        name: type(name, (Exception,), {})
        for name in ("RayActorError", "OutOfMemoryError", "WorkerCrashedError", "NodeDiedError",
                     "ObjectLostError")
    })  # fmt: skip

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.begun = 0
        self.killed: list[int] = []

    def is_initialized(self) -> bool:
        return True

    def put(self, snapshot: Snapshot) -> Snapshot:
        return snapshot

    def remote(self, **wanted: Any) -> Any:
        return lambda kind: SimpleNamespace(remote=self.begin)

    def begin(self, snapshot: Snapshot, only_find: bool) -> Any:
        number, self.begun = self.begun, self.begun + 1
        work = SimpleNamespace(remote=lambda told: (number, told))
        pid = SimpleNamespace(remote=lambda: (number, None))
        return SimpleNamespace(number=number, work=work, pid=pid)

    def get(self, asked: Any) -> Any:
        number, told = asked
        if number == 0:
            raise self.exceptions.RayActorError
        return number if told is None else work_on(told, self.judge)

    def kill(self, actor: Any) -> None:
        self.killed.append(actor.number)


def test_an_actor_that_is_out_of_reach_keeps_no_processor_from_the_one_in_its_place(
    snapshot: Snapshot, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    form: Any = JsonLines()
    lines = [json.dumps({"n": i, "text": NEAR if i % 2 else FAR}).encode() for i in range(200)]
    jobs = [Job(0, form, Piece(line, i)) for i, line in enumerate(lines, 1)]
    ray = OutOfReach(judge)
    monkeypatch.setattr(on_ray, "_ray", lambda: ray)
    with RayWorkers(snapshot, 1) as workers:
        done: list[Any] = [output for _, output in workers.results(jobs)]
        assert ray.killed == [0]
    assert [json.loads(one.raw)["text"] for one in done] == [FAR, ""] * 100
    assert (ray.begun, ray.killed) == (2, [0, 1])


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """A cluster of one machine."""
    found: Any = pytest.importorskip("ray", reason="Ray is not installed: `pip install ray`")
    paths = os.pathsep.join(p for p in (os.environ.get("PYTHONPATH"), str(Path.cwd())) if p)
    env = {"env_vars": {"PYTHONPATH": paths}}
    found.init(num_cpus=2, include_dashboard=False, configure_logging=False, runtime_env=env)
    yield found
    found.shutdown()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of Ray itself
def test_files_are_judged_by_actors_of_ray_as_by_processes(
    ray: Any, corpus: Callable[..., Path], snapshot: Snapshot, tmp_path: Path
) -> None:
    lines = "".join(json.dumps({"text": f"{FAR} {NEAR}", "n": i}) + "\n" for i in range(200))
    folder = corpus({"a.jsonl": lines, "b.txt": FAR})
    here, there = tmp_path / "here", tmp_path / "there"
    by_process = scrub_files(snapshot, folder, here, ScrubOptions(workers=1))
    by_actor = scrub_files(snapshot, folder, there, ScrubOptions(workers=2, ray="local"))
    assert by_actor.files == by_process.files == {"changed": 1, "unchanged": 1}
    for name in ("a.jsonl", "b.txt"):
        assert (there / name).read_bytes() == (here / name).read_bytes()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of Ray itself
def test_an_actor_that_dies_fails_the_piece_that_kills_it_and_no_other(
    ray: Any, snapshot: Snapshot
) -> None:
    form: Any = Deadly()
    jobs = [Job(i, form, Piece(b"deadly" if i == 3 else b"%d" % i)) for i in range(6)]
    with RayWorkers(snapshot, 1) as workers:
        done = list(workers.results(jobs))
    assert [job.file for job, output in done if isinstance(output, Failure)] == [3]


class Unsteady:
    """An actor of which the first ones end as they begin, so many as a file has letters."""

    def __init__(self, file: Path, only_find: bool) -> None:
        left = file.read_text("utf-8")
        file.write_text(left[1:], "utf-8")
        if left:
            os.kill(os.getpid(), signal.SIGKILL)

    def work(self, told: Sequence[tuple[Any, Piece]]) -> list[Output]:
        """The pieces as they are."""
        return [Output(piece.raw) for _, piece in told]

    def pid(self) -> int:
        """The process that it is."""
        return os.getpid()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of Ray itself
def test_actors_that_end_as_they_begin_are_held_against_no_piece(
    ray: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_ray, "_Judging", Unsteady)
    monkeypatch.setattr(on_ray, "_TRIES", 2)  # each takes long to begin on a busy machine
    file: Any = tmp_path / "deaths"
    form: Any = Deadly()
    jobs = [Job(i, form, Piece(b"%d" % i)) for i in range(3)]
    for deaths, fails in ((1, False), (9, True)):
        file.write_text("x" * deaths, "utf-8")
        with RayWorkers(file, 1) as workers:
            if fails:
                with pytest.raises(CorpusError, match="before they judge anything"):
                    list(workers.results(jobs))
            else:
                done = [output for _, output in workers.results(jobs)]
                assert [o.raw for o in done if isinstance(o, Output)] == [b"0", b"1", b"2"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of Ray itself
def test_a_dataset_of_ray_goes_through_the_stage(ray: Any, poets: Amnesia) -> None:
    pytest.importorskip("pandas")
    rows = [{"id": i, "text": NEAR if i % 2 else FAR} for i in range(6)]
    told = scrub_dataset(ray.data.from_items(rows), poets, workers=1, batch=2)
    left = sorted(told.take_all(), key=lambda row: row["id"])
    assert [row["text"] for row in left] == [FAR, ""] * 3


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of Ray itself
def test_a_run_of_ray_that_loses_an_actor_gives_the_same_bytes(
    ray: Any, corpus: Callable[..., Path], snapshot: Snapshot, tmp_path: Path
) -> None:
    """Killed from outside in the middle of a run, as a machine that is lost."""
    form: Any = JsonLines()
    lines = [json.dumps({"n": i, "text": NEAR if i % 5 else FAR}).encode() for i in range(600)]
    jobs = [Job(0, form, Piece(line, i)) for i, line in enumerate(lines, 1)]
    done: list[Any] = []
    with RayWorkers(snapshot, 2) as workers:
        for n, (_, output) in enumerate(workers.results(jobs)):
            done.append(output)
            if n == 100:
                os.kill(workers.pids()[0], signal.SIGKILL)
    assert [json.loads(o.raw)["n"] for o in done] == list(range(600))
    assert [json.loads(o.raw)["text"] for o in done] == ["" if i % 5 else FAR for i in range(600)]
