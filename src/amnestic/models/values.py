"""The words inside of a JSON value: every text that it carries, whatever field it stands in."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from amnestic.exceptions import ModelError

__all__ = ["likelihood_texts", "strings_in"]

_MOST_DEPTH = 64
_LISTS = ("tokens", "content", "refusal")
_USUAL = frozenset(
    "id object created created_at completed_at model usage prompt_tokens completion_tokens "
    "total_tokens input_tokens output_tokens prompt_tokens_details completion_tokens_details "
    "input_tokens_details output_tokens_details cached_tokens audio_tokens reasoning_tokens "
    "accepted_prediction_tokens rejected_prediction_tokens service_tier system_fingerprint default "
    "chat.completion chat.completion.chunk text_completion response assistant annotations status "
    "completed error incomplete_details parallel_tool_calls previous_response_id reasoning effort "
    "summary store temperature text format type truncation disabled tool_choice auto tools top_p "
    "user metadata background instructions max_output_tokens max_tool_calls top_logprobs "
    "frequency_penalty presence_penalty finish_reason stop logprobs token_usage model_name "
    "model_provider openai".split()
)
"""Names of fields, and fixed words in them, that every reply holds."""


def strings_in(
    value: Any, *, but: Collection[str] = (), keys: bool = False, depth: int = 0
) -> Iterator[str]:
    """Every text inside of a JSON value, in order. The values of the keys `but` are left out, and
    the keys themselves unless they are asked for, then but for what every reply holds.

    >>> list(strings_in({"a": ["x", {"b": "y"}], "id": "z"}, but=("id",)))
    ['x', 'y']
    >>> list(strings_in({"a": {"b": 1}}, keys=True))
    ['a', 'b']
    """
    if depth > _MOST_DEPTH:
        raise ModelError("the upstream's answer is nested too deeply to be read")
    if isinstance(value, str):
        if value.strip() and not (keys and value in _USUAL):
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key in but:
                continue
            if keys and isinstance(inner, str) and _NAMES.search(str(key)):
                yield from _words_of_id(inner)
                continue
            if keys and isinstance(key, str) and key.strip() and key not in _USUAL:
                yield key
            yield from strings_in(inner, but=but, keys=keys, depth=depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_in(inner, but=but, keys=keys, depth=depth + 1)


def _words_of_id(text: str) -> Iterator[str]:
    """What an id or a fingerprint tells: its letters in words, and what they say decoded. Most are
    drawn by lot, and would be taken for all kinds of codes as they stand.

    >>> list(_words_of_id("call_AdaVenn7")), list(_words_of_id("x-QWRhIFZlbm4="))
    (['call Ada Venn'], ['x QWRh IFZlbm', 'Ada Venn'])
    """
    if words := " ".join(_PIECE.findall(text)):
        yield words
    for run in _RUN.findall(text):
        for decode in (_from_base64, bytes.fromhex):
            try:
                found = decode(run).decode("utf-8")
            except ValueError:
                continue
            if found.isprintable():
                yield found


def _from_base64(run: str) -> bytes:
    return base64.b64decode(run + "=" * (-len(run) % 4), validate=True)


_NAMES = re.compile(r"(?:^|_)id$|fingerprint$|^obfuscation$")
_PIECE = re.compile(r"[A-Z]*[^\W\d_A-Z]+|[A-Z]+")
_RUN = re.compile(r"[A-Za-z0-9+/]{6,}")


def likelihood_texts(value: Any) -> Iterator[str]:
    """What the logprobs of an answer tell: the texts that its tokens make, and those of the tokens
    that were likely instead, the first, the second … of each place in a row. In the shapes of chat
    completions, of responses, and of the old completions.

    >>> other = [{"token": "Rome"}, {"token": "Oslo"}]
    >>> list(likelihood_texts({"content": [{"token": "Paris", "top_logprobs": other}]}))
    ['Paris', 'Rome', 'Oslo']
    >>> list(likelihood_texts({"tokens": ["Pa", "ris"], "top_logprobs": [{"Ro": -1}, {"me": -2}]}))
    ['Paris', 'Rome']
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _LISTS and isinstance(inner, list):
                yield from _of_places(inner)
            elif key == "top_logprobs" and isinstance(inner, list):
                yield from _ranks([list(p) if isinstance(p, Mapping) else [] for p in inner])
            else:
                yield from strings_in({key: inner}, keys=True)
    elif isinstance(value, list):
        yield from _of_places(value)
    else:
        yield from strings_in(value)


def _of_places(places: Sequence[Any]) -> Iterator[str]:
    """The tokens of an answer, place by place, each with what could have stood there."""
    yield "".join(_token(place) for place in places)
    told = "".join(_token(place) for place in places if isinstance(place, Mapping))
    spelt = "".join(_spelt(place) for place in places)
    if spelt and spelt != told:
        yield spelt
    others = [_others(place) for place in places]
    yield from _ranks([[_token(other) for other in place] for place in others])
    yield from _ranks([[s for o in place if (s := _spelt(o)) != _token(o)] for place in others])
    known = ("token", "bytes", "top_logprobs", "logprob")
    for place in (p for each in zip(places, others, strict=True) for p in (each[0], *each[1])):
        if isinstance(place, Mapping):
            yield from strings_in({k: v for k, v in place.items() if k not in known}, keys=True)


def _others(place: Any) -> list[Any]:
    found = place.get("top_logprobs") if isinstance(place, Mapping) else None
    return found if isinstance(found, list) else []


def _ranks(places: Sequence[Sequence[str]]) -> Iterator[str]:
    for rank in range(max(map(len, places), default=0)):
        if text := "".join(place[rank] for place in places if rank < len(place)):
            yield text


def _token(place: Any) -> str:
    found = place.get("token") if isinstance(place, Mapping) else place
    return found if isinstance(found, str) else ""


def _spelt(place: Any) -> str:
    """A token as its bytes spell it, which need not be what its text says."""
    found = place.get("bytes") if isinstance(place, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(b, int) and 0 <= b < 256 for b in found):
        return ""
    return bytes(found).decode("utf-8", "replace")
