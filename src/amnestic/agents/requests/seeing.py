"""What the tagger read of a request, as it is compared with what the grammar did."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from amnestic.agents.requests.readings import Interpretation

__all__ = ["KEPT", "LOST", "SURE", "Seen"]

SURE = 0.9
"""From this certainty on the tagger's reading is taken against the grammar's, and said without a
word of doubt where the grammar has none."""

LOST = 0.5
"""Below this certainty a grammar that read all of a text is believed instead."""

_ONE_FACT = re.compile(r"\W*(?:the\s+fact\s+)?(?:that|dass|daß|que|che|dat)\b", re.I)

KEPT = 0.85
"""From this certainty on words are surely taken for what stays."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The tagger's reading.

    Attributes:
        targets: what it would store.
        outcome: `ok`, `ask` or `refuse`.
        certainty: the chance of that outcome.
        surenesses: of each target.
        unread: what it could make nothing of.
        claimed: words that are surely something else than names to forget.
        text: what was read.
        orders: words that say what to do or to leave, and tell of nothing.
        wished: the places of the targets that its wishes are for.
        keeps: all that it takes for what stays, each with how sure it is.
        kept: what stays by the words of the text, as the grammar reads them.
        excepted: those of them that stand behind a word which says nothing else.
        until: words that it takes for an end and that say none.
    """

    targets: tuple[Interpretation, ...]
    outcome: str
    certainty: float
    surenesses: tuple[float, ...] = ()
    unread: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    text: str = ""
    orders: tuple[str, ...] = ()
    wished: frozenset[int] = frozenset()
    keeps: tuple[tuple[str, float], ...] = ()
    kept: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    until: tuple[str, ...] = ()

    @property
    def sure(self) -> float:
        """How sure the least sure part of it is."""
        return min((self.certainty, *self.surenesses))

    @property
    def is_sure(self) -> bool:
        """Whether it may be taken against the grammar, and without a word of doubt."""
        return self.sure >= SURE

    def keeps_its_own(self, names: Collection[str]) -> bool:
        """Whether words that hold the full name of a target stay, and not only what is somebody's
        of that name: "questions on who Osk is" of "forget Osk". The name alone is no such words,
        also as one of the `names` that another reader reads it by; nor is one fact: "that Osk
        founded Tarn"."""
        kept = [*self.kept, *(words for words, _ in self.keeps)]
        kept = [w for w in kept if not _ONE_FACT.match(w) and w.strip(" .,") not in names]
        own = [re.escape(t.subject) for t in self.targets if " " in t.subject]
        return any(
            re.search(rf"{name}(?!['’]s?\b)", words) and not re.fullmatch(name, words.strip(" .,"))
            for name in own
            for words in kept
        )
