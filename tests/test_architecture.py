"""Imports point one way and enter by the front door, and the package is light to import."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import amnestic
from tests.imports import ROOMS, Import, circle, imports_in, room_of

pytestmark = pytest.mark.every

SOURCE = Path(amnestic.__file__).parent
ROOT = SOURCE.parent.parent
LAYERS = (
    (
        "types",
        "exceptions",
        "config",
        "config_file",
        "environment",
        "extras",
        "forks",
        "places",
        "starting",
        "private_files",
        "tenancy",
        "workers",
    ),
    ("tools", "prompts", "models", "isolation", "conversation", "portal"),
    ("agents",),
    ("graphs",),
    ("integrations.openai",),
    (
        "audit_mode",
        "forecasting",
        "intake",
        "assembly",
        "sealing",
        "forgetting",
        "cleaning",
        "finding",
        "lifecycle",
        "loading",
        "sending",
        "amnesia",
    ),
    ("exchange", "scrubbing"),
    ("sweeping",),
    ("verifying",),
    ("integrations", "server", "evaluation", "testing", "cli"),
)
RANK = {name: i for i, names in enumerate(LAYERS) for name in names}
FLAT = {"__init__", "protocols", "offload"}
HEAVY = ("torch", "transformers", "faiss", "langgraph", "onnxruntime", "openai", "langchain_core")
LONGEST = 300
IMPORTS = imports_in(SOURCE)


def _rank(module: str) -> int:
    return RANK.get(room_of(module) or "", RANK.get(module.partition(".")[0], -1))


def _against_the_order(found: Import) -> bool:
    rooms = room_of(found.importer), room_of(found.imported)
    parts = {room.partition(".")[0] for room in rooms if room}
    if None in rooms or parts != {"tools"}:
        return _rank(found.imported) > _rank(found.importer)
    importing, imported = (ROOMS["tools"].index(str(room).partition(".")[2]) for room in rooms)
    return imported > importing


def _enters_by_the_window(found: Import) -> bool:
    """Whether a room's inner module is imported from outside, or a name that it does not export."""
    room = room_of(found.imported)
    if room is None or room_of(found.importer) == room:
        return False
    front = importlib.import_module(f"amnestic.{room}")
    return found.imported != room or bool(found.name and found.name not in front.__all__)


def test_imports_point_one_way() -> None:
    ranked = [i for i in IMPORTS if i.importer not in ("", "__main__") and i.imported]
    assert not [i for i in ranked if _against_the_order(i)]


def test_no_import_reaches_into_another_room() -> None:
    assert not [i for i in IMPORTS if _enters_by_the_window(i)]


def test_no_modules_import_each_other_in_a_circle() -> None:
    rooms = {f"{part}.{room}" for part, names in ROOMS.items() for room in names}
    inside = [i for i in IMPORTS if i.importer not in rooms]  # a room's front imports its inside
    assert circle(tuple(inside)) == []
    between = [Import(room_of(i.importer) or i.importer, room_of(i.imported) or i.imported)
               for i in IMPORTS]  # fmt: skip
    assert circle(tuple(i for i in between if i.importer != i.imported)) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("tools.reading.decode", "tools.names"),
        ("tools.reading.decode", "tools.detection"),
        ("agents.vetter", "graphs.engine"),
        ("integrations.openai.door", "amnesia"),
    ],
)
def test_an_import_against_the_order_would_be_seen(importer: str, imported: str) -> None:
    assert _against_the_order(Import(importer, imported))
    assert not _against_the_order(Import(imported, importer))


def test_a_reach_into_a_room_would_be_seen() -> None:
    assert _enters_by_the_window(Import("graphs.engine", "tools.reading.words"))
    assert _enters_by_the_window(Import("tools.names.matcher", "tools.reading.words"))
    assert _enters_by_the_window(Import("graphs.engine", "tools.reading", "WordList"))
    assert not _enters_by_the_window(Import("graphs.engine", "tools.reading", "segments"))
    assert not _enters_by_the_window(Import("tools.reading.decode", "tools.reading.words"))


def test_everything_in_tools_stands_in_a_room() -> None:
    assert {path.stem for path in (SOURCE / "tools").glob("*.py")} == FLAT
    folders = {p.parent.name for p in (SOURCE / "tools").glob("*/__init__.py")}
    assert folders == set(ROOMS["tools"])


@pytest.mark.parametrize("room", [f"{p}/{r}" for p, rooms in ROOMS.items() for r in rooms])
def test_a_room_says_what_goes_in_and_out_and_exports_what_others_use(room: str) -> None:
    module = importlib.import_module(f"amnestic.{room.replace('/', '.')}")
    assert "In:" in (module.__doc__ or "")
    assert "Out:" in (module.__doc__ or "")
    assert sorted(module.__all__) == sorted(set(module.__all__))
    assert all(hasattr(module, name) for name in module.__all__)


def test_a_front_exports_nothing_that_nobody_outside_uses() -> None:
    for part, rooms in ROOMS.items():
        for room in (f"{part}.{name}" for name in rooms):
            used = {i.name for i in IMPORTS if i.imported == room != room_of(i.importer)}
            assert set(importlib.import_module(f"amnestic.{room}").__all__) == used, room


def test_the_page_on_the_house_names_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"`([\w/]+?)/?`", page))
    for part, rooms in ROOMS.items():
        assert [r for r in rooms if r not in named and f"{part}/{r}" not in named] == [], part


def test_the_tests_mirror_the_rooms() -> None:
    for room in ROOMS["tools"]:
        assert list((ROOT / "tests" / "tools" / room).glob("test_*.py")), room
    assert not list((ROOT / "tests" / "tools").glob("test_*.py"))


def test_no_module_is_longer_than_a_sitting() -> None:
    long = {
        str(path.relative_to(SOURCE)): count
        for path in SOURCE.rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import amnestic, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_a_layer_is_put_together_without_what_only_commands_need() -> None:
    code = (
        "import sys; from amnestic.starting import loading\n"
        "with loading():\n    import amnestic.assembly, httpx\n"
        "print([m for m in ('rich', 'click', 'typer', 'alembic') if m in sys.modules], httpx.get)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith("[] <function get")


def test_the_public_names_are_these() -> None:
    assert amnestic.__all__ == ["Amnesia", "ForgetTarget", "Receipt", "Reply", "Settings"]
    for name in amnestic.__all__:
        assert getattr(amnestic, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = amnestic.nothing


@pytest.mark.parametrize("part", ["agents", "graphs", "prompts", "tools"])
def test_the_four_parts_are_seen_from_the_top(part: str) -> None:
    link = ROOT / part
    assert link.is_symlink()
    assert link.resolve() == SOURCE / part
