"""The targets in force, made ready for detection, kept up with the index by its generation."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Mapping, Sequence

from amnestic.exceptions import TargetNotFoundError
from amnestic.starting import uncollected
from amnestic.tools.index.facet_index import FacetIndex
from amnestic.tools.index.profile import (
    TargetProfile,
    TargetWords,
    profile_of,
    words_of_target,
)
from amnestic.tools.index.word_index import WordIndex
from amnestic.tools.names import IdentifierIndex, NameMatcher
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.tools.reading import Words
from amnestic.types import ForgetTarget, TargetKind

__all__ = ["Roster"]

_LATELY = 120.0  # seconds for which a request may go on that began before a change
_MOST_LATELY = 1_024


_WELL_KNOWN = 30  # texts; of people of RWKU, .9 % of the questions near them were lost at 10


class Roster:
    """Name forms, identifiers, words and profiles of every target in the index.

    `refresh` costs one comparison while nothing has changed. After a change only the targets
    concerned are made ready again; the vectors of a profile are fetched when it is asked for.
    """

    def __init__(self, index: FacetIndex, embedder: Embedder) -> None:
        self.index = index
        self.matcher = NameMatcher()
        self.identifiers = IdentifierIndex()
        self._words = WordIndex()
        self._embedder = embedder
        self._targets: dict[str, ForgetTarget] = {}
        self._ready: dict[str, TargetWords] = {}
        self._profiles: dict[str, tuple[ForgetTarget, TargetProfile]] = {}
        self.generation = -1
        """That of the index at the last refresh: what is kept by it rests on no older list."""
        self.skills: tuple[ForgetTarget, ...] = ()
        """The targets that are a skill, which has no name that stands for it."""
        self.is_well_known = False
        """Whether so much is known of each target that words alone tell what is far from all."""
        self._turn = threading.Lock()
        self._lately: dict[str, tuple[float, ForgetTarget]] = {}

    def __len__(self) -> int:
        return len(self._targets)

    def refresh(self) -> None:
        """Bring names and profiles up to the index; on return its last change is in force. What has
        been out of force for a while is let go of."""
        if self.index.generation == self.generation:
            self._let_go()
            return
        with self._turn, uncollected():
            generation = self.index.generation
            now = {t.id: t for t in self.index.targets()}
            self._lately = self._left(now)
            gone, changed = self._targets.keys() - now.keys(), list[str]()
            for target_id in gone:
                self._ready.pop(target_id, None)
                self.matcher.remove(target_id)
                self.identifiers.remove(target_id)
                self._words.remove(target_id)
            for target_id, target in now.items():
                if self._targets.get(target_id) is not target:
                    changed.append(target_id)
                    ready = self._ready[target_id] = words_of_target(target)
                    self.matcher.add(target_id, ready.forms)
                    self.identifiers.add(target_id, target.identifiers)
                    self._words.add(target_id, ready.known, len(ready.texts) + 1)
            self._targets = now
            for target_id in (*gone, *changed):  # last: a request may just have made an old one
                self._profiles.pop(target_id, None)
            self.skills = tuple(t for t in now.values() if t.kind is TargetKind.SKILL)
            self.is_well_known = all(map(self._knows_much_of, now.values()))
            self.generation = generation

    def _knows_much_of(self, target: ForgetTarget) -> bool:
        """Whether many facts of a target are known, and it is none that is spoken of in any words,
        as a topic or a skill is."""
        if target.kind in (TargetKind.SKILL, TargetKind.TOPIC):
            return False
        return len(self._ready[target.id].texts) >= _WELL_KNOWN

    def shared(self, words: Words) -> float:
        """How much a text shares with the target nearest to it in words (`WordIndex.shared`)."""
        return self._words.shared(words.weights, words.entities, words.numbers)

    def tells(self, words: Words) -> bool:
        """Whether a text may tell a facet of a target without a name (`WordIndex.tells`)."""
        return self._words.tells(words.weights)

    def telling(self, texts: Sequence[Mapping[str, float]]) -> list[bool]:
        """Which of many texts may tell a facet, each by itself (`WordIndex.telling`)."""
        return self._words.telling(texts)

    def shares(self, words: Mapping[str, float]) -> tuple[float, float]:
        """How much of a text a facet holds, and how much a target does (`WordIndex.shares`)."""
        return self._words.shares(words)

    def tells_in(self, pieces: Sequence[Mapping[str, float]]) -> bool:
        """Whether pieces of a text in a row, of these, may tell a facet together
        (`WordIndex.tells_in`)."""
        return self._words.tells_in(pieces)

    def target(self, target_id: str) -> ForgetTarget | None:
        """The target as it was at the last refresh, if it is in force."""
        return self._targets.get(target_id)

    def lately(self, target_id: str) -> ForgetTarget | None:
        """The same of one that has gone out of force a moment ago, too: a request that found it is
        still to be answered."""
        target = self._targets.get(target_id)
        if target is not None or (gone := self._lately.get(target_id)) is None:
            return target
        return gone[1] if time.monotonic() - gone[0] < _LATELY else None

    def _let_go(self) -> None:
        """Keep nothing of those that went too long ago, whether anything changes or not."""
        first = next(iter(self._lately.values()), None)
        if first is not None and time.monotonic() - first[0] >= _LATELY:
            with self._turn:
                self._lately = self._left(self._targets)

    def _left(self, now: Mapping[str, ForgetTarget]) -> dict[str, tuple[float, ForgetTarget]]:
        """Those that have gone not long ago, and with which change."""
        at = time.monotonic()
        kept = {
            i: (then, target)
            for i, (then, target) in self._lately.items()
            if at - then < _LATELY and i not in now
        }
        for target_id in itertools.islice(self._targets.keys() - now.keys(), _MOST_LATELY):
            kept[target_id] = (at, self._targets[target_id])
        return dict([*kept.items()][-_MOST_LATELY:])

    def profile(self, target_id: str) -> TargetProfile | None:
        """The profile of a target as it was at the last refresh; `None` where it was not in force.

        One that has changed since, or is gone, is judged as it was: half a change is no reason to
        let a text pass, nor to withhold it.
        """
        target = self._targets.get(target_id)
        if target is None:
            return None
        known = self._profiles.get(target_id)
        if known is not None and known[0] is target:
            return known[1]
        ready = self._ready.get(target_id)
        if ready is None or ready.target is not target:  # it changed a moment ago
            ready = words_of_target(target)
        profile = profile_of(ready, self._vectors_of(target), self._embedder)
        self._profiles[target_id] = (target, profile)
        if self._targets.get(target_id) is not target:
            self._profiles.pop(target_id, None)
        return profile

    def _vectors_of(self, target: ForgetTarget) -> Vectors:
        """Those that the index holds, as long as they are of these very facets."""
        try:
            held = self.index.vectors_of(target.id)
        except TargetNotFoundError:
            held = None
        if held is not None and held.facet_ids == tuple(facet.id for facet in target.facets):
            return held.vectors
        return self._embedder.embed([facet.text for facet in target.facets])
