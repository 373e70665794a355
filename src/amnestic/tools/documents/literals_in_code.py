"""Where the comments and the strings of code are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from amnestic.tools.documents.native import parsed
from amnestic.types import Span

__all__ = ["comments_in", "strings_in"]

_PYTHON = ("python", "py", "python3")
_STRING = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"
_HASH = frozenset(
    "sh bash zsh console shell ruby rb r perl yaml yml toml make dockerfile nix".split()
)
_DASHES = frozenset(("sql", "lua", "haskell", "hs", "ada", "elm"))
_PERCENT = frozenset(("tex", "latex", "matlab", "erlang", "prolog"))


def comments_in(code: str, language: str) -> list[Span]:
    """The comments of code, in order.

    >>> code = "x = '# no'  # yes"
    >>> [code[s.start : s.end] for s in comments_in(code, "python")]
    ['# yes']
    """
    return list(_found(code, language, "comment"))


def strings_in(code: str, language: str) -> list[Span]:
    """The strings of code with their marks, in order.

    >>> code = 'say("hi"); // "no"'
    >>> [code[s.start : s.end] for s in strings_in(code, "js")]
    ['"hi"']
    """
    return list(_found(code, language, "string"))


def _found(code: str, language: str, kind: str) -> Iterator[Span]:
    tree = parsed(code, "python") if language in _PYTHON else None
    if tree is not None:
        for node in _of_kind(tree.root, kind):
            yield Span(tree.at(node.start_byte), tree.at(node.end_byte))
        return
    for match in _pattern(language).finditer(code):
        if match.lastgroup == kind:
            yield Span(match.start(), match.end())


def _of_kind(root: Any, kind: str) -> Iterator[Any]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == kind:
            yield node
        else:
            waiting += reversed(node.children)


def _pattern(language: str) -> re.Pattern[str]:
    if language in _HASH:
        marks = r"(?<!\S)#[^\n]*"
    elif language in _DASHES:
        marks = r"--[^\n]*|/\*.*?\*/"
    elif language in _PERCENT:
        marks = r"%[^\n]*"
    elif language in ("html", "xml", "svg", "vue"):
        marks = r"<!--.*?-->"
    else:
        marks = r"(?<![:\w])//[^\n]*|/\*.*?\*/|(?m:^)[ \t]*(?:#(?!!)|--|;)[ \t][^\n]*"
    return re.compile(rf"(?P<string>{_STRING})|(?P<comment>{marks})", re.DOTALL)
