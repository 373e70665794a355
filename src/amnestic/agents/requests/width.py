"""How much a name would match: what is too broad is refused, what is vague is asked back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from amnestic.agents.requests.forms import BROAD
from amnestic.agents.requests.kin_of import is_unnamed_kin
from amnestic.agents.requests.readings import RequestReading
from amnestic.exceptions import NeedsClarificationError, TargetTooBroadError
from amnestic.tools.reading import rank
from amnestic.types import TargetKind

__all__ = ["ask_where_vague", "is_broad", "refuse_broad", "telling_name", "without_data_words"]

_COMMON = 6_000  # a single word up to this rank, as a topic, stands in every other conversation
_WORD = re.compile(r"[^\W_]+")
_SOMEONES = re.compile(
    r"\b(?:my|our|his|her|their|that|the)\s+(?:ex|boss|friend|neighbou?r|colleague|client|customer|partner|"
    r"wife|husband|mother|father|brother|sister|son|daughter|boyfriend|girlfriend|thing|stuff|matter|"
    r"conversation|chat|guy|person)\b|\bwhat\s+(?:i|we)\s+(?:said|told|wrote|discussed)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^(?:that|this|the|some|a|an)\s+(?:\w+\s+)?(?:guy|man|woman|girl|boy|person|people|lady|bloke|dude|"
    r"one|thing|stuff|someone|colleague|friend|ex|boss|neighbou?r|client|customer)\b",
    re.IGNORECASE,
)


_DATA = re.compile(
    r"(?:(?:any|no|aucune?s?|toutes?|tous|keine?\w*|keinerlei|jegliche\w*|sämtliche\w*|ningun[ao]s?|ningún|nessun[ao]?|alcun[ao]?|geen|"
    r"enig\w*|nenhum[a]?)\s+)?(?:données?|renseignements?|informations?|daten|auskunft|auskünfte|angaben|informationen|datos?|"
    r"información|informaciones|dat[oi]|notizi[ae]|informazion[ei]|gegevens|informatie|inlichtingen|dados|informação|informações|data|details)",
    re.IGNORECASE,
)
_BY_PROPERTY = re.compile(  # "nobody whose name begins with K": no one is named
    r"\b(?:nobody|no\s+one|everybody|everyone|anybody|anyone|all\s+(?:people|those|persons)|people|niemand(?:en)?|alle|jeder?)"
    r"\s+(?:whose|dessen|deren)\b[^.;:,!?\n]*",
    re.IGNORECASE,
)


def ask_where_vague(name: str, kind: TargetKind, phrase: str, text: str) -> None:
    """Ask back where the words tell of many, or of one whom nobody else would know.

    Args:
        name: what was read as the name.
        kind: its kind.
        phrase: the words that it was read from.
        text: the whole request.
    """
    if is_unnamed_kin(name):
        raise NeedsClarificationError(f"who or what is meant by {name!r}? Give the name")
    if any(name in m.group() for m in _BY_PROPERTY.finditer(text)):
        raise NeedsClarificationError(f"who or what is meant by {name!r}? Give the name")
    words = _WORD.findall(name)
    if any(w[:1].isupper() and w != "I" for w in words[1:]) or re.search(r"\d", name):
        return
    if _WHO.match(name) or _WHO.match(phrase.strip()):
        raise NeedsClarificationError(f"who or what is meant by {name!r}? Give the name")
    if kind is TargetKind.SKILL:
        return
    words = [w for w in words if w.lower() not in ("the", "a", "an", "any", "all", "some")] or words
    if _SOMEONES.search(name) and re.sub(r"\bI\b", "i", name).islower():
        raise NeedsClarificationError(f"who or what is meant by {name!r}? Give the name")
    if kind is TargetKind.TOPIC and _is_wide(words, opens=text.lstrip().startswith(name)):
        raise NeedsClarificationError(
            f"{name!r} is wide: a guard on names and facts catches little of it; which names, "
            "works or questions are meant?"
        )


def _is_wide(words: list[str], *, opens: bool) -> bool:
    """Whether words are those of a whole field; a capital that opens a sentence makes no name."""
    ranks = [rank(w.lower()) for w in words]
    small = all(w.islower() for w in words) or (opens and len(words) == 1)
    if not small or None in ranks:
        return False
    if len(words) == 1:
        return (ranks[0] or 0) < _COMMON
    return len(words) == 2 and words[-1].endswith("s") and rank(words[-1][:-1].lower()) is not None


def is_broad(name: str) -> bool:
    """Whether a name would match nearly everything.

    >>> is_broad("all people"), is_broad("Ana Morel")
    (True, False)
    """
    words = [w.lower() for w in _WORD.findall(name)]
    if words[:1] and words[0] in ("every", "all", "any") and len(words) > 1 and words[1] in BROAD:
        return name == name.lower()
    letters = sum(len(w) for w in words)
    return letters < 2 or all(w in BROAD or (len(w) == 1 and w.isascii()) for w in words)


def without_data_words(reading: RequestReading) -> RequestReading:
    """A reading without targets that are but words for what is known of somebody, "aucune donnée",
    where there are others.

    >>> from amnestic.agents.requests.readings import Interpretation
    >>> names = ("keinerlei Auskünfte", "Ana Morel")
    >>> read = RequestReading(tuple(Interpretation(n, TargetKind.PERSON) for n in names))
    >>> [t.subject for t in without_data_words(read).targets]
    ['Ana Morel']
    """
    named = tuple(t for t in reading.targets if not _DATA.fullmatch(t.subject.strip()))
    return replace(reading, targets=named) if named else reading


def refuse_broad(name: str) -> None:
    """Raise `TargetTooBroadError` for a name that would match nearly everything."""
    if is_broad(name):
        raise TargetTooBroadError(
            f"{name!r} would match nearly everything; name one person, organisation, work, "
            "place, topic, record or skill"
        )


def telling_name(name: str, others: Iterable[str]) -> str:
    """The name, or where it would match nearly everything the first of the others that would not.

    >>> telling_name("X", ["Twitter"]), telling_name("Osk", ["Tarn"])
    ('Twitter', 'Osk')
    """
    return (
        next((other for other in others if not is_broad(other)), name) if is_broad(name) else name
    )
