"""The upstream, `amnestic serve` in front of it, and the clients' environments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend, serve_scripted
from tests.server.test_command import serving

from .upstream import FORGET, Librarian

__all__ = ["ROOT", "Stand", "environment_of", "python_of", "standing"]

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
