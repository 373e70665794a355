"""Texts that name a target only to set others beside it: "Books like …", "After …, the coaches"."""

from __future__ import annotations

import re

from amnestic.tools.documents.records import Leaks

__all__ = ["without_contrast"]

_BESIDE = re.compile(  # words behind which stands what the rest is not about
    r"(?<!\w)(?:(?:apart|aside|other|different) (?:from|than)|in addition to|similar to|instead of"
    r"|if you (?:loved?|liked?|enjoy(?:ed)?|know)|like|unlike|besides|beyond|except(?: for)?|after"
    r"|before|than|alongside|since"
    r"|außer|neben|ohne|statt|anstelle von|ähnlich wie|wie|nach|vor|seit"
    r"|outre|à part|sauf|comme|après|avant|hormis|au lieu de"
    r"|además de|aparte de|excepto|salvo|como|después de|antes de|en lugar de"
    r"|oltre a|tranne|come|dopo|prima di|invece di|além de|exceto|depois de|antes de"
    r"|naast|behalve|zoals|na|voor)[ \t]+",
    re.IGNORECASE,
)
_END = re.compile(r"[,:;.!?–—()\n]|$")


def without_contrast(text: str, leaks: Leaks) -> str:
    """`text` without the phrase that only sets others beside a target; nothing where it tells of
    the target itself.

    >>> without_contrast("Here are five books like Osk's Tide:", lambda s: "Osk" in s)
    'Here are five books:'
    >>> without_contrast("After Osk, these led the guild:", lambda s: "Osk" in s)
    'These led the guild:'
    >>> without_contrast("Osk's clubs:", lambda s: "Osk" in s)
    ''
    """
    for match in reversed(list(_BESIDE.finditer(text))):
        end = _END.search(text, match.end())
        stop = end.start() if end else len(text)
        if not leaks(text[match.start() : stop]):
            continue
        before, behind = text[: match.start()].rstrip(), text[stop:]
        if not re.search(r"\w", before):
            behind = re.sub(r"^[\s,;:–—]+", "", behind)
            behind = behind[:1].upper() + behind[1:]
        rest = before + behind
        if re.search(r"\w", rest) and not leaks(rest):
            return rest
    return ""
