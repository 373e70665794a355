"""Threads that wait for work, and work that is handed to them from an event loop."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import anyio
import pytest

from amnestic.tools.offload import Crew
from amnestic.workers import Workers
from tests.forked import told_by
from tests.patience import PATIENCE

ASKED: ContextVar[str] = ContextVar("asked", default="nobody")


def at_work(workers: Workers, work: Callable[[], object] = threading.current_thread) -> object:
    """What work gives that one of the threads does."""
    given: SimpleQueue[object] = SimpleQueue()

    def job() -> Callable[[], None]:
        found = work()
        return lambda: given.put(found)

    workers.give(job)
    return given.get(timeout=PATIENCE)


def test_one_thread_does_what_comes_one_after_the_other() -> None:
    workers = Workers("test")
    assert len({at_work(workers) for _ in range(50)}) == 1


def test_work_that_comes_at_once_is_done_at_once() -> None:
    workers, meeting = Workers("test"), threading.Barrier(5, timeout=PATIENCE)
    given: SimpleQueue[threading.Thread] = SimpleQueue()

    def job() -> Callable[[], None]:
        meeting.wait()
        return lambda: given.put(threading.current_thread())

    for _ in range(4):
        workers.give(job)
    meeting.wait()
    assert len({given.get(timeout=PATIENCE) for _ in range(4)}) == 4


def test_a_thread_without_work_ends() -> None:
    worker = at_work(Workers("test", idle=0.01))
    assert isinstance(worker, threading.Thread)
    worker.join(PATIENCE)
    assert not worker.is_alive()


def test_work_that_comes_as_a_thread_is_about_to_end_is_done() -> None:
    workers, numbers = Workers("test", idle=0.0), [*range(2_000)]
    assert [at_work(workers, partial(abs, number)) for number in numbers] == numbers


def test_what_is_being_done_at_the_end_is_waited_for_but_not_without_end() -> None:
    workers, begun, go_on, done = Workers("test"), *(threading.Event() for _ in range(3))

    def job() -> Callable[[], None]:
        begun.set()
        go_on.wait(PATIENCE)
        return done.set

    workers.give(job)
    begun.wait(PATIENCE)
    workers.finish(0.0)
    assert not done.is_set()
    go_on.set()
    workers.finish(PATIENCE)
    assert done.wait(PATIENCE)


def test_nothing_of_what_was_done_stays_with_a_thread_that_waits() -> None:
    class Text:
        pass

    workers, gone, asked = Workers("test"), threading.Event(), list[str]()

    def job() -> Callable[[], None]:
        text = Text()
        weakref.finalize(text, gone.set)
        return lambda: asked.append(str(text))

    workers.give(job)
    del job
    assert gone.wait(PATIENCE)
    assert len(asked) == 1


def test_work_in_a_thread_sees_what_its_caller_has_set() -> None:
    async def asking() -> list[str]:
        ASKED.set("Osk")
        crew = Crew("test", 2)
        await crew.run(ASKED.set, "Venn")
        return [await crew.run(ASKED.get), ASKED.get()]

    assert asyncio.run(asking()) == ["Osk", "Osk"]


def test_work_in_a_thread_may_run_an_event_loop_of_its_own() -> None:
    async def double(number: int) -> int:
        return 2 * number

    async def asking() -> int:
        return await Crew("test", 2).run(anyio.run, double, 21)

    assert anyio.run(asking) == 42


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(2)])
def test_what_work_raises_is_raised(error: BaseException) -> None:
    def work() -> None:
        raise error

    async def asking() -> None:
        with pytest.raises(type(error)) as told:
            await Crew("test", 2).run(work)
        assert told.value is error

    asyncio.run(asking())


def test_the_end_of_an_iterator_in_a_thread_is_an_error() -> None:
    async def asking() -> None:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await Crew("test", 2).run(next, iter(()))

    asyncio.run(asking())


def test_no_more_work_at_once_than_there_are_places() -> None:
    running, most, turn = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with turn:
            running += 1
            most = max(most, running)
        _ = sorted(range(1_000))  # others have their turn
        with turn:
            running -= 1
        return number

    async def asking() -> list[int]:
        crew = Crew("test", 2)
        return await asyncio.gather(*(crew.run(work, n) for n in range(100)))

    assert asyncio.run(asking()) == [*range(100)]
    assert most <= 2


def test_the_place_of_work_that_nobody_waits_for_is_free() -> None:
    go_on = threading.Event()

    async def asking() -> str:
        crew = Crew("test", 1)
        hanging = asyncio.ensure_future(crew.run(go_on.wait, PATIENCE))
        waiting = asyncio.ensure_future(crew.run(str, "never"))
        await asyncio.sleep(0)
        for left in (hanging, waiting):
            left.cancel()
        done, _ = await asyncio.wait((hanging, waiting))
        assert all(task.cancelled() for task in done)
        return await crew.run(str, "next")

    try:
        assert asyncio.run(asking()) == "next"
    finally:
        go_on.set()


def test_what_comes_when_the_loop_is_gone_is_thrown_away() -> None:
    go_on, over = threading.Event(), threading.Event()

    def work() -> str:
        go_on.wait(PATIENCE)
        return "late"

    async def asking() -> None:
        crew = Crew("test", 1)
        hanging = asyncio.ensure_future(crew.run(work))
        await asyncio.sleep(0)
        hanging.cancel()
        await asyncio.wait((hanging,))

    asyncio.run(asking())
    go_on.set()

    async def after() -> None:  # the thread that was late is as good as any
        await Crew("test", 1).run(over.set)

    asyncio.run(after())
    assert over.is_set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_has_threads_of_its_own(tmp_path: Path) -> None:
    lines = told_by(
        """
        from amnestic.tools.offload import offload
        ask = lambda: asyncio.run(offload(threading.get_native_id)) == os.getpid()
        print(ask(), in_child(ask), ask())
        """,
        tmp_path,
    )
    assert lines == ["False False False"]
