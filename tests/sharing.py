"""What tests share because it is slow to make and no test changes it, and how long they wait."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

import httpx
import pytest
from hypothesis import settings

from amnestic import assembly
from tests.patience import PATIENCE

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def one_encoder() -> Iterator[None]:
    """Every layer of the process has the same encoder, and finds the vectors of earlier ones."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assembly, "load_embedder", cache(assembly.load_embedder))
        yield


@pytest.fixture(scope="session", autouse=True)
def patient_requests() -> Iterator[None]:
    """`httpx.get` and the like, which give up after five seconds, wait as long as every test does.

    They read no certificates, which takes longer than a request on loopback.
    """
    with pytest.MonkeyPatch.context() as patched:
        for name in ("get", "post", "request", "stream"):
            patient = partial(getattr(httpx, name), timeout=PATIENCE, verify=False)
            patched.setattr(httpx, name, patient)
        yield
