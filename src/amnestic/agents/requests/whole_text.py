"""A whole request: where it asks, for what, what it keeps, until when, and what is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amnestic.agents.requests.accounting import (
    distinct,
    is_told_of,
    told_by_part,
    unread_names,
    with_identifiers,
)
from amnestic.agents.requests.expiry import is_of_the_request, take_expiry
from amnestic.agents.requests.forms import BECAUSE
from amnestic.agents.requests.fragments import along_with, going_on
from amnestic.agents.requests.grounds import ground_in
from amnestic.agents.requests.keeping import take_exceptions
from amnestic.agents.requests.letters import Letter
from amnestic.agents.requests.marked import MARK, marked
from amnestic.agents.requests.mentions import ALL_OF_THEM, is_anaphor, mentions_in
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.oneself import I_AM, asks_for_oneself, is_self, writer
from amnestic.agents.requests.parts import Part, items_in, parts_of
from amnestic.agents.requests.plain_requests import as_command
from amnestic.agents.requests.pointing import kind_pointed, pointed_to, points_to_one
from amnestic.agents.requests.readings import RequestReading, refuse_too_many
from amnestic.agents.requests.target_kind import IS
from amnestic.agents.requests.targets import target_of
from amnestic.agents.requests.what_was_done import without_what_was_done
from amnestic.agents.requests.wishes import Wish, wish_in
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.types import TargetKind

__all__ = ["WholeText"]

_WORD = re.compile(r"[^\W_]+")
_BEFORE_DIGITS = re.compile(r"(?<=[a-z]{3}\.)\s+(?=\d+\s+[A-Z])")  # "50 Cent. 50 Cent is …"
_UNNAMED_KIN = re.compile(
    r"\b(?:and|or|nor)\s+(?P<who>(?:his|her|their|my|our)\s+(?:[a-z]+\s+){0,2}?(?:wife|husband|mother|father|parents|"
    r"brothers?|sisters?|sons?|daughters?|children|kids|family|partner|relatives))\b(?!\s*,?\s*(?-i:[A-Z]))",
    re.I,
)
_BELONGS = re.compile(
    r"\b(?:belong\w*\s+to|holder|owner|owned\s+by|of|registered\s+to|in\s+the\s+name\s+of|gehör\w+)\b",
    re.I,
)
_WANTS_GONE = re.compile(
    r"\b(?:forget|forgotten|eras|delet|remov|unlearn|unaware|gone|wip|purg|silent|conceal|hid|withh|hold|suppress|"
    r"vergess|vergiss|lösch|oubli|effac|supprim|olvid|borr|elimin|dimentic|cancell|vergeet|verwijder|zapomn|usu[nń])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words on each thing that is asked for, and the sentences that tell of them."""

    parts: tuple[Part, ...]
    told: tuple[str, ...]


class WholeText:
    """One request while it is read: `reading` gives all of it."""

    def __init__(self, letter: Letter, now: datetime) -> None:
        self.letter, self.now = letter, now
        self.marked = marked(letter.body)
        self.expires: datetime | None = None
        self.doubts: list[str] = []
        self.not_read: list[str] = []
        self.pointed = False

    def reading(self) -> RequestReading:
        """Read the text; raises as `LocalInterpreter.read` does."""
        lead, items = items_in(self.marked.text)
        body, reason = _take_reason(lead)
        body, kept = take_exceptions(body)
        sentences = [p for s in segments(body) for p in _BEFORE_DIGITS.split(s.of(body))]
        sentences = [self._without_expiry(s) for s in sentences]
        asked = self._asked(sentences, items)
        refuse_too_many(len(asked.parts))
        self._ask_for_surnames(asked.parts)
        asked = self._owner(asked)
        told = told_by_part(asked.parts, asked.told)
        everywhere = self.marked.identifiers(" ".join((*sentences, *items)))
        ground = ground_in(self.letter.body)
        targets = [
            replace(
                target_of(part.text, told[i], self.marked),
                exceptions=tuple(self.marked.said(k) for k in kept),
                expires=self.expires,
                reason=reason,
                legal_basis=ground,
            )
            for i, part in enumerate(asked.parts)
            if not part.lone
        ]
        if len(targets) == 1:
            targets = [with_identifiers(targets[0], everywhere)]
        unread = (
            *(*self.letter.unread, *self.not_read),
            *unread_names(self.marked.text, targets, self.letter),
        )
        if any(
            t.kind is TargetKind.TOPIC and t.kind_guessed and t.subject.islower() for t in targets
        ):
            self.doubts.extend(
                f"is {name!r} meant?"
                for name in unread_names(self.marked.text, targets, self.letter)
            )
        return RequestReading(distinct(targets), unread, tuple(self.doubts), self.pointed)

    def _owner(self, asked: _Asked) -> _Asked:
        """Whose the identifiers are, where nothing but identifiers is asked for."""
        if not all(MARK.search(part.text) for part in asked.parts):
            return asked
        if any(m.score >= 2 for part in asked.parts for m in mentions_in(part.text)):
            return asked
        named = {m.name: m for m in mentions_in(self.marked.text) if m.score >= 3}
        belongs = _BELONGS.search(self.marked.text)
        if len(named) != 1 or belongs is None:
            return asked
        (owner,) = named.values()
        marks = ", ".join(m.group() for part in asked.parts for m in MARK.finditer(part.text))
        return _Asked((Part(f"{owner.name}, {marks}"),), asked.told)

    def _without_expiry(self, sentence: str) -> str:
        opens = re.match(
            r"\s*(?:(?:this|it|that)\s+(?:\w+\s+){0,2})?(?:until|till|expires?|for|bis|it\s+expires)\b",
            sentence,
            re.I,
        )
        if self.expires is not None or not (
            opens or wish_in(sentence.strip()) or is_of_the_request(sentence)
        ):
            return sentence
        found = take_expiry(f" {sentence}" if opens else sentence, self.now)
        self.expires = found.date
        if found.date and wish_in(sentence.strip()) is None:
            if opens and not _WORD.search(re.sub(r"^\s*this\b", "", found.text)):
                return ""
            return "" if is_of_the_request(sentence) else found.text
        return found.text

    def _asked(self, sentences: Sequence[str], items: Sequence[str]) -> _Asked:
        wishes = [(i, w) for i, s in enumerate(sentences) if (w := wish_in(s.strip())) is not None]
        asked = [w.what for _, w in wishes]
        if asks_for_oneself(self.marked.text, asked, self.letter.sender):
            return self._oneself(sentences)
        if items:
            if not wishes:
                raise ForgetRequestError(
                    "the text lists things, but does not say that they shall be forgotten; begin "
                    "it with 'Please forget:'"
                )
            return _Asked(tuple(Part(_item(item)) for item in items), ())
        if not wishes:
            return self._as_command(sentences) or self._by_its_only_name(sentences)
        whole = [(i, w) for i, w in wishes if not _points(w.what)]
        if whole:
            return self._named(sentences, whole)
        return self._pointed(sentences, *wishes[0])

    def _named(self, sentences: Sequence[str], wishes: Sequence[tuple[int, Wish]]) -> _Asked:
        at, wish = wishes[0]
        whole = wish.what.rstrip(" .")
        parts = [Part(whole)] if _is_named_whole(whole, sentences) else list(parts_of(whole))
        if too := along_with(wish.told):
            parts = list(parts_of(f"{wish.what} and {too}"))
        further_on = going_on(sentences, at)
        parts.extend(p for what in further_on.values() for p in parts_of(what.rstrip(" .!")))
        for _, further in wishes[1:]:
            named = [m for m in mentions_in(further.what) if m.score >= 1]
            new = any(m.name not in p.text for m in named for p in parts)
            if MARK.search(further.what) or (new and not is_told_of(named, parts)):
                parts.extend(parts_of(further.what))
            elif not named:
                self.not_read.append(further.what.rstrip(" ."))
        used = {at, *further_on, *(i for i, _ in wishes[1:])} if len(parts) > 1 else {at}
        told = [s.strip() for i, s in enumerate(sentences) if i not in used and s.strip()]
        if (
            "⟦" in wish.told
            and "⟦" not in wish.what
            and not re.search(r"[A-Z]\w+\s+[A-Z]", wish.what)
        ):
            parts = [Part(m) for m in re.findall(r"⟦\d+⟧", wish.told)]
        return _Asked(tuple(parts), tuple(told))

    def _pointed(self, sentences: Sequence[str], at: int, wish: Wish) -> _Asked:
        """What a pronoun, or "this shipyard", stands for."""
        if is_self(wish.what):
            return self._oneself(sentences)
        if ALL_OF_THEM.fullmatch(wish.what.strip(" .,!")):
            named = [m for m in mentions_in(" ".join(sentences[:at])) if m.score >= 2]
            if named:
                everything = tuple(Part(m.phrase) for m in named)
                return _Asked(everything, tuple(s.strip() for s in sentences[:at]))
        ahead = re.split(rf"\b{re.escape(wish.what) or '$'}(?!\w)", sentences[at])[0]
        before = [*sentences[:at], wish.told, ahead]
        name = pointed_to(". ".join(before), wish.what) or pointed_to(
            " ".join(sentences[at + 1 :]), wish.what
        )
        text = " ".join(sentences)
        marks = re.findall(r"⟦\d+⟧", text)
        if name is None or (marks and name.score < 2):
            if marks:
                return _Asked(tuple(map(Part, marks)), ())
            if head := re.match(r"\s*(?P<head>[^:.!?\n]{3,60}):\s", text):
                return _Asked((Part(head["head"]),), tuple(sentences[1:at]))
            raise NeedsClarificationError(
                "the request does not say who or what is meant; give the name"
            )
        self.pointed = points_to_one(". ".join(before), wish.what)
        sentence = next((s for s in sentences if name.name in s), "")
        told = [s.strip() for i, s in enumerate(sentences) if i != at and s.strip()]
        tail = (
            sentence[sentence.find(name.phrase) + len(name.phrase) :]
            if name.phrase in sentence
            else ""
        )
        tail = tail if tail.lstrip()[:1] in tuple(",(–—:") else ""
        cut = wish_in(sentence.strip())
        aside = "" if cut is not None and cut.what not in ("", wish.what) else tail
        said = kind_pointed(wish.what) if name.phrase == name.name else ""
        phrase = f"{said}{name.phrase}{re.split(r'(?<=[a-z])[.;]|:', aside)[0]}"
        return _Asked((Part(phrase),), tuple(told))

    def _oneself(self, sentences: Sequence[str]) -> _Asked:
        name = writer(self.marked.text, self.letter.sender)
        marks = re.findall(r"⟦\d+⟧", " ".join(sentences))
        if not name and not marks:
            raise NeedsClarificationError(
                "the request is for whoever wrote it; give the name, and by which data (e-mail, "
                "customer number) they are known"
            )
        if not name:
            return _Asked(tuple(map(Part, marks[:1])), ())
        told = [
            s.strip()
            for s in sentences
            if s.strip() and wish_in(s.strip()) is None and not I_AM.search(s) and name not in s
        ]
        return _Asked((Part(", ".join((name, *marks))),), tuple(told))

    def _by_its_only_name(self, sentences: Sequence[str]) -> _Asked:
        """The one name of a text that wants something gone in words that were not understood."""
        text = " ".join(s.strip() for s in sentences)
        cue = _WANTS_GONE.search(without_what_was_done(text))
        named = [m for m in mentions_in(text) if m.score >= 3 and m.name != self.letter.sender]
        if cue is None or len({m.name for m in named}) != 1:
            raise ForgetRequestError(
                "the request does not say what to forget; begin it with 'Please forget …', "
                "'Forget everything about …' or 'Do not talk about …'"
            )
        self.not_read.append("the wording of the wish; the only name of the text was taken")
        return _Asked((Part(named[0].phrase),), (text,))

    def _as_command(self, sentences: Sequence[str]) -> _Asked | None:
        command = as_command(text := "".join(sentences))
        if command != text and (wish := wish_in(command.split(". ")[0])) is not None and wish.what:
            return _Asked(parts_of(wish.what), tuple(command.split(". ")[1:]))
        return None

    def _ask_for_surnames(self, parts: Sequence[Part]) -> None:
        unnamed = _UNNAMED_KIN.search(self.marked.text)
        if unnamed and any(unnamed["who"] in part.text for part in parts):
            self.doubts.append(f"what is the name of {unnamed['who']!r}?")
        lone = [p.text.split()[-1] for p in parts if p.lone]
        if lone:
            self.doubts.append(
                f"{' and '.join(lone)}: what are the full names? A first name alone matches many"
            )


def _points(what: str) -> bool:
    return is_anaphor(what) or is_self(what)


def _is_named_whole(phrase: str, sentences: Sequence[str]) -> bool:
    """Whether another sentence begins with all of a phrase: then the phrase is a name."""
    return any(re.match(rf"\s*{re.escape(phrase)}\s+{IS}\b", s) for s in sentences)


def _item(item: str) -> str:
    """A list's item, so that its first piece is the name and the rest is told."""
    return re.sub(r"\s+[–—-]\s+", ", ", item.strip(" ,;"))


def _take_reason(body: str) -> tuple[str, str]:
    """The text without why something shall be forgotten, and that; what is told of a target may
    have its own reason."""
    for piece in segments(body):
        match = BECAUSE.search(body, piece.start, piece.end)
        if match and (wish_in(piece.of(body).strip()) or is_of_the_request(piece.of(body))):
            return body[: match.start()] + body[match.end() :], match["why"].strip()
    return body, ""
