"""Footnotes of Markdown: what points at a note that went, points at nothing."""

from __future__ import annotations

import re

__all__ = ["without_lone_notes"]

_NOTE = re.compile(r"^ {0,3}\[\^(?P<name>[^\]\s]{1,40})\]:", re.MULTILINE)
_MARK = re.compile(  # and code, in which a mark is none
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:[^\n]*\n)*?[ \t]*(?P=fence)"
    r"|(?<!`)`(?!`)[^`\n]*`|\[\^(?P<name>[^\]\s]{1,40})\]",
    re.MULTILINE,
)


def without_lone_notes(left: str, text: str) -> str:
    """What is left of a text, without the marks of footnotes that went; in code there are none.

    >>> text = "Rain fell.[^1] Snow fell.[^2]\\n\\n[^1]: Osk.\\n[^2]: Hill.\\n"
    >>> without_lone_notes(text.replace("[^1]: Osk.\\n", ""), text)
    'Rain fell. Snow fell.[^2]\\n\\n[^2]: Hill.\\n'
    >>> without_lone_notes("Rain fell.[^1] See `[^1]`.", "[^1]: Osk.")
    'Rain fell. See `[^1]`.'
    """
    told = {match["name"] for match in _NOTE.finditer(text)}
    gone = told - {match["name"] for match in _NOTE.finditer(left)} if told else set()
    if not gone:
        return left
    return _MARK.sub(lambda m: "" if m["name"] in gone else m.group(), left)
