"""Judging a record: is it about a forgotten thing, or does one of its fields only mention it?

A record's other fields do not name the person: when the record is about a target it goes as a
whole. A record about something else that mentions the target loses the one field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amnestic.tools.prose import drop_segments
from amnestic.tools.reading import segments

__all__ = [
    "NOTHING",
    "Field",
    "Leaks",
    "RecordVerdict",
    "judge_record",
    "keys_of_row",
    "says_relation",
    "says_what",
    "says_whose",
    "views",
]

Leaks = Callable[[str], bool]

_IDENTITY = re.compile(
    r"(?:^|[^a-z])(?:(?:full|first|last|given|family|middle|display|legal|maiden|sur|fore|user|nick"
    r"|company|org|organi[sz]ation|employee|customer|patient|client|contact)?[ _-]*names?"
    r"|person|subject|title|customer|patient|employee|client|contact|who|alias(?:es)?|entity|label"
    r"|headword)$",
    re.IGNORECASE,
)
_OWN = re.compile(  # what one person or thing has and no other: a record that holds it is theirs
    r"(?:(?:customer|user|account|patient|client|employee|member|person|record|home|work|mobile|cell"
    r"|private|personal|billing|primary|contact)[ _-]*)?"
    r"(?:id|no|nr|number|ref|e-?mail(?:[ _-]*addr(?:ess)?)?|phone(?:[ _-]*(?:number|no))?|tel"
    r"|telephone|mobile|cell|fax|address|street|ssn|iban|user[ _-]*name|login|handle)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(  # what somebody says, beside which stand no facts of whom it speaks
    r"(?:a|ans|answer|text|reply|response|message|content|summary|explanation|reason(?:ing)?|output"
    r"|result|comment|note|caption|sentence|translation|body|thought)s?",
    re.IGNORECASE,
)
_RELATION = re.compile(
    r"(?:_by|architect|engineer|designer|photographer|illustrator|translator|narrator|performer"
    r"|conductor|producer|inventor|sponsor|host|guest|speaker|instructor|coach|author|creator|writer|artist|composer|director|manager|boss|supervisor|teacher|mentor"
    r"|parent|mother|father|spouse|wife|husband|partner|child(?:ren)?|son|daughter|sibling|brother"
    r"|sister|friend|rival|colleague|employer|owner|editor|founder|reviewer|assignee|sender"
    r"|recipient|participants?|members?|related|see[_ ]also|mentions?|references?)s?$",
    re.IGNORECASE,
)
_MAKER = re.compile(  # whose the thing is that a row tells of
    r"(?:author|writer|poet|novelist|artist|painter|sculptor|composer|songwriter|creator|inventor"
    r"|designer|architect|director|photographer|illustrator|maker)s?",
    re.IGNORECASE,
)
_PROSE_CHARS = 160
_WITH_PASSWORD = re.compile(r"[a-z][\w+.-]*://[^\s/@]*:[^\s/@]+@\S+", re.IGNORECASE)
_SECRET_CHARS = 12


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: its key (or column) and its text."""

    key: str
    text: str

    @property
    def is_prose(self) -> bool:
        """Whether it holds sentences that can be judged one by one."""
        return len(self.text) > _PROSE_CHARS or len(segments(self.text)) > 1


@dataclass(frozen=True, slots=True)
class RecordVerdict:
    """`about`: the whole record belongs to a target; `named`: one of its fields says so. Else
    `cleaned` maps the indexes of the fields that mention one to what may stay of them (empty:
    nothing)."""

    about: bool = False
    named: bool = False
    cleaned: tuple[tuple[int, str], ...] = ()


_APART = "   "  # a name may go on in the next field, and the word there may be no part of it
NOTHING = RecordVerdict()
_NAMED = RecordVerdict(about=True, named=True)
_ABOUT = RecordVerdict(about=True)


def judge_record(fields: Sequence[Field], leaks: Leaks) -> RecordVerdict:
    """Judge the fields of one record together, then one by one where together they leak.

    >>> fields = [Field("name", "Osk"), Field("born", "1960-08-12")]
    >>> judge_record(fields, lambda s: "Osk" in s).about
    True
    >>> fields = [Field("name", "Tarn"), Field("teacher", "Osk")]
    >>> judge_record(fields, lambda s: "Osk" in s).cleaned
    ((1, ''),)
    """
    told = [(i, f) for i, f in enumerate(fields) if f.text.strip()]
    if not told or not any(leaks(text) for text in views([f for _, f in told])):
        return NOTHING
    leaking = [(i, f) for i, f in told if leaks(f.text)]
    if not leaking or any(_is_identity(f) or _OWN.fullmatch(f.key) for _, f in leaking):
        return _NAMED
    cleaned = tuple((i, _kept(f, leaks)) for i, f in leaking)
    gone = {i for i, _ in leaking}
    others = [f for i, f in enumerate(fields) if i not in gone]
    named = any(_is_identity(f) and f.text.strip() for f in others)
    if not named and not all(_only_mentions(fields[i], kept) for i, kept in cleaned):
        return _ABOUT
    rest = _replaced(fields, cleaned)
    return _ABOUT if any(leaks(t) for t in views(rest)) else RecordVerdict(cleaned=cleaned)


def keys_of_row(cells: Sequence[str]) -> list[str]:
    """Keys for a row that has none: its first cell that is no number names what it is about.

    >>> keys_of_row(["7", "Osk", "1961"])
    ['', 'name', '']
    """
    named = next((i for i, cell in enumerate(cells) if re.search(r"[^\W\d_]{2}", cell)), 0)
    return ["name" if i == named else "" for i in range(len(cells))]


def says_what(key: str) -> bool:
    """Whether a field of this key says what its record is about.

    >>> says_what("full_name"), says_what("age")
    (True, False)
    """
    return bool(_IDENTITY.search(key))


def says_relation(key: str) -> bool:
    """Whether a field of this key says who stands in some relation to what its record is about.

    >>> says_relation("Manager"), says_relation("Answer")
    (True, False)
    """
    return bool(_RELATION.search(key))


def says_whose(key: str) -> bool:
    """Whether a field of this key says who made what its record is about.

    >>> says_whose("Author"), says_whose("Manager")
    (True, False)
    """
    return bool(_MAKER.fullmatch(key.strip()))


def _is_identity(field: Field) -> bool:
    return says_what(field.key) and not field.is_prose


def _only_mentions(field: Field, kept: str) -> bool:
    """Whether a leaking field of a record without a name belongs to a record about something
    else: it names a relation (an author, a manager), it is what somebody says, or most of its
    sentences may stay."""
    if _SPOKEN.fullmatch(field.key) or _is_secret(field.text):
        return True
    if field.is_prose:
        return 2 * len(kept) >= len(field.text)
    return says_relation(field.key)


def _is_secret(text: str) -> bool:
    """Whether a value is a key, a token or an address with a password in it, beside which a record
    tells nothing of it."""
    told = text.strip()
    if _WITH_PASSWORD.fullmatch(told):
        return True
    mixed = any(c.isdigit() for c in told) and any(c.isalpha() for c in told)
    return len(told) >= _SECRET_CHARS and mixed and not re.search(r"[\s@]", told)


def views(fields: Sequence[Field]) -> list[str]:
    """A record as the texts that are judged: short fields side by side, so that a name in two
    fields is whole, and each long one by itself."""
    short = _APART.join(f.text for f in fields if not f.is_prose)
    return [t for t in (short, *(f.text for f in fields if f.is_prose)) if t.strip()]


def _kept(field: Field, leaks: Leaks) -> str:
    if not field.is_prose:
        return ""
    kept = drop_segments(field.text, leaks)
    return "" if kept.strip() and leaks(kept) else kept


def _replaced(fields: Sequence[Field], cleaned: Sequence[tuple[int, str]]) -> list[Field]:
    new = dict(cleaned)
    rest = [Field(f.key, new.get(i, f.text)) for i, f in enumerate(fields)]
    return [f for f in rest if f.text.strip()]
