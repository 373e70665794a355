"""How far a name goes: what the tagger took too little or too much of, by how names are built.

A name neither begins nor ends with a word that joins it to others; a surname stands behind the
given name of its line; a company ends with its legal form, a person begins behind the rank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.agents.requests.kind_words import kind_said_by
from amnestic.agents.requests.name_aliases import ends_of_legal_forms
from amnestic.tools.prose import grammar_of
from amnestic.tools.reading import rank
from amnestic.types import TargetKind

__all__ = [
    "behind_rank",
    "up_to_colon",
    "up_to_legal_form",
    "whole_extent",
    "with_noun_ahead",
    "with_small_end",
    "with_small_words_ahead",
    "without_author",
    "without_loose_end",
]

_JOINS = (  # closed classes: prepositions and conjunctions
    r"(?:of|in|on|at|by|for|from|with|and|or|nor|to|about|as|und|oder|von|vom|aus|bei|mit|im|am|zu|"
    r"y|e|o|u|et|ou|ni|di|del|della|da|dal|de|du|des|en|con|por|para|per|sur|chez|dans|van|uit|met|"
    r"op|i|oraz|z|w|na|da|do|no|em|com)"
)
_DETERMINES = (
    r"(?:the|an?|any|some|all|no|not|his|her|its|their|our|my|your|der|die|das|den|dem|ein|eine|el|la|"
    r"los|las|un|una|le|les|une|il|lo|gli)"
)
_ENDS_OPEN = re.compile(rf"(?:[\s,]+(?:{_JOINS}|{_DETERMINES}))+$")
_COURTESY = re.compile(r"(?:[\s,]+(?:pls|plz|thx|stp|svp))+$")  # of chats, and of no title
_OF_CAPITAL_TITLES = "completely|entirely|totally|wholly|altogether"
_OF_SMALL_TITLES = (
    r"komplett|vollständig|gänzlich|völlig|complètement|entièrement|totalement|totalmente|completamente|"
    r"enteramente|interamente|por\s+completo|del\s+tutto|helemaal|volledig|całkowicie"
)
_EXTENT = re.compile(  # behind a word in capitals, since a title in small letters may end so
    rf"(?P<last>\S+)\s+(?:{_OF_CAPITAL_TITLES}|{_OF_SMALL_TITLES})"
    r"(?:\s+(?:please|thanks|bitte|danke))*$"
)
_ALL_OF_IT = re.compile(
    r"\s+(?:and|or)\s+(?:all|any|anything|everything|whatever)(?:\s+(?:else|there\s+is|to\s+do))?\s+"
    r"(?:about|on|around|with|to)\s+(?:it|him|her|them)$"
)
_OPENS_OPEN = re.compile(r"^of\s+(?=\S)")
_NOUN_AHEAD = re.compile(r"(?:(?<=^)|(?<=[\s(]))(?:[^\W\d_][\w'’-]*[ ]){1,3}$")
_WORD_AHEAD = re.compile(r"(?:^|(?<=[\s(\"“„«']))(?P<word>[^\W\d_][\w'’-]*)[ ]$")
_ARTICLE_AND_NOUN = re.compile(r"(?:^|\s)(?:(?:l[ae]|el|il)\s+|l['’])(?P<noun>[a-zà-ÿ]{3,})[ ]$")
_WORD_BEHIND = re.compile(r"[ ](?P<word>[^\W\d_][\w'’-]*)")
_COMMON = 20_000
_RARE_IN_A_NAME = 5_000
_ASKS = frozenset("wer qui quién quien chi wie".split())
_DETERMINED = re.compile(
    r"(?:^|\s)(?:the|my|our|his|her|their|its|der|die|den|das|mein\w*|unser\w*|le|la|les|mon|ma|"
    r"mes|notre|el|los|las|mi|nuestr[oa]|il|lo|gli|mio|mia|de|het|mijn|onze)\s$",
    re.I,
)
_CONTRACTED = re.compile(r"['’](?:m|s|re|ve|ll|d|t)$")  # "i'm"
_INITIAL_LAST = re.compile(r"(?:^|[\s.])[^\W\d_a-z]$")
_INITIALS_ON = re.compile(r"\.\s?(?:[^\W\d_a-z]\.\s?)*[^\W\d_a-z][\w'’-]+")
_CLOSES = re.compile(r"[\"”“»'’](?=[\s,.;:!?)]|$)")
_OPENING = ("'", '"', "“", "„", "«", "‘")
_FULL_NAME_BEHIND = re.compile(r"\s*[^\W\d_a-z][\w'’.-]*\s+(?:\S+\s+)*[^\W\d_a-z][\w'’-]*$")
_BY = re.compile(r"\s+by\s+(?P<author>[^\W\d_a-z][\w.'’-]*(?:\s+[^\W\d_a-z][\w.'’-]*){0,2})$")
_RANK = re.compile(r"^(?:(?!St\.)[^\W\d_a-z][^\W\d_]+\.\s+)+(?=\S+\s+\S)")


def whole_extent(
    text: str, start: int, end: int, kind: TargetKind, taken: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """Where a name begins and ends.

    Args:
        text: the request.
        start, end: what the tagger took for the name.
        kind: of what.
        taken: the places of words that are surely something else.

    >>> text = "staff party of 14 June at the Boathouse: gone"
    >>> start, end = whole_extent(text, 12, 39, TargetKind.TOPIC, ())
    >>> text[start:end]
    'staff party of 14 June at the Boathouse'
    >>> whole_extent("Bin:\\nThea Wachsmuth", 10, 19, TargetKind.PERSON, ())
    (5, 19)
    """
    if text[start] in _OPENING and _CLOSES.search(text, end - 1, end + 1):
        start += 1
    end = _balanced(text, start, end)
    if not _CLOSES.match(text, end):  # what stands in quotation marks is all of it
        end = start + len(without_loose_end(text[start:end]))
    if open_end := _ENDS_OPEN.search(text, start, end):
        end = open_end.start() if open_end.start() > start else end
    if _OPENS_OPEN.match(text[start:end]):
        ahead = _NOUN_AHEAD.search(text[:start])
        if ahead and not _meets(ahead.start(), start, taken):
            start = ahead.start()
    if initials := _INITIALS_ON.match(text, end):
        end = initials.end() if _INITIAL_LAST.search(text[start:end]) else end
    if kind is TargetKind.PERSON and " " not in text[start:end].strip():
        start = _with_given_name(text, start, taken)
        end = _with_surname(text, start, end, taken)
    return start, end


def _balanced(text: str, start: int, end: int) -> int:
    """Where a name ends that neither opens a bracket which it does not close, nor goes on behind a
    quotation mark that closes what opened before it."""
    said = text[start:end]
    bracket = said.find("(")
    if bracket > 0 and ")" not in said:
        end = start + len(said[:bracket].rstrip())
    closed = _CLOSES.search(text, start, end)
    named_behind = closed is not None and _FULL_NAME_BEHIND.match(text[closed.end() : end])
    if named_behind:
        return end  # a nickname, and then the name
    if closed and closed.start() > start and text[start - 1 : start] in _OPENING:
        end = closed.start()
    return end


def with_small_words_ahead(text: str, start: int, taken: Sequence[tuple[int, int]]) -> int:
    """Where a name in small letters begins: with the rare words that stand right before it.

    >>> with_small_words_ahead("forget abu bakr ibn yusuf", 11, [(0, 6)])
    7
    """
    grammar = grammar_of(text)
    closed = grammar.small | grammar.pronouns | grammar.helps | grammar.persons | _ASKS
    while ahead := _WORD_AHEAD.search(text[:start]):
        place = rank(ahead["word"])
        if ahead["word"] in closed or _says_what(text[: ahead.start("word")], ahead["word"]):
            return start
        rare = place is None or place > _RARE_IN_A_NAME
        is_name = ahead["word"].islower() and not _CONTRACTED.search(ahead["word"])
        if not is_name or not rare or _meets(ahead.start("word"), start, taken):
            return start
        start = ahead.start("word")
    return start


def _says_what(ahead: str, word: str) -> bool:
    """Whether a word before a name says what it is: it is one for that, or has a "my"."""
    return kind_said_by(word) is not None or _DETERMINED.search(ahead) is not None


def with_noun_ahead(text: str, start: int) -> int:
    """Where the name of a place of one word begins in a Romance language: with the noun between the
    article and it, where that is no word for a kind of place.

    >>> with_noun_ahead("Oublie la tour Orlo.", 15), with_noun_ahead("Oublie la ville Orlo.", 16)
    (10, 16)
    """
    noun = _ARTICLE_AND_NOUN.search(text[:start])
    is_kind = noun is None or kind_said_by(noun["noun"])
    return start if noun is None or is_kind or not text[start].isupper() else noun.start("noun")


def _with_given_name(text: str, start: int, taken: Sequence[tuple[int, int]]) -> int:
    """A surname alone begins with the given name that stands right before it, if one does."""
    ahead = _WORD_AHEAD.search(text[:start])
    if ahead is None or _meets(ahead.start("word"), start, taken):
        return start
    opens_line = not text[: ahead.start("word")].rstrip(" ") or text[: ahead.start("word")].rstrip(
        " "
    ).endswith("\n")
    return ahead.start("word") if opens_line and _is_name(ahead["word"]) else start


def _with_surname(text: str, start: int, end: int, taken: Sequence[tuple[int, int]]) -> int:
    """A given name alone ends with the surname that stands right behind it, if one does."""
    behind = _WORD_BEHIND.match(text, end)
    if behind is None or " " in text[start:end] or not text[start].isupper():
        return end
    is_surname = _is_name(behind["word"]) and not _meets(end, behind.end(), taken)
    return behind.end() if is_surname else end


def _is_name(word: str) -> bool:
    """Whether a word has a capital and is none of everyday."""
    place = rank(word.casefold())
    return word[:1].isupper() and not word.isupper() and (place is None or place > _COMMON)


def _meets(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(a < end and b > start for a, b in taken)


def up_to_colon(name: str) -> str:
    """A name without what is told behind a colon; a subtitle begins with a capital.

    >>> up_to_colon("Orlo: the ship"), up_to_colon("Orlo: The Return")
    ('Orlo', 'Orlo: The Return')
    """
    return re.split(r"(?<=\w): +(?=[a-z])", name, maxsplit=1)[0]


def up_to_legal_form(name: str) -> str:
    """A company's name up to its legal form; what goes on behind it only says where it is.

    >>> up_to_legal_form("Fonderia Calvagni S.r.l. di Brescia"), up_to_legal_form("Se Dice de Mi")
    ('Fonderia Calvagni S.r.l.', 'Se Dice de Mi')
    """
    for end in ends_of_legal_forms(name):
        if re.match(rf"\s+{_JOINS}(?:\s|$)", name[end:]) and len(name[:end].split()) > 1:
            return name[:end]
    return name


def without_author(title: str) -> str:
    """A work's title without the author that is told behind it.

    >>> without_author("The Salt Orchard by Imogen Farthing"), without_author("Stand by Me")
    ('The Salt Orchard', 'Stand by Me')
    """
    told = _BY.search(title)
    return title[: told.start()] if told and _is_name(told["author"].split()[-1]) else title


def without_loose_end(name: str) -> str:
    """A name in capitals without words in small letters behind it that only say how much of it is
    meant, or are a courtesy; a name in small letters is left, but for "and all about it".

    >>> without_loose_end("Tor Osk completely"), without_loose_end("tavelin and anything on it")
    ('Tor Osk', 'tavelin')
    >>> without_loose_end("Gone Completely"), without_loose_end("lost entirely")
    ('Gone Completely', 'lost entirely')
    >>> without_loose_end("Les Heures pâles entièrement")
    'Les Heures pâles entièrement'
    """
    name = _ALL_OF_IT.sub("", name)
    if name == name.lower():
        return name
    name = _COURTESY.sub("", name)
    told = _EXTENT.search(name)
    return name[: told.end("last")] if told and not told["last"].islower() else name


def with_small_end(title: str, text: str) -> str:
    """A title of one word with what goes on behind it in small letters and may be of it, or say how
    much is meant, in languages that write titles so; empty where there is nothing like it.

    >>> with_small_end("Pazza", "Dimentica il film Pazza del tutto")
    'Pazza del tutto'
    >>> with_small_end("Marrow", "Forget the film Marrow completely")
    ''
    """
    if " " in title:
        return ""
    told = re.search(rf"(?<!\w){re.escape(title)}\s+(?:{_OF_SMALL_TITLES})(?!\w)", text)
    return told[0] if told else ""


def behind_rank(name: str) -> str:
    """A person's name without the ranks and titles before it that are cut short with a full stop;
    an initial is one letter.

    >>> behind_rank("Sgt. Maj. J. P. van der Plaatsen"), behind_rank("J. K. Tarn")
    ('J. P. van der Plaatsen', 'J. K. Tarn')
    """
    return _RANK.sub("", name)
