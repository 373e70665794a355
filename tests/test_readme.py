"""What the documents show runs as it stands, and what they point to is there."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.pages.fences import fences_in

pytestmark = pytest.mark.every

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCUMENTS = (README, *sorted((ROOT / "docs").rglob("*.md")))
EXAMPLES = [
    pytest.param(fence.text, id=str(fence))
    for document in DOCUMENTS
    for fence in fences_in(document.read_text("utf-8"), document.name)
    if fence.kind == "python" and not fence.why_not
]


def test_the_sdk_example_runs_and_forgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMNESTIC_DB", str(tmp_path / "registry.db"))
    example = re.search(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert example
    exec(compile(example[1], "README.md", "exec"), {})
    before, after, trace = capsys.readouterr().out.strip().splitlines()
    assert "Edmaro Yellandry" in before
    assert "Paris" in before
    assert "Yellandry" not in after
    assert "Paris" in after
    assert trace.endswith("0 model calls")


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (README.parent / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"`?make ([a-z-]+)", README.read_text("utf-8"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("code", EXAMPLES[1:])
def test_every_other_example_can_be_put_together(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"amnestic", *sys.stdlib_module_names, *packages_distributions()}
    if foreign := set(re.findall(r"^(?:from|import) (\w+)", code, re.MULTILINE)) - known:
        pytest.skip(f"{foreign} are not installed here; tests/clients runs this one")
    monkeypatch.setenv("AMNESTIC_DB", str(tmp_path / "registry.db"))
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    made: dict[str, Any] = {}
    exec(compile(code, "example", "exec"), made)
    if "amnesia" in made:
        made["amnesia"].close()
    assert {"amnesia", "client", "data", "compare"} & made.keys()


def test_every_file_that_the_documents_name_is_there() -> None:
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for path in re.findall(r"\b((?:tests|benchmarks|docs|examples|src)/[\w./-]*\w)", text):
            assert (ROOT / path).exists() or path == "benchmarks/results.md", path


def test_every_command_that_the_documents_name_is_there() -> None:
    from typer.main import get_command

    from amnestic.cli.app import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    for document in DOCUMENTS:
        named = re.findall(r"(?:^\$ |^|`)amnestic ([a-z]+)", document.read_text("utf-8"), re.M)
        assert set(named) <= known


def test_every_setting_that_the_documents_name_is_there() -> None:
    import amnestic.server.settings  # noqa: F401 - its variables are known
    from amnestic.environment import known_variables

    known = known_variables()
    for document in DOCUMENTS:
        named = set(re.findall(r"\bAMNESTIC_[A-Z_]*[A-Z]\b", document.read_text("utf-8")))
        assert named <= known
