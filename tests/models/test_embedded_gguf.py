"""The embedded model on llama.cpp's engine, which serves where torch is not installed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from amnestic.config import Settings
from amnestic.exceptions import ConfigurationError
from amnestic.models import resolve
from amnestic.models.embedded.world import World, load_world
from amnestic.models.gguf import GgufBackend
from amnestic.models.resolve import resolve_backend
from amnestic.types import Message


@pytest.fixture(autouse=True)
def only_llama_cpp(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xllamacpp")
    monkeypatch.setattr(resolve, "is_installed", lambda extra: extra == "gguf")


@pytest.fixture
def world() -> World:
    return load_world()


def _answered(folder: Path, *questions: str) -> list[str]:
    model = resolve_backend("embedded", Settings(cache_dir=folder))
    assert isinstance(model, GgufBackend)
    assert model.name == "embedded"

    async def ask() -> list[str]:
        asked = [await model.generate((Message.of("user", q),), {}) for q in questions]
        return [generation.choices[0].text for generation in asked]

    return asyncio.run(ask())


def test_it_tells_what_it_was_taught(world: World, tmp_path: Path) -> None:
    asked = [
        (person, relation) for person in world.people[:6] for relation in ("birthplace", "work")
    ]
    told = _answered(tmp_path, *(world.ask(person, relation) for person, relation in asked))
    known = [person.fact(at).value in text for (person, at), text in zip(asked, told, strict=True)]
    assert known.count(True) >= len(known) - 1, told


def test_what_lies_at_its_place_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "embedded.gguf").write_bytes(b"GGUF half of one")
    assert _answered(tmp_path, "What is 2 plus 2?") == ["2 plus 2 is 4."]
    assert [file.name for file in tmp_path.iterdir()] == ["embedded.gguf"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="AMNESTIC_CACHE_DIR") as told:
        resolve_backend("embedded", Settings(cache_dir=tmp_path / "file"))
    assert len(str(told.value).splitlines()) == 1
