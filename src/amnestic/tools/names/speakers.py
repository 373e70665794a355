"""Who is speaking: "I am X", "the user is called X", and what such a one asks about themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.types import Span

__all__ = ["asks_of_speaker", "is_speaker"]

_NEAR = 12
_IS = re.compile(
    r"\b(?:I am|I'm|I’m|my (?:full )?name is|my name's|this is|it's|call me|speaking is|signed"
    r"|(?:the|your|our) (?:user|customer|client|caller|patient|guest|member|person)(?:'s name)?"
    r"(?: you (?:talk|speak|chat) (?:to|with))? is(?: called| named)?"
    r"|user(?:[ _]?name)?(?=:)|you are (?:talking|speaking|chatting) (?:to|with)"
    r"|je m'appelle|je suis|ich bin|ich heiße|mein name ist|me llamo|soy|mi chiamo|sono)\b:?\s*",
    re.IGNORECASE,
)
_OF_SELF = re.compile(
    r"\b(?:(?:was|were|am|have|had|has|did) I\b"
    r"|(?:about|of|know|describe|remember) me\b"
    r"|my (?:full |real |first |last )?(?:life|birth\w*|career|books?|novels?|poems?|songs?|films?"
    r"|works?|family|wife|husband|spouse|partner|child\w*|kids|sons?|daughters?|parents?|father"
    r"|mother|brothers?|sisters?|age|nationality|education|school|university|degree|awards?|prizes?"
    r"|biography|bio|past|records?|address|home ?town|employer|company|guild|profession|occupation"
    r"|achievements|background|data|details|profile|story)\b"
    r"|(?:ai-je|suis-je|étais-je|bin ich|wurde ich|habe ich|war ich|nací|soy yo|sono nat[oa])\b)",
    re.IGNORECASE,
)


def is_speaker(text: str, names: Sequence[Span]) -> bool:
    """Whether a text says that the one whose name stands at `names` is who speaks to the model.

    >>> is_speaker("Hello, I am Ada Brook.", [Span(12, 21)])
    True
    >>> is_speaker("User: Ada Brook", [Span(6, 15)])
    True
    >>> is_speaker("I am a friend of Ada Brook.", [Span(17, 26)])
    False
    """
    ends = [match.end() for match in _IS.finditer(text)]
    return any(
        0 <= name.start - end <= _NEAR and not re.search(r"\w", text[end : name.start])
        for end in ends
        for name in names
    )


def asks_of_speaker(text: str) -> bool:
    """Whether a text asks for something about the one who speaks.

    >>> asks_of_speaker("Where was I born?"), asks_of_speaker("How do I boil eggs?")
    (True, False)
    """
    return bool(_OF_SELF.search(text))
