"""A layer that was used before a fork works in the child, with nothing of the parent's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.forked import told_by

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@pytest.mark.parametrize(
    "ask", ["amnesia.chat(ASKED).text", "asyncio.run(amnesia.achat(ASKED)).text"]
)
def test_a_layer_that_was_used_works_in_the_child_and_on_in_the_parent(
    tmp_path: Path, ask: str
) -> None:
    lines = told_by(
        f"""
        with layer() as amnesia:
            ask = lambda: {ask}
            print(ask())
            amnesia.forget(REQUEST)
            print(in_child(ask))
            print(ask())
        """,
        tmp_path,
    )
    assert ["Osk" in line for line in lines] == [True, False, False]


def test_what_is_forgotten_on_one_side_of_a_fork_is_forgotten_on_the_other(tmp_path: Path) -> None:
    lines = told_by(
        """
        with layer() as amnesia:
            tenant = amnesia.within("tenant")
            print(amnesia.chat(ASKED).text, tenant.chat(ASKED).text)
            print(in_child(lambda: tenant.forget(REQUEST).subject))
            print(tenant.chat(ASKED).text, amnesia.chat(ASKED).text)
        """,
        tmp_path,
    )
    assert lines[:2] == ["Mirela Osk wrote it. Mirela Osk wrote it.", "Mirela Osk"]
    assert lines[2].count("Osk") == 1


def test_children_of_a_process_whose_threads_are_asking_do_not_wait_for_them(
    tmp_path: Path,
) -> None:
    lines = told_by(
        """
        with layer() as amnesia:
            amnesia.forget(REQUEST)
            over = threading.Event()

            def asking():
                while not over.is_set():
                    amnesia.chat(ASKED)

            threads = [threading.Thread(target=asking) for _ in range(4)]
            for thread in threads:
                thread.start()
            for _ in range(6):
                print(in_child(lambda: "Osk" in amnesia.chat(ASKED).text))
            over.set()
            for thread in threads:
                thread.join()
        """,
        tmp_path,
    )
    assert lines == ["False"] * 6


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are not listed")
def test_no_connection_to_the_registry_gets_over_a_fork(tmp_path: Path) -> None:
    lines = told_by(
        """
        def open_files():
            found = []
            for name in os.listdir("/proc/self/fd"):
                try:
                    found.append(os.readlink(f"/proc/self/fd/{name}"))
                except FileNotFoundError:
                    pass
            return sum("registry.db" in path for path in found)

        with layer() as amnesia:
            amnesia.forget(REQUEST)
            print(open_files() > 0, in_child(open_files))
        """,
        tmp_path,
    )
    assert lines == ["True 0"]


def test_what_a_child_writes_outlives_a_parent_that_closes_first(tmp_path: Path) -> None:
    lines = told_by(
        """
        amnesia = layer()
        amnesia.chat(ASKED)
        go, went = os.pipe()
        if (child := os.fork()) == 0:
            amnesia.chat(ASKED)  # the child's own connection, while the parent's is open
            os.close(went)
            os.read(go, 1)
            amnesia.forget(REQUEST)
            os._exit(0)
        amnesia.chat(ASKED)
        amnesia.close()
        os.close(went)
        os.waitpid(child, 0)
        with layer() as again:
            print([target.subject for target in again.targets()])
        """,
        tmp_path,
    )
    assert lines == ["['Mirela Osk']"]


def test_a_child_ends_in_the_ordinary_way_and_closes_nothing_of_the_parents(
    tmp_path: Path, scripted_server: Any
) -> None:
    url = scripted_server(default="Paris.").base_url
    lines = told_by(
        f"""
        amnesia = layer("openai:m", base_url={url!r}, api_key="k")
        print(amnesia.chat("The capital of France?").text, flush=True)
        if (child := os.fork()) == 0:
            print(amnesia.chat("The capital of France?").text, flush=True)
            sys.exit(0)
        assert os.waitpid(child, 0)[1] == 0
        print(amnesia.chat("The capital of France?").text)
        """,
        tmp_path,
    )
    assert lines == ["Paris."] * 3


def test_a_layer_that_was_closed_is_closed_in_the_child(tmp_path: Path) -> None:
    lines = told_by(
        """
        amnesia = layer()
        amnesia.chat(ASKED)
        amnesia.close()
        print(in_child(lambda: amnesia.chat(ASKED).text))
        """,
        tmp_path,
    )
    assert lines == ["ClosedError: this layer is closed; make a new `Amnesia`"]


def test_a_model_of_the_callers_whose_connections_the_parent_opened_says_so(
    tmp_path: Path, scripted_server: Any
) -> None:
    url = scripted_server(default="Paris.").base_url
    lines = told_by(
        """
        from langchain_openai import ChatOpenAI
        from openai import OpenAI
        from amnestic.integrations import AmnesticChatModel

        with layer() as amnesia:
            told = {"base_url": URL, "api_key": "k", "max_retries": 0}
            used, fresh = (
                AmnesticChatModel(amnesia=amnesia, inner=ChatOpenAI(model=m, timeout=t, **told))
                for m, t in (("a", 500), ("b", 501))  # else they share an HTTP client
            )
            client = amnesia.wrap(OpenAI(**told))

            def ask():
                asked = [{"role": "user", "content": "The capital of France?"}]
                try:
                    reply = client.chat.completions.create(model="m", messages=asked)
                    return reply.choices[0].message.content
                except Exception as error:
                    return error

            print(used.invoke("The capital of France?").text, ask())
            print(in_child(lambda: fresh.invoke("The capital of France?").text))
            print(in_child(lambda: used.invoke("The capital of France?").text))
            print(in_child(ask))
            print(used.invoke("The capital of France?").text, ask())
        """.replace("URL", repr(url)),
        tmp_path,
    )
    assert lines[0] == lines[4] == "Paris. Paris."
    assert lines[1] == "Paris."
    assert [
        line for line in lines[2:4] if "opened before this process was forked" not in line
    ] == []


def test_a_fork_waits_for_what_another_thread_imports(tmp_path: Path) -> None:
    lines = told_by(
        """
        import importlib, time

        folder.joinpath("slow_module.py").write_text("import time; time.sleep(0.4); VALUE = 7")
        sys.path.insert(0, str(folder))
        thread = threading.Thread(target=importlib.import_module, args=("slow_module",))
        thread.start()
        while "slow_module" not in sys.modules:
            pass
        print(in_child(lambda: importlib.import_module("slow_module").VALUE))
        thread.join()
        """,
        tmp_path,
    )
    assert lines == ["7"]


def test_an_import_that_a_fork_did_not_wait_for_is_begun_anew_in_the_child(tmp_path: Path) -> None:
    lines = told_by(
        """
        import importlib
        from amnestic import forks

        forks._PATIENCE = 0  # as for one that begins when the fork has looked round
        package = folder / "slow_package"
        package.mkdir()
        package.joinpath("part.py").write_text("class Kind: pass")
        package.joinpath("__init__.py").write_text(
            "from slow_package.part import Kind; import builtins; builtins.begun.set(); "
            "builtins.go_on.wait(0 if builtins.in_child else None); VALUE = Kind.__module__"
        )
        sys.path.insert(0, str(folder))
        import builtins
        builtins.begun, builtins.go_on, builtins.in_child = (
            threading.Event(), threading.Event(), False
        )
        thread = threading.Thread(target=importlib.import_module, args=("slow_package",))
        thread.start()
        builtins.begun.wait()

        def imported():
            builtins.in_child = True
            builtins.begun, builtins.go_on = threading.Event(), threading.Event()
            module = importlib.import_module("slow_package")
            import slow_package.part
            return module.VALUE, slow_package.part.Kind is module.Kind

        print(in_child(imported))
        builtins.go_on.set()
        thread.join()
        print(sys.modules["slow_package"].VALUE)
        """,
        tmp_path,
    )
    assert lines == ["('slow_package.part', True)", "slow_package.part"]


def test_a_module_that_forks_while_it_is_imported_waits_for_nobody(tmp_path: Path) -> None:
    lines = told_by(
        """
        import importlib
        from amnestic import forks

        forks._PATIENCE = float("inf")  # whoever waits for the thread would wait for good
        folder.joinpath("forking.py").write_text(
            "import os; pid = os.fork(); pid or os._exit(3); CODE = os.waitpid(pid, 0)[1]"
        )
        sys.path.insert(0, str(folder))
        over = threading.Event()
        thread = threading.Thread(target=over.wait)
        thread.start()
        print(os.waitstatus_to_exitcode(importlib.import_module("forking").CODE))
        over.set()
        thread.join()
        """,
        tmp_path,
    )
    assert lines == ["3"]
