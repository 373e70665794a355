"""What a start makes is left alone by the garbage collector, and nothing else is changed; what is
made ahead is what would be made in its place; what a first request does not need is not loaded."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from amnestic.starting import Ahead, loading, uncollected
from tests.forked import told_anew, told_by


class Made:
    """Something that a start makes."""


def test_what_was_made_counts_as_old() -> None:
    with uncollected():
        made = [Made() for _ in range(10)]
        assert not gc.isenabled()
    assert gc.isenabled()
    old = {id(found) for found in gc.get_objects(generation=2)}
    assert {id(one) for one in made} <= old


def test_what_was_made_stays_in_its_order() -> None:
    """Garbage is finalised in that order: a client closes its sockets before they are missed."""
    first = Made()
    gc.collect()  # old already
    with uncollected():
        last = Made()
    old = [id(found) for found in gc.get_objects(generation=2)]
    assert old.index(id(first)) < old.index(id(last))


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_an_application_has_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        with uncollected():
            pass
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()


def test_the_collector_is_on_again_after_an_error() -> None:
    with pytest.raises(KeyError), loading():
        raise KeyError
    assert gc.isenabled()
    assert sys.modules.get("httpx._main", "absent") is not None


def numbered() -> Callable[[], str]:
    """Makes "0", "1", …, each with the name of the thread that made it."""
    made: list[str] = []

    def make() -> str:
        made.append(f"{len(made)} {threading.current_thread().name}")
        return made[-1]

    return make


def test_what_is_made_ahead_goes_to_whoever_asks_first() -> None:
    ahead = Ahead(numbered())
    ahead.begin()
    ahead.begin()
    assert [ahead.take(), ahead.take()] == ["0 amnestic-ahead", "1 MainThread"]


def test_what_is_taken_before_it_was_begun_is_made_in_its_place() -> None:
    assert Ahead(numbered()).take() == "0 MainThread"


def test_whoever_asks_waits_for_what_is_begun() -> None:
    asked = threading.Event()

    def make() -> int:
        asked.wait()
        return 7

    ahead = Ahead(make)
    ahead.begin()
    assert ahead._made is not None
    assert not ahead._made.done()
    asked.set()
    assert ahead.take() == 7


def test_an_error_is_raised_where_it_is_taken_and_the_next_tries_anew() -> None:
    fails = [True]

    def make() -> str:
        if fails.pop():
            raise KeyError("no such file")
        return "made"

    ahead = Ahead(make)
    ahead.begin()
    fails.insert(0, False)
    with pytest.raises(KeyError, match="no such file"):
        ahead.take()
    assert ahead.take() == "made"


def test_what_is_dropped_is_waited_for_and_made_anew() -> None:
    go, made = threading.Event(), numbered()

    def make() -> str:
        go.wait()
        return made()

    ahead = Ahead(make)
    ahead.begin()
    begun = ahead._made
    assert begun is not None
    dropping = threading.Thread(target=ahead.drop)
    dropping.start()
    go.set()
    dropping.join()
    assert begun.done()
    ahead.drop()
    ahead.begin()
    assert [ahead.take(), ahead.take()] == ["1 amnestic-ahead", "2 MainThread"]


def test_dropping_what_cannot_be_made_raises_nothing_and_the_next_tries_anew() -> None:
    there = threading.Event()

    def make() -> str:
        if not there.is_set():
            raise KeyError("no such file")
        return "made"

    ahead = Ahead(make)
    ahead.begin()
    ahead.drop()
    there.set()
    assert ahead.take() == "made"


def test_where_no_thread_can_be_had_it_is_made_when_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    ahead = Ahead(numbered())
    ahead.begin()
    assert ahead.take() == "0 MainThread"


def test_a_forked_child_does_not_wait_for_a_thread_of_its_parent(tmp_path: Path) -> None:
    lines = told_by(
        """
        from amnestic.starting import Ahead

        go = threading.Event()
        ahead = Ahead(lambda: (os.getpid(), go.wait())[0])
        ahead.begin()

        def work():
            go.set()
            return ahead.take() == os.getpid(), ahead.begin(), ahead.take() == os.getpid()

        print(in_child(work), ahead._made.done())
        go.set()
        print(ahead.take() == os.getpid())
        """,
        tmp_path,
    )
    assert lines == ["(True, None, True) False", "True"]


def test_a_clear_request_loads_nothing_that_mends_a_draft(tmp_path: Path) -> None:
    lines = told_anew(
        """
        def mending():
            rooms = ("tools.documents", "tools.prose", "agents.rewriter", "agents.critic")
            return [room for room in rooms if f"amnestic.{room}" in sys.modules]

        with layer() as amnesia:
            print(amnesia.chat("How does bread rise?", temperature=0.5, stop=["End"]).text)
            print(mending())
            amnesia.load()
            print(len(mending()))
        with layer() as amnesia:
            amnesia.forget(REQUEST)
            print("Osk" in amnesia.chat(ASKED).text)
        """,
        tmp_path,
    )
    assert lines == ["Mirela Osk wrote it.", "[]", "4", "False"]


def test_the_first_leak_of_a_process_is_mended(tmp_path: Path) -> None:
    """By agents that are loaded then and there."""
    lines = told_anew(
        """
        from amnestic import ForgetTarget

        said = "The lighthouse stands in Tarn. Mirela Osk wrote of it. Tarn lies by the sea."
        osk = ForgetTarget(id="", subject="Mirela Osk", description="Mirela Osk is a poet.")
        with layer(ScriptedBackend(default=said)) as amnesia:
            amnesia.registry.add(osk, actor="test")
            print("amnestic.agents.rewriter" in sys.modules)
            print(amnesia.review("What is in Tarn?", said).text)
            print("amnestic.agents.rewriter" in sys.modules)
        """,
        tmp_path,
    )
    assert lines == ["False", "The lighthouse stands in Tarn. Tarn lies by the sea.", "True"]


def test_where_the_registry_cannot_be_opened_nothing_else_is_loaded(tmp_path: Path) -> None:
    """So that a command with a mistaken path ends as soon as it has said so."""
    lines = told_anew(
        """
        (folder / "other.db").write_text("no database")
        with layer(db=folder / "other.db") as amnesia:
            try:
                amnesia.chat(ASKED)
            except AmnesticError as error:
                print(type(error).__name__)
        heavy = ("onnxruntime", "amnestic.assembly")
        print([name for name in heavy if name in sys.modules])
        print("amnestic-ahead" in [thread.name for thread in threading.enumerate()])
        """,
        tmp_path,
    )
    assert lines[0].startswith("Registry")
    assert lines[1:] == ["[]", "False"]


def test_a_start_that_fails_leaves_no_thread_for_a_fork_to_lose(tmp_path: Path) -> None:
    """One that was in the middle of an import would keep a child from it for ever."""
    lines = told_anew(
        """
        import amnestic.assembly
        from amnestic.tools.embedding import embedder

        go, ended, make = threading.Event(), threading.Event(), embedder._minilm._make

        def late():
            go.wait()
            made = make()
            ended.set()
            return made

        def failed(*given):
            threading.Timer(0, go.set).start()
            raise AmnesticError("refused")

        embedder._minilm._make = late
        check, amnestic.assembly.check_audit = amnestic.assembly.check_audit, failed
        with layer() as amnesia:
            try:
                amnesia.chat(ASKED)
            except AmnesticError as error:
                print(error, ended.is_set())
            amnestic.assembly.check_audit = check
            print(in_child(lambda: amnesia.chat(ASKED).text))
            print(amnesia.chat(ASKED).text)
        """,
        tmp_path,
    )
    assert lines == ["refused True", *["Mirela Osk wrote it."] * 2]
