"""Code that names a target: comments and elements of lists go, and values give way to a
placeholder, such as one writes where a reader is to put his own."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from amnestic.tools.documents.literals_in_code import comments_in, strings_in
from amnestic.tools.documents.records import Leaks
from amnestic.types import Span

__all__ = ["is_assignments", "redact_code"]

_COMMENT = re.compile(r"\s*(?:#|//|--|%|;|\*|/\*|<!--)")
_ASSIGNED = re.compile(
    r"(?P<key>[ \t]*(?:export[ \t]+|set[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=[ \t]*)(?P<value>\S.*)"
)
_SETTINGS = frozenset(("env", "dotenv"))
_SHELL = frozenset(("sh", "bash", "zsh", "shell", "console"))
_TOKEN = re.compile(r"[^\s\"'`,;()\[\]{}<>=]*[^\s\"'`,;()\[\]{}<>=.!?:]")
_KEY_BEFORE = re.compile(r"([A-Za-z][\w-]*)[\"']?\s*(?:=>|:=|[:=(])\s*(?:\w+\s+)?[\"'`]?$")
_ELEMENT = re.compile(  # a line of a list, a map or rows of values
    r"[ \t]*(?:(?P<key>[\"'`][^\"'`\n]*[\"'`])(?:[ \t]*(?::|=>)[ \t]*\S[^\n]*?)?"
    r"|[({\[][^\n]*[)}\]])[ \t]*,?[ \t]*;?[ \t]*(?:(?://|#|--)[^\n]*)?"
)
_BARE = re.compile(r"[\w.:/@+-]+")
_MOST = 12  # leaks in one line
_NAMED, _VALUE, _WORD = "NAME", "VALUE", "example"
_PYTHON = ("python", "py", "python3")


def redact_code(code: str, language: str, leaks: Leaks, names: Sequence[str]) -> str:
    """`code` without the comments and the elements of lists that leak, and with a placeholder in
    the place of values that do; nothing where it leaks still, or would not parse.

    >>> leaks = lambda s: "Osk" in s or "1961" in s
    >>> redact_code("# by Osk\\nauthor = 'Osk'\\n", "python", leaks, ["Osk"])
    "author = '<AUTHOR>'\\n"
    >>> redact_code("POET=Osk\\nTOWN=Tavel\\n", "env", leaks, ["Osk"])
    'POET=\\nTOWN=Tavel\\n'
    >>> redact_code("born = {'Osk': 1961}\\n", "python", leaks, ["Osk"])
    ''
    """

    def found(piece: str) -> bool:
        return leaks(piece) or any(name in piece.lower() for name in lower)

    lower = [name.strip().lower() for name in names if name.strip()]
    if not found(code):
        return code
    if language in _SETTINGS or (language in _SHELL and is_assignments(code)):
        kept = [_setting(x, found) if found(x) else x for x in code.splitlines(keepends=True)]
        return "" if found("".join(kept)) else "".join(kept)
    lines, kept = _edited(_without_comments(code, language, found), language, found)
    clean = _closed(lines, kept)
    if not clean.strip() or found(clean) or any(found(x) for x in clean.splitlines()):
        return ""
    return clean if _still_parses(clean, code, language) else ""


def _edited(code: str, language: str, leaks: Leaks) -> tuple[list[str], list[str]]:
    """The lines of code, and what may stay of each."""
    lines = code.splitlines(keepends=True)
    strings = strings_in(code, language)
    kept: list[str] = []
    at = 0
    for line in lines:
        end = at + len(line)
        inside = [Span(s.start - at, s.end - at) for s in strings if s.start < end and at < s.end]
        shell = language in _SHELL
        kept.append(_line(line, inside, leaks, shell=shell) if leaks(line) else line)
        at = end
    return lines, kept


def is_assignments(code: str) -> bool:
    """Whether a text without a language is a file of settings: a key and a value a line.

    >>> is_assignments("KEY=a1\\nDEBUG=true\\n"), is_assignments("Osk = Tarn, I think.\\nYes.")
    (True, False)
    """
    lines = [x for x in code.splitlines() if x.strip() and not _COMMENT.match(x)]
    fit = sum(bool(re.match(r"[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*=\S*", x)) for x in lines)
    return bool(lines) and fit == len(lines)


def _setting(line: str, leaks: Leaks) -> str:
    """A line of a file of settings that leaks, without its value."""
    setting = None if _COMMENT.match(line) else _ASSIGNED.match(line)
    if setting is None or leaks(setting["key"]):
        return ""
    return setting["key"].rstrip() + line[len(line.rstrip()) :]


def _without_comments(code: str, language: str, leaks: Leaks) -> str:
    pieces: list[str] = []
    at = 0
    for comment in comments_in(code, language):
        if not leaks(code[comment.start : comment.end]):
            continue
        begin = code.rfind("\n", 0, comment.start) + 1
        if code[begin : comment.start].strip():
            start = len(code[: comment.start].rstrip())
            pieces.append(code[at:start])
            at = comment.end
        else:
            pieces.append(code[at:begin])
            at = comment.end + (code[comment.end : comment.end + 1] == "\n")
    return "".join((*pieces, code[at:]))


def _line(line: str, strings: Sequence[Span], leaks: Leaks, *, shell: bool) -> str:
    """A line of code that leaks, with what may stay of it."""
    element = _ELEMENT.fullmatch(line.rstrip("\n"))
    if element is not None and (element["key"] is None or leaks(element["key"])):
        return ""
    for _ in range(_MOST):
        if not leaks(line):
            break
        run = _shortest(line, leaks)
        if run is None:
            break
        new = _without_element(line, run, strings)
        line, strings = (new, []) if new else _replaced(line, run, strings, shell=shell)
    return line


def _without_element(line: str, run: Span, strings: Sequence[Span]) -> str:
    """A line without the string of a list that is nothing but a run of words; nothing where that
    is no element."""
    whole = next((s for s in strings if (s.start + 1, s.end - 1) == (run.start, run.end)), None)
    if whole is None:
        return ""
    before, behind = line[: whole.start].rstrip(), line[whole.end :].lstrip()
    opened = re.search(r"[\[({][^\[\](){}]*$", before)
    if opened is None or opened.group()[0] != "[" or before[-1] not in "[,":
        return ""
    if behind.startswith(","):
        return line[: whole.start] + behind[1:].lstrip(" ")
    return before.rstrip(",") + behind if behind.startswith("]") else ""


def _shortest(line: str, leaks: Leaks) -> Span | None:
    """The fewest words side by side that leak."""
    words = [Span(m.start(), m.end()) for m in _TOKEN.finditer(line)]
    first, last = 0, len(words) - 1

    def leak(a: int, b: int) -> bool:
        return a <= b and leaks(line[words[a].start : words[b].end])

    if not leak(first, last):
        return None
    while leak(first, last - 1):
        last -= 1
    while leak(first + 1, last):
        first += 1
    return Span(words[first].start, words[last].end)


def _replaced(
    line: str, run: Span, strings: Sequence[Span], *, shell: bool
) -> tuple[str, list[Span]]:
    """A line with a placeholder in the place of a run of words."""
    inside = any(s.start < run.start and run.end < s.end for s in strings)
    if inside:
        key = _KEY_BEFORE.search(line[: run.start])
        word = re.sub(r"\W", "_", key[1]).upper() if key else _NAMED
        new = f"<{word if key and not _is_call(line, run) else _VALUE}>"
    elif re.fullmatch(r"[^\W\d]\w*", line[run.start : run.end]):
        new = _WORD
    elif _BARE.fullmatch(line[run.start : run.end]) and shell:
        new = "" if line[: run.start].endswith("=") else f'"<{_VALUE}>"'
    else:
        return line, []
    grown = len(new) - (run.end - run.start)
    moved = [
        Span(s.start if s.start <= run.start else s.start + grown,
             s.end if s.end <= run.start else s.end + grown)
        for s in strings
    ]  # fmt: skip
    return line[: run.start] + new + line[run.end :], moved


def _is_call(line: str, run: Span) -> bool:
    return bool(re.search(r"\(\s*[\"'`]?$", line[: run.start]))


def _closed(lines: Sequence[str], kept: Sequence[str]) -> str:
    """The lines that stay; where the last one of a row of elements went with its full stop, the one
    before it ends the row."""
    clean: list[str] = []
    for line, new in zip(lines, kept, strict=True):
        if not new and line.rstrip().endswith(";") and clean and clean[-1].rstrip().endswith(","):
            body = clean[-1].rstrip()
            clean[-1] = body[:-1] + ";" + clean[-1][len(body) :]
        clean.append(new)
    return "".join(clean)


def _still_parses(clean: str, code: str, language: str) -> bool:
    if language not in _PYTHON:
        return True
    return _is_python(clean) or not _is_python(code)


def _is_python(code: str) -> bool:
    import textwrap

    try:
        ast.parse(textwrap.dedent(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
