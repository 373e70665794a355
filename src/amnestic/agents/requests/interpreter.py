"""The interpreter: from a request in plain words to a forget target.

The local engine reads the common English forms. What it cannot read it refuses, with the reason;
nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from amnestic.agents.requests.bare_name import BareName, bare_name
from amnestic.agents.requests.forms import (
    AKA,
    AND,
    BECAUSE,
    BROAD,
    COMMAND,
    EXCEPT,
    EXPIRY_SENTENCE,
    FULL_NAME,
    KEEP_SENTENCE,
    NAME_JOINT,
    QUOTED,
    TAIL,
    UNREAD_DATE,
    UNTIL,
    WHO_IS,
)
from amnestic.agents.requests.name_aliases import has_legal_form
from amnestic.agents.requests.plain_requests import as_command
from amnestic.agents.requests.target_kind import IS, kind_named, kind_of
from amnestic.exceptions import ForgetRequestError, TargetTooBroadError
from amnestic.tools.reading import segments
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
_PRONOUNS = ("she ", "he ", "they ", "it ", "her ", "his ", "their ", "its ")
_NOTHING_MORE = re.compile(r"(?:and|or)\s+(?:all|any|every)\w*(?:\s+\w+){0,4}$", re.IGNORECASE)
_EPITHET = re.compile(  # "the Lark of Venn"; "the Heron" alone would be every heron
    r"(?:the|la|le|el|il|der|die|das|de)\s+[A-Z][\w'’-]+\s+(?:\w+\s+){0,2}[A-Z][\w'’-]+$"
)
_ARTICLES = frozenset({"a", "an", "the", "our", "my", "their"})
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
        moment = now or datetime.now(UTC)
        command, rest = _split(as_command(_checked(text)))
        body, expires = _take_expiry(command, moment)
        body, exceptions = _take_exceptions(body)
        body, reason = _take_reason(body)
        body, aliases = _take_aliases(body)
        found = _name(body)
        told, more, kept, rest_expiry = _read_rest(rest, moment)
        names = dict.fromkeys((*aliases, *found.aliases, *more))
        named = tuple(n for n in names if n.lower() != found.name.lower())
        for name in (found.name, *named):
            _refuse_broad(name)
        return Interpretation(
            found.name,
            _kind(found, told),
            _description(found, told),
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
    return [n for n in names if n and (not n[0].islower() or _EPITHET.match(n))]


def _name(body: str) -> BareName:
    phrase = _without_tail(body)
    _refuse_unread_date(QUOTED.sub("", phrase))
    found = bare_name(WHO_IS.sub(r"\g<name>", phrase))
    if not found.quoted:
        _refuse_several(phrase[len(found.lead) :].strip(), found)
    if found.name.startswith("that "):
        found = replace(found, name=found.name.removeprefix("that "), lead="that")
    if not found.name:
        raise ForgetRequestError(
            "the request does not say what to forget; name it, as in 'Please forget …'"
        )
    if len(found.name) > MAX_SUBJECT_CHARS:
        raise ForgetRequestError(
            f"what to forget has {len(found.name)} characters; name it in at most "
            f"{MAX_SUBJECT_CHARS} and put the rest in a sentence of its own"
        )
    return found


def _without_tail(body: str) -> str:
    phrase, previous = body.strip(" \n,;:!?").rstrip("."), None
    while previous != phrase:
        previous = phrase
        phrase = TAIL.sub("", phrase).strip(" \n,;:!?")
    return phrase


def _kind(found: BareName, told: str) -> TargetKind:
    if named := kind_named(found.lead):
        return named
    if any(has_legal_form(alias) for alias in found.aliases):
        return TargetKind.ORGANISATION
    if not told and re.search(r"\b(?:he|she|his|her)\b", found.tail):
        return TargetKind.PERSON
    said = f"{found.lead} {found.tail}".strip()
    return kind_of(found.name, told or said, quoted=found.quoted)


def _description(found: BareName, told: str) -> str:
    """What the request says of its subject: its further sentences, then what stood in passing."""
    if found.lead == "that":
        return told or f"{found.name}."  # a single fact: what it says is all there is to go by
    tail = found.tail.strip(" ,;:.!")
    lead = re.sub(r"[\s:]+(?:of|named|called|with the .*name|by the name of)$", "", found.lead)
    if not tail or _NOTHING_MORE.match(tail):
        return told or (f"{found.name}, {lead}." if kind_named(lead) else "")
    if tail.lower().startswith(_PRONOUNS):
        return f"{told} {tail[0].upper()}{tail[1:]}.".strip()
    loose = tail[:1] in "([" or (tail.split()[0].islower() and tail.split()[0] not in _ARTICLES)
    joint = " " if loose else ", "
    opening = f", {lead}" if kind_named(lead) and lead not in tail else ""
    joint = joint if not opening or tail[:1] in "([" else ", "
    passing = f"{found.name}{opening}{joint}{tail}."
    return f"{told} {passing}".strip()


def _refuse_several(phrase: str, found: BareName) -> None:
    if found.name.startswith(("merger of ", "takeover of ", "union of ")):
        return  # what two share is one thing
    names = [n for n in NAME_JOINT.split(phrase) if n]
    full = [n for n in names if FULL_NAME.match(n)]
    if AND.search(phrase) and len(full) > 1 and full[0] == names[0]:
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


def _refuse_broad(name: str) -> None:
    words = [w.lower() for w in _WORD.findall(name)]
    letters = sum(len(w) for w in words)
    if letters < 2 or all(w in BROAD or len(w) == 1 for w in words):
        raise TargetTooBroadError(
            f"{name!r} would match nearly everything; name one person, organisation, work, "
            "place, topic, record or skill"
        )
