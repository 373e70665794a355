"""What tests share because it is slow to make and no test changes it, and how long they wait."""

from __future__ import annotations

import gc
import os
import secrets
import sqlite3
import ssl
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from functools import cache, partial, partialmethod
from pathlib import Path

import httpx
import pytest
import typer.main
from hypothesis import HealthCheck, settings

from amnestic import assembly
from amnestic.config import default_cache_dir
from amnestic.tools.embedding import load_embedder
from amnestic.tools.protocols import Embedder
from amnestic.tools.registry import Registry, database
from amnestic.tools.registry.engine import prepare_file
from amnestic.tools.tagging import Tagged, Tagger
from tests import prepared
from tests.patience import PATIENCE

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


ROUNDS = (10_000, 10, 10)
"""After how many new objects the garbage collector makes a round, and after how many rounds one
over older ones. By its own measure, 700, a tenth of a run of the tests goes into its rounds."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests stay to the end: the collector does not walk over them while they are
    read, and later seldom."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.unfreeze()  # into the oldest generation
        gc.set_threshold(*ROUNDS)
        gc.enable()


@cache
def minilm() -> Embedder:
    """The encoder of the package, loaded once; it keeps the vectors of the texts seen last."""
    return load_embedder("minilm", default_cache_dir())


@pytest.fixture(scope="session", autouse=True)
def one_encoder() -> Iterator[None]:
    """Every layer of the process has the same encoder, and finds the vectors of earlier ones: that
    of the package whatever folder it is given, since nothing of it is kept there."""
    others = cache(load_embedder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            assembly,
            "load_embedder",
            lambda spec, folder: minilm() if spec == "minilm" else others(spec, folder),
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def one_reading() -> Iterator[None]:
    """Each text is read by the tagger once, which says the same of it every time."""
    reading = Tagger.read

    @cache
    def read(tagger: Tagger, text: str) -> Tagged:
        return reading(tagger, text)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Tagger, "read", lambda tagger, text: read(tagger, text))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_command_line() -> Iterator[None]:
    """The commands are put together from their functions once, which takes longer than most of them
    take; each is still run by itself."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typer.main, "get_command", cache(typer.main.get_command))
        yield


@cache
def _migrated() -> tuple[bytes, bytes]:
    """The file of a new registry, and the salt of its trail, which stands in it once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.db"
        Registry.open(path).close()
        with closing(sqlite3.connect(path)) as connection:
            [[salt]] = connection.execute("SELECT salt FROM clock")
        raw = path.read_bytes()
    assert raw.count(salt.encode()) == 1
    return raw, salt.encode()


def _copied(path: Path, place: str) -> None:
    """In the place of `prepare_file`: a missing file begins as a copy of the one that was migrated,
    with a salt of its own. Of several that make it at once one does."""
    if not path.exists() and path.parent.is_dir():
        raw, salt = _migrated()
        with suppress(OSError), tempfile.NamedTemporaryFile(dir=path.parent) as made:
            made.write(raw.replace(salt, secrets.token_hex(len(salt) // 2).encode()))
            made.flush()
            os.link(made.name, path)  # readable by its owner only, as what is made in its place
    prepare_file(path, place)


@pytest.fixture(scope="session", autouse=True)
def one_migration() -> Iterator[None]:
    """New registries of the process are migrated once, which is most of what it takes to make one.

    Tests of how one is made ask for `own_migration` (`tests/tools/registry`), and processes that
    tests start make theirs as everybody does.
    """
    _migrated()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "prepare_file", _copied)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_forker() -> Iterator[None]:
    """What forks the processes of scripts is ended with the tests."""
    yield
    prepared.end()


@pytest.fixture(scope="session", autouse=True)
def patient_requests() -> Iterator[None]:
    """Clients of httpx, which give up after five seconds, wait as long as a test does."""
    with pytest.MonkeyPatch.context() as patched:
        for name in ("get", "post", "request", "stream"):
            patient = partial(getattr(httpx, name), timeout=PATIENCE)
            patched.setattr(httpx, name, patient)
        for kind in (httpx.Client, httpx.AsyncClient):
            begin = partialmethod(kind.__init__, timeout=PATIENCE)
            patched.setattr(kind, "__init__", begin)
        yield


@pytest.fixture(scope="session", autouse=True)
def read_certificates() -> Iterator[None]:
    """HTTP clients of the process have the certificates that the first has read, which takes 20
    times as long as a request on loopback. No test speaks TLS."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        with suppress(ImportError):  # the library of the OpenAI SDK since its version 3
            import httpcore2

            shared = cache(httpcore2.default_ssl_context)
            patched.setattr(httpcore2, "default_ssl_context", shared)
        yield
