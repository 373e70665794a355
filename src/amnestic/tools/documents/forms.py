"""Whether a changed answer still has the forms of the answer that it was made from."""

from __future__ import annotations

import ast
import json
import re

from amnestic.tools.documents.json_form import is_json, keeps_form
from amnestic.tools.documents.markup import is_well_formed

__all__ = ["is_data", "is_json_string", "keeps_forms"]

_FENCE = re.compile(r"^[ \t]*(```|~~~)", re.MULTILINE)
_BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>```+|~~~+)[ \t]*(?P<language>[\w+#.-]*)[^\n]*\n"
    r"(?P<body>.*?)^[ \t]*(?P=mark)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)


def keeps_forms(text: str, original: str) -> bool:
    """Whether what could be parsed in `original` can be parsed in `text`: JSON, markup, and fenced
    blocks of Python, JSON, YAML, XML and HTML. A block may be gone; a fence may not be open.

    >>> keeps_forms("[]", '["Osk"]'), keeps_forms("nobody", '["Osk"]')
    (True, False)
    >>> keeps_forms("```python\\nelse:\\n```", "```python\\nx = 1\\n```")
    False
    """
    if is_json(original):
        return keeps_form(text, original, None)
    if is_json_string(original):
        return is_json_string(text)
    if is_well_formed(original):
        return is_well_formed(text)
    if len(_FENCE.findall(text)) % 2 and not len(_FENCE.findall(original)) % 2:
        return False
    broken = {language for language, parses in _blocks(original) if not parses}
    return all(parses or language in broken for language, parses in _blocks(text))


def is_data(text: str) -> bool:
    """Whether `text` is nothing but JSON, markup or separated values, in which marks stand as they
    would not in prose.

    >>> is_data("a,b\\n,2\\n"), is_data("Well, yes.")
    (True, False)
    """
    if is_json(text) or is_json_string(text) or is_well_formed(text):
        return True
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and any(
        len({line.count(d) for line in lines} - {0}) == 1 and all(d in line for line in lines)
        for d in ",;\t"
    )


def is_json_string(text: str) -> bool:
    """Whether `text` is one string in JSON."""
    try:
        return isinstance(json.loads(text), str)
    except (ValueError, RecursionError):
        return False


def _blocks(text: str) -> list[tuple[str, bool]]:
    found = []
    for match in _BLOCK.finditer(text):
        body = re.sub(rf"^{match['indent']}", "", match["body"], flags=re.MULTILINE)
        language = match["language"].lower()
        found.append((language, _parses(language, body)))
    return found


def _parses(language: str, body: str) -> bool:
    match language:
        case "python" | "py" | "python3":
            return _is_python(body)
        case "json":
            return is_json(body) or is_json_string(body)
        case "yaml" | "yml":
            return _is_yaml(body)
        case "xml" | "svg" | "html":
            return is_well_formed(body)
        case _:
            return True


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_yaml(text: str) -> bool:
    import yaml  # type: ignore[import-untyped]

    try:
        yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return False
    return True
