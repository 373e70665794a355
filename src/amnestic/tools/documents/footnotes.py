"""Footnotes of Markdown: what points at a note that went, points at nothing."""

from __future__ import annotations

import re

__all__ = ["without_lone_notes"]

_NOTE = re.compile(r"^ {0,3}\[\^(?P<name>[^\]\s]{1,40})\]:", re.MULTILINE)


def without_lone_notes(left: str, text: str) -> str:
    """What is left of a text, without the marks of footnotes that went.

    >>> text = "Rain fell.[^1] Snow fell.[^2]\\n\\n[^1]: Osk.\\n[^2]: Hill.\\n"
    >>> without_lone_notes(text.replace("[^1]: Osk.\\n", ""), text)
    'Rain fell. Snow fell.[^2]\\n\\n[^2]: Hill.\\n'
    """
    told = {match["name"] for match in _NOTE.finditer(text)}
    gone = told - {match["name"] for match in _NOTE.finditer(left)} if told else set()
    for name in gone:
        left = left.replace(f"[^{name}]", "")
    return left
