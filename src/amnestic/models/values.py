"""The words inside of a JSON value: every text that it carries, whatever field it stands in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from amnestic.exceptions import ModelError

__all__ = ["likelihood_texts", "strings_in"]

_MOST_DEPTH = 64
_LISTS = ("tokens", "content", "refusal")


def strings_in(
    value: Any, *, but: Collection[str] = (), keys: bool = False, depth: int = 0
) -> Iterator[str]:
    """Every text inside of a JSON value, in order. The values of the keys `but` are left out, and
    the keys themselves unless they are asked for.

    >>> list(strings_in({"a": ["x", {"b": "y"}], "id": "z"}, but=("id",)))
    ['x', 'y']
    >>> list(strings_in({"a": {"b": 1}}, keys=True))
    ['a', 'b']
    """
    if depth > _MOST_DEPTH:
        raise ModelError("the upstream's answer is nested too deeply to be read")
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key in but:
                continue
            if keys and isinstance(key, str) and key.strip():
                yield key
            yield from strings_in(inner, but=but, keys=keys, depth=depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_in(inner, but=but, keys=keys, depth=depth + 1)


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
