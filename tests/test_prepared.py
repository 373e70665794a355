"""A script that is forked is run as `python -c` runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.patience import PATIENCE, until
from tests.prepared import COMMAND, ROOT, run, run_file, start
from tests.server.crew import lives

SCRIPTS = {
    "what it holds lives until all else is over": """
import atexit, weakref
class Layer: ...
layer = Layer()
weakref.finalize(layer, print, "let go")
atexit.register(print, "over")
print("said")
""",
    "its classes are found by name": """
import pickle
class Told: ...
print(type(pickle.loads(pickle.dumps(Told()))) is Told)
""",
    "no feature is taken over": "def told(name: str): ...\nprint(told.__annotations__)",
    "its arguments": "import sys; print(sys.argv, __name__)",
    "its environment": "import os, time; print(os.environ['TOLD'], time.localtime(0).tm_hour)",
    "its folder and input": "import os, sys; print(os.getcwd(), sys.stdin.read())",
    "its exit": "import sys; sys.exit('no')",
    "its error": "import sys; print('é', flush=True); raise SystemExit(7)",
    "the command's name": COMMAND,
    "what shares counters where the environment says so": """
from prometheus_client import values
print(values.ValueClass.__name__)
""",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_it_ends_as_in_a_process_of_its_own(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLD", "Ünïcode")
    monkeypatch.setenv("TZ", "XYZ-5")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    plain = subprocess.run(
        [sys.executable, "-c", script, "--none", "b"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    forked = run(script, "--none", "b")
    for wanted in ("returncode", "stdout", "stderr"):
        assert getattr(forked, wanted) == getattr(plain, wanted)


def test_a_file_is_run_as_python_runs_it(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("SAID = 'beside'")
    file = tmp_path / "file.py"
    file.write_text(
        "import sys, beside\n"
        "print(sys.argv, __name__, __file__, beside.SAID, sys.path[0])\n"
        f"sys.exit({str(ROOT)!r} in sys.path)"
    )
    plain = subprocess.run(
        [sys.executable, file, "--none", "b c"], capture_output=True, text=True, timeout=PATIENCE
    )
    forked = run_file(file, "--none", "b c")
    for wanted in ("returncode", "stdout", "stderr"):
        assert getattr(forked, wanted) == getattr(plain, wanted)


@pytest.mark.parametrize("variable", ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
def test_scripts_are_forked_however_many_threads_others_shall_have(variable: str) -> None:
    forker = subprocess.run(
        [sys.executable, "-m", "tests.prepared"],
        input="null\n", capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT,
        env={**os.environ, variable: "4"},
    )  # fmt: skip
    assert (forker.returncode, forker.stderr) == (0, "")


def test_none_reads_what_others_are_asked() -> None:
    script = "import sys; print([sys.stdin.read(), sys.argv[1]])"
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda number: run(script, str(number)).stdout, range(24)))
    assert done == [f"['', '{number}']\n" for number in range(24)]


def test_one_that_nobody_waits_for_any_more_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = start(tmp_path, "import signal; signal.pause()")

    def interrupted(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tests.prepared.until", interrupted)
        with pytest.raises(KeyboardInterrupt):
            started.wait()
    assert started.wait() == -signal.SIGKILL


@pytest.mark.parametrize("way", ["killed", "interrupted"])
def test_none_outlives_tests_that_are_killed(tmp_path: Path, way: str) -> None:
    script = """
import signal, sys, time
from pathlib import Path
from tests.prepared import start
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored behind a shell's `&`
print(start(Path(sys.argv[1]), "import signal; signal.pause()").pid, flush=True)
time.sleep(1000)
"""
    tests = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    assert tests.stdout
    process = int(tests.stdout.readline())
    assert lives(process)
    if way == "killed":
        tests.kill()
    else:
        os.killpg(tests.pid, signal.SIGINT)
    tests.communicate()
    until(lambda: not lives(process), "the script outlives the tests")


def test_a_variable_of_a_test_is_not_left_to_later_scripts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOLD", "once")
    script = "import os; print(os.environ.get('TOLD'))"
    assert run(script).stdout == "once\n"
    monkeypatch.delenv("TOLD")
    assert run(script).stdout == f"{os.environ.get('TOLD')}\n"
