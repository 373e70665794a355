"""Markup that no parser would take: what tells of a target goes, every tag stays."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from amnestic.tools.documents import cut, edited
from amnestic.types import Span

__all__ = ["without_in_markup"]

_TAG = re.compile(r"<!--.*?-->|<[!?/]?[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_NAME = re.compile(r"</?([A-Za-z][\w:-]*)")
_VALUE = re.compile(r"(?<==)\s*(?:\"([^\"]*)\"|'([^']*)')")
_INLINE = frozenset(
    "a abbr b bdi bdo cite code data dfn em font i kbd mark q s samp small span strong sub sup "
    "time u var wbr".split()
)

Leaks = Callable[[str], bool]


def without_in_markup(text: str, leaks: Leaks) -> str:
    """`text` without the words of blocks that leak, and without attributes that do.

    A block without tags inside loses sentences; one with some loses all its words.

    >>> without_in_markup("<p>Osk wrote it.<p>It <b>rained</b>.", lambda s: "Osk" in s)
    '<p><p>It <b>rained</b>.'
    """
    edits = [*_of_blocks(text, leaks), *_of_tags(text, leaks)]
    return edited(text, edits)


def _of_blocks(text: str, leaks: Leaks) -> Iterator[tuple[Span, str]]:
    for runs in _blocks(text):
        said = html.unescape("".join(text[r.start : r.end] for r in runs))
        if not said.strip() or not leaks(said):
            continue
        whole = text[runs[0].start : runs[0].end]
        if len(runs) == 1 and html.unescape(whole) == whole:
            kept = cut(whole, leaks)
            yield runs[0], "" if leaks(kept) else kept
        else:
            yield from ((run, "") for run in runs)


def _blocks(text: str) -> Iterator[list[Span]]:
    """What is said between two tags that begin or end a block, in runs between inline tags."""
    runs: list[Span] = []
    at = 0
    for tag in _TAG.finditer(text):
        if tag.start() > at:
            runs.append(Span(at, tag.start()))
        at = tag.end()
        name = _NAME.match(tag.group())
        if name is None or name[1].lower() not in _INLINE:
            if runs:
                yield runs
            runs = []
    if at < len(text):
        runs.append(Span(at, len(text)))
    if runs:
        yield runs


def _of_tags(text: str, leaks: Leaks) -> Iterator[tuple[Span, str]]:
    for tag in _TAG.finditer(text):
        if tag.group().startswith("<!--"):
            if leaks(tag.group()[4:-3]):
                yield Span(tag.start(), tag.end()), ""
            continue
        if tag.group().startswith(("<!", "<?")):
            if "[" not in tag.group() and leaks(html.unescape(tag.group()[2:-1])):
                yield Span(tag.start(), tag.end()), ""
            continue
        for value in _VALUE.finditer(tag.group()):
            quoted = 1 if value[1] is not None else 2
            said = html.unescape(value[quoted])
            if said.strip() and leaks(said):
                start = tag.start() + value.start(quoted)
                yield Span(start, tag.start() + value.end(quoted)), ""
