"""TOML and INI files: the sections of a target go, and so do the keys that name it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from amnestic.tools.documents.records import Field, Leaks, judge_record

__all__ = ["looks_like_sections", "redact_sections"]

_HEAD = re.compile(r"[ \t]*\[+[ \t]*(?P<name>[^\[\]=\n]+?)[ \t]*\]+[ \t]*(?:[#;].*)?$")
_KEY = re.compile(r"[ \t]*(?P<key>[\w.\"' -]+?)[ \t]*[=:][ \t]*(?P<value>.*)$")
_LONGEST = 2_000  # characters in a line
_COMMENT = re.compile(r"[ \t]*[#;]")


@dataclass(slots=True)
class _Section:
    """Lines from one head to the next; the first section of a file has none."""

    lines: list[str] = field(default_factory=list)

    def fields(self) -> list[Field]:
        """One field a line, the head as the name."""
        return [_field(line) for line in self.lines]


def looks_like_sections(text: str) -> bool:
    """Whether a text that nothing marks is TOML or INI: heads in brackets, and keys with values.

    >>> looks_like_sections("[a]\\nname = 1\\n"), looks_like_sections("[1] See Osk = Marsh.")
    (True, False)
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if "[" not in text or "=" not in text or any(len(line) > _LONGEST for line in lines):
        return False
    heads = sum(bool(_HEAD.match(line)) for line in lines)
    keys = sum(bool(_KEY.match(line)) and "=" in line for line in lines)
    comments = sum(bool(_COMMENT.match(line)) for line in lines)
    return heads > 0 and keys > 0 and heads + keys + comments == len(lines)


def redact_sections(text: str, leaks: Leaks) -> str:
    """TOML or INI without what leaks.

    >>> redact_sections("[a]\\nname = Tarn\\n[b]\\nname = Osk\\nage = 3\\n", lambda s: "Osk" in s)
    '[a]\\nname = Tarn\\n'
    """
    kept: list[str] = []
    for section in _sections(text):
        verdict = judge_record(section.fields(), leaks)
        if verdict.about:
            continue
        gone = {i for i, _ in verdict.cleaned}
        gone |= {i for i, line in enumerate(section.lines) if _names(line, leaks)}
        kept += [line for i, line in enumerate(section.lines) if i not in gone]
    clean = "".join(kept)
    return clean if text.endswith("\n") else clean.rstrip("\n")


def _sections(text: str) -> list[_Section]:
    found = [_Section()]
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        if _HEAD.match(line) and found[-1].lines:
            found.append(_Section())
        found[-1].lines.append(line)
    return found


def _names(line: str, leaks: Leaks) -> bool:
    """Whether the key of a line names a target."""
    key = None if _HEAD.match(line) else _KEY.match(line)
    return key is not None and leaks(key["key"].strip(" \"'"))


def _field(line: str) -> Field:
    head, key = _HEAD.match(line), _KEY.match(line)
    if head:
        return Field("name", head["name"])
    return Field(key["key"].strip(" \"'"), key["value"].strip(" \"'")) if key else Field("", line)
