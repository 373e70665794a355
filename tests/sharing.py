"""What tests share because it is slow to make and no test changes it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from amnestic import assembly


@pytest.fixture(scope="session", autouse=True)
def one_encoder() -> Iterator[None]:
    """Every layer of the process has the same encoder, and finds the vectors of earlier ones."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assembly, "load_embedder", cache(assembly.load_embedder))
        yield
