"""The interpreter's model engine: a model reads a forget request, the local grammar checks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from amnestic.agents.model_engines.answers import InterpretAnswer, ReadIdentifier, ReadTarget
from amnestic.agents.model_engines.grounding import (
    as_written,
    in_one_sentence,
    letters,
    stands_in,
    tells,
)
from amnestic.agents.model_engines.judge import Judge, Task
from amnestic.agents.requests import (
    COMMAND,
    Interpretation,
    LocalInterpreter,
    RequestReading,
    ground_in,
    is_broad,
)
from amnestic.exceptions import (
    ForgetRequestError,
    ModelError,
    NeedsClarificationError,
    TargetTooBroadError,
)
from amnestic.prompts.loader import Prompts
from amnestic.tools.names import dates_in, identifier_of
from amnestic.types import Identifier, TargetKind

__all__ = ["ModelInterpreter"]

_NO_WISH = "whether this asks for something to be forgotten"
_NO_NAME = "a name that the model read and that does not stand in the text"
_NO_EXCEPTION = "what the model takes for what stays and does not stand in the text"
_NO_IDENTIFIER = "an identifier that the model read and that does not stand in the text"
_NO_SCOPE = "what of it shall go, or where: the model's words do not stand in the text"
_NO_FACT = "a fact that the model read and the text does not tell"
_WRITTEN = "how {!r} is written where it stands for itself: the name may be inflected"
_NO_DATE = "until when: the model gave no date that is one"
_OTHER_END = "until when: {} as the model reads it, {} as the grammar does"
_HOW = re.compile(r"^how\s+to\s+", re.I)


class ModelInterpreter:
    """Lets a model read a forget request in any language.

    Its answer is data: names, identifiers and exceptions that do not stand in the text are dropped,
    which is said, and what is broad or about the layer is refused however the model reads it. What
    neither the model nor the grammar accounts for is told as unread, and so is where they differ.
    Where the model gives no answer, the grammar's reading holds.
    """

    def __init__(self, local: LocalInterpreter, judge: Judge, prompts: Prompts) -> None:
        self._local = local
        self._judge = judge
        self._prompt = prompts["interpret"]

    async def aread(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """Read a request; raises what `LocalInterpreter.read` raises."""
        moment = now or datetime.now(UTC)
        self._local.refuse(text)
        prompt = self._prompt.render(text=text, today=f"{moment:%A, %Y-%m-%d}")
        try:
            answer = await self._judge.judge(Task("interpreter", prompt, InterpretAnswer))
        except ModelError:
            return self._local.read(text, now=moment)
        return self._checked(answer, text, moment)

    def _checked(self, answer: InterpretAnswer, text: str, now: datetime) -> RequestReading:
        if answer.outcome == "ask":
            raise NeedsClarificationError(
                "the request leaves open who or what is meant; give full names, and dates as "
                "YYYY-MM-DD"
            )
        own = self._own(text, now)
        if answer.outcome == "refuse":
            return _declined(own, text)
        read = [_Grounded(target, text) for target in answer.targets]
        targets = tuple(one.interpretation(now) for one in read if one.written is not None)
        if not targets:
            return _or_raised(own)
        for target in targets:
            self._local.refuse_broad(target)
        unread = [piece for piece in answer.unread if stands_in(piece, text)]
        unread += [remark for one in read for remark in one.remarks()]
        only_asks = isinstance(own, RequestReading | NeedsClarificationError | TargetTooBroadError)
        if not only_asks or self._local.why_no_wish(text) is not None:
            unread.append(_NO_WISH)
        if isinstance(own, RequestReading):
            unread += _differing(own, targets, text)
        reading = RequestReading(targets, tuple(dict.fromkeys(unread)))
        return self._local.accounted(reading, text, now)

    def _own(self, text: str, now: datetime) -> RequestReading | ForgetRequestError:
        """The grammar's reading, or why it has none."""
        try:
            return self._local.read(text, now=now)
        except ForgetRequestError as error:
            return error


def _or_raised(own: RequestReading | ForgetRequestError) -> RequestReading:
    if isinstance(own, ForgetRequestError):
        raise own
    return own


def _declined(own: RequestReading | ForgetRequestError, text: str) -> RequestReading:
    """The grammar's reading where the model sees no request, if it is one in so many words;
    otherwise nothing is stored."""
    reading = _or_raised(own)
    names = [target.subject for target in reading.targets]
    command = COMMAND.match(text)
    if command and [letters(text[command.end() :])] == [letters(name) for name in names]:
        return reading
    said = " and ".join(map(repr, names[:3]))
    raise ForgetRequestError(
        f"the model that reads requests sees none in the text, and the grammar one to forget "
        f"{said}; write 'Please forget …' and nothing else, if that is meant"
    )


class _Grounded:
    """A target of a model's answer, as far as the text bears it out."""

    def __init__(self, read: ReadTarget, text: str) -> None:
        self._read = read
        self._text = text
        self.written = as_written(_HOW.sub("", read.subject), text)
        """The name as the text has it; `None` where it does not stand there."""
        self._identifiers = [_identifier(i, text) for i in read.identifiers]

    def interpretation(self, now: datetime) -> Interpretation:
        """What is stored; raises `ForgetRequestError` for an end that lies in the past."""
        read, text = self._read, self._text
        aliases = [alias.strip() for alias in read.aliases if as_written(alias, text) is not None]
        if self._is_inflected() and self.written:
            aliases.append(self.written)
        return Interpretation(
            read.subject.strip(),
            TargetKind(read.kind),
            " ".join(fact.strip() for fact in read.facts if tells(fact, text)),
            tuple(dict.fromkeys(alias for alias in aliases if self._is_its_name(alias))),
            tuple(e.strip() for e in read.exceptions if self._stays(e)),
            identifiers=tuple(i for i in self._identifiers if i is not None),
            legal_basis=ground_in(text),
            scope=read.scope.strip() if in_one_sentence(read.scope, text) else "",
            expires=_date(read.expires, now),
        )

    def remarks(self) -> Iterator[str]:
        """What is not as the model has it."""
        if self.written is None:
            yield _NO_NAME
            return
        if self._read.kind != "skill" and letters(self.written) != letters(self._read.subject):
            yield _WRITTEN.format(self._read.subject)
        if any(as_written(alias, self._text) is None for alias in self._read.aliases):
            yield _NO_NAME
        if not all(map(self._stays, self._read.exceptions)):
            yield _NO_EXCEPTION
        if self._read.scope.strip() and not in_one_sentence(self._read.scope, self._text):
            yield _NO_SCOPE
        if not all(tells(fact, self._text) for fact in self._read.facts):
            yield _NO_FACT
        if None in self._identifiers:
            yield _NO_IDENTIFIER
        if self._read.expires.strip() and _day(self._read.expires) is None:
            yield _NO_DATE

    def _stays(self, exception: str) -> bool:
        """Whether a piece of the text may be what stays: not the target itself."""
        names = (self._read.subject, self.written or "", *self._read.aliases)
        is_all = letters(exception) in map(letters, names)
        return not is_all and in_one_sentence(exception, self._text)

    def _is_inflected(self) -> bool:
        """Whether the text has another form of a name; of a skill it may have any."""
        if self.written is None or self._read.kind in ("skill", "topic"):
            return False
        return letters(self.written) != letters(self._read.subject)

    def _is_its_name(self, alias: str) -> bool:
        """Whether another name may be stored: neither one that would match nearly everything, nor
        somebody's first name."""
        words = self._read.subject.split()
        is_first = self._read.kind == "person" and len(words) > 1 and alias == words[0]
        return len(alias) > 1 and not is_broad(alias) and not is_first


def _identifier(read: ReadIdentifier, text: str) -> Identifier | None:
    """An identifier that stands in the text, a date in whatever form."""
    value = read.value.strip()
    days = {day for day, at in dates_in(value) if at.end - at.start == len(value)}
    if stands_in(value, text) or days & {day for day, _ in dates_in(text)}:
        return identifier_of(value, read.label[:40])
    return None


def _day(told: str) -> datetime | None:
    try:
        return datetime.strptime(told.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _date(told: str, now: datetime) -> datetime | None:
    date = _day(told)
    if date is not None and date.date() < now.date():
        raise ForgetRequestError(
            f"the expiry {date:%Y-%m-%d} is in the past; give a later date or none"
        )
    return date


def _differing(own: RequestReading, targets: Sequence[Interpretation], text: str) -> Iterator[str]:
    """What the grammar's reading has and the model's has not or has otherwise: pieces of the text
    that it could not place, names, identifiers, and until when."""
    held = " ".join(
        letters(" ".join((t.subject, *t.aliases, t.description, *t.exceptions, t.scope)))
        + " ".join(letters(i.value) for i in t.identifiers)
        for t in targets
    )
    told = [piece for piece in own.unread if stands_in(piece, text)]
    told += [t.subject for t in own.targets if t.kind is not TargetKind.TOPIC]
    told += [i.value for t in own.targets for i in t.identifiers]
    yield from (piece for piece in told if letters(piece) not in held)
    ends = {t.expires.date() for t in own.targets if t.expires}
    other = {t.expires.date() for t in targets if t.expires}
    if ends and other and ends != other:
        yield _OTHER_END.format(_listed(other), _listed(ends))


def _listed(days: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, days)))
