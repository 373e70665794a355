"""Records written as lines of text: `key: value` blocks, YAML-like lists, address cards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amnestic.tools.documents.records import Field, Leaks, judge_record, says_what
from amnestic.tools.prose import drop_segments
from amnestic.tools.reading import segments

__all__ = ["is_fields", "redact_fields", "redact_paragraphs"]

_KEY_VALUE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<dash>[-*+•][ \t]+)?(?P<key>[*_`\"']{0,3}[A-Za-z][\w /()'-]{0,40}"
    r"[*_`\"']{0,3})(?:\.{2,})?[ \t]*(?::|=(?!=)|\t)[*_]{0,2}"
    r"(?:(?:[ \t]+|(?<=[:=])(?=\w))(?P<value>\S.*))?$"
)
_RULE = re.compile(  # "---", and "-[ RECORD 1 ]---" and "*** 1. row ***" of databases' clients
    r"^[ \t]*(?:[-=_*#~]{3,}|-\[ RECORD \d+ \][-+]*|\*{3,} \d+\. row \*{3,})[ \t]*$"
)
_BARRED = re.compile(
    r"^[ \t]*(?P<dash>(?!))?(?P<key>\w[\w ]{0,60}?)[ \t]*\|(?:[ \t]+(?P<value>\S.*))?$"
)
_EXPANDED = re.compile(r"^-\[ RECORD \d+ \]", re.MULTILINE)
_LABEL = re.compile(r"[^\W\d_][^\d()=;\[\]{}<>|:#]*")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]")
_BULLET = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")
_HEADING_CHARS = 80
_SENTENCE_WORDS = 12
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
    blocks = list(_blocks(text))
    pieces = list(_redact_blocks(blocks, leaks))
    if pieces == blocks:
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
    lines = [line for line in _read_all(block) if line.text.strip()]
    fields = sum(line.is_field for line in lines)
    if any(not line.is_field and _is_running_text(line.text) for line in lines):
        return False
    return fields >= 2 and 2 * fields >= len(lines)


def _is_running_text(line: str) -> bool:
    """Whether a line goes on for sentences, as a letter does below its head."""
    return len(line.split()) >= _SENTENCE_WORDS and len(segments(line)) > 1


def _read_all(block: str) -> list[_Line]:
    pattern = _BARRED if _EXPANDED.search(block) else _KEY_VALUE
    return [_read(line, pattern) for line in _lines(block)]


def _read(line: str, pattern: re.Pattern[str]) -> _Line:
    match = pattern.match(line.rstrip("\r\n"))
    if match is None or len(line) > 400 or "://" in line[: match.end("key") + 4]:
        return _Line(line, opens=bool(_BULLET.match(line)))
    key = match["key"].strip("*_`\"' ")
    return _Line(line, key, (match["value"] or "").strip("*_ "), opens=bool(match["dash"]))


def _redact_blocks(blocks: Sequence[str], leaks: Leaks) -> Iterator[str]:
    """Blocks without what leaks; fields that stand apart from a record that went, and do not say
    whose they are, go with it."""
    gone: set[str] = set()
    for before, block in zip(("", *blocks), blocks, strict=False):
        keys = _keys(_read_all(block)) if is_fields(block) else {""}
        goes = gone and not (keys & {"", *gone} or any(map(says_what, keys)))
        follows = before if gone else ""
        if not goes:
            gone = _last_gone(block, leaks) if is_fields(block) else set()
        yield "" if goes else _redact_block(block, leaks, follows)


def _last_gone(block: str, leaks: Leaks) -> set[str]:
    """The keys of the last record of a block, where that goes."""
    *_, last = _records(block)
    named = any(line.is_field and leaks(line.key) for line in last)
    return _keys(last) - {""} if named or not _redact_record(last, leaks) else set()


def _keys(record: list[_Line]) -> set[str]:
    return {line.key for line in _told(record)}


def _redact_block(block: str, leaks: Leaks, follows: str = "") -> str:
    if is_fields(block):
        records = _records(_unnamed(block, leaks))
        return "".join(_redact_record(record, leaks) for record in records)
    if _is_card(block) and leaks(block.strip().partition("\n")[0]):
        return ""
    clean = drop_segments(block, leaks, follows=follows)
    return block if clean.split() == block.split() else clean


def redact_fields(block: str, leaks: Leaks) -> str:
    """A paragraph of `key: value` lines without the records whose names leak, and of the other
    records without the lines that do.

    >>> redact_fields("Winner: Osk\\nSecond: Tarn\\n", lambda s: "Osk" in s)
    'Second: Tarn\\n'
    """
    pieces = []
    for record in _records(_unnamed(block, leaks)):
        fields = [_field(line) for line in _told(record)]
        verdict = judge_record(fields, leaks)
        if verdict.about and not verdict.named:
            pieces.append("".join(x.text for x in record if not leaks(x.text)))
        elif not verdict.named:
            pieces.append(_redact_record(record, leaks))
    return "".join(pieces)


def _unnamed(block: str, leaks: Leaks) -> str:
    """A block without the lines whose keys name a target, and without what is indented under
    them."""
    kept: list[str] = []
    under: int | None = None
    for line in _read_all(block):
        indent = len(line.text) - len(line.text.lstrip())
        if under is not None and line.text.strip() and indent <= under:
            under = None
        if under is None and line.is_field and leaks(line.key):
            under = indent
        if under is None:
            kept.append(line.text)
    return "".join(kept)


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends; only a line feed ends a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _records(block: str) -> Iterator[list[_Line]]:
    """The records of a block: a new one begins at a rule, at a line that opens a list item, and
    where the first key comes again."""
    lines = _read_all(block)
    dashes = sum(line.opens and line.is_field for line in lines)
    every_line_opens = dashes == sum(line.is_field for line in lines)
    record: list[_Line] = []
    for line in lines:
        keys = [x.key for x in record if x.is_field]
        again = bool(keys) and line.key == keys[0]
        item = line.opens and line.is_field and bool(keys) and not every_line_opens
        opens = _RULE.match(line.text) or _HEADING.match(line.text)
        if record and (again or item or opens):
            heading = _heading_of_next(record) if again else []
            yield record[: len(record) - len(heading)]
            record = heading
        record.append(line)
    if record:
        yield record


def _heading_of_next(record: list[_Line]) -> list[_Line]:
    """The last line of a record, where it is no field as the first is none: it heads the next."""
    told = [i for i, line in enumerate(record) if line.text.strip()]
    heads = len(told) > 1 and not record[told[0]].is_field and not record[told[-1]].is_field
    return record[told[-1] :] if heads else []


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
    if not lines or not _LABEL.fullmatch(lines[0]):
        return False
    if not 2 <= len(lines) <= 8 or any(len(x) > _HEADING_CHARS or _BULLET.match(x) for x in lines):
        return False
    others_named = any(_NAME_LINE.fullmatch(x) for x in lines[1:])
    return any(c.isdigit() for x in lines[1:] for c in x) and not others_named
