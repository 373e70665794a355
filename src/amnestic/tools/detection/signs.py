"""How a text names a target: in full, by a part of the name, or as somebody else's namesake."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from amnestic.tools.index import TargetProfile
from amnestic.tools.names import PARTICLES, Capital, NameHit, Strength, capital_of, is_given_name
from amnestic.tools.reading import (
    Reading,
    Token,
    folded_words,
    is_common,
    language_of,
    rank,
    stem,
)
from amnestic.types import Span, TargetKind

__all__ = ["ADDRESSED_AS", "OTHER", "NameSigns", "name_signs", "of_others"]

OTHER = "word"
"""The view of a name that stands for something else than its target: it is no sign of it."""

_ROMAN = re.compile(r"[ivx]{1,4}")
_PARTING = re.compile(r"[,;:|/&\n\t(){}\[\]!?]|\w{4}\. |[\"”] ?[\"“]")
"""What stands between two names and not within one."""
_NEXT = re.compile(r" ([^\W\d_][\w'’-]*)")


@dataclass(frozen=True, slots=True)
class NameSigns:
    """How the target is named in a text; every field is 0 or 1, but `usual`: the share of
    the target's facts that call it by the same part of its name.

    A surname or given name "among others" stands beside a capitalised word that is none of the
    target's own: then it is likely another person's.
    """

    full: float = 0.0
    told: float = 0.0
    surname: float = 0.0
    surname_among_others: float = 0.0
    part: float = 0.0
    part_among_others: float = 0.0
    uncased: float = 0.0
    usual: float = 0.0

    @property
    def weak(self) -> float:
        """1 where only a part of a name stands by itself."""
        return max(self.surname, self.part)


def name_signs(hits: Sequence[NameHit], reading: Reading, profile: TargetProfile) -> NameSigns:
    """How one target is named in a text, from its hits there."""
    best: dict[str, float] = {}
    for hit in (h for h in hits if h.view != OTHER):
        for name in _signs_of(hit, reading, profile):
            best[name] = 1.0
        if hit.strength <= Strength.SURNAME and hit.first == hit.last and hit.view == "plain":
            word = stem(reading.tokens[hit.first].word)
            best["usual"] = max(best.get("usual", 0.0), profile.bare.get(word, 0.0))
    if "full" not in best and _has_gapped_name(hits, reading):
        best["full"] = 1.0
    return NameSigns(**best)


def of_others(signs: NameSigns) -> NameSigns:
    """The signs of a text in which others have parts of the target's name, and it is not named."""
    surname = max(signs.surname, signs.surname_among_others)
    part = max(signs.part, signs.part_among_others)
    return replace(
        signs, surname=0.0, surname_among_others=surname, part=0.0, part_among_others=part
    )


def _signs_of(hit: NameHit, reading: Reading, profile: TargetProfile) -> tuple[str, ...]:
    own = profile.own_words
    if hit.strength is Strength.FULL:
        return ("surname_among_others" if _opens_another(hit, reading, profile) else "full",)
    if hit.strength is Strength.TOLD:
        return ("told",)
    if not hit.capital:
        return ("uncased",)
    if hit.view == "plain" and _spells_out_initial(hit, reading, own):
        return ("full",)
    name = "surname" if hit.strength is Strength.SURNAME else "part"
    if hit.view == "plain" and _among_others(hit, reading.tokens, reading, own):
        return (f"{name}_among_others",)
    return (name,)


def _opens_another(hit: NameHit, reading: Reading, profile: TargetProfile) -> bool:
    """Whether a surname that was told as a name by itself opens the name of something else: "Osk"
    of Mirela Osk in "the Osk Press"; or a given name that is all a target is called by, while its
    surname is known, somebody else's name. Where all words have capitals, nothing says so."""
    if hit.first != hit.last or hit.view != "plain" or hit.last + 1 >= len(reading.tokens):
        return False
    *given, surname = folded_words(profile.target.subject) or ("",)
    if profile.target.kind is not TargetKind.PERSON:
        return False
    if not given and not _has_known_surname(surname, profile):
        return False
    text, behind = reading.views[0].folded.text, reading.tokens[hit.last + 1]
    word = text[reading.tokens[hit.first].start : reading.tokens[hit.first].end]
    if word != surname or text[reading.tokens[hit.last].end : behind.start] != " ":
        return False
    if not _is_foreign_name(behind, profile.own_words, first=False):
        return False
    if not given and stem(behind.word) in profile.postings:
        return False
    return _capital_behind(hit, reading) is Capital.NAME


def _has_known_surname(name: str, profile: TargetProfile) -> bool:
    """Whether a given name is all that a target was asked for by, and what is known of it tells
    what stands behind that in its name."""
    if not is_given_name(name):
        return False
    target = profile.target
    whole = re.compile(rf"\b{re.escape(target.subject)}\s+[^\W\d_a-zß-ÿ]\w+")
    return any(whole.search(text) for text in (target.description, *target.facts))


def _capital_behind(hit: NameHit, reading: Reading) -> Capital:
    """What the capital of the word behind a name says; in German every noun has one."""
    word = _NEXT.match(reading.source, hit.span.end)
    if word is None or language_of(reading.source) == "de":
        return Capital.NONE
    return capital_of(reading.source, Span(word.start(1), word.end(1)))


def _spells_out_initial(hit: NameHit, reading: Reading, own: frozenset[str]) -> bool:
    """Whether a given name stands before a rare surname of which the target is known by the
    initial: "Joanne" for "J."."""
    surname = reading.tokens[hit.last].word
    if hit.strength is not Strength.SURNAME or hit.first != hit.last or hit.first == 0:
        return False
    if len(surname) < _RARE_SURNAME or rank(surname) is not None:
        return False
    given = reading.tokens[hit.first - 1]
    between = reading.views[0].folded.text[given.end : reading.tokens[hit.first].start]
    return between == " " and given.capital and len(given.word) > 1 and given.word[0] in own


_RARE_SURNAME = 6
_PARTICLES = PARTICLES - {"and", "y", "the"}

ADDRESSED_AS = frozenset(
    "mr mrs ms miss dr prof sir dame lord lady president king queen prince princess duke duchess "
    "captain general senator chairman coach director actor actress author singer rapper "
    "herr frau fräulein herrn familie monsieur madame mademoiselle mme mlle señor señora señorita "
    "senor senora don doña sr sra signor signora signore sig dottor dottoressa senhor senhora dom "
    "dona heer mevrouw meneer dhr mevr fru pan pani gospodin".split()
)


def _among_others(
    hit: NameHit, tokens: Sequence[Token], reading: Reading, own: frozenset[str]
) -> bool:
    text = reading.views[0].folded.text
    for at, gap in (
        (hit.first - 1, (hit.first - 1, hit.first)),
        (hit.last + 1, (hit.last, hit.last + 1)),
    ):
        if not 0 <= at < len(tokens):
            continue
        if at > hit.last and _leads_to_surname(tokens, at, text, own):
            return True
        between = text[tokens[gap[0]].end : tokens[gap[1]].start]
        if between.strip(" .-") or len(between) > 2:
            continue
        if at > hit.last and hit.strength is Strength.SURNAME and _ROMAN.fullmatch(tokens[at].word):
            continue  # the second thing that is called so: "Oskelly II"
        if _is_foreign_name(tokens[at], own, first=at == 0):
            return True
    return False


def _leads_to_surname(tokens: Sequence[Token], at: int, text: str, own: frozenset[str]) -> bool:
    """Whether a particle behind a given name leads to somebody else's surname: "Inês de Castro"."""
    if tokens[at].word not in _PARTICLES or at + 1 >= len(tokens):
        return False
    places = zip(tokens[at - 1 : at + 1], tokens[at : at + 2], strict=True)
    joined = all(text[one.end : other.start] == " " for one, other in places)
    return joined and _is_foreign_name(tokens[at + 1], own, first=False)


def _is_foreign_name(token: Token, own: frozenset[str], first: bool) -> bool:
    word = token.word
    if not token.capital or word in own or word in ADDRESSED_AS or word.isdigit():
        return False
    if (
        len(word) > 1 and word[0] in own
    ):  # the target is known by an initial that this may stand for
        return False
    if len(word) == 1:
        return word != "i" and word != "s"
    return not is_common(word, 1200 if first else 170)


def _has_gapped_name(hits: Sequence[NameHit], reading: Reading) -> bool:
    """A given name and a surname with one or two capitalised words between."""
    plain = [h for h in hits if h.view == "plain" and h.capital]
    tokens = reading.tokens
    for given in plain:
        for surname in plain:
            gap = range(given.last + 1, surname.first)
            if (
                given.strength is Strength.PART
                and surname.strength is Strength.SURNAME
                and 1 <= len(gap) <= 2
                and all(tokens[i].capital for i in gap)
                and not _PARTING.search(_between(reading, given.last, surname.first))
            ):
                return True
    return False


def _between(reading: Reading, first: int, last: int) -> str:
    tokens = reading.tokens
    return reading.views[0].folded.text[tokens[first].end : tokens[last].start]
