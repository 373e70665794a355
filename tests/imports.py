"""The package's imports, read from its source: who imports whom, from which room into which."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

__all__ = ["ROOMS", "Import", "circle", "imports_in", "room_of"]

ROOMS = {
    "tools": (
        "reading",
        "embedding",
        "tagging",
        "registry",
        "names",
        "index",
        "detection",
        "prose",
        "documents",
    ),
    "agents": ("requests", "elicitation", "records", "model_engines"),
    "integrations": ("openai", "translation", "anthropic", "ollama"),
    "server": ("access", "console"),
    "evaluation": (
        "contract",
        "datasets",
        "attacks",
        "systems",
        "weights",
        "scoring",
        "running",
        "reporting",
    ),
}
"""The rooms of each part, those of `tools` in the order in which data goes through them."""


@dataclass(frozen=True, slots=True)
class Import:
    """`importer` imports `name` from the module `imported`; dotted names below the package."""

    importer: str
    imported: str
    name: str = ""


def imports_in(source: Path) -> tuple[Import, ...]:
    """Every import of the package's own modules, wherever it stands: on top, in a function, or
    for types alone."""
    modules = {_dotted(path, source): path for path in source.rglob("*.py")}
    found = [
        Import(importer, imported, name)
        for importer, path in modules.items()
        for imported, name in _imported(importer, path, source.name, modules)
    ]
    return tuple(dict.fromkeys(found))


def room_of(module: str) -> str | None:
    """The room that a module stands in.

    >>> room_of("tools.reading.words"), room_of("tools.reading"), room_of("tools.offload")
    ('tools.reading', 'tools.reading', None)
    """
    part, _, rest = module.partition(".")
    room = rest.partition(".")[0]
    return f"{part}.{room}" if room in ROOMS.get(part, ()) else None


def circle(imports: tuple[Import, ...]) -> list[str]:
    """Modules that import each other in a circle; empty where there is none.

    >>> circle((Import("a", "b"), Import("b", "c")))
    []
    >>> sorted(set(circle((Import("a", "b"), Import("b", "a")))))
    ['a', 'b']
    """
    graph: dict[str, set[str]] = {}
    for found in imports:
        graph.setdefault(found.importer, set()).add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement, at any depth; no import stands in an expression."""
    waiting = [tree]
    while waiting:
        yield (node := waiting.pop())
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting.extend(getattr(node, part, ()))


def _dotted(path: Path, source: Path) -> str:
    parts = path.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(
    importer: str, path: Path, package: str, modules: Mapping[str, Path]
) -> Iterator[tuple[str, str]]:
    for node in _statements(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        for module, name in names:
            if not f"{module}.".startswith(f"{package}."):
                continue
            below = module.partition(".")[2]
            inner = f"{below}.{name}".strip(".")
            # A room's front may export a function that is called like the module it stands in.
            is_front = below == room_of(below) != room_of(importer)
            yield (inner, "") if inner in modules and not is_front else (below, name)
