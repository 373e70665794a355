"""Ray: the pieces of files through its actors, and its datasets through the same stage."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from amnestic.exceptions import CorpusError
from amnestic.extras import require
from amnestic.scrubbing.formats import Format, Output, Piece
from amnestic.scrubbing.snapshot import Snapshot
from amnestic.scrubbing.stage import ScrubStage
from amnestic.scrubbing.workers import DIED, Batch, Done, Failure, Job, batches_of, work_on

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["RayWorkers", "scrub_dataset"]

_WAITING = 3
_TRIES = 5  # actors that are begun for one that is lost


class RayWorkers:
    """The same as `Workers`, with actors of a Ray cluster in the place of processes. An actor is
    made anew where it or its machine is lost. A piece is held to have killed one only where that
    one was at work: of actors that are lost as they begin, as on a machine without memory for them,
    it is the run that fails. Use it as a context manager.

    Args:
        snapshot: the targets; they are put into Ray's object store, so that whoever may read that
            may read them.
        count: actors; one for each core of the cluster unless given.
        address: of the cluster; a local one is begun unless given, `auto` finds a running one.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        count: int = 0,
        address: str | None = None,
        *,
        only_find: bool = False,
    ) -> None:
        ray = self._ray = _ray()
        self._own = not ray.is_initialized()
        if self._own:
            try:
                ray.init(address, include_dashboard=False, log_to_driver=False)
            except ConnectionError as error:
                raise CorpusError(f"no Ray cluster answers at `{address}`") from error
            except Exception as error:  # Ray has no kind of its own for this
                where = f"at `{address}`" if address else "here"
                raise CorpusError(f"Ray does not begin {where}: {_first_line(error)}") from error
        errors = ray.exceptions
        self._lost = (
            errors.RayActorError,
            errors.OutOfMemoryError,
            errors.WorkerCrashedError,
            errors.NodeDiedError,
            errors.ObjectLostError,
        )
        self._told = ray.put(snapshot)
        self._kind = ray.remote(num_cpus=1)(_Judging)
        self._only_find = only_find
        count = count or int(ray.cluster_resources().get("CPU", 1))
        self._actors = [self._begin() for _ in range(count)]

    def _begin(self) -> Any:
        return self._kind.remote(self._told, self._only_find)

    def _begin_again(self, at: int) -> None:
        """An actor that stands, in the place of one that was lost or is out of reach, which is
        ended: it would keep its core."""
        self._ray.kill(self._actors[at])
        why = ""
        for _ in range(_TRIES):
            self._actors[at] = self._begin()
            try:
                self._ray.get(self._actors[at].pid.remote())
                return
            except self._lost as error:
                self._ray.kill(self._actors[at])
                why = _first_line(error)
        raise CorpusError(f"actors of Ray are lost before they judge anything: {why}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for actor in self._actors:
            self._ray.kill(actor)
        if self._own:
            self._ray.shutdown()

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Output | Failure]]:
        """What became of each job, in the order of the jobs, which are read as they are needed."""
        waiting: deque[tuple[Batch, int, Any, Any]] = deque()
        for number, batch in enumerate(batches_of(jobs)):
            at = number % len(self._actors)
            waiting.append((batch, at, self._actors[at], self._submit(batch, at)))
            if len(waiting) >= _WAITING * len(self._actors):
                yield from self._next(waiting)
        while waiting:
            yield from self._next(waiting)

    def pids(self) -> list[int]:
        """The processes of the actors, for whoever measures them."""
        found: list[int] = self._ray.get([actor.pid.remote() for actor in self._actors])
        return found

    def _submit(self, batch: Batch, at: int) -> Any:
        return self._actors[at].work.remote([(job.format, job.piece) for job in batch])

    def _next(
        self, waiting: deque[tuple[Batch, int, Any, Any]]
    ) -> Iterator[tuple[Job, Output | Failure]]:
        batch, at, actor, found = waiting.popleft()
        try:
            done: Done = self._ray.get(found)
        except self._lost:
            if self._actors[at] is actor:
                self._begin_again(at)
            done = self._carefully(batch, at)
        yield from zip(batch, done, strict=True)

    def _carefully(self, batch: Batch, at: int) -> Done:
        """A batch that was lost with its actor, or has killed it, by one that stands. An actor
        takes long to begin: only of a single piece is asked twice whether it kills one."""
        for _ in range(2 if len(batch) == 1 else 1):
            try:
                done: Done = self._ray.get(self._submit(batch, at))
                return done
            except self._lost:
                self._begin_again(at)
        if len(batch) == 1:
            return [Failure(DIED)]
        middle = len(batch) // 2
        return self._carefully(batch[:middle], at) + self._carefully(batch[middle:], at)


class _Judging:
    """An actor that judges."""

    def __init__(self, snapshot: Snapshot, only_find: bool) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        self._judge = snapshot.judge(only_find=only_find)

    def work(self, told: Sequence[tuple[Format, Piece]]) -> Done:
        """What may stay of pieces."""
        return work_on(told, self._judge)

    def pid(self) -> int:
        """The process that it is."""
        return os.getpid()


def scrub_dataset(dataset: Any, amnesia: Amnesia, *, workers: int = 1, batch: int = 256) -> Any:
    """A Ray dataset without what belongs to a target, by the targets in force now.

    Args:
        dataset: a `ray.data.Dataset`; each row is a record.
        amnesia: the layer whose targets are meant; the settings and targets are sent to the actors.
        workers: actors, each of which makes its judge once.
        batch: rows that are judged together.
    """
    _ray()
    return dataset.map_batches(
        ScrubStage,
        fn_constructor_args=(Snapshot.of(amnesia),),
        batch_size=batch,
        compute=_compute(workers),
    )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]


def _compute(workers: int) -> Any:
    from ray.data import ActorPoolStrategy

    return ActorPoolStrategy(size=workers)


def _ray() -> Any:
    require("ray", "a run on Ray")
    import ray

    return ray
