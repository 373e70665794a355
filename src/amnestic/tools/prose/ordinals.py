"""Sentences that count what they tell: "First, …", "The second is …", "Drittens …"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.tools.prose.counted import recounted
from amnestic.tools.prose.grammar import grammar_of, is_verb

__all__ = ["with_new_ordinals"]

_STEMS = {
    "en": ("first", "second", "third", "fourth", "fifth", "sixth", "seventh"),
    "de": ("erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt"),
    "es": ("primer", "segund", "tercer", "cuart", "quint", "sext", "séptim"),
    "it": ("prim", "second", "terz", "quart", "quint", "sest", "settim"),
    "nl": ("eerst", "tweed", "derd", "vierd", "vijfd", "zesd", "zevend"),
    "pt": ("primeir", "segund", "terceir", "quart", "quint", "sext", "sétim"),
}
_OPENS = re.compile(  # "First, …", "The second one is …", "Ten derde …", "Zweitens ist …"
    r"[\s*_]*(?:(?:the|and|der|die|das|el|la|il|de|het|ten|o|a|my|en)[ \t]+)?[*_]*"
    r"(?P<word>[^\W\d_]+)(?=[*_]*,|[ \t])",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[ \t]+[*_]*([^\W\d_]+)")
_ENDINGS = re.compile(r"ly|ens|e[nrsm]?|[oai]s?|")
_FEWEST = 2


def with_new_ordinals(whole: Sequence[str], kept: Sequence[str]) -> list[str]:
    """What stays of sentences, of which some that open with an ordinal went: the others are counted
    anew, and so is the sentence before them that says how many there are. One that is left alone
    behind a bare "First," is not counted.

    >>> whole = ["Two hints.", "First, ask Osk.", "Second, ask Hill."]
    >>> with_new_ordinals(whole, [whole[0], "", whole[2]])
    ['One hint.', '', 'Ask Hill.']
    >>> whole = ["The first is Osk.", "The second is Hill.", "The third is Tarn."]
    >>> with_new_ordinals(whole, ["", *whole[1:]])
    ['', 'The first is Hill.', 'The second is Tarn.']
    """
    code, places = max(((c, _series(whole, c)) for c in _STEMS), key=lambda found: len(found[1]))
    new = list(kept)
    if len(places) < _FEWEST or all(kept[i] for i in places):
        return new
    left = [i for i in places if kept[i]]
    for number, i in enumerate(left):
        if kept[i].strip()[:8] == whole[i].strip()[:8]:
            new[i] = _numbered(kept[i], number, code, alone=len(left) == 1)
    before = places[0] - 1
    if left and before >= 0 and new[before]:
        new[before] = recounted(new[before], len(places), len(left))
    return new


def _series(sentences: Sequence[str], code: str) -> list[int]:
    """The places of sentences that open with the first, the second and so on of a language."""
    places: list[int] = []
    for i, sentence in enumerate(sentences):
        opened = _opening(sentence, code)
        if opened is not None and opened[1] == len(places):
            places.append(i)
        elif opened is not None and opened[1] == 0:
            break
    return places


def _opening(sentence: str, code: str) -> tuple[re.Match[str], int] | None:
    """The ordinal with which a sentence opens, and its place from 0."""
    match = _OPENS.match(sentence)
    if match is None:
        return None
    word = match["word"].lower()
    for number, stem in enumerate(_STEMS[code]):
        if word.startswith(stem) and _ENDINGS.fullmatch(word[len(stem) :]):
            return (match, number) if _stands_alone(sentence, match.end()) else None
    return None


def _stands_alone(sentence: str, at: int) -> bool:
    """Whether no noun stands behind an ordinal: "The First World War", "the second edition"."""
    after = _AFTER.match(sentence, at)
    grammar = grammar_of(sentence)
    return (
        after is None
        or after[1] in grammar.common
        or after[1] == "one"
        or is_verb(after[1], grammar)
    )


def _numbered(sentence: str, number: int, code: str, *, alone: bool) -> str:
    opened = _opening(sentence, code)
    if opened is None:
        return sentence
    match, old = opened
    rest = sentence[match.end("word") :]
    if alone and match.group().lower() == match["word"].lower() and rest.startswith(","):
        rest = rest[1:].lstrip()
        return rest[:1].upper() + rest[1:]
    word = _STEMS[code][number] + match["word"][len(_STEMS[code][old]) :]
    word = word.capitalize() if match["word"][0].isupper() else word
    return sentence[: match.start("word")] + word + rest
