"""What a piece with a form lost, told to what is read behind it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from amnestic.tools.documents.figures import (
    Changed,
    changed_figures,
    is_total,
    with_figures,
)
from amnestic.tools.documents.json_tree import edited
from amnestic.tools.documents.listed_rows import amounts_listed, has_total, rows_listed
from amnestic.tools.documents.lost_rows import Lost, lost_records, lost_rows
from amnestic.tools.documents.nodes import Edit, Kind, Node
from amnestic.tools.documents.outcomes import Result
from amnestic.tools.documents.references import References
from amnestic.tools.documents.tables import rows_of
from amnestic.tools.prose import Flow
from amnestic.types import Span

__all__ = ["begin_items", "note_items", "note_losses", "with_total"]

_WORDS = 6  # of a value by which a text may call a record


def note_losses(
    kind: Kind, given: str, kept: str, references: References, flow: Flow, result: Result
) -> None:
    """Note the rows and records that a table, a block of data or a piece of JSON lost, and what its
    sums are now; `result` is told how many there were, for what is said before it.

    Args:
        kind: what the piece is.
        given: the piece.
        kept: what stays of it; not nothing.
        references: what knows the rows that went.
        flow: what was read so far.
        result: what became of the piece.
    """
    if kind is Kind.TABLE:
        references.note_places(())  # what is called by its place is meant in these rows
    if kept == given:
        if kind is Kind.TABLE:
            result.sums = _begin_table(given, references)
        return
    references.note_figures(changed_figures(given, kept))
    if kind is Kind.TABLE:
        flow.counted += _columns_left(given, kept)
    lost = [*(lost_rows if kind is Kind.TABLE else lost_records)(given, kept)]
    for rows in lost:
        result.figures += references.note_rows(rows)
        flow.note_gone(". ".join(_words(kind, rows)))
        many, gone = len(rows.before) - rows.totals, len(rows.gone)
        flow.counted.append((many, many - gone))
        if len(lost) == 1:
            result.many, result.gone = many, gone


def _columns_left(given: str, kept: str) -> list[tuple[int, int]]:
    """How many things a table set side by side, and how many of them stay; nothing where all do."""
    before, after = (len(next(iter(rows_of(table)), [])) - 1 for table in (given, kept))
    return [(before, after)] if 0 < after < before else []


def _begin_table(table: str, references: References) -> set[Decimal]:
    """Note a table of which all rows stay, and give back its sums."""
    head, *rows = rows_of(table.rstrip())
    references.note_kept(head, rows[1:])
    sums_up = is_total(" ".join(rows[-1])) if rows else False
    return references.begin(rows[1 : -1 if sums_up else None])


def _words(kind: Kind, lost: Lost) -> Iterator[str]:
    """The cells of rows that went; of records those that are no sentences."""
    for row in lost.gone:
        yield from (c for c in row.cells if kind is Kind.TABLE or len(c.split()) <= _WORDS)


def begin_items(text: str, items: Sequence[Node], references: References) -> Result:
    """A list that is about to be read, with the sums that it has."""
    said = [text[item.inner : item.end] for item in items]
    amounts = amounts_listed(said[: len(said) - has_total(said)])
    return Result(True, sums=references.begin(amounts))


def note_items(
    text: str,
    items: Sequence[Node],
    stays: list[bool],
    edits: Sequence[Edit],
    references: References,
    result: Result,
) -> None:
    """Note the codes and the amounts that a list lost, and what the sums are now, which `result` is
    told: from those that were the rest would tell what went. A last item that is the sum of the
    others is none of them, and goes with the last of these."""
    said = [text[item.inner : item.end] for item in items]
    many = len(said) - has_total(said)
    if all(stays) and not edits:
        return
    result.sums = set()
    left = _left(text, items, edits)
    left = [told if stay else "" for told, stay in zip(left, stays, strict=True)]
    lost = rows_listed(said[:many], left[:many])
    result.figures = references.note_items(lost) if lost is not None else []
    if not any(stays[:many]) and references.speaks_of_what_went(said[-1]):
        stays[-1] = False


def _left(text: str, items: Sequence[Node], edits: Sequence[Edit]) -> list[str]:
    """What items say after some edits."""
    ordered = sorted(edits, key=lambda edit: edit[0].start)
    starts = [span.start for span, _ in ordered]
    said = []
    for item in items:
        inside = ordered[bisect_left(starts, item.inner) : bisect_right(starts, item.end)]
        moved = [
            (Span(span.start - item.inner, span.end - item.inner), new)
            for span, new in inside
            if span.end <= item.end
        ]
        said.append(edited(text[item.inner : item.end], moved))
    return said


def with_total(
    text: str, item: Node, edits: Sequence[Edit], figures: Sequence[Changed]
) -> list[Edit]:
    """The edits of a list, of which the last item tells sums as they are now."""
    if not is_total(text[item.inner : item.end]):
        return list(edits)
    [said] = _left(text, [item], edits)
    new = with_figures(said, figures)
    if new == said:
        return list(edits)
    rest = (e for e in edits if e[0].start < item.inner or item.end < e[0].end)
    return [*rest, (Span(item.inner, item.end), new)]
