"""Which pieces of a text are worth embedding: most are about other things, as their words say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amnestic.tools.detection.skills import is_asked
from amnestic.tools.detection.trifles import is_one_plain_word
from amnestic.tools.detection.window import Hits, Window, names_one
from amnestic.tools.detection.windows import IsWorth
from amnestic.tools.index import Roster
from amnestic.tools.protocols import Context
from amnestic.tools.reading import Reading, Words

__all__ = ["Worth", "anything"]

_SHARED = 0.8
_UNLIKE, _LIKE = 0.4, 0.5


@dataclass(frozen=True, slots=True)
class Worth:
    """What is worth a look beside the targets of a roster."""

    roster: Roster

    def by_itself(self, context: Context) -> IsWorth:
        """Of a text that is judged by itself, whatever shares words with a fact; of very many texts
        only what may tell by them."""
        if context.bulk and not context.sticky:
            return self.seldom(context)

        def is_worth(reading: Reading, words: Words, hits: Hits) -> bool:
            if hits:
                return True
            if is_one_plain_word(words):
                return False
            return bool(context.sticky) or self._shares(words) or self.roster.tells(words)

        return is_worth

    def in_answer(self, asked: Window, context: Context) -> IsWorth:
        """Of an answer everything, but where its question is far from every target."""
        if context.sticky or not self._is_far(asked):
            return anything
        return self.seldom(context)

    def is_apart(self, questions: Sequence[Window], context: Context) -> bool:
        """Whether questions are far from every target and nothing around them is about one, so that
        of an answer to them only what `seldom` lets through is worth a look."""
        if context.sticky or context.told or context.named:
            return False
        return all(self._is_far(asked) and not asked.hits for asked in questions)

    def seldom(self, context: Context) -> IsWorth:
        """Whether a sentence may tell of a target that all around it is far from: by a telling word
        or by a name, or by doing what a skill is; by a given name, too, where the text around calls
        that target in full, and by the words of a fact where it certainly tells of one."""

        def is_worth(reading: Reading, words: Words, hits: Hits) -> bool:
            if self.roster.tells(words) or names_one(reading, hits):
                return True
            if context.told and self._shares(words):
                return True
            if any(is_asked(skill, reading.text) for skill in self.roster.skills):
                return True
            return not context.named.isdisjoint(hits)

        return is_worth

    def _shares(self, words: Words) -> bool:
        return self.roster.shared(words) >= _SHARED

    def _is_far(self, asked: Window) -> bool:
        """Whether a question names no target and means nothing like what is known of any; a little
        likeness of meaning counts only where words are shared too. A given name or an everyday
        word that is a surname names nobody where nothing else is alike."""
        if asked.nearest >= _LIKE or asked.names_one:
            return False
        if asked.hits:
            return asked.nearest < _UNLIKE
        return asked.nearest < _UNLIKE or not self._shares(asked.passage.words)


def anything(reading: Reading, words: Words, hits: Hits) -> bool:
    """Everything is worth a look."""
    return True
