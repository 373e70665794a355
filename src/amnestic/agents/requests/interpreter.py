"""The interpreter: from a request in plain words to what it asks to forget.

The local grammar reads who or what stands at a wish to forget, wherever in the text that is, and
accounts for the rest: identifiers, exceptions, until when, what is told. What it cannot read it
says; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from amnestic.agents.requests.expiry import take_expiry
from amnestic.agents.requests.forms import BECAUSE, FULL_NAME
from amnestic.agents.requests.identifiers import identifiers_in
from amnestic.agents.requests.keeping import take_exceptions
from amnestic.agents.requests.letters import Letter, opened
from amnestic.agents.requests.mentions import (
    Mention,
    gender_of,
    is_anaphor,
    mentions_in,
    pronoun_gender,
)
from amnestic.agents.requests.parts import Part, items_in, parts_of
from amnestic.agents.requests.plain_requests import as_command
from amnestic.agents.requests.readings import Identifier, Interpretation, RequestReading
from amnestic.agents.requests.refusals import refuse_what_is_no_wish
from amnestic.agents.requests.targets import Marked, refuse_broad, target_of
from amnestic.agents.requests.wishes import Wish, wish_in
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.tools.reading import rank, segments

__all__ = ["LocalInterpreter"]

MAX_REQUEST_CHARS = 8_000
MAX_TARGETS = 200
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(  # dots that end no sentence
    r"\bS\.\s?p\.\s?A\.|\bS\.\s?r\.\s?l\.|\bSp\.\s?z\s?o\.\s?o\.|\be\.\s?[VG]\.|\b[SN]\.\s?[AV]\.|"
    r"\bB\.\s?V\.|\b(?:Dr|Prof)\.(?:\s?[a-z]+\.)+"
)
_SELF = re.compile(
    r"^\W*(?:(?:me|myself|who\s+i\s+am|mich|moi|mí|mij)\b|(?:all\s+|the\s+|any\s+|of\s+|everything\s+about\s+|alle\s+|mes\s+|"
    r"toutes\s+)*(?:my|meine[nr]?|mes|mis?|i\s+miei|mijn)\s+(?:own\s+|personal\s+|private\s+|"
    r"personenbezogenen\s+|persönlichen\s+)*(?:data|information|details|records?|account|profile|history|"
    r"daten|données|datos|dati|gegevens)\b)",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"[,.;–—-]*\s*(?<!\w)(?:(?:no|oh|sorry|wait|er|oops|i\s+mean|correction)[,:]?\s+)+(?:i\s+mean[t]?\s+|make\s+that\s+)?"
    r"(?=(?-i:[A-Z]\w*\s[A-Z]))|[,.;–—-]\s*i\s+meant?\s+(?=(?-i:[A-Z]))",
    re.I,
)
_UNNAMED_KIN = re.compile(
    r"\b(?:and|or|nor)\s+(?P<who>(?:his|her|their|my|our)\s+(?:[a-z]+\s+){0,2}?(?:wife|husband|mother|father|parents|"
    r"brothers?|sisters?|sons?|daughters?|children|kids|family|partner|relatives))\s*(?=$|[.,;!])",
    re.I,
)
_FOR_ANOTHER = re.compile(
    r"\b(?:(?:our|my)\s+client|on\s+behalf\s+of|data\s+subject|act\s+for|above-named|unsere[rns]?\s+mandant\w*|"
    r"notre\s+client\w*|nuestr[oa]\s+client\w*)\b",
    re.I,
)
_AND_SO = re.compile(
    r"\W*(?:and\s+(?:so|neither|nor)\s+(?:do|does|is|are|should|must|has|have)|nor\s+(?:do|does|should|is|are)|"
    r"as\s+(?:do|does|are|is)|together\s+with|along\s+with|as\s+well\s+as)\s+(?P<who>\S.*)",
    re.I,
)
_CONCERNING_ME = re.compile(
    r"\b(?:concerning|about|on|of|regarding|relating\s+to)\s+me\b|\bmy\b.*\bdata\b", re.I
)
_NAME_FIELD = re.compile(
    r"(?:^|\n|[.;,]\s*)\s*(?:full\s+)?(?:name|nom|nombre|nome|naam)\s*[:=]\s*(?P<name>[^\n,;.(]+)",
    re.I,
)
_I_AM = re.compile(
    r"\b(?:my\s+name\s+is|i\s+am|i['’]?m|this\s+is|ich\s+bin|mein\s+name\s+ist|ich\s+heiße|je\s+suis|"
    r"je\s+m['’]appelle|soy|me\s+llamo|mi\s+chiamo|sono|mijn\s+naam\s+is|ik\s+ben)\s+"
    r"(?P<name>[^\W\d_][\w'’.-]*(?:\s+(?!and\b|und\b|et\b|y\b|e\b|i\b)[^\W\d_][\w'’-]+){1,4})",
    re.I,
)


class LocalInterpreter:
    """Reads forget requests without a model.

    >>> found = LocalInterpreter().interpret("Please forget Ana Morel. Ana Morel is a painter.")
    >>> found.subject, found.kind.value, found.description
    ('Ana Morel', 'person', 'Ana Morel is a painter.')
    >>> reading = LocalInterpreter().read("Don't mention Pepsi, Fanta or Dr Pepper")
    >>> [target.subject for target in reading.targets]
    ['Pepsi', 'Fanta', 'Dr Pepper']
    """

    def interpret(self, text: str, *, now: datetime | None = None) -> Interpretation:
        """Read a request for one target; raises as `read` does, and `SeveralTargetsError` where
        several are named."""
        reading = self.read(text, now=now)
        reading.at_most(1)
        return reading.targets[0]

    async def aread(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """`read`, as a model's reader is called."""
        return self.read(text, now=now)

    def refuse(self, text: str) -> None:
        """Raise `ForgetRequestError` for what is no request, however it is read."""
        refuse_what_is_no_wish(opened(_checked(text)).body)

    def refuse_broad(self, target: Interpretation) -> None:
        """Raise `TargetTooBroadError` for a target that would match nearly everything."""
        for name in (target.subject, *target.aliases):
            refuse_broad(name)

    def read(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """Read a request.

        Raises `NeedsClarificationError` where it leaves open who or what is meant,
        `TargetTooBroadError` where that would match nearly everything, and `ForgetRequestError`
        where it asks for nothing that can be forgotten.
        """
        letter = opened(_checked(text))
        refuse_what_is_no_wish(letter.body)
        letter = replace(letter, body=_corrected(letter.body))
        return _Text(letter, now or datetime.now(UTC)).reading()


def _checked(text: str) -> str:
    if not isinstance(text, str):
        raise ForgetRequestError(
            f"a forget request is words, not {type(text).__name__}; write what to forget"
        )
    cleaned = text.encode("utf-8", "replace").decode()
    cleaned = re.sub(
        r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]", " ", cleaned
    )
    if not _WORD.search(cleaned):
        raise ForgetRequestError(
            "the forget request is empty; write what to forget, as in 'Please forget …'"
        )
    if len(cleaned) > MAX_REQUEST_CHARS:
        raise ForgetRequestError(
            f"the forget request has {len(cleaned):,} characters; "
            f"at most {MAX_REQUEST_CHARS:,} are read: shorten it"
        )
    return re.sub(r"[ \t\r\f\v\xa0]+", " ", cleaned).strip()


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words on each thing that is asked for, and the sentences that tell of them."""

    parts: tuple[Part, ...]
    told: tuple[str, ...]


class _Text:
    """One request while it is read."""

    def __init__(self, letter: Letter, now: datetime) -> None:
        self.letter, self.now = letter, now
        found = identifiers_in(letter.body)
        body = _DOTTED.sub(lambda m: m.group().replace(".", "\u2024"), letter.body)
        for i in reversed(range(len(found))):
            body = f"{body[: found[i].start]}⟦{i}⟧{body[found[i].end :]}"
        self.marked = Marked(body, found)
        self.expires: datetime | None = None
        self.doubts: list[str] = []

    def reading(self) -> RequestReading:
        lead, items = items_in(self.marked.text)
        body, reason = _take_reason(lead)
        body, kept = take_exceptions(body)
        sentences = [s.of(body) for s in segments(body)]
        sentences = [self._without_expiry(s) for s in sentences]
        asked = self._asked(sentences, items)
        if len(asked.parts) > MAX_TARGETS:
            raise ForgetRequestError(
                f"the request names {len(asked.parts):,} things; at most {MAX_TARGETS} are read from "
                "one text: divide it"
            )
        self._ask_for_surnames(asked.parts)
        told = _told_by_part(asked)
        everywhere = self.marked.identifiers(" ".join((*sentences, *items)))
        targets = [
            replace(
                target_of(part.text, told[i], self.marked),
                exceptions=tuple(self.marked.plain(k) for k in kept),
                expires=self.expires,
                reason=reason,
            )
            for i, part in enumerate(asked.parts)
            if not part.lone
        ]
        if len(targets) == 1:
            targets = [_with(targets[0], everywhere)]
        unread = (*self.letter.unread, *_unread(self.marked.text, targets, self.letter))
        return RequestReading(_distinct(targets), unread, tuple(self.doubts))

    def _without_expiry(self, sentence: str) -> str:
        opens = re.match(
            r"\s*(?:this\s+)?(?:until|till|expires?|for|bis|it\s+expires)\b", sentence, re.I
        )
        if self.expires is not None or not (
            opens or wish_in(sentence.strip()) or _embargo(sentence)
        ):
            return sentence
        found = take_expiry(f" {sentence}" if opens else sentence, self.now)
        self.expires = found.date
        if found.date and opens and not _WORD.search(re.sub(r"^\s*this\b", "", found.text)):
            return ""
        return found.text

    def _asked(self, sentences: Sequence[str], items: Sequence[str]) -> _Asked:
        if self._is_for_oneself(sentences):
            return self._oneself(sentences, 0)
        wishes = [(i, w) for i, s in enumerate(sentences) if (w := wish_in(s.strip())) is not None]
        if items:
            if not wishes:
                raise ForgetRequestError(
                    "the text lists things, but does not say that they shall be forgotten; begin it "
                    "with 'Please forget:'"
                )
            return _Asked(tuple(Part(_item(item)) for item in items), ())
        if not wishes:
            return self._as_command(sentences)
        whole = [(i, w) for i, w in wishes if not _points(w.what)]
        if whole:
            return self._named(sentences, whole)
        return self._pointed(sentences, *wishes[0])

    def _named(self, sentences: Sequence[str], wishes: Sequence[tuple[int, Wish]]) -> _Asked:
        at, wish = wishes[0]
        parts = list(parts_of(wish.what))
        if too := _AND_SO.match(wish.told):
            parts = list(parts_of(f"{wish.what} and {too['who']}"))
        for i, further in wishes[1:]:
            named = [m for m in mentions_in(further.what) if m.score >= 2]
            if any(m.name not in p.text for m in named for p in parts) and not _shares(
                named, parts
            ):
                parts.extend(parts_of(further.what))
        used = {at, *(i for i, _ in wishes[1:])} if len(parts) > 1 else {at}
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
        if _SELF.match(wish.what):
            return self._oneself(sentences, at)
        before = [*sentences[:at], wish.told]
        name = _pointed_to(" ".join(before), wish.what) or _pointed_to(
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
        phrase = f"{name.phrase}{re.split(r'(?<=[a-z])[.;]|:', aside)[0]}"
        return _Asked((Part(phrase),), tuple(told))

    def _oneself(self, sentences: Sequence[str], at: int) -> _Asked:
        text = " ".join(sentences)
        field = _NAME_FIELD.search(self.marked.text) or _I_AM.search(self.marked.text)
        name = field["name"].strip(" .") if field else ""
        rare = any(rank(w.lower()) is None for w in _WORD.findall(name))
        if not (name and (rare or all(w[:1].isupper() for w in name.split()))):
            field, name = None, self.letter.sender
        marks = re.findall(r"⟦\d+⟧", text)
        if field and name == name.lower():
            name = re.sub(r"(?<![\w'’])\w|(?<=['’-])\w(?=\w)", lambda m: m.group().upper(), name)
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
            if s.strip() and wish_in(s.strip()) is None and not _I_AM.search(s) and name not in s
        ]
        return _Asked((Part(", ".join((name, *marks))),), tuple(told))

    def _is_for_oneself(self, sentences: Sequence[str]) -> bool:
        """Whether somebody who gives a name asks for their own data."""
        named = self.letter.sender or _NAME_FIELD.search(self.marked.text)
        if _FOR_ANOTHER.search(self.marked.text):
            return False
        return bool(named) and any(
            _SELF.match(w.what) or _CONCERNING_ME.search(w.what)
            for s in sentences
            if (w := wish_in(s.strip())) is not None
        )

    def _as_command(self, sentences: Sequence[str]) -> _Asked:
        text = "".join(sentences)
        command = as_command(text)
        if command != text and (wish := wish_in(command.split(". ")[0])) is not None and wish.what:
            return _Asked(parts_of(wish.what), tuple(command.split(". ")[1:]))
        raise ForgetRequestError(
            "the request does not say what to forget; begin it with 'Please forget …', "
            "'Forget everything about …' or 'Do not talk about …'"
        )

    def _ask_for_surnames(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if unnamed := _UNNAMED_KIN.search(self.marked.bare(part.text)):
                self.doubts.append(f"what is the name of {unnamed['who']!r}?")
        lone = [p.text.split()[-1] for p in parts if p.lone]
        if lone:
            self.doubts.append(
                f"{' and '.join(lone)}: what are the full names? A first name alone would match many"
            )


def _with(target: Interpretation, identifiers: Sequence[Identifier]) -> Interpretation:
    """The only target of a text has all the identifiers of the text."""
    new = [i for i in dict.fromkeys(identifiers) if i not in target.identifiers]
    numbers = " ".join(f"{target.subject}, {i.told}." for i in new if i.value != target.subject)
    return replace(
        target,
        identifiers=(*target.identifiers, *new),
        description=f"{target.description} {numbers}".strip(),
    )


def _shares(named: Sequence[Mention], parts: Sequence[Part]) -> bool:
    said = {w.lower() for p in parts for w in _WORD.findall(p.text)}
    return all({w.lower() for w in _WORD.findall(m.name)} <= said for m in named)


def _unread(text: str, targets: Sequence[Interpretation], letter: Letter) -> list[str]:
    """The names of a text that no target accounts for."""
    known = [letter.sender]
    for t in targets:
        known += [t.subject, *t.aliases, t.description, *t.exceptions, t.reason]
        known += [i.told for i in t.identifiers]
    whole = " ".join(known).casefold()
    named = [m.name for m in mentions_in(text) if m.score >= 2]
    return [n for n in dict.fromkeys(named) if n.casefold() not in whole]


def _corrected(body: str) -> str:
    """The text with a name put in the place of the one that it corrects."""
    match = _CORRECTION.search(body)
    before = [m for m in mentions_in(body[: match.start()]) if m.score >= 2] if match else []
    if match is None or not before:
        return body
    old = before[-1]
    at = body.rfind(old.name, 0, match.start())
    return f"{body[:at]}{body[match.end() :]}"


def _points(what: str) -> bool:
    return is_anaphor(what) or _SELF.match(what) is not None


def _embargo(sentence: str) -> bool:
    return re.search(r"\bembargo\b", sentence, re.I) is not None


def _pointed_to(text: str, what: str) -> Mention | None:
    found = [m for m in mentions_in(text) if m.score >= 1]
    if not found:
        return None
    gender = pronoun_gender(what)
    fitting = [m for m in found if gender and gender_of(m) == gender]
    unknown = [m for m in found if gender and not gender_of(m)]
    pool = fitting or unknown or found
    best = max(m.score for m in pool)
    strong = [m for m in pool if m.score >= min(best, 3)]
    return strong[0] if strong else None


def _item(item: str) -> str:
    """A list's item, so that its first piece is the name and the rest is told."""
    return re.sub(r"\s+[–—-]\s+", ", ", item.strip(" ,;"))


def _told_by_part(asked: _Asked) -> list[str]:
    """The sentences that tell of each part: those that name it, and those without any name go on
    with the one before."""
    if len(asked.parts) == 1:
        return [" ".join(asked.told)]
    told: list[list[str]] = [[] for _ in asked.parts]
    at = len(asked.parts) - 1
    for sentence in asked.told:
        words = {w.lower() for w in _WORD.findall(sentence)}
        shared = [len(words & {w.lower() for w in _WORD.findall(p.text)}) for p in asked.parts]
        if max(shared) > 0:
            at = shared.index(max(shared))
        told[at].append(sentence)
    return [" ".join(sentences) for sentences in told]


def _take_reason(body: str) -> tuple[str, str]:
    match = BECAUSE.search(body)
    if match is None:
        return body, ""
    return body[: match.start()] + body[match.end() :], match["why"].strip()


def _distinct(targets: Sequence[Interpretation]) -> tuple[Interpretation, ...]:
    return tuple({t.subject.casefold(): t for t in reversed(targets)}.values())[::-1]
