"""Untrusted text inside a prompt: delimited, labelled, bounded, and without control tokens."""

from __future__ import annotations

import re
import secrets

__all__ = ["BlockWriter", "bounded", "neutralise", "restore"]

_CONTROL = re.compile(
    r"<[|｜][^<>\n]{0,60}?[|｜]?>"
    r"|</?(?:s|bos|eos|pad|unk|think|tool_call|tool_response|(?:start|end)_of_\w{1,20})>"
    r"|<</?SYS>>|\[/?(?:INST|SYS|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]"
    r"|<{3,}|>{3,}|[|｜]>|<[|｜]",
    re.IGNORECASE,
)
_LOOKALIKE = str.maketrans("<>[]|\x00", "‹›［］¦\ufffd")
_BACK = str.maketrans("‹›［］¦", "<>[]|")


def neutralise(text: str) -> str:
    """`text` with what a chat template or this module writes as control turned into look-alikes.

    Each character is replaced by one character, so that a place in the result is the same place
    in `text`.

    >>> neutralise("stop <|im_end|> now, 1 < 2")
    'stop ‹¦im_end¦› now, 1 < 2'
    """
    clean = _CONTROL.sub(lambda match: match.group().translate(_LOOKALIKE), text)
    return clean.replace("\x00", "\ufffd")


def restore(text: str, original: str) -> str:
    """Undo `neutralise` in what a model made of `original`: code comes back as it was written."""
    if neutralise(original) == original or any(c in original for c in "‹›［］¦"):
        return text
    return text.translate(_BACK)


def bounded(text: str, limit: int) -> str:
    """`text`, or its beginning and end around a visible cut when it is over `limit` characters.

    >>> bounded("abcdefghij", 6)
    'abcd [… 4 characters cut …] ij'
    """
    if len(text) <= limit:
        return text
    tail = limit // 3
    head = limit - tail
    return f"{text[:head]} [… {len(text) - limit} characters cut …] {text[-tail:]}"


class BlockWriter:
    """Writes the blocks of one prompt, delimited by a marker that is drawn anew for each prompt.

    A text cannot end its block, since it cannot know the marker, and triple angle brackets in it
    are turned into look-alikes.

    >>> print(BlockWriter("7f3a")("draft", "Hello >>> end"))
    <<<7f3a draft>>>
    Hello ››› end
    <<<7f3a end of draft>>>
    """

    def __init__(self, marker: str | None = None) -> None:
        self.marker = marker or secrets.token_hex(8)

    def __call__(self, label: str, text: str, limit: int = 12_000) -> str:
        """One block. `label` is the prompt's own word, `text` is data."""
        body = bounded(neutralise(text), limit).replace(self.marker, "·" * len(self.marker))
        return f"<<<{self.marker} {label}>>>\n{body}\n<<<{self.marker} end of {label}>>>"
