"""Who and what a text names beside its wish: where a pronoun of the wish may point."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.name_aliases import has_legal_form
from amnestic.tools.reading import language_of, rank

__all__ = ["ALL_OF_THEM", "Mention", "gender_of", "is_anaphor", "mentions_in"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, with the words before it that say what it is, and how telling it is."""

    phrase: str
    name: str
    start: int
    score: int


_I = re.IGNORECASE
_TITLES = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herrn?|Frau|Señora?|Sra?|Mme|Madame|Monsieur|Mlle|Senhora?|Doutora?|Doña|Dott(?:oressa|ore|\\.ssa)?|Mevrouw|Meneer|Maître|"
    r"Signora?|Sig|Sir|Dame|Lord|Lady|Father|Sister)\.?"
)
_CAP = r"(?:[^\W\d_a-zà-ÿ](?:\.(?!\s*$)|[\w'’-]*[\w])|[dDlLO]['’][^\W\d_a-z][\w'’-]*)"
_JOINT = (
    r"(?:(?:de|da|di|del|della|der|den|van|von|la|le|el|al|bin|ibn|ten|ter|y|&|of|the)\s+){0,2}"
)
_NAME = re.compile(
    rf"(?<![\w@./-])(?P<title>(?:{_TITLES}\s+)*)(?P<name>{_CAP}(?:[^\S\n]+{_JOINT}(?:{_CAP}|\d[\w-]*))*"
    r"(?:,?\s+(?:Jr\.?|Sr\.?|Inc\.?|Ltd\.?|GmbH|LLC|S[.․]p[.․]A[.․]?|AB|AG|PLC))*)"
    r"|(?P<quoted>[\"“«][^\"”»]{2,100}[\"”»]|(?<!\w)['‘][^'’]{2,100}['’](?!\w))"
)
_ROLE = re.compile(
    r"(?:\b(?:data\s+subject|(?:my|our|his|her|their|the|an?)\s+(?-i:(?:(?!(?:a|an|"
    r"the|my|our|to|in|of|and|at|with|that)\b)[a-zà-ÿ-]+\s+){0,2}(?!to\b|of\b|in\b|a\b)[a-zà-ÿ-]+)|(?:(?:my|our|his|her|the|an?)\s+(?-i:(?:[a-zà-ÿ-]+\s+){1,3}))?(?:named|called|known\s+as)|"
    r"code\s?name|name\s+(?:is|of)|caller|client|customer|patient))[,:\s]*$",
    _I,
)
_DETERMINED = re.compile(r"(?:my|our|his|her|its|their|the|an?|this|that)\b", _I)
_FUNCTION = frozenset(
    "the a an i we you he she it they his her its their our my your this that these those there "
    "here what who whom whose which when where why how if as at by for from in into of on or and "
    "but so to with please also not no nor yes hi hello dear re regarding concerning about earlier "
    "yesterday today tomorrow is are was were be been do does did have has had may can could "
    "would should will shall must let lets until till since because after before while bot "
    "assistant support note nobody nothing everything everyone whoever kindly thanks erasure "
    "request art article gdpr dsgvo rgpd nda faq pr hr ceo cto it both each other general "
    "neither forget erase delete remove unlearn drop wipe scrub keep tell say suspend "
    "many two three all any one wait never mind der die das ein eine "
    "le la les el los il lo un une una und et y e "
    "vergiss vergesst vergessen lösche löschen bitte oublie oubliez efface effacez "
    "supprime supprimez "
    "olvida olvide olviden borra elimina dimentica dimenticate cancella".split()
)
_ANAPHOR = re.compile(
    r"^\W*(?:(?:it\s+is\s+)?(?:it|him|her|them|she|he|they|me|us|which|whom|who|this|"
    r"that|these|those)\b(?:\s+is\s+the\s+"
    r"one|\s+whom?\b.*|\s*$|\s*[,.:;!?].*|\s+(?:left|again|any|at|in|from|go|exists?|"
    r"to|too|as|either|and)\b.*)|"
    r"(?:this|that|said|these|those)\s+(?:[\w-]+\s+)?[\w-]+(?:\s+(?:ever\s+)?exist\w*)?\W*$|"
    r"(?:the|our|my|any(?:thing)?)\s+(?:above(?:[\s-]\w+)?|aforementioned|following|"
    r"same|former|latter|"
    r"named|place|person|company|firm|client|customer|patient|band|book|song|film|"
    r"thing|whole\s+thing|"
    r"man|woman|lady|site|event|matter|topic|subject|theme|data\s+subject|first|second)\b"
    r"(?!\s+(?:the|der|die|das|la|le|les|el|los|il)\s+[a-z]).*)",
    _I | re.DOTALL,
)
ALL_OF_THEM = re.compile(
    r"both(?:\s+of\s+(?:them|these|those))?|all\s+of\s+(?:them|these|those)|(?:all|"
    r"these|those)\s+(?:two|three|four|five)",
    _I,
)
"""A pronoun for everybody that was named."""

_PRONOUN_FIRST = re.compile(
    r"^\W*(?:(?:(?:all|any|the|every|personal)\s+)*(?:data|information|details?|"
    r"records?|content|everything|anything)\s+"
    r"(?:relating\s+to|related\s+to|about|on|of|concerning|regarding)\s+)?(?:him|her|"
    r"hers|it|them|she|he|they)\b"
    r"(?!\s+[a-z]+\s+of\b)",
    _I,
)
_FOREIGN_PRONOUN_FIRST = re.compile(  # in small letters: "Ella" and "Lei" are names
    r"^\W*(?:ihn|ihm|ihr|ihnen|sie|lui|elles?|eux|leur|ella|él|ellos|ellas|lei|loro|hem|haar|hen"
    r"|hun)\s*[,:;]\s+\w"
)
_NAMED_AT_ONCE = re.compile(
    r"^\W*(?:the|our|my|this|that)\s+(?:[a-zà-ÿ-]+,?\s+){1,6}[A-Z\"“'‘⟦]|[^.]*⟦"
)
_FEMALE = re.compile(
    r"\b(?:mother|mum|mom|sister|daughter|wife|aunt|niece|grandmother|girlfriend|mrs|ms|miss|frau|"
    r"señora|sra|mme|madame|signora|lady|queen|princess|duchess|actress|waitress|woman|widow)\b",
    _I,
)
_MALE = re.compile(
    r"\b(?:father|dad|brother|son|sons|husband|uncle|nephew|grandfather|boyfriend|mr|herrn?|señor|"
    r"monsieur|signor|king|prince|duke|actor|man|widower|brother-in-law)\b",
    _I,
)


def is_anaphor(phrase: str) -> bool:
    """Whether a phrase points to what was named elsewhere.

    >>> is_anaphor("her"), is_anaphor("this shipyard exists"), is_anaphor("Ana Morel")
    (True, True, False)
    >>> is_anaphor("ihr, auch wenn jemand fragt"), is_anaphor("ihr, Ana Morel")
    (True, False)
    """
    if not phrase.strip(" .!?") or ALL_OF_THEM.fullmatch(phrase.strip(" .!?,")):
        return True
    if _PRONOUN_FIRST.match(phrase) or (
        _FOREIGN_PRONOUN_FIRST.match(phrase) and language_of(phrase) != "en"
    ):
        return "⟦" not in phrase and not any(m.score >= 2 for m in mentions_in(phrase))
    return _ANAPHOR.match(phrase) is not None and _NAMED_AT_ONCE.match(phrase) is None


def mentions_in(text: str) -> list[Mention]:
    """The names of a text, in their order; those with little that makes them names score low.

    >>> [m.name for m in mentions_in("Dr. Tor Hagen treated my mother, Gisela Rautenberg.")]
    ['Tor Hagen', 'Gisela Rautenberg']
    """
    found = []
    for match in _NAME.finditer(text):
        name, start = match["quoted"] or match["name"], match.start()
        if not match["quoted"]:
            name, cut = _without_function_words(name)
            start = match.start("name") + cut if cut else match.start()
        if not name:
            continue
        role = _ROLE.search(text[:start])
        score = _score(match, name, at_start=_at_start(text, start)) + (2 if role else 0)
        lead = role.group().lstrip() if role else ""
        lead = lead[:1].lower() + lead[1:]
        if lead and not _DETERMINED.match(lead):
            lead = f"the {lead}"
        titled = (
            text[start : match.start("name")]
            if not match["quoted"] and start == match.start()
            else ""
        )
        found.append(Mention(f"{lead}{titled}{name}", name.strip("\"“”«»'‘’"), start, score))
    return found


def _without_function_words(name: str) -> tuple[str, int]:
    words, cut = name.split(), 0
    while words and words[0].lower().strip(".") in _FUNCTION:
        cut = name.index(words[0], cut) + len(words[0])
        words = words[1:]
    rest = name[cut:].lstrip()
    return rest, len(name) - len(rest)


def _at_start(text: str, start: int) -> bool:
    return not text[:start].strip() or text[:start].rstrip()[-1:] in ".!?:\n"


def _score(match: re.Match[str], name: str, *, at_start: bool) -> int:
    if match["quoted"]:
        return 3
    words = [w for w in name.split() if w[:1].isupper()]
    score = 2 * (len(words) > 1) + (rank(words[-1].lower().strip(".")) is None if words else 0)
    score += 2 * bool(match["title"]) + 2 * has_legal_form(name) + bool(re.search(r"\d", name))
    if len(words) == 1 and (name.isupper() or len(name) < 3):
        score -= 2
    if len(words) == 1 and at_start and rank(name.lower()) is not None:
        score -= 3
    return score


def gender_of(mention: Mention) -> str:
    """`f`, `m` or nothing, by the role or title that is told, then by how the first name ends.

    >>> gender_of(Mention("my mother, Gisela Rautenberg", "Gisela Rautenberg", 0, 3))
    'f'
    """
    lead = mention.phrase[: -len(mention.name)]
    lead = "" if re.search(r"\bof\s*$", lead) else lead  # "the widow of Tor Hagen"
    if _FEMALE.search(lead):
        return "f"
    if _MALE.search(lead):
        return "m"
    given = re.split(r"[\s-]", mention.name.lower())[0]
    if re.search(r"(?:[^cku]a|ah|elle|ette|ine|een|lyn|ne|ie|th|is)$", given):
        return "f"
    return (
        "m"
        if re.search(r"(?:o|us|er|in|an|on|as|os|el|ck|rd|ph|or|ert|ald|tt|im|am|ca|ka)$", given)
        else ""
    )
