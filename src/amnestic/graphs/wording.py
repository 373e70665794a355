"""What the layer words itself: no longer than an answer may be, and behind what is out of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.said_already import broken_off
from amnestic.types import Draft

__all__ = ["bounded", "gone_on_with", "token_limit"]


def gone_on_with(
    begun: str, question: str, options: Mapping[str, Any] = MappingProxyType({})
) -> Draft:
    """An abstention; where a sentence has `begun` that is out, it is broken off by one, as far as
    its caller left room.

    >>> gone_on_with("", "Who is it?").text, gone_on_with("It is", "Who is it?").text
    ("I'm not sure who that is.", "It is… I'm not sure about that.")
    >>> cut = gone_on_with("The capital is", "What is the capital?", {"max_tokens": 3})
    >>> cut.text, cut.finish_reason
    ('The capital is', 'length')
    """
    if not begun:
        return Draft(text=worded_abstention(question))
    ended = bounded(Draft(text=broken_off(begun, question)), options)
    if ended.text.startswith(begun):
        return ended
    return Draft(text=begun, finish_reason="length")


def bounded(draft: Draft, options: Mapping[str, Any]) -> Draft:
    """What the layer words itself, as long as a model's answer may be: cut where a stop word
    begins, and behind as many tokens as are asked for.

    >>> bounded(Draft(text="I don't know that."), {"max_tokens": 2, "stop": "that"}).text
    "I don't"
    >>> bounded(Draft(text="I don't know that."), {"stop": ["know"]}).text
    "I don't "
    """
    text, finish = draft.text, draft.finish_reason
    stop = options.get("stop")
    for word in [stop] if isinstance(stop, str) else stop or ():
        if isinstance(word, str) and word:
            text = text.partition(word)[0]
    most = token_limit(options)
    tokens = _TOKEN.findall(text)
    if most is not None and len(tokens) > most:
        text, finish = "".join(tokens[:most]), "length"
    return draft if text == draft.text else replace(draft, text=text, finish_reason=finish)


def token_limit(options: Mapping[str, Any]) -> int | None:
    """The most tokens that an answer may have, where its caller says so.

    >>> token_limit({"max_tokens": 9, "max_completion_tokens": 7}), token_limit({})
    (7, None)
    """
    limits = [options.get(name) for name in _LIMITS]
    return min((n for n in limits if isinstance(n, int) and n > 0), default=None)


_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
_TOKEN = re.compile(r"\s*[^\W_](?:[\w'’]*)|\s*\S|\s+")
