"""The wheel and the sdist hold the package once, and the wheel works in an empty environment."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINKS = ("agents", "graphs", "prompts", "tools")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    code = (
        "import uv_build, sys; uv_build.build_wheel(sys.argv[1]); uv_build.build_sdist(sys.argv[1])"
    )
    run = [sys.executable, "-c", code, str(folder)]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path}
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True, env=env)
    return folder


def _one(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    assert len(found) == 1
    return found[0]


def test_the_wheel_stays_small(built: Path) -> None:
    assert _one(built, "*.whl").stat().st_size <= 60 * 1024 * 1024


def test_the_wheel_holds_the_package_once(built: Path) -> None:
    names = zipfile.ZipFile(_one(built, "*.whl")).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"amnestic"}
    assert len(names) == len(set(names))
    for needed in ("amnestic/py.typed", "amnestic/prompts/abstentions.toml",
                   "amnestic/models/embedded/world.json"):  # fmt: skip
        assert needed in names


def test_the_sdist_holds_the_package_once(built: Path) -> None:
    with tarfile.open(_one(built, "*.tar.gz")) as archive:
        names = archive.getnames()
    inside = [name.partition("/")[2] for name in names]
    assert "src/amnestic/__init__.py" in inside
    assert not [n for n in inside if n.split("/")[0] in LINKS]


def test_the_wheel_works_in_an_empty_environment(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, _one(built, "*.whl")], check=True, capture_output=True)
    code = "import amnestic; print(amnestic.__version__, amnestic.__file__)"
    result = subprocess.run(
        [python, "-I", "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    version, file = result.stdout.split()
    assert version == "0.1.0"
    assert Path(file).is_relative_to(tmp_path / "env")
