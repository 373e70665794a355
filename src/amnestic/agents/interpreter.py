"""The interpreter: from a request in plain words to a forget target.

The local engine reads the common English forms. What it cannot read it refuses, with the reason;
nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

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


_POLITE = r"(?:please|kindly|hey|hi|hello|ok|okay|so|now|from now on|as of now|starting now)[,\s]+"
_WANT = (
    r"(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?|you\s+(?:must|should|have\s+to|need\s+to)\s+"
    r"|i(?:'d|\s+would)?\s+(?:want|like|need|ask)\s+(?:you\s+)?(?:to\s+)?|we\s+(?:want|need)\s+you\s+to\s+"
    r"|let'?s\s+|make\s+sure\s+(?:that\s+)?you\s+)"
)
_KNOWLEDGE = (
    r"(?:(?:all|any|every|everything|anything|whatever|what|all\s+that|your|the|of|knowledge|"
    r"information|memory|memories|facts?|data|details?|content|records?|you\s+(?:know|learned|learnt|"
    r"have(?:\s+learned)?|remember)|that|there\s+is|to\s+do|related|relating|regarding|concerning)\s+)*"
)
_ABOUT = r"(?:(?:about|on|of|regarding|concerning|related\s+to|relating\s+to|with)\s+)"
_COMMAND = re.compile(
    rf"^\s*(?:{_POLITE})*(?:{_WANT})?(?:{_POLITE})*"
    r"(?:"
    rf"(?:forget|unlearn|erase|delete|remove|wipe|suppress|purge|drop|disregard)\s+"
    rf"(?:{_KNOWLEDGE}{_ABOUT})?"
    rf"|(?:do\s+not|don'?t|never|no\s+longer|stop|avoid|refrain\s+from|not)\s+(?:ever\s+|to\s+|again\s+)*"
    rf"(?:talk(?:ing)?|speak(?:ing)?|mention(?:ing)?|discuss(?:ing)?|tell(?:ing)?|say(?:ing)?|"
    rf"answer(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|writ(?:e|ing)|giv(?:e|ing)|know(?:ing)?|"
    rf"remember(?:ing)?|explain(?:ing)?|help(?:ing)?)\s+"
    rf"(?:(?:to\s+)?(?:me|us|anyone|anybody|people|users?|others)\s+)?"
    rf"(?:(?:anything|something|any\s+more|questions?|information|details?|out)\s+)*{_ABOUT}?"
    r")",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:from\s+(?:your|the)\s+(?:memory|knowledge|mind|system|model|weights|training(?:\s+data)?)"
    r"|any\s*more|any\s+longer|again|(?:right\s+)?now|completely|entirely|altogether|at\s+all|"
    r"forever|for\s+good|please|thanks|thank\s+you)\s*[.!]*$",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"[,;]?\s*\(?\b(?:except(?:\s+for|\s+that|\s+when)?|apart\s+from|other\s+than|"
    r"but\s+(?:not|keep|you\s+may\s+keep|do\s+keep|leave)|save\s+for|excluding|with\s+the\s+exception\s+of)\s+(?P<kept>[^.!;]+)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"[,;]?\s*\b(?:until|till|up\s+to|through|before|expires?(?:\s+on)?|ending(?:\s+on)?)\s+"
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\s+[A-Za-z]+\s+\d{4}|[A-Za-z]+\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"[,;]?\s*\b(?:because|since|as\s+requested\s+by|due\s+to)\s+(?P<why>[^.!;]+)",
                      re.IGNORECASE)  # fmt: skip
_AKA = re.compile(
    r"[,;]?\s*\(?\b(?:also\s+(?:known|called|written|spelled)\s+(?:as\s+)?|a\.?k\.?a\.?[,:]?\s+|"
    r"alias(?:es)?[:,]?\s+|better\s+known\s+as\s+|nicknamed\s+|(?:under\s+)?the\s+pen\s+name\s+|"
    r"pen\s+name:?\s+|formerly\s+|née\s+|who\s+goes\s+by\s+)(?P<names>[^().;!]*(?:\.\s?[A-Z][^().;!]*)*)\)?",
    re.IGNORECASE,
)  # fmt: skip
_QUOTED = re.compile(r"[\"“«]([^\"”»]{1,200})[\"”»]|(?<!\w)['‘]([^'’]{2,200})['’](?!\w)")
_INTRODUCTION = re.compile(r"^(?:the|a|an|my|our|their)\s+(?:[a-z]+\s+){1,2}(?=[A-Z])(?!of\b)")
_NAME_JOINT = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+")
_IS = r"(?:is|was|are|were|refers\s+to|works\s+(?:as|at|for)|lives|died|has|had)"
_KIND_WORDS = (
    (TargetKind.SKILL, r"^(?:how\s+to|(?:the\s+)?(?:recipe|instructions?|steps?|method|procedure)\s+(?:for|to))\b"),
    (TargetKind.RECORD, r"\b(?:record|file|account|invoice|order|ticket|case|contract|patient|customer|client)\b(?:\s*(?:number|no\.?|id|#)|'s)?\s*#?\w*\d"),
    (TargetKind.ORGANISATION, r"\b(?:company|corporation|organi[sz]ation|firm|university|school|college|band|"
     r"institute|agency|bank|startup|brand|association|club|party|guild|society|works|inc|ltd|llc|gmbh|publisher|museum|hospital|"
     r"laboratory|observatory|orchestra|theatre|newspaper|team)\b"),
    (TargetKind.WORK, r"\b(?:novel|book|film|movie|song|album|series|play|poem|painting|game|symphony|opera|"
     r"article|paper|essay|sculpture|musical|sonata|trilogy|memoir|documentary)\b"),
    (TargetKind.PLACE, r"\b(?:city|town|village|country|river|mountain|island|lake|region|street|building|"
     r"castle|bridge|harbou?r|valley|province|capital|district|port)\b"),
)  # fmt: skip
_PERSON_WORDS = re.compile(
    r"\b(?:person|member|figure|polymath|footballer|boxer|swimmer|celebrity|personality|actor|actress|author|writer|singer|politician|president|king|queen|player|"
    r"scientist|philosopher|director|musician|rapper|founder|businessman|businesswoman|model|poet|"
    r"novelist|painter|composer|architect|astronomer|physicist|chemist|biologist|engineer|chef|"
    r"artist|man|woman|born|host|journalist|lawyer|doctor|teacher|emperor|leader|general|comedian|"
    r"entrepreneur|producer|coach|athlete|explorer|historian|inventor|botanist|cartographer|"
    r"he|she|his|her)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "de da di del della der den van von la le el al bin ibn of the and y".split()
)
_PERSON_AHEAD = 40  # "an author of the novel …": a calling counts before the thing it is about
_BROAD = frozenset(
    "all everything everyone everybody anything anyone anybody something someone it this that these "
    "those them they he she him her me you us we i the a an name names people persons person thing "
    "things word words fact facts topic topics data information knowledge world human humans stuff "
    "question questions answer answers language english text texts message messages conversation "
    "instructions rules prompt list any every each what who and or of about you know to other others "
    "man men woman women city cities country countries number numbers date dates company companies "
    "book books place places your memory training yourself".split()
)
_WORD = re.compile(r"[^\W_]+")
_MONTHS = {
    m: i + 1
    for i, m in enumerate(
        "january february march april may june july august september october november december".split()
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
        request = _checked(text)
        command, rest = _split(request)
        body, expires = _take_expiry(command, now or datetime.now(UTC))
        body, exceptions = _take_exceptions(body)
        body, reason = _take_reason(body)
        body, aliases = _take_aliases(body)
        subject = _subject(body)
        description, more, kept, rest_expiry = _read_rest(rest, now or datetime.now(UTC))
        named = tuple(n for n in dict.fromkeys((*aliases, *more)) if n.lower() != subject.lower())
        for name in (subject, *named):
            _refuse_broad(name)
        return Interpretation(
            subject,
            _kind_of(
                subject,
                description or _apposition(body, subject),
                quoted=bool(_QUOTED.search(body)),
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
        match = _COMMAND.match(piece)
        if match and match.end() < len(piece.rstrip()):
            before = "".join(pieces[:i])
            return piece[match.end() :].strip(), (before + "".join(pieces[i + 1 :])).strip()
    raise ForgetRequestError(
        "the request does not say what to forget; begin it with 'Please forget …', "
        "'Forget everything about …' or 'Do not talk about …'"
    )


def _take_expiry(body: str, now: datetime) -> tuple[str, datetime | None]:
    match = _UNTIL.search(body)
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
    kept = tuple(m["kept"].strip(" ,.)\"'") for m in _EXCEPT.finditer(body))
    return _EXCEPT.sub("", body), tuple(k for k in kept if k)


def _take_reason(body: str) -> tuple[str, str]:
    match = _BECAUSE.search(body)
    if match is None:
        return body, ""
    return body[: match.start()] + body[match.end() :], match["why"].strip()


def _take_aliases(body: str) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []
    for match in _AKA.finditer(body):
        names.extend(_names_in(match["names"]))
    return _AKA.sub("", body), tuple(names)


def _names_in(text: str) -> list[str]:
    quoted = [a or b for a, b in _QUOTED.findall(text)]
    if quoted:
        return [q.strip(" ,.") for q in quoted if q.strip(" ,.")]
    head = re.split(rf"\b{_IS}\b", text, maxsplit=1)[0]
    names = [n.strip(" ,.\"'") for n in _NAME_JOINT.split(head)]
    return [n for n in names if n and not n[0].islower() or n[:1].isdigit()]


def _subject(body: str) -> str:
    quoted = _QUOTED.search(body)
    if quoted:
        subject = (quoted[1] or quoted[2]).strip()
    else:
        subject = re.split(
            rf",?\s+(?:who|which|that)\s+{_IS}\b|,\s+(?=(?:a|an|the|who|which)\s)", body
        )[0]
        previous = None
        while previous != subject:
            previous = subject
            subject = _TAIL.sub("", subject).strip(" \n,;:!?\"'()").rstrip(".")
        subject = _INTRODUCTION.sub("", subject)
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
        for match in _AKA.finditer(piece):
            aliases.extend(_names_in(match["names"]))
        keep = re.match(r"\s*(?:but\s+)?(?:keep|you\s+may\s+(?:still\s+)?(?:talk|speak)\s+about)\s+(?P<kept>[^.!]+)",
                        piece, re.IGNORECASE)  # fmt: skip
        if keep:
            exceptions.append(keep["kept"].strip())
            continue
        if re.match(r"\s*(?:this\s+)?(?:until|expires?)\b", piece, re.IGNORECASE):
            _, expires = _take_expiry(" " + piece.strip(), now)
            continue
        kept.append(piece)
    return "".join(kept).strip(), tuple(aliases), tuple(exceptions), expires


def _apposition(body: str, subject: str) -> str:
    """What the command itself says of its subject: "the novel X", "X, a novel by …"."""
    before, _, after = body.partition(subject)
    return f"{before} {after}".strip(" ,.")


def _refuse_broad(name: str) -> None:
    words = [w.lower() for w in _WORD.findall(name)]
    letters = sum(len(w) for w in words)
    if letters < 2 or all(w in _BROAD or len(w) == 1 for w in words):
        raise TargetTooBroadError(
            f"{name!r} would match nearly everything; name one person, organisation, work, "
            "place, topic, record or skill"
        )


def _kind_of(subject: str, description: str, *, quoted: bool) -> TargetKind:
    if re.search(_KIND_WORDS[0][1], subject, re.IGNORECASE):
        return TargetKind.SKILL
    if re.search(_KIND_WORDS[1][1], subject, re.IGNORECASE):
        return TargetKind.RECORD
    head = _predicate(description)
    found = [(m.start(), kind) for kind, words in _KIND_WORDS[2:] if (m := re.search(words, head))]
    person = _PERSON_WORDS.search(head)
    if person:
        found.append((max(0, person.start() - _PERSON_AHEAD), TargetKind.PERSON))
    return min(found)[1] if found else _kind_by_name(subject, quoted=quoted)


def _kind_by_name(subject: str, *, quoted: bool) -> TargetKind:
    if quoted or subject.startswith(("The ", "A ", "An ")):
        return TargetKind.WORK
    if subject.startswith(("the ", "a ", "an ")):
        return TargetKind.TOPIC
    if re.search(_KIND_WORDS[2][1], subject.lower()):
        return TargetKind.ORGANISATION
    words = [w for w in subject.replace(",", " ").split() if w.lower() not in _PARTICLES]
    is_name = len(words) >= 2 and all(w[:1].isupper() for w in words)
    return TargetKind.PERSON if is_name else TargetKind.TOPIC


def _predicate(description: str) -> str:
    """What the description says that the subject is: the words behind its first verb."""
    match = re.search(rf"\b{_IS}\b(?P<rest>.*)", description, re.IGNORECASE | re.DOTALL)
    return (match["rest"] if match else description)[:200]
