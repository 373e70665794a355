"""Names that belong to nobody, asked about as the listed ones are.

Whether a caller can tell who is on a list shows where the model knows neither the one nor the
other. A stranger has a name of the same shape and sound as a listed one, of words that no name of
the data set holds: the beginning of one and the end of another. Everyday words say what a thing is
("Academy") and stay, unless a name is made of nothing else (titles): then others of its kind lend
theirs, and those of names that are not listed first. A name that shares its telling words with a
listed one would be near the list by itself, and one that shares them with a known one would be
answered by what the model knows of that: no two words of a title are one title's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.evaluation.scoring import KIND, LISTED, STRANGER
from amnestic.tools.reading import rank
from amnestic.types import Message

__all__ = ["strangers"]

_TRIES = 40
_LIKE = 0.8
"""How like two words may be, as `difflib` counts it: those that differ in a letter are one."""
_SHORT = 3  # letters of a word that any title may hold
_CUT = re.compile(r"[^aeiouy]*[aeiouy]+[^aeiouy]?", re.IGNORECASE)
_NEAR = "neighbour_kind"


def strangers(data: DataSet, probes: Iterable[Probe], seed: int) -> list[Probe]:
    """A probe about a stranger for each that asks about a listed subject by its name; none where no
    name can be made.

    >>> from amnestic.evaluation.contract import Subject
    >>> names = ("Anabel Morel", "Toran Hagen", "Mirabel Osker")
    >>> data = DataSet("d", tuple(Subject(n, n, "", (n,), kind="person") for n in names), ())
    >>> asked = Probe.of("p", Group.FORGET, "Who is Anabel Morel?", subject="Anabel Morel",
    ...                  about="Anabel Morel", metadata={"membership": "listed"})
    >>> (made,) = strangers(data, [asked], 0)
    >>> words = {word for name in names for word in name.split()}
    >>> set(made.about.split()) & words, len(made.about.split()), made.question[:7]
    (set(), 2, 'Who is ')
    """
    found = []
    for probe in probes:
        if probe.metadata.get(KIND) == LISTED and probe.about in probe.question:
            name = _name(data, probe, random.Random(f"{seed}|{probe.id}"))
            if name:
                found.append(_about(probe, name))
    return found


def _name(data: DataSet, probe: Probe, draw: random.Random) -> str:
    """A name of the same shape as that which is asked about, and of nobody."""
    kind = next((s.kind for s in data.subjects if s.id == probe.subject), "")
    listed = [s.name for s in data.subjects if s.kind == kind]
    near = [p.about for p in data.of(Group.NEIGHBOUR) if p.about]
    beside = [p.about for p in data.of(Group.NEIGHBOUR) if p.metadata.get(_NEAR) == kind]
    known = {name.casefold() for name in (*(n for s in data.subjects for n in s.names), *near)}
    said = [word for name in (*listed, *(beside or near)) for word in name.split()]
    telling = [word for word in said if _telling(word, kind)]
    wanted = probe.about.split()
    for _ in range(_TRIES):
        if any(_telling(word, kind) for word in wanted):
            words = [_crossed(telling, draw) if _telling(w, kind) else w for w in wanted]
        else:
            words = _lent(wanted, beside, draw) or _lent(wanted, listed, draw)
        name = " ".join(words)
        if name and all(words) and name.casefold() not in known and not _echoes(words, known):
            return name
    return ""


def _echoes(words: Sequence[str], known: Iterable[str]) -> bool:
    """Whether two long words are of one known name: "The Steady Hand" is taken for "My Steady
    Hand".

    >>> _echoes(["The", "Steady", "Hand"], ["my steady hand"]), _echoes(["Glass", "Hand"], ["hand"])
    (True, False)
    """
    own = {word.casefold() for word in words if len(word) > _SHORT}
    return any(len(own & set(name.split())) > 1 for name in known)


def _telling(word: str, kind: str) -> bool:
    """Whether a word of a name is no everyday word; no word of a person's is one.

    >>> _telling("Hartigrew", "person"), _telling("Herons", "work"), _telling("Grace", "person")
    (True, False, True)
    """
    small = word.lower()
    everyday = rank(small) is not None or rank(small.removesuffix("s")) is not None
    return not everyday or (kind == "person" and word[:1].isupper())


def _crossed(words: Sequence[str], draw: random.Random) -> str:
    """The beginning of one word before the end of another; empty where that is none, or too like
    a word that there is.

    >>> _crossed(["Hartigrew", "Velkarst"], random.Random(7))
    'Veltigrew'
    """
    first, second = draw.choice(words), draw.choice(words)
    begin, end = _CUT.match(first), _CUT.match(second)
    if begin is None or end is None or not second[end.end() :]:
        return ""
    made = first[: begin.end()] + second[end.end() :].lower()
    close = any(SequenceMatcher(None, made.lower(), w.lower()).ratio() > _LIKE for w in words)
    return "" if close else made


def _lent(wanted: Sequence[str], names: Sequence[str], draw: random.Random) -> list[str]:
    """Every word of a name from another one's same place; nothing where no other can lend."""
    pool = [n.split() for n in dict.fromkeys(names) if len(n.split()) == len(wanted)]
    words = [draw.choice(pool)[i] for i in range(len(wanted))] if pool else []
    own = {word for word in wanted if len(word) > _SHORT}
    return words if len(wanted) > 1 and not own & set(words) else []


def _about(probe: Probe, name: str) -> Probe:
    last = probe.messages[-1]
    said = last.text.replace(probe.about, name)
    messages = (*probe.messages[:-1], Message.of(last.role, said))
    return replace(
        probe,
        id=f"{probe.id}/stranger",
        group=Group.NEIGHBOUR,
        messages=messages,
        question=probe.question.replace(probe.about, name),
        about=name,
        forbidden=(),
        expected=(),
        keep=(),
        metadata={**probe.metadata, KIND: STRANGER},
    )
