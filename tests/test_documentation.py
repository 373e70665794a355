"""What the code offers is documented, and what the documents say is there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from amnestic import Amnesia, exceptions
from amnestic.cli.app import app
from amnestic.config import Settings
from amnestic.environment import ALSO_READ, FromEnvironment
from amnestic.server.app import create_app
from amnestic.server.settings import ServerSettings
from tests.prepared import run_file

pytestmark = pytest.mark.every

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def undocumented(names: Iterable[str], document: Path) -> list[str]:
    """The names that do not stand in a document as code."""
    text = document.read_text("utf-8")
    spans = re.findall(r"`[^`\n]+`", text)
    return [name for name in names if not any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", s)
                                              for s in spans)]  # fmt: skip


def test_what_is_not_documented_would_be_seen() -> None:
    assert undocumented(["AMNESTIC_NOTHING", "AMNESTIC_DB"], DOCS / "settings.md") == [
        "AMNESTIC_NOTHING"
    ]
    assert undocumented(["--nothing", "/v1/nothing"], DOCS / "cli.md") == [
        "--nothing",
        "/v1/nothing",
    ]


@pytest.mark.parametrize("kind", [Settings, ServerSettings])
def test_every_setting_is_described_and_listed(kind: type[FromEnvironment]) -> None:
    assert all(field.description for field in kind.model_fields.values())
    names = [kind.variable(name) for name in kind.model_fields]
    assert undocumented([*names, *ALSO_READ], DOCS / "settings.md") == []


def test_every_command_and_option_is_documented() -> None:
    commands = dict(_commands_of(typer.main.get_command(app)))
    assert "targets show" in commands
    assert undocumented([f"amnestic {name}" for name in commands], DOCS / "cli.md") == []
    options = {o for c in commands.values() for p in c.params for o in p.opts if o.startswith("--")}
    assert undocumented(sorted(options), DOCS / "cli.md") == []


def _commands_of(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if hasattr(command, "commands"):
            yield from _commands_of(command, f"{before}{name} ")


def test_every_error_is_documented() -> None:
    assert undocumented(exceptions.__all__, DOCS / "errors.md") == []


def test_every_route_is_documented(layer: Callable[..., Amnesia]) -> None:
    paths = create_app(layer()).openapi()["paths"]
    stems = {re.sub(r"/\{.*", "", path) for path in paths}
    assert "/v1/chat/completions" in stems
    assert undocumented(sorted(stems), DOCS / "serving.md") == []


def test_every_extra_is_documented() -> None:
    extras = sorted(set(PROJECT["optional-dependencies"]) - {"dev"})
    assert undocumented(extras, ROOT / "README.md") == []


def test_the_pages_are_what_the_code_says() -> None:
    told = run_file(DOCS / "refresh.py", "--check")
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize("document", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))],
                         ids=lambda path: str(path.relative_to(ROOT)))  # fmt: skip
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf-8")):
        assert link.startswith("http") or (document.parent / link).exists(), link
