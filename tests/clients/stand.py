"""The upstream, `amnestic serve` in front of it, and the clients' environments."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend, serve_scripted
from tests.server.test_command import serving

from .upstream import FORGET, Librarian

__all__ = ["ROOT", "Stand", "environment_of", "python_of", "standing", "versions_of"]

ROOT = Path(__file__).parents[2]
_ENVIRONMENTS = ROOT / ".venv-clients"


@dataclass(frozen=True)
class Stand:
    """The upstream, the proxy in front of it, and the list of what is forgotten."""

    upstream: str
    proxy: str
    targets: Path


@contextmanager
def standing(folder: Path) -> Iterator[Stand]:
    """Both servers, until the block ends."""
    targets = folder / "targets.db"
    with Amnesia(ScriptedBackend(), db=targets, elicit=False) as amnesia:
        amnesia.forget(FORGET)
    with (
        serve_scripted(Librarian(), name="gpt-4o") as upstream,
        serving("--upstream", upstream.base_url, "--db", str(targets)) as (url, _),
    ):
        yield Stand(upstream.base_url, url, targets)


def environment_of(name: str) -> Path:
    """The folder of an environment that `make test-clients` made."""
    folder = _ENVIRONMENTS / name
    if not folder.exists():
        pytest.fail(f"{folder} is missing: run `make test-clients`")
    return folder


def python_of(environment: str) -> str:
    """The interpreter of one."""
    return str(environment_of(environment) / "bin" / "python")


def versions_of(environment: str, packages: Sequence[str]) -> dict[str, str]:
    """The versions of packages that are in one."""
    if environment == "node":
        folder = environment_of(environment) / "node_modules"
        heads = {name: (folder / name / "package.json").read_text("utf-8") for name in packages}
        return {name: json.loads(head)["version"] for name, head in heads.items()}
    code = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    command = [python_of(environment), "-c", code, *packages]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return dict(zip(packages, told.split(), strict=True))
