"""Sentences that say nothing by themselves, since whom they speak of stands in one before them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

__all__ = [
    "counts",
    "lacks_subject",
    "leans",
    "leans_on_kind",
    "leans_on_person",
    "names_another",
    "people_in",
    "roles_in",
]

_COUNTED = re.compile(
    r"\s*(?:all|both|these|the|together,?)(?: of (?:them|these))? "
    r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)?\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(?:both|\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE
)

_ANAPHORA = re.compile(
    r"\s*[\"'“‘(]?(?:he|she|they|him|his|her|hers|their|theirs|it|its|this|these|that|those|both|"
    r"such|there|also|additionally|furthermore|moreover|later|afterwards|then)\b",
    re.IGNORECASE,
)
_ANAPHORA_ABROAD = re.compile(  # before a small letter: "Ella escribe", but not "Ella Marsh"
    r"\s*[\"'“‘«(]?(?:(?i:er|sie|es|ihm|beide|dort|später|danach|außerdem"
    r"|il|elle|ils|elles|son|sa|ses|leur|leurs|cet|cette|ces|ensuite"
    r"|él|ella|ellos|ellas|su|sus|ambos|ambas|este|esta|allí|también|después"
    r"|lui|lei|essi|entrambi|questo|questa|inoltre|ele|ela|eles|elas|seu|sua|seus|suas|também"
    r"|hij|zij|beiden|daarna|han|hon|båda|hun|de|begge)\b\s+(?=[^\W\d_A-ZÀ-ÖØ-Þ])"
    r"|(?i:sein|seine|seinem|ihr|ihre|ihren|dieser|diese|dieses|zijn|haar)\s+(?=\w))"
)
_OPENED_BEFORE_ANAPHORA = re.compile(
    r"\s*(?:born|raised|educated|trained|married|based|known|employed|in|at|on|since|after|before"
    r"|during|as|for|from|with|when|while|today|now|currently|previously)\b[^.!?]{0,60}?,\s+"
    r"(?:he|she|they|his|her|their)\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    r"\s*(?:(?:many|some|most|one|two|three|several|all|few|none|each|another|others|half|much)"
    r"(?: \w+){0,2} of (?:them|these|those|his|her|its|their)|the (?:former|latter))\b",
    re.IGNORECASE,
)
_OF_PERSON = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:he|she|himself|herself)", re.IGNORECASE)
_OPENING_NAME = re.compile(  # "Sara said she …", but not "Critics said she …"
    r"\s*(?!(?:The|A|An|As|In|On|At|By|For|When|While|After|Before|Since|If|But|And)\b)"
    r"[A-Z][a-z]+(?<!s)(?<!ly)\s+"
    r"(?:[a-z]+ed|said|says|thinks|thought|knows|knew|wrote|writes|felt|feels|hopes|wants)\b"
)
_KIND = re.compile(
    r"\s*The (?P<kind>man|woman|boy|girl|author|writer|poet|novelist|playwright|journalist|artist"
    r"|painter|sculptor|photographer|singer|songwriter|musician|composer|conductor|actor|actress"
    r"|director|player|athlete|architect|engineer|designer|inventor|scientist|politician|lawyer"
    r"|surgeon|professor|\w+ist|company|firm|publisher|manufacturer"
    r"|band|group|duo|couple|pair|book|novel|film|movie|album|song|poem|play|work)\b"
    r"(?!['’]s (?:name|title)|\s+(?:of|in|at|from|who|that|which|with)\b|\s+[A-Z])"
)
_WHOSE = re.compile(r"\b(?:belongs to|owned by|by|for|with) ([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+)")
_DEFINITE = re.compile(r"\s*The (?P<kind>[a-z]+)\b(?!\s+[A-Z])")
_IS = re.compile(
    r"\b(?:is|was|are|were|as|became|remains)\s+(?:an?|the)\s+([a-z]+)(?:\s+([a-z]+))?",
    re.IGNORECASE,
)
_CURT = re.compile(
    r"\s*(?:Aged|Born|Lives|Lived|Works|Worked|Married|Retired|Died|Studied|Educated|Known for"
    r"|Trained|Owns|Owned|Speaks|Plays|Played|Teaches|Taught|Writes|Wrote|Holds|Held|Likes|Enjoys"
    r"|Graduated|Moved|Won|Founded|Based|Resides|Joined|Served|Keeps|(?:Father|Mother|Son|Daughter"
    r"|Brother|Sister|Husband|Wife|Author|Winner|Member|Founder|Head) of)\b(?!:)"
)
_NAME = re.compile(
    r"(?<![\w'’-])[A-Z][\w'’-]*(?:\.(?=\s[A-Z]))?"
    r"(?:\s+(?:(?:de|da|van|von|der|la|di|du|del|bin|al)\s+)*[A-Z][\w'’-]*\.?(?<![.]))*"
)
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
_TRADES = (
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
    rf"(?:{_TRADES}|\w*(?:man|woman|person|[^aeiou]ist|cian))\b",
    re.IGNORECASE,
)


def leans(piece: str) -> bool:
    """Whether a sentence begins with a word that points back.

    >>> leans("She also sings."), leans("Born in Tavel, she sings."), leans("Rain fell.")
    (True, True, False)
    """
    patterns = (_ANAPHORA, _ANAPHORA_ABROAD, _OPENED_BEFORE_ANAPHORA, _OF_THEM)
    return any(pattern.match(piece) for pattern in patterns)


def leans_on_person(piece: str, people: Collection[str]) -> bool:
    """Whether a sentence speaks of a "he" or "she" whom it does not name before; `people` are
    words of the names that were read so far.

    >>> leans_on_person("After the war her family left.", ())
    True
    >>> leans_on_person("After the war Edda Tarn and her family left.", ())
    False
    """
    pronoun = _OF_PERSON.search(piece)
    if pronoun is None or _names_person(piece[: pronoun.start()], people):
        return False
    return not (_SUBJECT.fullmatch(pronoun.group()) and _OPENING_NAME.match(piece))


def leans_on_kind(
    piece: str, before: Collection[str], roles: Collection[str] = frozenset()
) -> bool:
    """Whether a sentence begins with "The poet", "The company", and so on, or names one of `roles`
    so, of which no other stands among the words `before`.

    >>> leans_on_kind("The poet lives here.", ()), leans_on_kind("The poet Tarn lives here.", ())
    (True, False)
    """
    match = _KIND.match(piece) or _DEFINITE.match(piece)
    if match is None or match["kind"].lower() in before:
        return False
    return match.re is _KIND or match["kind"].lower() in roles


def roles_in(piece: str) -> set[str]:
    """The words that a sentence says somebody or something is.

    >>> sorted(roles_in("Osk is a retired clerk."))
    ['clerk', 'retired']
    """
    return {word.lower() for match in _IS.finditer(piece) for word in match.groups() if word}


def lacks_subject(piece: str) -> bool:
    """Whether a sentence leaves out of whom it speaks, as notes do.

    >>> lacks_subject("Lives alone."), lacks_subject("Born in Tavel, Edda Tarn sings.")
    (True, False)
    """
    return bool(_CURT.match(piece)) and not any(True for _ in people_in(piece))


def people_in(piece: str) -> Iterator[str]:
    """The names in a sentence that may be a person's.

    >>> list(people_in("In Tavel, Edda Tarn met Ivo in May."))
    ['Edda Tarn', 'Ivo']
    """
    for match in _NAME.finditer(piece):
        words = match.group().split()
        if words[0].lower() in _NO_NAMES:
            words = words[1:]
        before = piece[max(0, match.start() - _REACH) : match.start()]
        opens = len(before) < _REACH and not before.strip(" \"'“‘(") and len(words) < 2
        if words and not opens and not _NO_PERSON.search(before):
            yield " ".join(words)


def _names_person(piece: str, people: Collection[str]) -> bool:
    opening = re.match(r"\s*([A-Z][\w'’-]*)", piece)
    known = opening is not None and opening[1] in people
    return known or bool(_SOMEONE.search(piece)) or any(True for _ in people_in(piece))


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
    return bool(_SOMEONE.search(piece)) or any(not leaks(name) for name in people_in(piece))


def counts(piece: str) -> bool:
    """Whether a sentence says of how many a list was.

    >>> counts("These three live by the sea."), counts("These live by the sea.")
    (True, False)
    """
    match = _COUNTED.match(piece)
    return match is not None and bool(_COUNT.search(match.group()))
