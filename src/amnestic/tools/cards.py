"""Records written as lines of text: `key: value` blocks, YAML-like lists, address cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from amnestic.tools.records import Field, Leaks, judge_record
from amnestic.tools.redact import drop_segments

__all__ = ["is_fields", "redact_fields", "redact_paragraphs"]

_KEY_VALUE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<dash>[-*+•][ \t]+)?(?P<key>[*_`\"']{0,3}[A-Za-z][\w /()'-]{0,40}"
    r"[*_`\"']{0,3})[ \t]*(?::|=|\t)[*_]{0,2}(?:[ \t]+(?P<value>\S.*))?$"
)
_RULE = re.compile(r"^[ \t]*(?:[-=_*#~]{3,})[ \t]*$")
_BULLET = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")
_HEADING_CHARS = 80
_NAME_LINE = re.compile(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){1,3}")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    key: str = ""
    value: str = ""
    opens: bool = False

    @property
    def is_field(self) -> bool:
        return bool(self.key)


def redact_paragraphs(text: str, leaks: Leaks) -> str:
    """`text` without the records and sentences that leak.

    A paragraph of `key: value` lines is one record, or several, and a record about a target goes
    as a whole, its heading with it; prose loses sentences.

    >>> text = "Name: Osk\\nBorn: 1961\\n\\nName: Tarn\\nBorn: 1970\\n"
    >>> redact_paragraphs(text, lambda s: "Osk" in s)
    'Name: Tarn\\nBorn: 1970\\n'
    """
    pieces = [_redact_block(block, leaks) for block in _blocks(text)]
    if pieces == list(_blocks(text)):
        return text
    clean = re.sub(r"\n{3,}", "\n\n", "".join(pieces))
    clean = clean if text.startswith("\n") else clean.lstrip("\n")
    return clean if text.endswith("\n") else clean.rstrip()


def _blocks(text: str) -> Iterator[str]:
    """The text cut at blank lines and rules; a lone heading stays with what it heads, and prose
    with the prose behind it, so that a sentence can lean on the one before."""
    block = ""
    for paragraph in re.findall(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+\s*|\s+", text):
        head_waits = bool(block) and _is_heading(block) and is_fields(paragraph)
        both_prose = bool(block) and not (_is_record(block) or _is_record(paragraph))
        if block and not head_waits and not both_prose:
            yield block
            block = ""
        block += paragraph
    if block:
        yield block


def _is_heading(block: str) -> bool:
    line = block.strip()
    return "\n" not in line and len(line) <= _HEADING_CHARS and not line.endswith((".", "!", "?"))


def _is_record(block: str) -> bool:
    return is_fields(block) or _is_card(block)


def is_fields(block: str) -> bool:
    """Whether a paragraph is made of `key: value` lines.

    >>> is_fields("Name: Osk\\nBorn: 1961"), is_fields("Osk was born in 1961.")
    (True, False)
    """
    lines = [_read(line) for line in _lines(block) if line.strip()]
    fields = sum(line.is_field for line in lines)
    return fields >= 2 and 2 * fields >= len(lines)


def _read(line: str) -> _Line:
    match = _KEY_VALUE.match(line.rstrip("\r\n"))
    if match is None or len(line) > 400 or "://" in line[: match.end("key") + 4]:
        return _Line(line, opens=bool(_BULLET.match(line)))
    key = match["key"].strip("*_`\"' ")
    return _Line(line, key, (match["value"] or "").strip("*_ "), opens=bool(match["dash"]))


def _redact_block(block: str, leaks: Leaks) -> str:
    if is_fields(block):
        return "".join(_redact_record(record, leaks) for record in _records(block))
    if _is_card(block) and leaks(block.strip().partition("\n")[0]):
        return ""
    clean = drop_segments(block, leaks)
    return block if clean.split() == block.split() else clean


def redact_fields(block: str, leaks: Leaks) -> str:
    """A paragraph of `key: value` lines without the records whose names leak, and of the other
    records without the lines that do.

    >>> redact_fields("Winner: Osk\\nSecond: Tarn\\n", lambda s: "Osk" in s)
    'Second: Tarn\\n'
    """
    pieces = []
    for record in _records(block):
        fields = [_field(line) for line in _told(record)]
        verdict = judge_record(fields, leaks)
        if verdict.about and not verdict.named:
            pieces.append("".join(x.text for x in record if not leaks(x.text)))
        elif not verdict.named:
            pieces.append(_redact_record(record, leaks))
    return "".join(pieces)


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends; only a line feed ends a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _records(block: str) -> Iterator[list[_Line]]:
    """The records of a block: a new one begins at a rule, at a line that opens a list item, and
    where the first key comes again."""
    lines = [_read(line) for line in _lines(block)]
    dashes = sum(line.opens and line.is_field for line in lines)
    every_line_opens = dashes == sum(line.is_field for line in lines)
    record: list[_Line] = []
    for line in lines:
        keys = [x.key for x in record if x.is_field]
        again = bool(keys) and line.key == keys[0]
        item = line.opens and line.is_field and bool(keys) and not every_line_opens
        if record and (again or item or _RULE.match(line.text)):
            yield record
            record = []
        record.append(line)
    if record:
        yield record


def _redact_record(record: list[_Line], leaks: Leaks) -> str:
    """The record's lines; a line that is no field (a heading) is taken as its name."""
    told = _told(record)
    verdict = judge_record([_field(line) for line in told], leaks)
    if verdict.about:
        return ""
    gone = {id(told[i]): kept for i, kept in verdict.cleaned}
    return "".join(_line(line, gone) for line in record)


def _told(record: list[_Line]) -> list[_Line]:
    return [line for line in record if line.text.strip() and not _RULE.match(line.text)]


def _field(line: _Line) -> Field:
    return Field(line.key, line.value) if line.is_field else Field("name", line.text.strip(" #*\n"))


def _line(line: _Line, gone: dict[int, str]) -> str:
    if id(line) not in gone:
        return line.text
    kept = gone[id(line)]
    return line.text.replace(line.value, kept) if kept else ""


def _is_card(block: str) -> bool:
    """A few short lines without keys, the first a name and another with a number, as on a label."""
    lines = [line.strip() for line in _lines(block.strip()) if line.strip()]
    if not 2 <= len(lines) <= 8 or any(len(x) > _HEADING_CHARS or _BULLET.match(x) for x in lines):
        return False
    others_named = any(_NAME_LINE.fullmatch(x) for x in lines[1:])
    return any(c.isdigit() for x in lines[1:] for c in x) and not others_named
