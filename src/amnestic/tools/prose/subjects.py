"""By which pronoun a sentence speaks of somebody, and whether it goes on with whom others tell of.

A pronoun that is the subject of a sentence goes on, as a rule, with whoever was the subject of the
one before (Grosz, Joshi and Weinstein, "Centering", Computational Linguistics 21(2), 1995, rule 1).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from amnestic.tools.prose.block_names import list_names
from amnestic.tools.prose.grammar import Grammar, grammar_of, has_verb, is_verb
from amnestic.tools.prose.leaning import leaning_pronoun, people_in
from amnestic.tools.prose.scanning import PARTICIPLE
from amnestic.tools.reading import fold_word, rank, small_share

__all__ = [
    "goes_on_with",
    "has_own_subject",
    "is_only_of",
    "means_several",
    "opening_pronoun",
    "points_back_in_clause",
    "pronoun_of",
    "says_pronoun",
    "subject_of",
]

_FIRST = re.compile(r"\W*(\w+)")
_OPENS_PLAINLY = re.compile(  # no name stands before the pronoun, but for that of a place
    r"\W*(?:[^\W_]+(?:[ \t]+(?:[^\W_A-ZÀ-Þ]|[’'-])+|,)*|"
    r"(?:[Ii]n|[Aa]t|[Ff]rom|[Ii]m|[Aa]us|[Ee]n|[Dd]e|[Aa]|[Dd]a|[Nn]el|[Ee]m|[Uu]it)"
    r"[ \t]+[^\W\d_]+),?\s*$"
)
_OPENED = re.compile(  # "In 1919 she", "From the 1960s on, she": nobody is named before
    r"\W*(?:in|on|at|by|from|since|until|after|before|during|around|throughout|later|then|today|now"
    r"|im|am|um|seit|bis|nach|vor|während|ab|später|dann|heute|en|au|depuis|après|avant|vers|puis"
    r"|desde|hasta|después|tras|nel|dal|dopo|poi|em|sinds|na|voor|later)\b"
    r"(?:[ \t]+(?:the|der|dem|den|die|das|le|la|les|el|los|las|il|lo|gli|o|a|os|as|de|het)\b)?"
    r"(?:[ \t]+[\w’'-]+){0,3}?,?[ \t]+(?=(?:s?he|er|sie|il|elle|él|ella|lui|lei|hij|zij)\b)",
    re.IGNORECASE,
)
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_HE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_NAMED = re.compile(r"\s?[,(–—-]")  # "she, Mirela Osk, wrote it": of nobody named before
_OPPOSITE = {
    "he": _SHE,
    "she": _HE,
    "il": re.compile(r"\belles?\b", re.IGNORECASE),
    "elle": re.compile(r"\bils?\b", re.IGNORECASE),
    "él": re.compile(r"\bellas?\b", re.IGNORECASE),
    "ella": re.compile(r"\bél\b", re.IGNORECASE),
    "er": re.compile(r"\b(?:sie|ihre?[nmrs]?)\b", re.IGNORECASE),
    "sie": re.compile(r"\b(?:er|ihm|ihn|seine?[nmrs]?)\b", re.IGNORECASE),
    "lui": re.compile(r"\blei\b", re.IGNORECASE),
    "lei": re.compile(r"\blui\b", re.IGNORECASE),
    "hij": re.compile(r"\b(?:zij|ze|haar)\b", re.IGNORECASE),
    "zij": re.compile(r"\b(?:hij|hem|zijn)\b", re.IGNORECASE),
}
_PEOPLE = {  # by their pronouns
    **dict.fromkeys(("she", "her", "hers"), "she"),
    **dict.fromkeys(("he", "his"), "he"),
    **dict.fromkeys(("er", "sie", "il", "elle", "él", "ella", "lui", "lei", "hij", "zij"), ""),
}
_SAME = {  # words that only a person of one sex is meant by, or that as well; "son" is anybody's
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("egli",), "lui"),
    **dict.fromkeys(("ihn",), "er"),
    **dict.fromkeys(("hem",), "hij"),
    **{word: word for word in "er sie il elle él ella lui lei hij zij ele ela".split()},
}
_TELLS_OF = re.compile(  # "my dad", "the emperor": whoever a sentence begins to tell of
    r"\W*(?:(?:my|our|your|every|each|any|no)|(?:the|an?|this|that)(?:\s+[a-z]+){0,2}?"
    r"\s+\w+(?:er|or|ee|ian|ist|ant|man|woman|person))\s+\w",
    re.IGNORECASE,
)
_ONE_NAME = re.compile(r"[\s\"“‘'*_]*([A-ZÀ-Þ][\w'’-]+)[*_]*,?\s+([^\W\d_]+)")
_OFTEN_SMALL = 0.3
_THIRD = frozenset("it they these those its their".split())  # beside the persons, in English
_OF_NOTHING = re.compile(  # "if it rains", "once it is dark", "because it takes an hour"
    r"(?:is|was|were|isn|wasn|has|had|gets?|got|rain\w*|snow\w*|freez\w+|froze|hail\w*|pour\w*"
    r"|takes?|took|seems?|turns?|comes?|came|helps?|matters?|makes?|made)\b"
    r"|['’]s\b",
    re.IGNORECASE,
)
_NEW = frozenset("a an ein eine einen un une una uno um uma een some any no".split())
_SEVERAL = frozenset(
    "they these those both all diese beide alle ils elles ces ellos ellas estos estas esos esas "
    "ambos ambas essi loro questi queste entrambi deze beiden eles elas estes esses essas".split()
)
_WITH_NOUN = frozenset(
    "these those diese ces estos estas esos esas questi queste deze estes esses essas".split()
)
_SHE_OR_THEY = frozenset(("sie", "zij", "ze"))
_ALL_THIS = frozenset("this that dies dieser diese dieses ce cela cette esto esta este questo "
                      "questa dit deze isto esta este".split())  # fmt: skip
_MORE = frozenset("also additionally then later afterwards".split())  # behind which an order stands
_CLAUSE = re.compile(r"[\s\"'“‘(*_]*([^\W\d_]+)[ \t]+([^\W\d_]+)[ \t]*")


def is_only_of(sentence: str, subject: str) -> bool:
    """Whether a sentence begins with this pronoun, and speaks by the other one of nobody whom it
    does not name before.

    >>> is_only_of("He sang.", "he"), is_only_of("He saw that she was tired.", "he")
    (True, False)
    >>> is_only_of("He married Edda Tarn; she stayed with him.", "he")
    True
    """
    other = _OPPOSITE.get(subject)
    found = other.search(sentence) if other else None
    is_named = found is not None and any(True for _ in people_in(sentence[: found.start()]))
    return subject_of(sentence) == subject and (found is None or is_named)


def subject_of(sentence: str) -> str:
    """The pronoun with which a sentence about somebody begins, perhaps behind a time or a place;
    nothing where it has none.

    >>> subject_of("She sang."), subject_of("In 1919 she sang."), subject_of("In Tavel she sang.")
    ('she', 'she', 'she')
    >>> subject_of("After Tor left her, she sang."), subject_of("In 1919 she, Edda Tarn, sang.")
    ('', '')
    """
    opened = _OPENED.match(sentence)
    if opened and not _OPENS_PLAINLY.match(opened.group()):
        return ""
    first = _FIRST.match(sentence, opened.end() if opened else 0)
    if first and _NAMED.match(sentence, first.end()):
        return ""
    word = first[1].lower() if first else ""
    return _PEOPLE.get(word, "") or (word if word in _PEOPLE else "")


def pronoun_of(sentence: str, people: Collection[str]) -> str:
    """The pronoun, as a subject, by which a sentence first speaks of somebody whom it does not name
    before; nothing where it does not, or by one that may mean anybody. `people` are words of names
    that were read so far.

    >>> pronoun_of("His boat sank.", ()), pronoun_of("Edda Tarn and her family left.", ())
    ('he', '')
    """
    found = leaning_pronoun(sentence, people)
    return _SAME.get(found.group().lower(), "") if found else ""


def goes_on_with(
    sentence: str, gone: Collection[str], people: Collection[str], *, follows: bool
) -> bool:
    """Whether a sentence begins to speak, perhaps behind a place or a time, of somebody by a
    pronoun of those who are `gone`, and names nobody before. Where things are "he" and "she", too,
    it has to follow on what went.

    Args:
        sentence: the sentence.
        gone: pronouns by which what went speaks of somebody, as subjects.
        people: words of names that were read so far.
        follows: whether what stands before it went.

    >>> goes_on_with("On the bare coast he paints.", {"he"}, (), follows=False)
    True
    >>> goes_on_with("Whoever wins may keep his prize.", {"he"}, (), follows=False)
    False
    >>> goes_on_with("Auf dem Berg malt er.", {"er"}, (), follows=True)
    True
    >>> goes_on_with("Der Fluss ist breit, da er viel Wasser hat.", {"er"}, (), follows=True)
    False
    """
    if not gone or opening_pronoun(sentence, people) not in gone:
        return False
    return follows or grammar_of(sentence).code == "en"


def has_own_subject(sentence: str) -> bool:
    """Whether an English sentence begins with somebody of whom a pronoun behind it may speak: a
    name of one word that is no everyday one, "my dad", "the emperor".

    >>> has_own_subject("Lincoln was shot."), has_own_subject("The emperor fled.")
    (True, True)
    >>> has_own_subject("Rain fell."), has_own_subject("The house burned.")
    (False, False)
    """
    if _TELLS_OF.match(sentence):
        return True
    grammar = grammar_of(sentence)
    named = _ONE_NAME.match(sentence)
    if named is None or named[1].lower() in grammar.small:
        return False
    does = is_verb(named[2], grammar) or named[2].lower() in grammar.relates
    return does and small_share(fold_word(named[1])) < _OFTEN_SMALL


def opening_pronoun(sentence: str, people: Collection[str]) -> str:
    """The pronoun, as a subject, with which a sentence begins, perhaps behind a place or a time,
    and of nobody named before; nothing where it has none.

    >>> opening_pronoun("At a dinner in the year of the flood he met her.", ())
    'he'
    >>> opening_pronoun("As the buyer signs, he gets the key.", ())
    ''
    """
    found = leaning_pronoun(sentence, people)
    grammar = grammar_of(sentence)
    if found is None or _NAMED.match(sentence, found.end()):
        return ""
    before = sentence[: found.start()]
    first = _FIRST.match(before)
    clause = before if grammar.code == "en" else before.rpartition(",")[0]  # "auf dem Berg malt er"
    led = first is None or (first[1].lower() in grammar.places and not has_verb(clause, grammar))
    return _SAME.get(found.group().lower(), "") if led else ""


def points_back_in_clause(sentence: str) -> bool:
    """Whether a sentence begins with a side clause about what it does not name, neither there nor
    right behind it: then a sentence before it does.

    >>> points_back_in_clause("If it does curdle, add some water.")
    True
    >>> points_back_in_clause("Before it closed, the mill made paper.")
    False
    >>> points_back_in_clause("If it rains, take a coat."), points_back_in_clause("Wenn sie gehen.")
    (False, True)
    """
    grammar = grammar_of(sentence)
    begin = _CLAUSE.match(sentence)
    if begin is None or begin[1].lower() not in grammar.opens | grammar.conditions:
        return False
    word = begin[2].lower()
    meant = grammar.points & (grammar.pronouns | grammar.owns) - {"es", "il"}
    if word not in (_THIRD | grammar.persons if grammar.code == "en" else meant):
        return False
    if word == "it" and _OF_NOTHING.match(sentence, begin.end()):
        return False
    main = _CLAUSE.match(sentence, sentence.find(",", begin.end()) + 1)
    if "," not in sentence[begin.end() :] or main is None:
        return True
    said = main[1].lower()
    named = main[1][0].isupper() or said in grammar.articles - _NEW
    return not named and not (said.endswith("s") and word in ("they", "these", "those"))


def means_several(sentence: str, known: Collection[str] = ()) -> bool:
    """Whether a sentence begins with a word that means several things which were told of, or all
    that was ("this list"), perhaps in a side clause, or tells the reader to do more; `known` are
    the words of what stays, in small letters, which "these mills" may mean.

    >>> [*map(means_several, ("They are open.", "If these are shut, ring.", "Also bring a coat."))]
    [True, True, True]
    >>> means_several("This list is long."), means_several("This mill is old.", {"mill"})
    (True, False)
    >>> means_several("These mills are old.", {"mills"}), means_several("These ovens are old.")
    (True, False)
    >>> [*map(means_several, ("There are others.", "There a plaque hangs.", "Also known as Hill."))]
    [True, False, False]
    >>> [*map(means_several, ("She is a poet.", "It is open.", "Sie ist da.", "Sie sind offen."))]
    [False, False, False, True]
    """
    words: list[str] = re.findall(r"[^\W\d_]+", sentence.lower())[:3]
    grammar = grammar_of(sentence)
    if words and words[0] in grammar.opens | grammar.conditions:
        words = words[1:]
    first, second = [*words, "", ""][:2]
    if first in _SHE_OR_THEY:
        return second.endswith(("en", "ind", "ijn"))
    found = leaning_pronoun(sentence, ())
    if found is not None and found.group().lower() not in _SHE_OR_THEY:
        return False  # "Also, she sings."
    if first == "there":
        return second in grammar.helps
    if first in _MORE:
        return _is_order(second, [*words, "", "", ""][2], grammar)
    if first in _ALL_THIS and second in list_names():
        return True
    does = is_verb(second, grammar) and not second.endswith("s")
    is_bare = not second or second in grammar.common or does
    return first in _SEVERAL and (first not in _WITH_NOUN or is_bare or second in known)


def _is_order(verb: str, after: str, grammar: Grammar) -> bool:
    """Whether two words begin an order, "bring a", and tell of nobody, as "brought a" does: the
    first is one of which "-ing" makes a word, too."""
    if after not in grammar.articles | grammar.speakers or verb in grammar.common:
        return False
    done = PARTICIPLE.fullmatch(verb) is not None and not verb.endswith("ing")
    return not done and rank(verb.removesuffix("e") + "ing") is not None


def says_pronoun(sentence: str) -> bool:
    """Whether a sentence speaks of anybody by a pronoun, named in it or not.

    >>> says_pronoun("The paper named him."), says_pronoun("The paper named Tarn.")
    (True, False)
    """
    words = re.findall(r"[^\W\d_]+", sentence.lower())
    return not grammar_of(sentence).persons.isdisjoint(words)
