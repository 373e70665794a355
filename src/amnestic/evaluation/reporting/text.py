"""Texts that strangers wrote, made fit to be shown: nothing in them acts, hides or goes on forever.

Replies are read by whoever judges a model, and may hold anything: characters that move the cursor,
turn the direction of what stands beside them, or are not seen at all. They are shown by name. What
a page or a Markdown file takes for markup is escaped where it is rendered, and not here.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clipped", "escaped_markdown", "visible"]

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LINES = re.compile(r"\r\n?")
_MARKUP = re.compile(
    r"[\\`*_\[\]|~#${}<>&]|^[-+=]|(?:(?<=^\d)|(?<=^\d\d))[.)](?=\s|$)|:(?=\S)|(?<=www)\.",
    re.IGNORECASE,
)
"""What could be markup: anywhere, at the start of a line (bullets, up to two digits of a list), or
as the start of a link."""


def visible(text: str) -> str:
    """A text in which every character is seen: what controls a terminal, the direction of writing
    or nothing at all stands as its code point; a tower of combining marks is cut.

    >>> visible("a\\u202eb\\x1b[2J\\ud800")
    'a⟨U+202E⟩b⟨U+001B⟩[2J⟨U+D800⟩'
    >>> visible("e" + "\\u0301" * 40) == "e" + "\\u0301" * 8
    True
    """
    lines = _LINES.sub("\n", text)
    return _without_towers(_UNSEEN.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", lines))


def _without_towers(text: str, most: int = 8) -> str:
    if text.isascii():
        return text
    kept, height = [], 0
    for character in text:
        height = height + 1 if unicodedata.category(character) == "Mn" else 0
        if height <= most:
            kept.append(character)
    return "".join(kept)


def clipped(text: str, most: int) -> str:
    """A text of at most about `most` characters: the end is left out, and it says how much.

    >>> clipped("abcdefgh", 8), clipped("abcdefghij", 8)
    ('abcdefgh', 'abcdefgh… (2 characters more)')
    """
    if len(text) <= most:
        return text
    return f"{text[:most]}… ({len(text) - most:,} characters more)"


def escaped_markdown(text: str) -> str:
    """A text as a part of a line of Markdown that is read as it stands: signs that could be markup
    carry a backslash (CommonMark 0.31, §2.4), and those of HTML are entities.

    >>> print(escaped_markdown("a|b\\n<b>*x*"))
    a\\|b &lt;b&gt;\\*x\\*
    >>> print(escaped_markdown("1. see http://a.b, www.a.b: 5 %"))
    1\\. see http\\://a.b, www\\.a.b: 5 %
    """
    named = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
    return _MARKUP.sub(lambda m: named.get(m[0], f"\\{m[0]}"), " ".join(text.split()))
