"""From what the tagger saw in a request to what is stored: one record for each subject.

The tagger says which words are what; here each is read as the type that it is: names without title
and legal form, identifiers with their labels, dates, facts as sentences that say whom they tell of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from amnestic.agents.requests.aliases_told import OUTER, aliases_told
from amnestic.agents.requests.appositions import apposed
from amnestic.agents.requests.belonging import goes_along, goes_on, row_before
from amnestic.agents.requests.extents import (
    behind_rank,
    up_to_colon,
    up_to_legal_form,
    without_author,
)
from amnestic.agents.requests.grounds import ground_in, reason_in, scope_in
from amnestic.agents.requests.identifiers import Found, identifier_told, identifiers_in
from amnestic.agents.requests.kept_together import surely_stays
from amnestic.agents.requests.meant import is_aspect, is_meant
from amnestic.agents.requests.name_aliases import plain_and_written, written_otherwise
from amnestic.agents.requests.name_runs import whole_name
from amnestic.agents.requests.negated import is_negated
from amnestic.agents.requests.neither import NOTHING_GOES
from amnestic.agents.requests.nicknames import with_nickname
from amnestic.agents.requests.numbers_of_others import numbers_of_others
from amnestic.agents.requests.readings import Interpretation, refuse_too_many, whether_stays
from amnestic.agents.requests.told_facts import by_itself
from amnestic.agents.requests.until_when import expiry_of, passed_over
from amnestic.agents.requests.width import telling_name
from amnestic.exceptions import ForgetRequestError
from amnestic.tools.tagging import KINDS, Span, Tagged
from amnestic.types import Identifier, IdentifierType, TargetKind

__all__ = ["Composed", "compose"]

_STORED_AS = {
    "event": TargetKind.TOPIC,
    "product": TargetKind.TOPIC,
    "project": TargetKind.TOPIC,
    "other": TargetKind.TOPIC,
    "secret": TargetKind.RECORD,
}
_PLAIN_KINDS = (TargetKind.PERSON, TargetKind.ORGANISATION)
_CERTAIN_KIND = 0.85
_LIKELY = 0.5
_CERTAIN_FACT = 0.4
_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"(?:the|an?)\s+|(?:The|An?)\s+(?=[a-z])")
_LABEL = re.compile(
    r"(?:^|[,;|(\n\t–—]|\.\s|\s[-–—]\s)\s*(?P<label>[^\W\d][^,;|(\n\t–—]{0,40}?)[\s:=#.]*$"
)
_NAME = r"[^\W\d_a-z][\w'’.-]*"
_LISTED = re.compile(
    rf"(?P<family>{_NAME}(?:\s(?:(?:de|da|di|van|von|der|del|la|le)\s)+{_NAME})?),\s+(?P<given>{_NAME}(?:\s+{_NAME}){{0,2}})"
)
_PART_OF_IT = re.compile(  # what follows is no exception, whatever it looks like
    r"\b(?:including|inclusive\s+of|incl\.?|inklusive|samt|einschließlich|y\s+compris|incluid[oa]s?|"
    r"incluyendo|compres[oia]|inclus[oaie]+|włącznie\s+z|包括)\s*(?:the\s+|of\s+)?$",
    re.I,
)
_OWN_GENITIVE = re.compile(r"['’]s(?=[,.;:!?)]|$)")  # of a name, since nothing stands behind it
_CLAUSE_REST = re.compile(r"[ ][^\W_]+(?:[ ][^\W_]+)?(?=[.,;:!?)\n]|$)")
_YEARS = re.compile(r"\d{4}(?:\s?[-–—]\s?\d{2,4})?")
_OPENS_WITH_PRONOUN = re.compile(r"(?:s?he|it|they|his|her|its|their|who|which|that)\b", re.I)


@dataclass(frozen=True, slots=True)
class Composed:
    """The targets of a text, how certain the name of each is, and what was left over: addresses
    and numbers that no target has."""

    targets: tuple[Interpretation, ...]
    certainties: tuple[float, ...]
    left_over: tuple[str, ...] = ()


def compose(seen: Tagged, now: datetime) -> Composed:
    """The targets of a tagged text.

    Raises `ForgetRequestError` where all shall stay, and for a date that is past or none,
    `NeedsClarificationError` where a time is told that cannot be read as a date.
    """
    return _Text(seen, now).composed()


class _Text:
    def __init__(self, seen: Tagged, now: datetime) -> None:
        self.seen, self.now = seen, now
        self.subjects = tuple(self._whole(span) for span in _named_first(seen))
        self.others = numbers_of_others(seen, self.subjects)

    @cached_property
    def typed(self) -> tuple[Found, ...]:
        return identifiers_in(self.seen.text)

    def composed(self) -> Composed:
        if self.subjects and all(is_negated(self.seen, s) for s in self.subjects):
            raise ForgetRequestError(NOTHING_GOES)
        scope, reason = scope_in(self.seen), reason_in(self.seen)
        ground = ground_in(self.seen.text)
        targets: dict[str, tuple[Interpretation, float]] = {}
        for i, span in enumerate(self.subjects):
            name, written = self._name(span)
            kind, sure = self._kind(span)
            belongs = kind is not TargetKind.PERSON and self._goes_along(span)
            belongs = belongs or is_aspect(self.seen, self.subjects[:i], span)
            if not _WORD.search(name) or is_negated(self.seen, span) or belongs:
                continue
            identifiers = self._identifiers(i)
            aliases = dict.fromkeys((*written, *self._aliases(i, name, kind)))
            name = telling_name(name, aliases)
            facts = self._facts(i, name)
            numbers = [f"{name}, {x.told}." for x in identifiers if x.value != name]
            target = Interpretation(
                name,
                kind,
                " ".join((*facts, *numbers)),
                tuple(a for a in aliases if a.casefold() != name.casefold()),
                self._kept,
                expiry_of(self.seen, i, self.now),
                reason,
                ground,
                identifiers,
                kind_guessed=sure < _CERTAIN_KIND,
                scope=scope,
            )
            targets.setdefault(name.casefold(), (target, span.certainty))
        refuse_too_many(len(targets))
        found = tuple(targets.values())
        return Composed(tuple(t for t, _ in found), tuple(c for _, c in found), self._left_over())

    def _whole(self, span: Span) -> Span:
        """A subject as far as its name goes."""
        return whole_name(self.seen, span, self._kind(span)[0])

    def _left_over(self) -> tuple[str, ...]:
        """Identifiers of a known type in words that are of no other use to the request."""
        used = self.seen.labelled("identifier", "subject", "alias", "keep", "until", "fact")
        loose = (f.identifier for f in self.typed if not any(_overlap(s, f) for s in used))
        told = [i.told for i in loose if i.type is not IdentifierType.NUMBER]
        keeps = (s for s in self.seen.labelled("keep") if not surely_stays(self.seen, s))
        unsure = [s for s in keeps if not any(_overlap(s, own) for own in self.subjects)]
        stays = (whether_stays(self.seen.text_of(s)) for s in unsure if not self._goes_along(s))
        return (*told, *map(self.seen.text_of, self.others), *passed_over(self.seen), *stays)

    # ── Names ────────────────────────────────────────────────────────────────────────────────────

    def _name(self, span: Span) -> tuple[str, tuple[str, ...]]:
        end = own.end() if (own := _OWN_GENITIVE.match(self.seen.text, span.end)) else span.end
        said = " ".join(up_to_colon(self.seen.text[span.start : end].strip(OUTER)).split())
        said = _ARTICLE.sub("", said, count=1) if _ARTICLE.match(said) else said
        is_person = (kind := self._kind(span)[0]) is TargetKind.PERSON
        if is_person and (listed := _LISTED.fullmatch(said)):  # "Osk, Mirela"
            return said, (f"{listed['given']} {listed['family']}",)
        if is_person and (nicknamed := with_nickname(said)):
            return nicknamed
        if kind in _PLAIN_KINDS:
            plain = up_to_legal_form(behind_rank(said))
            name, written = plain_and_written(plain)
            return name, tuple(dict.fromkeys((*((said,) if plain != said else ()), *written)))
        said = without_author(said) if kind is TargetKind.WORK else said
        return said, written_otherwise(said)

    def _kind(self, span: Span) -> tuple[TargetKind, float]:
        chances: dict[TargetKind, float] = {}
        for name, chance in zip(KINDS, span.kinds, strict=True):
            kind = _STORED_AS.get(name) or TargetKind(name)
            chances[kind] = chances.get(kind, 0.0) + chance
        kind = max(chances, key=chances.__getitem__)
        return kind, chances[kind]

    def _aliases(self, i: int, name: str, kind: TargetKind) -> list[str]:
        spans = [span for span in self._of("alias", i) if span.certainty >= _LIKELY]
        return aliases_told(self.seen, self.subjects, spans, name, kind)

    # ── What belongs to a subject ────────────────────────────────────────────────────────────────

    def _of(self, label: str, i: int) -> list[Span]:
        found = self.seen.labelled(label)
        return [s for s in found if s.of in (i, None) and s not in self.others]

    def _identifiers(self, i: int) -> tuple[Identifier, ...]:
        subject = self.subjects[i]
        spans: list[Span | Found] = [*self._of("identifier", i)]
        kind, _ = self._kind(subject)
        if kind is TargetKind.RECORD and not any(_overlap(s, subject) for s in spans):
            typed = [f for f in self.typed if _overlap(f, subject)]
            spans = [*spans, *typed] if typed else [*spans, subject]
        elif kind is TargetKind.WORK:  # "Tithes, 1540-1603"
            spans = [s for s in spans if not (_overlap(s, subject) and self._are_years(s))]
        spans = [s for s in spans if isinstance(s, Found) or self._identifies(s)]
        return tuple(dict.fromkeys(self._identifier(s.start, s.end) for s in spans))

    def _are_years(self, span: Span | Found) -> bool:
        return _YEARS.fullmatch(self.seen.text, span.start, span.end) is not None

    def _identifies(self, span: Span) -> bool:
        """Whether a piece stands for one thing: it has a digit or a sign, or surely does."""
        return span.certainty >= _LIKELY or bool(re.search(r"[\d@]", self.seen.text_of(span)))

    def _identifier(self, start: int, end: int) -> Identifier:
        said = self.seen.text[start:end].strip(OUTER)
        for found in self.typed:
            value = found.identifier.value
            if (
                found.start < end
                and found.end > start
                and _letters(said) in _letters(f"{found.identifier.label}{value}")
                and _letters(value) in _letters(self.seen.text[found.start : found.end])
            ):
                return found.identifier
        label = _LABEL.search(self.seen.text[max(0, start - 60) : start])
        words = label["label"].split()[-4:] if label else []
        return identifier_told(said, " ".join(words))

    def _facts(self, i: int, name: str) -> list[str]:
        """What is told of a subject, each as a sentence; a piece that stands within words on it."""
        text, facts = self.seen.text, []
        for span in self._of("fact", i):
            said = text[span.start : self._clause_end(span.end)]
            piece = " ".join(said.strip(" \t\n,;–—").split())
            if not _WORD.search(piece) or span.certainty < _CERTAIN_FACT:
                continue
            if _OPENS_WITH_PRONOUN.match(piece) or _letters(name) in _letters(piece):
                piece = re.sub(r"^(?:who|which|that)\s+", f"{name} ", piece)
                facts.append(by_itself(_sentence(piece), name))
            elif piece[:1].isupper() and len(piece.split()) > 3:
                facts.append(_sentence(piece))
            else:
                facts.append(apposed(name, f", {piece}"))
        return list(dict.fromkeys(facts))

    def _clause_end(self, end: int) -> int:
        """Where the clause ends in which a piece does, if a word or two of it are left over."""
        rest = _CLAUSE_REST.match(self.seen.text, end)
        if rest is None or any(s.start < rest.end() and s.end > end for s in self.seen.spans):
            return end
        return rest.end()

    @cached_property
    def _kept(self) -> tuple[str, ...]:
        """What stays, of all targets. A target's own name is none of that: it would stay whole."""
        meant = (s for s in self.subjects if not is_negated(self.seen, s))
        own = [_letters(self.seen.text_of(s)) for s in meant]
        kept = []
        stays = (s for s in self.subjects if is_negated(self.seen, s))
        for span in (*self.seen.labelled("keep"), *stays):
            words = self.seen.text_of(span).strip(OUTER + ".")
            letters = _letters(words.removeprefix("The ").removeprefix("the "))
            lead = self.seen.text[max(0, span.start - 24) : span.start]
            is_part = any(_PART_OF_IT.search(w) for w in (lead, words.partition(" ")[0]))
            sure = span.label == "subject" or surely_stays(self.seen, span)
            along = self._goes_along(span) or self._is_listed(span) or is_meant(self.seen, span)
            is_own = any(letters in name for name in own)
            if letters and sure and not (is_part or along or is_own):
                kept.append(words)
        return tuple(dict.fromkeys(kept))

    def _goes_along(self, span: Span) -> bool:
        """Whether a piece says only what belongs to the name before it."""
        before = [s.end for s in self.seen.labelled("subject", "alias") if s.end <= span.start]
        between = self.seen.text[max(before, default=0) : span.start]
        return bool(before) and goes_along(between, self.seen.text_of(span))

    def _is_listed(self, span: Span) -> bool:
        """Whether a piece goes on a list of what is meant, or a row of which the rest is."""
        text, keeps = self.seen.text, self.seen.labelled("keep")
        meant = self.seen.labelled("subject", "alias", "fact")
        end = max((s.end for s in meant if s.end <= span.start), default=0)
        row = row_before(text[: span.start], text[span.end :])
        while row and (kept := next((s for s in keeps if s.start < row <= s.end), None)):
            row = row_before(text[: kept.start], text[kept.end :])
        return row is not None or goes_on(text[end : span.start], text[span.end :])


def _named_first(seen: Tagged) -> tuple[Span, ...]:
    """The subjects; where there is none the surest of the names that are told as others'."""
    aliases = seen.labelled("alias")
    if (subjects := seen.labelled("subject")) or not aliases or seen.outcome != "ok":
        return subjects
    return (replace(max(aliases, key=lambda s: s.certainty), label="subject"),)


def _overlap(a: Span | Found, b: Span | Found) -> bool:
    return a.start < b.end and a.end > b.start


def _sentence(piece: str) -> str:
    return piece if piece[-1:] in ".!?。" else f"{piece}."


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
