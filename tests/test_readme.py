"""The README's example runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"


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
