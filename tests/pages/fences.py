"""The fences of the pages: of which kind each is, and why one is not run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGES", "ROOT", "Fence", "fences_in"]

ROOT = Path(__file__).parents[2]
PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
)
_OPENED = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<kind>[^`]*)$")
_REASON = re.compile(r"^<!-- not run: (?P<why>\S.*) -->$")


@dataclass(frozen=True, slots=True)
class Fence:
    """What stands between two fences, and on which line of which page; `why_not` is why it is not
    run."""

    page: str
    line: int
    kind: str
    text: str
    why_not: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def fences_in(text: str, page: str = "") -> Iterator[Fence]:
    """The fences of a page, in order. The line above one may say why it is not run.

    >>> told = "<!-- not run: it is yours -->\\n```toml\\na = 1\\n```\\n\\n```\\nb\\n```"
    >>> [(one.line, one.kind, one.text, one.why_not) for one in fences_in(told)]
    [(2, 'toml', 'a = 1', 'it is yours'), (6, '', 'b', '')]
    """
    lines = enumerate(text.split("\n"), start=1)
    before = ""
    for number, line in lines:
        if not (opened := _OPENED.match(line)):
            before = line
            continue
        inner: list[str] = []
        for _, one in lines:
            if one.strip().startswith(opened["fence"]) and not one.strip().strip(opened["fence"]):
                break
            inner.append(one)
        else:
            raise AssertionError(f"{page}:{number} is not closed")
        said = _REASON.match(before)
        why_not = said["why"] if said else ""
        yield Fence(page, number, opened["kind"].strip(), "\n".join(inner), why_not)
        before = ""
