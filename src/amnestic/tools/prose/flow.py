"""Pieces of a text in the order in which they are read: what goes takes along what leans on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from amnestic.tools.prose.answers import asks, only_answers
from amnestic.tools.prose.antecedents import Antecedents
from amnestic.tools.prose.binding import means_another
from amnestic.tools.prose.block_names import block_names
from amnestic.tools.prose.definites import known_things, points_at_gone, telling_words
from amnestic.tools.prose.enumerations import trimmed
from amnestic.tools.prose.grammar import grammar_of
from amnestic.tools.prose.joining import concludes, unjoined
from amnestic.tools.prose.labels import Labels
from amnestic.tools.prose.leaning import (
    counts,
    lacks_subject,
    leans,
    leans_on_kind,
    leans_on_person,
    names_another,
    people_in,
    roles_in,
)
from amnestic.tools.prose.list_counts import LISTS, recounted_by, with_counts
from amnestic.tools.prose.people import does_something, names_person, names_somebody
from amnestic.tools.prose.sequels import without_sequel
from amnestic.tools.prose.some_of import means_all, tells_part, tells_which
from amnestic.tools.prose.steps import entry_leans
from amnestic.tools.prose.subjects import (
    goes_on_with,
    has_own_subject,
    is_only_of,
    means_several,
    opening_pronoun,
    points_back_in_clause,
    pronoun_of,
    says_pronoun,
    subject_of,
)

__all__ = ["Flow", "Heir", "Leaks"]

_LONGEST = 4_000  # characters of a sentence of which a part may stay

Leaks = Callable[[str], bool]
Heir = Callable[[str, str], str | None]


_CAPITAL = re.compile(r"[^\W\d_a-z][\w'’-]+")


@dataclass(slots=True)
class Flow:
    """What was read so far, and what the last dropped piece takes along.

    Args:
        leaks: whether a piece must go.
        counted: how many items each list had that lost some, and how many it has.
        heir: given a dropped sentence and one that leans on it, that sentence as it may stay by
            itself, or `None` where it cannot.
        goes_whole: whether a sentence means something else without a part of it: "In the second
            row it rains".
        whom: of whom pronouns speak, where no target may be meant by them.

    >>> flow = Flow(lambda s: "Osk" in s)
    >>> [flow.sentence(s) for s in ("Osk wrote it.", "She lives in Tavel.", "Rain fell.")]
    ['', '', 'Rain fell.']
    """

    leaks: Leaks
    heir: Heir | None = None
    shorter: bool = False
    counted: list[tuple[int, int]] = field(default_factory=list)
    goes_whole: Leaks | None = None
    whom: Antecedents = field(default_factory=Antecedents)
    _dropped: bool = False
    _sentence: str = ""
    _asked: str = ""  # the same, where it is a question
    _of_several: bool = False  # whether it is the last of several of which others stay
    _alone: bool = False
    _partly: bool = False  # the same, because of what went of a sentence that stays in part
    _kept_subject: str = ""  # "she", where she stands before what was dropped
    _spoken_of: str = ""  # the same, where what was dropped speaks of her as of somebody known
    _goes_on: str = ""  # the same, of whom what stays goes on behind it
    _theirs: set[str] = field(default_factory=set)  # pronouns of those whom only what went names
    _somebody: bool = False  # whether what stays names anybody
    _words: set[str] = field(default_factory=set)
    _people: set[str] = field(default_factory=set)
    _roles: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)  # telling words of what went, and of what stayed
    _told: set[str] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)  # words of what was spoken of as of known things
    _labels: Labels = field(default_factory=Labels)

    def sentence(self, sentence: str) -> str:
        """What may stay of the sentence that comes next; nothing where it goes."""
        piece = self._what_stays(sentence)
        if piece and self._points(piece):
            piece = self._trimmed(piece, lambda part: self.leaks(part) or self._points(part))
        if piece and piece is not sentence and self.takes(piece):  # what is left of it leans, too
            piece = ""
        if piece and self.shorter and self._tells_part(piece):
            left = self._trimmed(piece, lambda part: self.leaks(part) or self._tells_part(part))
            piece = left if left and piece.startswith(left.rstrip(" .!?…")) else ""
        if piece and self.shorter:
            recount = recounted_by if counts(piece) else with_counts
            piece = recount(piece, self.counted)
        if not piece or (piece is sentence and self.takes(sentence)):
            self.drop(sentence)
            return ""
        alone = self._dropped and not self._of_several  # what it was joined to is gone
        self.keep(piece)
        if len(piece) < len(sentence):
            self._gone.update(telling_words(sentence))
            self._partly = not self._alone and self._is_last_named(sentence, piece)
            self._alone = self._alone or self._partly
        self.shorter = self.shorter or len(piece) < len(sentence)
        return unjoined(piece) if alone else piece

    def takes(self, sentence: str) -> bool:
        """Whether a sentence goes because of what went before it."""
        if self.whom.stay(sentence, self._people, self._words):
            return self._points(sentence) or (self._dropped and concludes(sentence))
        if self._kept_subject and is_only_of(sentence, self._kept_subject):
            self._goes_on = self._kept_subject  # whoever it speaks of was named in what stays
            return False
        if self._dropped and self._leans(sentence):
            return True
        if self._points(sentence):
            return True
        if self._goes_on and is_only_of(sentence, self._goes_on):
            return False
        if self._alone and leans_on_person(sentence, self._people):
            return True
        return goes_on_with(sentence, self._theirs, self._people, follows=self._dropped)

    def takes_entry(self, entry: str) -> bool:
        """Whether an entry of a list goes because the one before it went."""
        return entry_leans(entry) and not self.whom.stay(entry, self._people, self._words)

    def _leans(self, sentence: str) -> bool:
        """Whether a sentence needs what went right before it."""
        if self._told:  # something stays behind which it can come next
            sentence = without_sequel(sentence)
        if leans_on_kind(sentence, self._words, self._roles) or lacks_subject(sentence):
            return True
        if self._of_several and (means_several(sentence, self._words) or concludes(sentence)):
            return False
        ways = (leans, concludes, points_back_in_clause, means_another)
        if any(way(sentence) for way in ways):
            return True
        return bool(self._asked) and only_answers(sentence, self._asked)

    def _points(self, piece: str) -> bool:
        return points_at_gone(piece, self._gone, self._told) or self._labels.call_gone(piece)

    def note_gone(self, piece: str) -> None:
        """Note that a row or a record went, of which a sentence may speak as of something known."""
        self._gone.update(telling_words(piece))

    def begin(self) -> None:
        """Note that what comes next, an item of a list, leans on nothing before it."""
        self._dropped = self._alone = self._partly = self._of_several = False
        self._theirs.clear()

    def begin_paragraph(self) -> None:
        """Note that what comes next answers no question before it."""
        self._asked = ""

    def end_list(self, stay: int) -> None:
        """Note that a list ends: what means several means those that `stay`, if these are some."""
        self._of_several = stay > 1

    def drop(self, piece: str, *, spoken: bool = True) -> None:
        """Note that a piece went; `spoken` where it is a sentence, and no line of a list."""
        self._note_pronouns(piece, spoken=spoken)
        self.whom.drop(piece, self._people)
        self._goes_on = ""
        self._dropped = True
        self._partly = self._partly and not self.leaks(piece)
        self._sentence = piece if spoken else ""
        self._asked = piece if spoken and asks(piece) else ""
        self._of_several = False
        self._labels.note(piece, stays=False)
        self._roles.update(roles_in(piece) if spoken else (*roles_in(piece), *block_names(piece)))
        self._gone.update(telling_words(piece))
        if piece.strip():
            self._alone = spoken and not names_another(piece, self._people, self.leaks)

    def keep(self, piece: str, *, spoken: bool = True) -> None:
        """Note that a piece stayed."""
        if not piece.strip():
            return
        self._labels.note(piece, stays=True)
        self.whom.keep(piece, self._people)
        in_doubt = self._kept_subject or self._partly or self._theirs
        own = bool(in_doubt) and has_own_subject(piece)
        if not own:
            self._goes_on = self._kept_subject or self._goes_on
        self._dropped, self._of_several = False, False
        self._sentence, self._asked, self._kept_subject = "", "", ""
        if not spoken:
            self._people.update(_CAPITAL.findall(piece))
        self._words.update(re.findall(r"\w+", piece.lower()))
        self._known.update(known_things(piece))
        self._told.update(telling_words(piece))
        self._people.update(w for name in people_in(piece) for w in name.split())
        self._somebody = self._somebody or names_person(piece, self._people)
        if (self._alone or self._theirs) and (
            not spoken or names_another(piece, self._people, self.leaks)
        ):
            self._alone = False
            self._theirs.clear()
        if own:
            self._theirs.clear()
        if self._partly and (own or grammar_of(piece).code != "en"):
            self._alone = self._partly = False  # things are "he" and "she" there, too

    def _note_pronouns(self, piece: str, *, spoken: bool) -> None:
        """Note by which pronouns a piece that goes speaks of whom: of those who are told of in what
        stays, with whom a sentence behind it may go on, or of those who went."""
        in_run = self._dropped or self._alone or bool(self._theirs) or not self._somebody
        of_kept = {"", self._kept_subject, self._goes_on}
        if not self._dropped:
            subject = self._subject(piece) if spoken and self._people else ""
            of_gone = self._alone or subject in self._theirs
            self._kept_subject = "" if of_gone and subject not in of_kept else subject
        elif self._kept_subject and (not spoken or self._may_be_meant(piece)):
            self._kept_subject = ""
        pronoun = pronoun_of(piece, self._people) if spoken else ""
        if not in_run:
            self._spoken_of = pronoun
        if not spoken:
            self._theirs.clear()
        elif in_run:
            self._theirs.update({pronoun} - of_kept - {self._kept_subject, self._spoken_of})

    def _subject(self, piece: str) -> str:
        """The pronoun by which a piece speaks of its subject, perhaps behind a place or a time."""
        return subject_of(piece) or opening_pronoun(piece, self._people)

    def _may_be_meant(self, piece: str) -> bool:
        """Whether a piece that goes within a run names somebody, or speaks of the target, by the
        pronoun with which a sentence behind it may go on with somebody who stays."""
        speaks = pronoun_of(piece, self._people) == self._kept_subject
        return speaks or names_somebody(piece, self._people, self.leaks, self._kept_subject)

    def _is_last_named(self, sentence: str, piece: str) -> bool:
        """Whether whoever is spoken of behind a sentence, of which a piece stays, can only be the
        target: it was named in what went of the sentence, as one who does something where others
        were told of before, and nobody is named in what stays."""
        if says_pronoun(sentence) or names_another(piece, self._people, self.leaks):
            return False
        stay = set(people_in(piece))
        went = [name for name in people_in(sentence) if name not in stay and self.leaks(name)]
        return bool(went) and (not self._somebody or does_something(sentence, went[0]))

    def _tells_part(self, piece: str) -> bool:
        """Whether a piece tells of some of the items of a list that lost one, perhaps of that; of
        one of them where it names none that stays."""
        lists = [before for before, _ in self.counted[-LISTS:]]
        if any(tells_part(piece, before) for before in lists):
            return True
        alone = (before for before, left in self.counted[-LISTS:] if left == 1)
        if any(means_all(piece, before) for before in alone):
            return True
        small = {word.lower() for word in _CAPITAL.findall(piece)} - grammar_of(piece).common
        is_named = not self._words.isdisjoint(small)
        return not is_named and any(tells_which(piece, before) for before in lists)

    def _what_stays(self, sentence: str) -> str:
        saved = self._saved(sentence)
        if saved is not None and not self.leaks(saved):
            return saved
        if not sentence.strip() or not self.leaks(sentence):
            return sentence
        if self.goes_whole is not None and self.goes_whole(sentence):
            return ""
        return self._trimmed(sentence, self.leaks) if len(sentence) <= _LONGEST else ""

    def _trimmed(self, sentence: str, leaks: Leaks) -> str:
        return trimmed(sentence, leaks, self._known)

    def _saved(self, sentence: str) -> str | None:
        """A sentence that leans on somebody else whom the dropped one named, as it may stay."""
        if self.heir is None or not self._dropped or not self._sentence or not leans(sentence):
            return None
        return self.heir(self._sentence, sentence)
