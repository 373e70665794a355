"""Patterns that are first compiled where they are used are patterns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "amnestic"
_ASKED = frozenset({"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})


def _patterns(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The plain texts among the first arguments of calls such as `re.sub`, with their lines."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        if not isinstance(called, ast.Attribute) or called.attr not in _ASKED:
            continue
        if not isinstance(called.value, ast.Name) or called.value.id != "re":
            continue
        given = node.args[0]
        for told in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
            if isinstance(told, ast.Constant) and isinstance(told.value, str):
                yield told.lineno, told.value


def test_every_pattern_in_a_call_is_one() -> None:
    broken = []
    seen = 0
    for file in sorted(SOURCE.rglob("*.py")):
        for line, pattern in _patterns(ast.parse(file.read_text("utf-8"))):
            seen += 1
            try:
                re.compile(pattern)
            except re.error as error:
                broken.append(f"{file.name}:{line}: {error}")
    assert seen > 50
    assert broken == []
