"""Sentences that say nothing by themselves, since whom they speak of stands in one before them."""

from __future__ import annotations

import re
from collections.abc import Collection

from amnestic.tools.prose.grammar import Grammar, grammar_of, is_verb
from amnestic.tools.prose.numerals import number_in, ordinal_in
from amnestic.tools.prose.people import TRADES, means_nobody, names_another, names_person, people_in

__all__ = [
    "KINDS",
    "counts",
    "lacks_subject",
    "leaning_pronoun",
    "leans",
    "leans_on_kind",
    "leans_on_person",
    "names_another",
    "people_in",
    "points_at_one_of_two",
    "roles_in",
]

_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|(?<![\w-])\d{1,2}(?![\d.,-])")
_LAST = frozenset(
    "last letzte letzten letzter letztes dernier dernière último última ultimo ultima"
    " laatste".split()
)
_TOGETHER = frozenset("together these those all zusammen ensemble juntos insieme samen".split())
_ONE = frozenset(("one", "of", "von", "de", "di", "van", "is", "was"))
_PAST = re.compile(r"\w+(?:ó|ò|ì|ou|eu|iu|acque|isse|inse|ette|olse)")
_FEW = 6
_CONNECTED = re.compile(r"\s*[^\W\d_][^.,;:!?]{0,40},\s+(?=\S)")
_TURNED = re.compile(  # "Später zog sie …", before which nobody is named
    r"\s*(?:\w+\s+){2,5}?(?:er|sie|hij|zij|ze)\b(?!\s+(?:und|en)\b)"
)

_ANAPHORA = re.compile(
    r"\s*[\"'“‘(]?(?:he|she|they|him|his|her|hers|their|theirs|it|its|this|these|that|those"
    r"|both(?!\s[*_]*(?-i:[A-ZÀ-Þ])[^.;:]*\sand\s)|"
    r"such|there|also|additionally|furthermore|moreover|later|afterwards|then)\b",
    re.IGNORECASE,
)
_ANAPHORA_NORTH = re.compile(r"\s*[\"'“‘(]?(?:han|hon|båda|hun|begge)\s+[a-zæøåäö]", re.IGNORECASE)
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
_WORD = re.compile(r"[^\W\d_]+")
_SUBJECT = re.compile(r"(?:he|she|himself|herself)", re.IGNORECASE)
_OPENING_NAME = re.compile(  # "Sara said she …", but not "Critics said she …"
    r"\s*(?!(?:The|A|An|As|In|On|At|By|For|When|While|After|Before|Since|If|But|And)\b)"
    r"[A-Z][a-z]+(?<!s)(?<!ly)\s+"
    r"(?:[a-z]+ed|said|says|thinks|thought|knows|knew|wrote|writes|felt|feels|hopes|wants)\b"
)
_WORKS = "book|novel|story|tale|film|movie|series|album|song|poem|play|work"
_SPECIFIC = r"(?!['’]s (?:name|title)|\s+(?:of|in|at|from|who|that|which|with)\b|\s+[A-Z])"
KINDS = (
    r"man|woman|boy|girl|author|writer|poet|novelist|playwright|journalist|artist"
    r"|painter|sculptor|photographer|singer|songwriter|musician|composer|conductor|actor|actress"
    r"|director|player|athlete|architect|engineer|designer|inventor|scientist|politician|lawyer"
    r"|surgeon|professor|\w+ist|company|firm|publisher|manufacturer"
    rf"|band|group|duo|couple|pair|structure|building|monument|landmark|{_WORKS}"
)
_KIND = re.compile(rf"\s*The (?P<kind>{KINDS})\b{_SPECIFIC}")
_IN_WORK = re.compile(  # "In the novel, …"
    rf"\s*(?:In|Throughout|Within|At the \w+ of) the (?P<kind>{_WORKS}),"
)
_DEFINITE = re.compile(
    r"\s*(?P<the>The|Der|Die|Das|Le|La|L['’]|El|Los|Las|Il|Lo|De|Het|O|A)\s*\b"
    r"(?P<kind>[^\W\d_]+)\b(?!\s+[A-Z])"
)
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
_KIND_LATER = re.compile(  # "In the 90th minute the French captain …"
    r"\s*(?:In|At|On|After|Before|During|Since|From)\s[^.,;:]{2,40}?,?\s[Tt]he\s(?:[\w-]+\s)?"
    rf"(?P<kind>{TRADES})\b(?!['’]s|\s+(?:of|in|at|from|who|that|which|with)\b|\s+[A-Z])"
)
_POINTING = re.compile(
    r"\s*[\"'“‘(]?(?:he|she|they|it|his|her|their|its|this|these|that|both)\b", re.IGNORECASE
)
_ONE_OF_TWO = re.compile(
    r"\b(?:the (?:former|latter)|(?:erst|letzt)ere[rsn]?|ce(?:tte|t)? derni(?:er|ère)"
    r"|este último|esta última)\b(?:\s+(?P<after>[^\W\d_]+))?",
    re.IGNORECASE,
)
_ELSE = re.compile(  # than the one before
    r"\s*[*_]*(?:(?:no ?body|no one|every(?:body|one)|any(?:body|one)|someone|nothing|everything)"
    r" else|niemand (?:sonst|anders)|sonst niemand|kein anderer|keine andere|personne d['’]autre"
    r"|aucun autre|nadie más|ningún otro|nessun altro|niemand anders|mais ninguém|ninguém mais)\b",
    re.IGNORECASE,
)
_BOTH_NAMED = re.compile(r"[\s*_]*(?:Both|Neither)\s[*_]*[A-ZÀ-Þ][^.;:]*\s(?:and|nor)\s")
_PATTERNS = (_ELSE, _ANAPHORA, _ANAPHORA_NORTH, _OPENED_BEFORE_ANAPHORA, _OF_THEM)


def leans(piece: str) -> bool:
    """Whether a sentence begins with a word that points back, or with one that joins it and then
    such a word.

    >>> leans("She also sings."), leans("Born in Tavel, she sings."), leans("Rain fell.")
    (True, True, False)
    >>> leans("However, it is not the only one."), leans("Später zog sie nach Sund.")
    (True, True)
    """
    grammar = grammar_of(piece)
    if any(pattern.match(piece) for pattern in _PATTERNS) or _points(piece, grammar):
        return True
    joined = _CONNECTED.match(piece)
    if joined and not _names(joined.group()):
        rest = piece[joined.end() :]
        return _POINTING.match(rest) is not None or _points(rest, grammar)
    turned = _TURNED.match(piece) if grammar.verb_second else None
    return turned is not None and not names_person(turned.group(), ())


def _points(piece: str, grammar: Grammar) -> bool:
    """Whether a piece begins with a word of its language that points back: "Ella escribe", but not
    "Ella Marsh"; "Il suo libro"."""
    words = _WORD.findall(piece)[:2]
    if len(words) < 2:
        return False
    first, second = words[0].lower(), words[1].lower()
    named = words[1][0].isupper() and first not in grammar.owns
    owned = first in grammar.articles and second in grammar.owns
    return owned or (first in grammar.points and not named)


def points_at_one_of_two(text: str) -> bool:
    """Whether a text speaks of one of two that were told of before, and says only which.

    >>> points_at_one_of_two("The latter is lit."), points_at_one_of_two("the former president")
    (True, False)
    """
    return any(_is_lone(match, grammar_of(text)) for match in _ONE_OF_TWO.finditer(text))


def _is_lone(match: re.Match[str], grammar: Grammar) -> bool:
    """Whether no noun follows: "the former mayor" needs no other."""
    after = match["after"]
    if after is None or after.lower() in grammar.small:
        return True
    return after[0].islower() and is_verb(after, grammar)


def leans_on_person(piece: str, people: Collection[str]) -> bool:
    """Whether a sentence speaks of a "he" or "she" whom it does not name before; `people` are
    words of the names that were read so far.

    >>> leans_on_person("After the war her family left.", ())
    True
    >>> leans_on_person("After the war Edda Tarn and her family left.", ())
    False
    >>> leans_on_person("Nach dem Krieg zog ihre Familie fort.", ())
    True
    """
    return leaning_pronoun(piece, people) is not None


def leaning_pronoun(piece: str, people: Collection[str]) -> re.Match[str] | None:
    """The pronoun by which a sentence speaks of somebody whom it does not name before; `None` where
    it does not.

    >>> leaning_pronoun("After the war her family left.", ()).group()
    'her'
    """
    persons = grammar_of(piece).persons
    words = (m for m in _WORD.finditer(piece) if m.group().lower() in persons)
    found = next((m for m in words if not means_nobody(piece, m.start())), None)
    word = found.group().lower() if found else ""
    if found is None or names_person(piece[: found.start()], people, word):
        return None
    opens = _SUBJECT.fullmatch(word) and _OPENING_NAME.match(piece, 0, found.start())
    return None if opens else found


def leans_on_kind(
    piece: str, before: Collection[str], roles: Collection[str] = frozenset()
) -> bool:
    """Whether a sentence begins with "The poet", "The company", and so on, or names one of `roles`
    so, of which no other stands among the words `before`.

    >>> leans_on_kind("The poet lives here.", ()), leans_on_kind("The poet Tarn lives here.", ())
    (True, False)
    """
    if _points_to_same(piece):
        return True
    found = (pattern.match(piece) for pattern in (_KIND, _KIND_LATER, _IN_WORK))
    match = next(filter(None, found), None) or _definite(piece)
    if match is None or match["kind"].lower() in before:
        return False
    return match.re is not _DEFINITE or match["kind"].lower() in roles


def _definite(piece: str) -> re.Match[str] | None:
    """The noun of a sentence that begins with "the" in its language."""
    match = _DEFINITE.match(piece)
    return match if match and match["the"].lower() in grammar_of(piece).articles else None


def _points_to_same(piece: str) -> bool:
    """Whether a sentence says "the same palace", which stood in one before it."""
    said = piece.lower()
    return any(re.search(rf"(?<!\w){same}(?!\w)(?!.*\b(?:as|wie|que|che|als)\b)", said)
               for same in grammar_of(piece).sames)  # fmt: skip


def roles_in(piece: str) -> set[str]:
    """The words that a sentence says somebody or something is, and those of the names in it, where
    a language writes nouns small: what is named "Tavel Tower" is "the tower" behind it.

    >>> sorted(roles_in("Osk is a retired clerk."))
    ['clerk', 'osk', 'retired']
    >>> sorted(roles_in("Osk ist Dichterin."))
    ['dichterin']
    """
    told = {word.lower() for match in _IS.finditer(piece) for word in match.groups() if word}
    grammar = grammar_of(piece)
    if not grammar.nouns_are_capital:
        told |= {word.lower() for word in _WORD.findall(piece) if word[0].isupper()}
    if grammar.code == "en":
        return told
    words = [word.lower() for word in _WORD.findall(piece)]
    for i, word in enumerate(words):
        said = (
            [w for w in words[i + 1 : i + 4] if w not in grammar.small]
            if word in grammar.helps
            else []
        )
        told.update(said[:2])
    return told


def lacks_subject(piece: str) -> bool:
    """Whether a sentence leaves out of whom it speaks, as notes do.

    >>> lacks_subject("Lives alone."), lacks_subject("Born in Tavel, Edda Tarn sings.")
    (True, False)
    """
    if _CURT.match(piece):
        return not any(True for _ in people_in(piece))
    return _hides_subject(piece)


def _hides_subject(piece: str) -> bool:
    """Whether a sentence begins with its verb, where a language leaves out "he": "Nació aquí."."""
    grammar, words = grammar_of(piece), _WORD.findall(piece)
    if not grammar.drops_subjects or len(words) < 2:
        return False
    told = words[0].lower() in grammar.helps or _PAST.fullmatch(words[0].lower())
    return bool(told) and words[1].lower() not in grammar.articles and words[1][0].islower()


def _names(piece: str) -> bool:
    """Whether names stand in a piece, of whatever."""
    return any(word[0].isupper() for word in _WORD.findall(piece)[1:])


def counts(piece: str) -> bool:
    """Whether a sentence says of how many a row or list was, or which of them it tells of.

    >>> counts("These three live by the sea."), counts("These live by the sea.")
    (True, False)
    >>> counts("The first was built on a rock."), counts("The first edition sold well.")
    (True, False)
    >>> counts("Die beiden trafen sich."), counts("Der erste wurde verkauft.")
    (True, True)
    """
    grammar, said = grammar_of(piece), piece.lower().lstrip(" \t\n\"'“„«(*_")
    if _BOTH_NAMED.match(piece):
        return False
    if any(re.match(rf"{re.escape(pair)}(?!\w)", said) for pair in grammar.pairs):
        return True
    words = _WORD_OR_NUMBER.findall(said)[:_FEW]
    for i, word in enumerate(words[:-1]):
        if word not in grammar.small | grammar.pronouns | _TOGETHER:
            which = word in _LAST or ordinal_in(word, grammar.code) is not None
            stands_for_one = i > 0 and which
            follows = words[i + 1] in _ONE or is_verb(words[i + 1], grammar)
            if stands_for_one and follows:
                return True
            return i > 0 and number_in(word, grammar.code) is not None
    return False
