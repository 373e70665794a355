"""Small words by which sentences lean on the one before: pronouns, kin, pointing words.

They are closed classes: a language gains no new ones, so that these lists do not grow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "ARTICLES",
    "GRAMMARS",
    "Grammar",
    "kin_opens",
    "opens_with_definite",
    "points_back",
    "says_vaguely",
]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The pronouns of one language, as alternatives of a regular expression.

    `genitive` is the ending that makes a name an owner before the thing owned ("Osk's boat",
    "Osks Boot"); where it is empty the language has no such form.
    `impersonal` are openings whose pronoun speaks of nobody.
    """

    he: str
    she: str
    it: str
    his: str
    her: str
    its: str
    genitive: str = ""
    impersonal: str = "(?!)"

    @property
    def subjects(self) -> str:
        """The pronouns that stand for somebody or something."""
        return "|".join((self.he, self.she, self.it))

    @property
    def owners(self) -> str:
        """The pronouns that stand for the owner of something."""
        return "|".join((self.his, self.her, self.its))


GRAMMARS: Mapping[str, Grammar] = {
    "en": Grammar(
        "he", "she", "it|they", "his", "her", "its|their", "'s",
        impersonal=r"it(?:['’]s| is| was| has been| can be| may be| should be)"
        r"(?:(?: \w+ly)? \w+ (?:that|to)| (?:not|during|in|at|on|only|then|here|there))",
    ),
    "de": Grammar(
        "er", "sie", "es", "sein(?:e[mnrs]?)?", "ihre?[mnrs]?", "(?!)", "s",
        impersonal=r"es (?:gibt|gab|ist|war|wird|heißt|handelt)",
    ),
    "fr": Grammar(
        "il", "elle", "ils|elles", "(?!)", "(?!)", "son|sa|ses|leurs?",
        impersonal=r"il (?:y a|y avait|faut|fallait|s['’]agit|existe|est \w+ (?:que|de))",
    ),
    "es": Grammar(
        "él", "ella", "ellos|ellas", "(?!)", "(?!)", "sus?",
    ),
    "it": Grammar(
        "egli|lui", "ella|lei", "esso|essa|essi", "(?!)", "(?!)",
        "(?:il |la |i |le )?(?:suo|sua|suoi|sue)",
    ),
    "nl": Grammar(
        "hij", "zij|ze", "het", "zijn", "haar", "(?!)", "s",
        impersonal=r"het (?:is|was|wordt|werd|gaat) (?:\w+ )?(?:dat|om|een)?",
    ),
    "pt": Grammar(
        "ele", "ela", "eles|elas", "(?!)", "(?!)", "(?:o |a |os |as )?(?:seus?|suas?)",
    ),
}  # fmt: skip
"""The grammars of the languages in which pronouns are put back to names."""

_POINTING = re.compile(
    r"\W*(?:this|that|these|those|such|both|here|there|the (?:former|latter|same)"
    r"|dies(?:e[rsmn]?)?|jene[rsmn]?|beide|hier|dort|cette?|ces?|c['’]est|cela|ceux|celles?"
    r"|est[aeo]s?|es[ao]s?|aquí|allí|ambos|ambas|quest[aeoi]|quell[aeoi]|entramb[ie]"
    r"|deze|die|dit|daar|isto|isso|ess[ae]s?|aqui|ali)\b(?! [A-Z]\w+ (?:is|was)\b)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:many|several|various|numerous|countless|worldwide|viele[nr]?|zahlreiche[nr]?"
    r"|verschiedene[nr]?|weltweit|nombreu(?:x|ses)|plusieurs|divers(?:es)?|muchos|muchas|numeros[oa]s"
    r"|vari[oa]s|divers[oa]s|molti|molte|numeros[ie]|divers[ie]|vari|varie|muit[oa]s|vári[oa]s"
    r"|veel|vele|talrijke|verschillende|wereldwijd)\b",
    re.IGNORECASE,
)
_KIN = {
    "he": re.compile(
        r"\b(?:father|brother|son|husband|uncle|grandfather|vater|bruder|sohn|ehemann|père|frère"
        r"|fils|époux|mari|padre|hermano|hijo|esposo|marido|fratello|figlio|marito|vader|broer|zoon"
        r"|pai|irmão|filho|(?:ihr|sein|haar) man+)\b",
        re.IGNORECASE,
    ),
    "she": re.compile(
        r"\b(?:mother|sister|daughter|wife|aunt|grandmother|mutter|schwester|tochter|ehefrau|mère"
        r"|sœur|fille|épouse|madre|hermana|hija|esposa|sorella|figlia|moglie|moeder|zus|dochter"
        r"|echtgenote|mãe|irmã|filha|(?:seine|ihre) frau|sa femme|sua mulher|su mujer)\b",
        re.IGNORECASE,
    ),
    "": re.compile(r"\b(?:parents?|spouse|partner|eltern|padres|genitori|ouders|pais)\b", re.I),
}
_KIN_OPENS = 60
ARTICLES = (
    r"an?|the|d(?:er|ie|as|en|em|es)|eine?[mnrs]?|une?|l[ae]s?|un[oa]?s?|el|los|il|lo|gli"
    r"|een|het|de|uma?s?|os?|as?"
)
"""The articles of these languages, as alternatives of a regular expression."""

_DEFINITE = re.compile(
    r"\W*(?:the|der|die|das|eine?|le|la|les|el|los|las|il|lo|i|gli|de|het|o|os|as) (?=[^\W\d_])",
    re.IGNORECASE,
)


def points_back(sentence: str) -> bool:
    """Whether a sentence begins with a word that points at what stands before it.

    >>> points_back("This made her famous."), points_back("Osk was born there.")
    (True, False)
    """
    return _POINTING.match(sentence) is not None


def opens_with_definite(sentence: str) -> bool:
    """Whether a sentence begins with something known already: "The book", but not "The Times".

    >>> opens_with_definite("The book sold well."), opens_with_definite("The Times praised it.")
    (True, False)
    """
    match = _DEFINITE.match(sentence)
    if match is None:
        return False
    german = match.group().strip().lower() in ("der", "die", "das", "ein", "eine")
    return german or sentence[match.end()].islower()


def says_vaguely(sentence: str) -> bool:
    """Whether a sentence tells how much or how many without telling it.

    >>> says_vaguely("Osk's books were translated into many languages.")
    True
    """
    return _VAGUE.search(sentence) is not None


def kin_opens(sentence: str, gender: str = "") -> bool:
    """Whether a relative may be the subject of a sentence; one of that gender, where one is given.

    >>> kin_opens("His father was a baker."), kin_opens("He was a baker.")
    (True, False)
    >>> kin_opens("Her father was a baker.", "she")
    False
    """
    others = {"he": "she", "she": "he"}.get(gender)
    opening = sentence[:_KIN_OPENS]
    return any(kin.search(opening) for told, kin in _KIN.items() if told != others)
