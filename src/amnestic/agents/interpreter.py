"""The interpreter: from a request in plain words to a forget target.

The local engine reads the common English forms. What it cannot read it refuses, with the reason;
nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from amnestic.agents.request_forms import (
    AKA,
    AND,
    BECAUSE,
    BROAD,
    COMMAND,
    EXCEPT,
    EXPIRY_SENTENCE,
    FULL_NAME,
    INTRODUCTION,
    KEEP_SENTENCE,
    NAME_JOINT,
    QUOTED,
    TAIL,
    UNREAD_DATE,
    UNTIL,
    WHO_IS,
)
from amnestic.agents.target_kind import IS, kind_of
from amnestic.exceptions import ForgetRequestError, TargetTooBroadError
from amnestic.tools.segments import segments
from amnestic.types import TargetKind

__all__ = ["Interpretation", "LocalInterpreter"]

MAX_REQUEST_CHARS = 8_000
MAX_SUBJECT_CHARS = 200


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a request asks to forget."""

    subject: str
    kind: TargetKind
    description: str = ""
    aliases: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    expires: datetime | None = None
    reason: str = ""


_WORD = re.compile(r"[^\W_]+")
_MONTHS = {
    m: i + 1
    for i, m in enumerate(
        "january february march april may june july "
        "august september october november december".split()
    )
}


class LocalInterpreter:
    """Reads the common English forms of a forget request.

    >>> found = LocalInterpreter().interpret("Please forget Ana Morel. Ana Morel is a painter.")
    >>> found.subject, found.kind.value, found.description
    ('Ana Morel', 'person', 'Ana Morel is a painter.')
    """

    def interpret(self, text: str, *, now: datetime | None = None) -> Interpretation:
        """Read a request. Raises `ForgetRequestError` when it names nothing to forget, and
        `TargetTooBroadError` when what it names would match nearly everything."""
        if not isinstance(text, str):
            raise ForgetRequestError(
                f"a forget request is words, not {type(text).__name__}; write what to forget"
            )
        request = _checked(text)
        command, rest = _split(request)
        body, expires = _take_expiry(command, now or datetime.now(UTC))
        body, exceptions = _take_exceptions(body)
        body, reason = _take_reason(body)
        body, aliases = _take_aliases(body)
        subject = _subject(body)
        description, more, kept, rest_expiry = _read_rest(rest, now or datetime.now(UTC))
        description = description or _said_in_passing(body, subject)
        named = tuple(n for n in dict.fromkeys((*aliases, *more)) if n.lower() != subject.lower())
        for name in (subject, *named):
            _refuse_broad(name)
        return Interpretation(
            subject,
            kind_of(
                subject,
                description or _apposition(body, subject),
                quoted=bool(QUOTED.search(body)),
            ),
            description,
            named,
            (*exceptions, *kept),
            expires or rest_expiry,
            reason,
        )


def _checked(text: str) -> str:
    cleaned = text.encode("utf-8", "replace").decode().replace("\x00", " ").strip()
    if not _WORD.search(cleaned):
        raise ForgetRequestError(
            "the forget request is empty; write what to forget, as in 'Please forget …'"
        )
    if len(cleaned) > MAX_REQUEST_CHARS:
        raise ForgetRequestError(
            f"the forget request has {len(cleaned):,} characters; "
            f"at most {MAX_REQUEST_CHARS:,} are read: shorten it"
        )
    return re.sub(r"[ \t\r\f\v]+", " ", cleaned)


def _split(request: str) -> tuple[str, str]:
    """The command, without its verb, and the sentences behind it."""
    pieces = [s.of(request) for s in segments(request)]
    for i, piece in enumerate(pieces):
        match = COMMAND.match(piece)
        if match and match.end() < len(piece.rstrip()):
            before = "".join(pieces[:i])
            return piece[match.end() :].strip(), (before + "".join(pieces[i + 1 :])).strip()
    raise ForgetRequestError(
        "the request does not say what to forget; begin it with 'Please forget …', "
        "'Forget everything about …' or 'Do not talk about …'"
    )


def _take_expiry(body: str, now: datetime) -> tuple[str, datetime | None]:
    match = UNTIL.search(body)
    if match is None:
        return body, None
    moment = _date(match["date"])
    if moment is None:
        raise ForgetRequestError(f"the date {match['date']!r} is not one; write it as YYYY-MM-DD")
    if moment <= now:
        raise ForgetRequestError(
            f"the expiry {moment:%Y-%m-%d} is in the past; give a later date or none"
        )
    return body[: match.start()] + body[match.end() :], moment


def _date(text: str) -> datetime | None:
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    month = next((_MONTHS[w] for w in re.findall(r"[a-z]+", text.lower()) if w in _MONTHS), None)
    try:
        if "-" in text:
            return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc]
        return datetime(numbers[1], month or 0, numbers[0], tzinfo=UTC)
    except (ValueError, IndexError):
        return None


def _take_exceptions(body: str) -> tuple[str, tuple[str, ...]]:
    kept = tuple(m["kept"].strip(" ,.)\"'") for m in EXCEPT.finditer(body))
    return EXCEPT.sub("", body), tuple(k for k in kept if k)


def _take_reason(body: str) -> tuple[str, str]:
    match = BECAUSE.search(body)
    if match is None:
        return body, ""
    return body[: match.start()] + body[match.end() :], match["why"].strip()


def _take_aliases(body: str) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []
    for match in AKA.finditer(body):
        names.extend(_names_in(match["names"]))
    return AKA.sub("", body), tuple(names)


def _names_in(text: str) -> list[str]:
    quoted = [a or b for a, b in QUOTED.findall(text)]
    if quoted:
        return [q.strip(" ,.") for q in quoted if q.strip(" ,.")]
    head = re.split(rf"\b{IS}\b", text, maxsplit=1)[0]
    names = [n.strip(" ,.\"'") for n in NAME_JOINT.split(head)]
    return [n for n in names if n and not n[0].islower()]


def _subject(body: str) -> str:
    quoted = QUOTED.search(body)
    if quoted:
        subject = (quoted[1] or quoted[2]).strip()
    else:
        subject = re.split(
            rf",?\s+(?:who|which|that)\s+{IS}\b|,\s+(?=(?:a|an|the|who|which)\s)", body
        )[0]
        previous = None
        while previous != subject:
            previous = subject
            subject = TAIL.sub("", subject).strip(" \n,;:!?\"'()").rstrip(".")
        subject = INTRODUCTION.sub("", subject)
        subject = WHO_IS.sub(r"\g<name>", subject).removeprefix("that ")
        _refuse_several(subject)
        _refuse_unread_date(subject)
    if not subject:
        raise ForgetRequestError(
            "the request does not say what to forget; name it, as in 'Please forget …'"
        )
    if len(subject) > MAX_SUBJECT_CHARS:
        raise ForgetRequestError(
            f"what to forget has {len(subject)} characters; name it in at most "
            f"{MAX_SUBJECT_CHARS} and put the rest in a sentence of its own"
        )
    return subject


def _refuse_several(subject: str) -> None:
    names = [n for n in NAME_JOINT.split(subject) if n]
    full = [n for n in names if FULL_NAME.match(n)]
    if AND.search(subject) and len(full) > 1:
        raise ForgetRequestError(
            f"the request names {len(names)} things; forget them one at a time, or put a name that "
            "belongs together in quotation marks"
        )


def _refuse_unread_date(subject: str) -> None:
    if UNREAD_DATE.search(subject):
        raise ForgetRequestError(
            "the request says until when, but not as a date; write it as 'until YYYY-MM-DD'"
        )


def _read_rest(
    rest: str, now: datetime
) -> tuple[str, tuple[str, ...], tuple[str, ...], datetime | None]:
    """Description, aliases, exceptions and expiry from the sentences behind the command."""
    kept: list[str] = []
    aliases: list[str] = []
    exceptions: list[str] = []
    expires: datetime | None = None
    for segment in segments(rest):
        piece = segment.of(rest)
        for match in AKA.finditer(piece):
            aliases.extend(_names_in(match["names"]))
        keep = KEEP_SENTENCE.match(piece)
        if keep:
            exceptions.append(keep["kept"].strip())
            continue
        if EXPIRY_SENTENCE.match(piece):
            _, expires = _take_expiry(" " + piece.strip(), now)
            continue
        kept.append(piece)
    return "".join(kept).strip(), tuple(aliases), tuple(exceptions), expires


def _said_in_passing(body: str, subject: str) -> str:
    """The description that stands in the command itself: "X, a painter from Y"."""
    _, comma, after = body.partition(f"{subject}, ")
    said = after.strip(" ,.!")
    if body.lstrip().startswith("that "):
        return f"{subject}."  # a single fact: what it says is all there is to go by
    return f"{subject}, {said}." if comma and " " in said else ""


def _apposition(body: str, subject: str) -> str:
    """What the command itself says of its subject: "the novel X", "X, a novel by …"."""
    before, _, after = body.partition(subject)
    return f"{before} {after}".strip(" ,.")


def _refuse_broad(name: str) -> None:
    words = [w.lower() for w in _WORD.findall(name)]
    letters = sum(len(w) for w in words)
    if letters < 2 or all(w in BROAD or len(w) == 1 for w in words):
        raise TargetTooBroadError(
            f"{name!r} would match nearly everything; name one person, organisation, work, "
            "place, topic, record or skill"
        )
