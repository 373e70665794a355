"""Fenced blocks of a text: each is handed to its language, and keeps its fence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from amnestic.tools.documents.islands import bound, islands_in
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.sections import redact_sections
from amnestic.tools.documents.source_code import is_assignments, redact_code
from amnestic.tools.documents.structured import redact_whole
from amnestic.tools.documents.toml_text import redact_toml
from amnestic.tools.documents.yaml_text import redact_yaml
from amnestic.tools.prose import Shape, drop_segments
from amnestic.types import Span

__all__ = ["code_tail", "data_in", "fences_in", "redact_fence", "rest_of_code"]

_FENCED = re.compile(
    r"^(?P<open>[ \t]*(?P<mark>```+|~~~+)[ \t]*(?P<language>[\w+#.-]*)[^\n]*\n)"
    r"(?P<body>.*?)(?P<close>^[ \t]*(?P=mark)[ \t]*(?:\n|\Z))",
    re.MULTILINE | re.DOTALL,
)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[`~]*[ \t]*(?P<language>[\w+#.-]*)[^\n]*(?:\n|\Z)", re.M)
_OPENED = re.compile(
    r"(?:\A|:[*_]*[ \t]*\n|\n[ \t]*\n)\s*\Z"
)  # what stands before a fence that opens
_DATA = {
    "json": "json",
    "jsonc": "json",
    "json5": "json",
    "jsonl": "json",
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "toml",
    "ini": "sections",
    "cfg": "sections",
    "conf": "sections",
    "properties": "sections",
    "xml": "markup",
    "html": "markup",
    "svg": "markup",
    "csv": "table",
    "tsv": "table",
}
_WORDS = frozenset(("", "text", "txt", "plain", "plaintext", "md", "markdown", "none"))


def fences_in(
    text: str, names: Sequence[str] = (), at: int = 0
) -> Iterator[tuple[Span, Callable[[str, Leaks], str]]]:
    """The fenced blocks of a text, and how each is cut."""
    for match in _FENCED.finditer(text, at):
        yield (
            Span(match.start(), match.end()),
            lambda piece, leaks: redact_fence(piece, leaks, names),
        )


def data_in(block: str) -> tuple[str, str]:
    """The data that a block holds, a fenced one or one by itself, and which: `json`, `yaml`,
    `table`, `text` where nothing says so; nothing of code and markup.

    >>> data_in("```csv\\na,b\\n```"), data_in("```python\\nx = 1\\n```")
    (('table', 'a,b\\n'), ('', ''))
    """
    match = _FENCED.fullmatch(block)
    if match is None:
        return ("json", block) if block.lstrip().startswith(("{", "[")) else ("", "")
    language = match["language"].lower()
    kind = "text" if language in _WORDS else _DATA.get(language, "")
    return (kind, match["body"]) if kind in ("json", "yaml", "table", "text") else ("", "")


def code_tail(text: str) -> int:
    """Where a block of code ends whose beginning stands in a text before this one; 0 where none
    does."""
    marks = list(_FENCE.finditer(text))
    if len(marks) % 2 == 0 or marks[0]["language"]:
        return 0
    opens = _OPENED.search(text[: marks[0].start()])
    return 0 if opens else marks[0].end()


def rest_of_code(text: str, leaks: Leaks, names: Sequence[str]) -> str:
    """The end of a block of code, and the fence that closes it."""
    fence = list(_FENCE.finditer(text))[-1]
    return redact_code(text[: fence.start()], "", leaks, names) + text[fence.start() :]


def redact_fence(block: str, leaks: Leaks, names: Sequence[str]) -> str:
    """A fenced block with what may stay of it; nothing where that is empty."""
    match = _FENCED.fullmatch(block)
    if match is None or not leaks(match["body"]):
        return block if match is not None or not leaks(block) else ""
    clean = _body(match["body"], match["language"].lower(), leaks, names)
    if not clean.strip():
        return ""
    clean = clean if clean.endswith("\n") else clean + "\n"
    return match["open"] + clean + match["close"]


def _body(body: str, language: str, leaks: Leaks, names: Sequence[str]) -> str:
    kind = _DATA.get(language, "")
    if language in _WORDS and is_assignments(body):
        return redact_code(body, "env", leaks, names)
    if kind == "yaml":
        clean = redact_yaml(body, leaks)
    elif kind == "toml":
        clean = redact_toml(body, leaks)
        clean = redact_sections(body, leaks) if clean is None else clean
    elif kind == "sections":
        clean = redact_sections(body, leaks)
    elif kind or language in _WORDS:
        clean = redact_whole(body, leaks)
    else:
        return redact_code(body, language, leaks, names)
    if clean is not None:
        return clean
    return _words(body, leaks) if language in _WORDS else ""


def _words(body: str, leaks: Leaks) -> str:
    shapes: list[Shape] = []
    for span, redact in islands_in(body, 0, len(body)):
        if not shapes or span.start >= shapes[-1].span.end:
            shapes.append(Shape(span, bound(redact, leaks)))
    return drop_segments(body, leaks, shapes=shapes)
