"""Tables in JSON whose columns have names: a list of rows under a row of heads, or beside one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from amnestic.tools.documents.json_tree import JsonArray, JsonNode, JsonObject, JsonScalar

__all__ = ["Grid", "columns_named", "grid_of", "grids_beside"]

_NUMBER = re.compile(r"[\s+-]*[\d.,]*\s*%?\s*")


@dataclass(frozen=True, slots=True)
class Grid:
    """A row of heads and the rows that stand under it, each as long as it is."""

    heads: JsonArray
    body: tuple[JsonArray, ...]

    @property
    def rows(self) -> tuple[JsonArray, ...]:
        """The heads and what stands under them."""
        return (self.heads, *self.body)


def grid_of(node: JsonArray) -> Grid | None:
    """A list of rows of which the first may be the heads."""
    rows = [item for item in node.items if isinstance(item, JsonArray)]
    return _grid(rows[0], rows[1:]) if len(rows) == len(node.items) > 1 else None


def grids_beside(node: JsonObject) -> Iterator[Grid]:
    """The lists of rows in an object that may hold their heads too, as `{"columns": …, "rows": …}`,
    each with each list that is as long as they are."""
    lists = [m.value for m in node.members if isinstance(m.value, JsonArray) and m.value.items]
    for rows in lists:
        body = [item for item in rows.items if isinstance(item, JsonArray)]
        for heads in lists if len(body) == len(rows.items) else ():
            if (found := _grid(heads, body)) is not None:
                yield found


def columns_named(grid: Grid, named: Callable[[str], bool]) -> list[int]:
    """The columns whose heads are named so and that hold nothing but numbers.

    A row that only looks like heads holds names above names, and is left to be judged as a row.
    """
    return [
        i
        for i, head in enumerate(grid.heads.items)
        if isinstance(head, JsonScalar)
        and all(_is_number(row.items[i]) for row in grid.body)
        and named(str(head.value))
    ]


def _grid(heads: JsonArray, body: Sequence[JsonArray]) -> Grid | None:
    names = [item.value for item in heads.items if isinstance(item, JsonScalar)]
    if len(names) != len(heads.items) or not all(isinstance(name, str) for name in names):
        return None
    fit = all(len(row.items) == len(names) for row in body)
    return Grid(heads, tuple(body)) if body and fit and len(set(names)) == len(names) > 1 else None


def _is_number(node: JsonNode) -> bool:
    return isinstance(node, JsonScalar) and (
        not isinstance(node.value, str) or bool(_NUMBER.fullmatch(node.value))
    )
