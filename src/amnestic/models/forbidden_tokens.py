"""A restriction as the tokens that may not come next: what completes a string, or begins a word
with a barred letter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amnestic.models.forbidden import STANDS, ForbiddenText, Restriction
from amnestic.models.letters import Kind, fold, kind_of
from amnestic.models.vocabulary import Vocabulary, decoded

__all__ = ["Restricting", "restricting"]

_BETWEEN = (Kind.GAP, Kind.NOTHING)
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


def restricting(restriction: Restriction, vocabulary: Vocabulary) -> Restricting:
    """A restriction as a logits processor of transformers', for one answer."""
    if restriction.without:
        return Restricting(_Completing(restriction.without, vocabulary, restriction.begun))
    return Restricting(_Barred(restriction, vocabulary))


class Restricting:
    """A logits processor that leaves out the tokens which may not come next."""

    supports_continuous_batching = False

    def __init__(self, forbidden: _Completing | _Barred) -> None:
        self._forbidden = forbidden
        self._begun = False

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        import torch

        if self._begun:
            self._forbidden.take(int(input_ids[0, -1]))
        self._begun = True
        ids = torch.tensor(self._forbidden.ids(), dtype=torch.long, device=scores.device)
        return scores.index_fill(1, ids, -torch.inf)


class _Barred:
    """The tokens that begin the next word with a barred letter, until it has begun."""

    def __init__(self, restriction: Restriction, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._letters = restriction.barred
        self._begun = False
        self._needs_gap = restriction.ended_a_word
        self._needs_text = True
        self._pending = b""  # of a character that has only begun

    def take(self, token: int) -> None:
        text = self._vocabulary.texts[token]
        if text:
            self._needs_gap = self._needs_text = False
            told, self._pending = _told(self._pending, text)
            self._begun |= any(map(_is_word, told))

    def ids(self) -> list[int]:
        if self._begun:
            return []
        return [i for i, text in enumerate(self._vocabulary.texts) if self._is_barred(text)]

    def _is_barred(self, text: str | bytes | None) -> bool:
        if not text:
            return text is None or self._needs_text
        told, _ = _told(self._pending, text)
        if self._needs_gap and (not told or _is_word(told[0])):
            return True
        return next(filter(_is_word, told), "") in self._letters


def _told(pending: bytes, text: str | bytes) -> tuple[str, bytes]:
    """The folded characters that a token completes, and the bytes of one that it has begun."""
    if isinstance(text, str):
        return (_UNREADABLE if pending else "") + text, b""
    characters, rest = decoded(pending + text)
    return fold(characters), rest


def _is_word(char: str) -> bool:
    return kind_of(char) not in _BETWEEN


class _Completing:
    """The tokens that complete a string, whatever of it the text so far holds.

    A token that ends where a short string does is one of them, since its word may end there too.
    """

    def __init__(self, text: ForbiddenText, vocabulary: Vocabulary, begun: str) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._state = text.read(text.start, fold(begun))
        self._pending = b""  # of a character that has only begun
        self._known: dict[tuple[int, bytes], list[int]] = {}
        self._inside: dict[bool, list[int]] = {}

    def take(self, token: int) -> None:
        text = self._vocabulary.texts[token]
        if not text:
            return
        self._state, self._pending = self._after(text)

    def ids(self) -> list[int]:
        at = (self._state, self._pending)
        if at not in self._known:
            self._known[at] = list(self._found())
        return self._known[at]

    def _found(self) -> Iterator[int]:
        yield from self._vocabulary.unknown
        state = self._state
        if self._pending:  # what is no part of the character ends it
            state = self._text.read(state, _UNREADABLE)
        yield from self._completed_inside(self._text.begins_words(state))
        for low, high in self._carried_to_an_end(state):
            yield from self._vocabulary.within(low, high)
        for token, data in self._vocabulary.parts:
            if self._stands(self._after(data)[0]):
                yield token

    def _after(self, text: str | bytes) -> tuple[int, bytes]:
        told, rest = _told(self._pending, text)
        return self._text.read(self._state, told), rest

    def _stands(self, state: int) -> bool:
        return state == STANDS or not self._text.may_end(state)

    def _completed_inside(self, fresh: bool) -> list[int]:
        """The tokens in which a whole string stands."""
        if fresh not in self._inside:
            start = self._text.start if fresh else self._text.within_a_word
            places = {p for word in self._text.words for p in self._vocabulary.holding(word)}
            folded, ids = self._vocabulary.folded, self._vocabulary.ids
            self._inside[fresh] = [
                ids[place]
                for place in places
                if self._stands(self._text.read(start, folded[place]))
            ]
        return self._inside[fresh]

    def _carried_to_an_end(self, state: int) -> Iterator[tuple[int, int]]:
        """The tokens that complete a string which has begun, as places in the vocabulary."""
        todo = [("", 0, len(self._vocabulary.folded), self._text.threads(state))]
        while todo:
            start, low, high, threads = todo.pop()
            if self._text.awaits_an_end(threads):
                yield from self._ending_words(start, low, high)
            gaps = self._vocabulary.gaps if self._text.cross_gaps(threads) else ()
            for char in {*self._text.expected(threads), *gaps}:
                places = self._vocabulary.beginning(start + char, low, high)
                if places[0] == places[1]:
                    continue
                after = self._text.carried_on(threads, self._text.symbol(char))
                if after is None:
                    yield places
                elif after:
                    todo.append((start + char, *places, after))

    def _ending_words(self, start: str, low: int, high: int) -> Iterator[tuple[int, int]]:
        for place in range(low, high):
            rest = self._vocabulary.folded[place][len(start) :]
            if not rest or kind_of(rest[0]) is not Kind.LETTER:
                yield place, place + 1
