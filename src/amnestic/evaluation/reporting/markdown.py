"""A report as Markdown: its words and tables, for a repository, an issue, a wiki."""

from __future__ import annotations

from functools import cache

import jinja2

from amnestic import __version__
from amnestic.evaluation.reporting.contents import Contents
from amnestic.evaluation.reporting.sentences import Linked
from amnestic.evaluation.reporting.tables import Cell
from amnestic.evaluation.reporting.text import escaped_markdown

__all__ = ["rendered_markdown"]


class _Safe(str):
    """Markdown that is written by this module, and is not escaped again."""

    __slots__ = ()


def rendered_markdown(contents: Contents, page: str) -> str:
    """The Markdown. Numbers lead to the replies behind them in `page`, the file name of the HTML
    page beside it; everything that is put in is escaped."""
    return _template().render(contents=contents, page=page, version=__version__)


def _finalised(value: object) -> str:
    return value if isinstance(value, _Safe) else escaped_markdown(str(value))


def _cell(cell: Cell, page: str) -> _Safe:
    signs = {"met": " ✓", "unsure": " ?", "missed": " ✗", "unknown": ""}
    note = f" ({escaped_markdown(cell.note)})" if cell.note else ""
    return _Safe(f"{_link(cell.text, cell.key, page)}{note}{signs[cell.standing]}")


def _link(text: str, key: str, page: str) -> _Safe:
    told = escaped_markdown(text)
    return _Safe(f"[{told}](<{page}#{key}>)" if key else told)


def _piece(piece: str | Linked, page: str) -> _Safe:
    if isinstance(piece, Linked):
        return _link(piece.text, piece.key, page)
    edges = (" " if piece[:1] == " " else "", " " if piece[-1:] == " " else "")
    return _Safe(f"{edges[0]}{escaped_markdown(piece)}{edges[1] if piece.strip() else ''}")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(  # noqa: S701 - not HTML; `finalize` escapes for Markdown
        loader=jinja2.PackageLoader(__package__, "."),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalised,
    )
    environment.filters["cell"] = _cell
    environment.filters["piece"] = _piece
    environment.filters["own"] = _Safe
    return environment.get_template("report.md.jinja")
