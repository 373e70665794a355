"""From tokens to text as they come, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from amnestic.exceptions import InvalidRequestError
from amnestic.models.forbidden import FREE, Restriction
from amnestic.types import ToolCall

__all__ = ["RESTRICTION", "Piece", "Sampling", "StopFinder", "TokenText"]

RESTRICTION = "restriction"
"""The option that carries a `Restriction` to the model; what a caller sends under this name is
no such object, and passed over."""

_MOST_SEED = 2**62  # torch takes 64 bits, and each choice a seed of its own


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer; the last one carries why it ended, what it cost in tokens, and the
    tools that it calls."""

    text: str
    finish: str | None = None
    prompt_tokens: int = 0
    tokens: int = 0
    calls: tuple[ToolCall, ...] = ()

    @property
    def last(self) -> bool:
        """Whether nothing follows."""
        return self.finish is not None


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen: greedily when `temperature` is 0, from those that the
    restriction leaves."""

    temperature: float = 0.0
    top_p: float = 1.0
    max_tokens: int = 512
    stop: tuple[str, ...] = ()
    seed: int | None = None
    restriction: Restriction = FREE

    @property
    def greedy(self) -> bool:
        """Whether the likeliest token is always taken."""
        return self.temperature == 0.0

    @classmethod
    def from_options(
        cls, options: Mapping[str, Any], stop: Sequence[str] | None, max_tokens: int
    ) -> list[Sampling]:
        """One sampling for each of the `n` answers that a call's options ask for.

        Raises `InvalidRequestError` for a value out of range.

        >>> Sampling.from_options({"n": 2, "temperature": 1, "seed": 7}, None, 9)[1].seed
        8
        """
        temperature, top_p = options.get("temperature"), options.get("top_p")
        if temperature is None:
            temperature = 0.0 if top_p is None or top_p >= 1 else 1.0
        limit = options.get("max_completion_tokens") or options.get("max_tokens") or max_tokens
        n, seed = options.get("n") or 1, options.get("seed")
        restriction = options.get(RESTRICTION)
        _in_range("temperature", temperature, 0, 2)
        _in_range("top_p", 1 if top_p is None else top_p, 0, 1)
        _in_range("max_tokens", limit, 1, float("inf"))
        _in_range("n", n, 1, 128)
        if seed is not None:
            _in_range("seed", seed, -_MOST_SEED, _MOST_SEED)
        one = cls(
            temperature=float(temperature),
            top_p=1.0 if top_p is None else float(top_p),
            max_tokens=int(limit),
            stop=tuple(text for text in stop or () if text),
            seed=seed,
            restriction=restriction if isinstance(restriction, Restriction) else FREE,
        )
        return [one if seed is None else replace(one, seed=seed + i) for i in range(int(n))]


def _in_range(name: str, value: Any, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidRequestError(f"{name} must be a number from {low} to {high}, not {value!r}")


class TokenText:
    """Turns token ids into text without ever giving half a character.

    A byte-level token can be a part of a character, and a token's text can depend on the one
    before it: a short window is decoded with and without the new token, and the difference given.

    Args:
        decode: the text of token ids.
        before: tokens that the text goes on from.

    >>> text = TokenText(lambda ids: bytes(ids).decode("utf-8", "replace"))
    >>> [text.feed(byte) for byte in "é".encode()]
    ['', 'é']
    """

    def __init__(self, decode: Callable[[list[int]], str], before: Sequence[int] = ()) -> None:
        self._decode = decode
        self._window = list(before)
        self._given = len(before)  # tokens of the window whose text has been given

    def feed(self, token: int) -> str:
        """The text that is certain after one more token."""
        self._window.append(token)
        text = self._pending()
        if text.endswith("\N{REPLACEMENT CHARACTER}") or not text:
            return ""
        self._window = self._window[self._given :]
        self._given = len(self._window)
        return text

    def flush(self) -> str:
        """The text that is left."""
        text = self._pending()
        self._given = len(self._window)
        return text

    def _pending(self) -> str:
        before = self._decode(self._window[: self._given])
        return self._decode(self._window)[len(before) :]


class StopFinder:
    """Holds text back while it could be the start of a stop string, and cuts at the first one.

    >>> stops = StopFinder(("END",))
    >>> stops.feed("one E"), stops.feed("ND two"), stops.found
    ('one ', '', True)
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stops)
        self._held = ""
        self.found = False

    def feed(self, text: str) -> str:
        """The text that may be given after `text` has come."""
        if self.found:
            return ""
        self._held += text
        at = [i for stop in self._stops if (i := self._held.find(stop)) >= 0]
        if at:
            self.found = True
            given, self._held = self._held[: min(at)], ""
            return given
        keep = self._possible_start()
        cut = len(self._held) - keep
        given, self._held = self._held[:cut], self._held[cut:]
        return given

    def flush(self, text: str) -> str:
        """The text that is left when nothing more comes."""
        given = self.feed(text)
        rest, self._held = self._held, ""
        return given + rest

    def _possible_start(self) -> int:
        """Length of the longest tail that begins a stop string."""
        longest = max((len(stop) for stop in self._stops), default=1) - 1
        for size in range(min(longest, len(self._held)), 0, -1):
            if any(stop.startswith(self._held[-size:]) for stop in self._stops):
                return size
        return 0
