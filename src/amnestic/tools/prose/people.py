"""Whether a sentence names somebody."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from amnestic.tools.prose.grammar import grammar_of, has_verb, is_verb
from amnestic.tools.reading import fold_word, rank, small_share

__all__ = [
    "TRADES",
    "begins_with_name",
    "does_something",
    "means_nobody",
    "names_another",
    "names_person",
    "names_somebody",
    "people_in",
]

_WHOSE = re.compile(r"\b(?:belongs to|owned by|by|for|with) ([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+)")
_NAME = re.compile(
    r"(?<![\w'’-])[A-Z][\w'’-]*(?:\.(?=\s[A-Z]))?"
    r"(?:\s+(?:(?:de|da|van|von|der|la|di|du|del|bin|al)\s+)*[A-Z][\w'’-]*\.?(?<![.]))*"
)
_LIFE = re.compile(r"\*\*\s?\([^()\n]{0,60}\d{4}\s?[-–—]")  # "** (Tavel, 1885–1931)"
_NO_PERSON = re.compile(  # what stands before the name of a place, a time or a work
    r"(?:\b(?:in|at|from|near|of|on|to|into|since|until|till|around|across|through|towards?|the"
    r"|wrote|writes|published|recorded|released|composed|directed|painted|called|titled|entitled"
    r"|named|novel|book|album|film|song|poem|play|won|received|joined|founded)\s+|[\"“‘'*_])$",
    re.IGNORECASE,
)
_REACH = 24
_NO_NAMES = frozenset(
    "january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday i the a an in on at as after before when "
    "while two three today many some most his her he she it they this that these those there "
    "english french german spanish italian dutch".split()
)
TRADES = (
    "boy girl child father mother brother sister son daughter husband wife uncle aunt king queen "
    "prince princess doctor teacher professor priest judge nurse neighbour captain officer "
    "baker miller farmer student pupil author writer poet painter singer actor actress customer "
    "patient mayor minister president senator governor bishop monk nun soldier sailor clerk "
    "cook driver editor critic curator librarian gardener guide host owner manager boss secretary "
    "architect engineer lawyer friend colleague guest visitor conductor composer director dancer"
).replace(" ", "|")
_SOMEONE = re.compile(
    r"(?<!\bis )(?<!\bwas )(?<!\bas )(?<!\bbecame )(?<!\bbecome )"
    r"\b(?:a|an|the|another|one|my|our|your|every|each) (?:[a-z]+ ){0,2}?"
    rf"(?P<who>{TRADES}|\w*(?:man|woman|person|[^aeiou]ist|cian))\b(?P<whose>['’]s\b)?",
    re.IGNORECASE,
)
_NEVER = {  # who is never meant by a pronoun
    **dict.fromkeys(
        ("he", "him", "his", "himself"),
        re.compile(r"girl|mother|sister|daughter|wife|aunt|queen|princess|actress|nun|\w*woman"),
    ),
    **dict.fromkeys(
        ("she", "her", "hers", "herself"),
        re.compile(r"boy|father|brother|son|husband|uncle|king|prince|monk"),
    ),
}
_NO_PRONOUN = re.compile(  # "Her Majesty", "Il Postino"; "il faut", but "il y vécut"
    r"[A-ZÀ-Þ]\w*\s+[A-ZÀ-Þ]|"
    r"(?i:il)\s+(?:ne\s+|n['’])?(?:y\s+(?:a|avait|eut|aura|aurait)\b(?!\s+\w{2,}[éiu]e?s?\b)|en\s+faut"
    r"|faut|fallu|fallai|faudra|pleu[tv]|neig|suffi[rts]|convien|existe|s['’]agi"
    r"|fai(?:t|sait)\s+(?:froid|chaud|doux|beau|mauvais|nuit|jour|noir)\b"
    r"|(?:est|était)\s+(?:\w+\s+)?(?:vrai|clair|possible|impossible|probable|temps|important"
    r"|nécessaire|conseillé|recommandé|interdit)\b)"
)
_BEFORE = 3  # words, in which a name is told to be no subject


def people_in(piece: str) -> Iterator[str]:
    """The names in a sentence that may be a person's.

    >>> list(people_in("In Tavel, Edda Tarn met Ivo in May."))
    ['Edda Tarn', 'Ivo']
    >>> list(people_in("**Edda Tarn** (1885–1931) sang.")), list(people_in("*Glass Harbour* sold."))
    (['Edda Tarn'], [])
    """
    least = 2 if grammar_of(piece).nouns_are_capital else 1
    for match in _NAME.finditer(piece):
        words = match.group().split()
        if words[0].lower() in _NO_NAMES:
            words = words[1:]
        before = piece[max(0, match.start() - _REACH) : match.start()]
        opens = len(before) < _REACH and not before.strip(" \"'“‘(") and len(words) < 2
        # "**Edda Tarn** (1885–1931) was", but "**Glass Harbour** is a poem"
        is_headed = before.strip() == "**" and len(words) > 1
        headed = is_headed and _LIFE.match(piece, match.end())
        if len(words) >= least and not opens and (headed or not _NO_PERSON.search(before)):
            yield " ".join(words)


def names_person(piece: str, people: Collection[str], pronoun: str = "") -> bool:
    """Whether a sentence names somebody, of whom a pronoun may speak if one is given; `people` are
    words of names that were read so far.

    >>> names_person("Edda Tarn sings.", ()), names_person("It rained.", ())
    (True, False)
    >>> names_person("My mother says", (), "she"), names_person("My mother says", (), "he")
    (True, False)
    """
    if grammar_of(piece).nouns_are_capital and any(n in people for n in re.findall(r"\w+", piece)):
        return True
    opening = re.match(r"\s*([A-Z][\w'’-]*)", piece)
    known = opening is not None and opening[1] in people
    return known or _tells_of_someone(piece, pronoun) or any(True for _ in people_in(piece))


def _tells_of_someone(piece: str, pronoun: str = "") -> bool:
    """Whether a sentence tells of somebody without a name: "my mother", "a nurse"."""
    never = _NEVER.get(pronoun)
    return any(
        not (never and never.fullmatch(match["who"].lower()) and not match["whose"])
        for match in _SOMEONE.finditer(piece)
    )


def names_somebody(
    piece: str, people: Collection[str], leaks: Callable[[str], bool], pronoun: str
) -> bool:
    """Whether a sentence names anybody, a target or not, of whom a pronoun may speak.

    >>> names_somebody("Osk drank.", (), lambda s: "Osk" in s, "she")
    True
    >>> names_somebody("Stones fell.", (), lambda s: "Osk" in s, "she")
    False
    """
    opening = re.match(r"[\s*_]*([A-Z][\w'’-]*)", piece)
    return names_person(piece, people, pronoun) or (opening is not None and leaks(opening[1]))


def begins_with_name(sentence: str) -> bool:
    """Whether a sentence tells what somebody or something does whose name, of two words or more, or
    of one that is no other word, it begins with.

    >>> begins_with_name("Edda Tarn opened the hall."), begins_with_name("Rain fell.")
    (True, False)
    >>> begins_with_name("Lunch in the hall."), begins_with_name("Die Halle brannte.")
    (False, False)
    """
    match = _NAME.match(sentence, len(sentence) - len(sentence.lstrip(' *_"“„«')))
    words = match.group().split() if match else []
    grammar = grammar_of(sentence)
    if not words or not has_verb(sentence[match.end() :] if match else "", grammar):
        return False
    first = words[0].lower()
    if first in grammar.common or first in _NO_NAMES:
        return False
    word = fold_word(first)
    return len(words) > 1 or (rank(word) is None and not small_share(word))


def means_nobody(piece: str, at: int) -> bool:
    """Whether what looks like a pronoun is none of somebody: a part of a name, or "il pleut".

    >>> means_nobody("En hiver, il pleut.", 10), means_nobody("En hiver, il peint.", 10)
    (True, False)
    """
    return _NO_PRONOUN.match(piece, at) is not None


def does_something(sentence: str, name: str) -> bool:
    """Whether a sentence says what somebody does whom it names, and not only by, with or of whom
    something is.

    >>> does_something("I fell, and it was Osk who came.", "Osk")
    True
    >>> does_something("The film, directed by Osk, won.", "Osk")
    False
    """
    grammar = grammar_of(sentence)
    before, _, after = sentence.partition(name)
    led = re.findall(r"\w+", before.rpartition(",")[2].lower())[-_BEFORE:]
    behind = re.match(r"[^\w.;:!?]*([^\W\d_]+)", after)
    says = behind is not None and (
        behind[1].lower() in grammar.relates or is_verb(behind[1], grammar)
    )
    return says and grammar.places.isdisjoint(led)


def names_another(piece: str, people: Collection[str], leaks: Callable[[str], bool]) -> bool:
    """Whether a sentence names somebody who is no target.

    >>> names_another("Osk met Edda Tarn.", (), lambda s: "Osk" in s)
    True
    """
    opening = re.match(r"\s*([A-Z][\w'’-]*)", piece)
    if opening is not None and opening[1] in people and not leaks(opening[1]):
        return True
    if any(not leaks(match[1]) for match in _WHOSE.finditer(piece)):
        return True
    return _tells_of_someone(piece) or any(not leaks(name) for name in people_in(piece))
