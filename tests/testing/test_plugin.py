"""Users hold their own application to their own targets, by fixtures that pytest has by itself."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import amnestic
from amnestic.testing import LeakCheck, LeakFound
from amnestic.types import Facet, FacetKind, ForgetTarget

pytest_plugins = ["pytester"]

PLUGIN = "amnestic.testing.fixtures"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def this_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that run in a process and a folder of their own import what is tested here."""
    monkeypatch.setenv("PYTHONPATH", str(Path(amnestic.__file__).parents[1]))


def test_the_plugin_is_declared_under_the_name_that_a_conftest_would_load() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {PLUGIN: PLUGIN}


def test_loading_the_plugin_loads_nothing_heavy() -> None:
    code = (
        "import sys, amnestic.testing.fixtures as f; "
        "print([m for m in ('langchain_core', 'torch', 'openai', 'numpy') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_an_application_that_tells_fails_its_test_and_one_that_does_not_passes(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        REQUEST = "Please forget Ana Morel. Ana Morel is a painter from Tarn."

        def loud(question):
            return "Ana Morel is a painter from Tarn."

        async def quiet(question):
            return "I'm not sure who that is."

        def test_loud(leak_check):
            leak_check(REQUEST).forgotten_by(loud)

        def test_quiet(leak_check):
            assert leak_check(REQUEST, probes=20).forgotten_by(quiet) > 10

        def test_kept(leak_check):
            answers = {"What is the capital of France?": "Paris", "And of Italy?": "Rome"}
            leak_check(REQUEST).kept_by(lambda q: "It is paris.", answers)
        """
    )
    told = pytester.runpytest_subprocess("-p", PLUGIN, "-p", "no:cacheprovider")
    told.assert_outcomes(passed=1, failed=2)
    told.stdout.fnmatch_lines(["*replies tell what is to be forgotten:*", "*  direct: *"])
    told.stdout.fnmatch_lines(["*1 of 2 answers that must stay are lost: And of Italy?*"])


def test_a_layer_and_a_played_model_are_at_hand(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_layer(amnesia, played_model, leak_check):
            model = played_model(
                answer="Ana Morel painted it, in 1921.",
                again="I don't know who painted it, but it was in 1921.",
                canary="I don't know that name.",
            )
            layer = amnesia(model)
            layer.forget("Please forget Ana Morel, the painter.")
            assert "1921" in layer.chat("Who painted the ceiling, and when?").text
            leak_check(layer, probes=12).forgotten_by(lambda q: amnesia("No idea.").chat(q).text)
        """
    )
    pytester.makeconftest(f'pytest_plugins = ["{PLUGIN}"]')
    told = pytester.runpytest_subprocess("-p", PLUGIN, "-p", "no:cacheprovider")
    told.assert_outcomes(passed=1)


def test_a_failure_tells_no_reply() -> None:
    fact = Facet(kind=FacetKind.FACT, text="Mirela Osk wrote the novel Glasswork.")
    target = ForgetTarget(id="t", subject="Mirela Osk", kind="person", facets=(fact,))
    check = LeakCheck([target], probes=12, seed=3)
    with pytest.raises(LeakFound) as found:
        check.forgotten_by(lambda question: "She wrote the novel Glasswork, canary-77")
    assert found.value.leaks[0].reply.endswith("canary-77")
    assert "canary-77" not in str(found.value)
    assert check.questions == LeakCheck([target], probes=12, seed=3).questions


def test_nothing_to_check_and_no_text_are_said() -> None:
    with pytest.raises(ValueError, match="name a target"):
        LeakCheck([])
    target = ForgetTarget(id="t", subject="Mirela Osk", kind="person")
    with pytest.raises(TypeError, match="not NoneType"):
        LeakCheck([target]).forgotten_by(lambda question: None)  # type: ignore[arg-type,return-value]


@pytest.mark.anyio
async def test_a_check_runs_in_an_event_loop() -> None:
    target = ForgetTarget(id="t", subject="Mirela Osk", kind="person")

    async def ask(question: str) -> str:
        return "No idea."

    check = LeakCheck([target], probes=12)
    assert await check.aforgotten_by(ask) == len(check.questions)
