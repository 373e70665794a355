"""What workers have in common is loaded before they are forked, and gets over the fork."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from amnestic.server.supervising import leaving
from tests.forked import told_anew

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def test_a_worker_has_little_left_to_load_and_asks_as_any_other(tmp_path: Path) -> None:
    lines = told_anew(
        """
        from amnestic.server.counting import shared_counters
        from amnestic.server.handing_down import load_for_workers

        with shared_counters():
            load_for_workers()
            print([thread.name for thread in threading.enumerate()])
            before = set(sys.modules)

            def work():
                from amnestic.server.app import create_app
                from amnestic.server.settings import ServerSettings

                with layer() as amnesia:
                    settings = ServerSettings(upstream="http://127.0.0.1:9/v1")
                    create_app(amnesia, settings)
                    amnesia.forget(REQUEST)
                    answer = amnesia.chat(ASKED).text
                    heavy = ("onnxruntime", "faiss", "sqlalchemy", "langgraph", "openai", "fastapi",
                             "amnestic.agents.rewriter", "amnestic.agents.critic")
                    late = [name for name in heavy if name in {*sys.modules} - before]
                    return late, "Osk" in answer

            print(in_child(work), in_child(work))
        """,
        tmp_path,
    )
    assert lines == ["['MainThread']", "([], False) ([], False)"]


def test_what_cannot_be_loaded_is_left_to_the_workers(tmp_path: Path) -> None:
    lines = told_anew(
        """
        from amnestic.server.handing_down import load_for_workers

        class Broken:
            def find_spec(self, name, *rest):
                if name in ("amnestic.server.app", "faiss"):
                    raise RuntimeError("compiled for another version of numpy")

        sys.meta_path.insert(0, Broken())
        load_for_workers()
        heavy = ("onnxruntime", "uvicorn.lifespan.on", "uvicorn.protocols.http.httptools_impl")
        print([name for name in heavy if name not in sys.modules])
        """,
        tmp_path,
    )
    assert lines == ["[]"]


@pytest.mark.parametrize(
    "told", [{}, {"AGENT_MODEL": "openai:m"}, {"AGENT_MODELS": '{"critic": "openai:m"}'}]
)
def test_openais_sdk_is_loaded_where_a_model_is_asked_through_it(
    tmp_path: Path, told: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in told.items():
        monkeypatch.setenv(f"AMNESTIC_{name}", value)
    lines = told_anew(
        """
        from amnestic.server.handing_down import load_for_workers

        load_for_workers()
        print("openai" in sys.modules)
        """,
        tmp_path,
    )
    assert lines == [str(bool(told))]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_while_it_loads_ends_and_cleans_up(number: int) -> None:
    former = signal.getsignal(number)
    with pytest.raises(SystemExit) as ended, leaving():
        signal.raise_signal(number)
    assert ended.value.code == 0
    assert signal.getsignal(number) is former
