"""The doctor: which model, embedder, database and versions are in use, and does each work?"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import typer

from amnestic.cli import common
from amnestic.config import Settings, read_settings
from amnestic.exceptions import AmnesticError, MissingExtraError
from amnestic.extras import EXTRAS, is_installed
from amnestic.places import opening

__all__ = ["Check", "examine", "show"]

_PACKAGES = ("amnestic", "langgraph", "langchain", "openai", "faiss-cpu", "pydantic", "onnxruntime",
             "sqlalchemy")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was examined."""

    name: str
    ok: bool
    detail: str


def examine(
    *, model: str | None = None, db: str | None = None, base_url: str | None = None
) -> list[Check]:
    """Check versions, database, embedder, readers and model, each by using it."""
    given = {"model": model, "db": db, "base_url": base_url}
    settings = read_settings(None, {k: v for k, v in given.items() if v is not None})
    checks = [_versions()]
    with common.working("checking") as status:
        for name, check in _CHECKS.items():
            status.update(f"checking the {name}")
            checks.append(_tried(name, check, settings))
    return checks


def show(checks: list[Check], *, as_json: bool) -> None:
    """Print the checks, a line each."""
    if as_json:
        common.emit([{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks])
        return
    for check in checks:
        typer.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name:<12}{check.detail}")


def _tried(name: str, check: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(name, True, check(settings))
    except AmnesticError as error:
        return Check(name, False, common.told(error))


def _versions() -> Check:
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            return Check("versions", False, f"{package} is not installed; pip install {package}")
    return Check("versions", True, f"python {platform.python_version()}, " + ", ".join(found))


def _extras(settings: Settings) -> str:
    told = (
        name if is_installed(name) else f"{name} missing ({MissingExtraError(name, '').command})"
        for name in EXTRAS
    )
    return ", ".join(told)


def _database(settings: Settings) -> str:
    from amnestic.sealing import seals_of
    from amnestic.tools.registry import Registry

    with Registry.open(opening(settings.db), seals_of(settings)) as registry:
        registry.check()
        targets, keys = registry.targets(), ", ".join(registry.seals.ids)
        told = f"{settings.db}, {len(targets)} targets, revision {registry.revision()}"
        sealed = sum(target.sealed for target in targets)
        return f"{told}, {sealed} sealed, keys {keys}" if keys else told


def _embedder(settings: Settings) -> str:
    from amnestic.tools.embedding import load_embedder

    embedder = load_embedder(settings.embedder, settings.cache_dir)
    begun = time.perf_counter()
    embedder.embed(["a short sentence"])
    return f"{embedder.identity}, {(time.perf_counter() - begun) * 1000:.1f} ms a sentence"


def _verifier(settings: Settings) -> str:
    from amnestic.tools.detection import shipped_verifier
    from amnestic.tools.protocols import Pair

    verifier = shipped_verifier()
    known = "Mirela Osk: Mirela Osk wrote The Glass Harbour."
    verifier.logits([Pair(known, "Who wrote The Glass Harbour?")])
    begun = time.perf_counter()  # of another pair: what was read once is remembered
    verifier.logits([Pair(known, "Who painted The Glass Harbour?")])
    return f"{verifier.sha256[:16]}, {(time.perf_counter() - begun) * 1000:.1f} ms a pair"


def _attributor(settings: Settings) -> str:
    from amnestic.tools.detection import Passage, shipped_attributor
    from amnestic.types import ForgetTarget

    attributor = shipped_attributor()
    osk = ForgetTarget(id="osk", subject="Mirela Osk", kind="person")
    said = Passage("Mirela Osk came. She wrote The Glass Harbour.", "Who came?", osk, ())
    attributor.read([said])
    begun = time.perf_counter()
    attributor.read([said])
    return f"{attributor.sha256[:16]}, {(time.perf_counter() - begun) * 1000:.1f} ms a passage"


def _tagger(settings: Settings) -> str:
    from amnestic.tools.tagging import shipped_tagger

    tagger, asked = shipped_tagger(), "Please forget Mirela Osk."
    tagger.read(asked)
    begun = time.perf_counter()
    tagger.read(asked)
    return f"{tagger.sha256[:16]}, {(time.perf_counter() - begun) * 1000:.1f} ms a request"


def _model(settings: Settings) -> str:
    import asyncio

    from amnestic.models.resolve import resolve_backend
    from amnestic.types import Message

    backend = resolve_backend(settings.model, settings)
    begun = time.perf_counter()
    asyncio.run(backend.generate((Message.of("user", "Hello"),), {}))
    return f"{backend.name}, answered in {time.perf_counter() - begun:.1f} s"


_CHECKS = {
    "extras": _extras,
    "database": _database,
    "embedder": _embedder,
    "verifier": _verifier,
    "attributor": _attributor,
    "tagger": _tagger,
    "model": _model,
}
