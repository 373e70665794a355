"""Imports point one way, the package is light to import, and its public names are what they are."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import amnestic

SOURCE = Path(amnestic.__file__).parent
LAYERS = (
    ("types", "exceptions", "config"),
    ("tools", "prompts", "models", "isolation", "conversation", "portal"),
    ("agents",),
    ("graphs",),
    ("assembly", "amnesia"),
    ("integrations", "server", "evaluation", "testing", "cli"),
)
RANK = {name: i for i, names in enumerate(LAYERS) for name in names}
HEAVY = ("torch", "transformers", "faiss", "langgraph", "onnxruntime", "openai", "langchain_core")


def _imports(path: Path) -> set[str]:
    """Parts of the package that a module imports when it is loaded or run."""
    found: set[str] = set()
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {n.split(".")[1] for n in names if n.startswith("amnestic.")}
    return found


def test_imports_point_one_way() -> None:
    wrong = []
    for path in SOURCE.rglob("*.py"):
        part = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if part in ("__init__", "__main__"):
            continue
        wrong += [
            f"{path.relative_to(SOURCE)} imports {other}"
            for other in _imports(path)
            if RANK[other] > RANK[part]
        ]
    assert not wrong


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import amnestic, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_public_names_are_these() -> None:
    assert amnestic.__all__ == ["Amnesia", "ForgetTarget", "Receipt", "Reply", "Settings"]
    for name in amnestic.__all__:
        assert getattr(amnestic, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = amnestic.nothing


@pytest.mark.parametrize("part", ["agents", "graphs", "prompts", "tools"])
def test_the_four_parts_are_seen_from_the_top(part: str) -> None:
    link = SOURCE.parent.parent / part
    assert link.is_symlink()
    assert link.resolve() == SOURCE / part
