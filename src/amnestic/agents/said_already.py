"""What an answer begins with that tells nothing, and how it ends where it cannot go on.

"What is the capital of France?" is answered by "The capital of France is …", of which the first
five words tell nothing: they are the question's own. Only a plain question counts, one sentence
that asks who, what or how. Where something is to be chosen or agreed with ("Is it A or B?", "Is the
earth flat?"), the words of the question are the answer.

Some words open an answer to anything, and tell nothing of what it says: an article that shows no
gender and no number, what only points at what comes ("Here are three tips") or at the speaker
("I'm"), and where a place, a time, a reason or a way is asked for, a preposition or what joins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.passed_over import before
from amnestic.tools.reading import ASKING, language_of, says_ignorance, segments

__all__ = ["broken_off", "opening_words", "said_end", "words_said"]

_LONG = 300  # characters of a question
_BEFORE_ASKING = (
    "in|on|at|to|from|by|of|for|with|under|during|an|auf|aus|von|bei|mit|für|seit|nach|zu|um|à|de"
    "|dans|en|par|pour|avec|sur|depuis|a|por|para|con|desde|da|di|per|su|em|com|op|van|voor|uit|met"
    "|w|z|na|od|do|i|på|av|af|från|fra|till|til|в|на|с|из|от|для|о|к|по"
)
"""Prepositions with which a question begins whose asking word comes behind them: "In which …"."""
_ASKS = re.compile(rf"\W*(?:(?:{_BEFORE_ASKING})\s+)?(?:{ASKING})\b", re.IGNORECASE)
_TELLS = re.compile(rf"\W*\w+\s+(?:\w+\s+){{0,2}}(?:{ASKING})\b", re.IGNORECASE)
_PARTED = re.compile(r"[,;:\n/|&()\[\]]|\s[-–—]\s|\b(?:vs|versus)\b", re.IGNORECASE)
_JOINS = {
    "en": "and or",
    "de": "und oder",
    "fr": "et ou",
    "es": "y e o u",
    "it": "e ed o od",
    "pt": "e ou",
    "nl": "en of",
    "pl": "i oraz lub albo czy",
    "sv": "och eller",
    "no": "og eller",
    "da": "og eller",
    "ru": "и или",
}
"""What joins things of which one may be the answer, in the languages in which it is known."""
_ARTICLES = {"en": "the"}
"""Articles in which neither gender nor number shows; "a" may be a grade or a letter."""
_POINTING = {
    "en": "here there i'm",
    "de": "hier",
    "fr": "voici",
    "es": "aquí",
    "it": "ecco",
    "pt": "aqui eis",
    "nl": "hier",
    "pl": "oto",
    "sv": "här",
    "ru": "вот",
}
"""What points at what comes behind it, one thing or many, or at the speaker; none where the
question says it, which may ask for it. In Danish and Norwegian it would be written as what English
calls a woman by."""
_CIRCUMSTANCE = {
    "en": (
        r"(?:where|when|why|how (?:do|does|did|can|could|should|would))\b",
        "in on at to from by with for when if while as since because",
    ),
    "de": (r"(?:wo|woher|wohin|wann|warum|weshalb|wieso)\b", "in bei seit nach um wenn weil"),
    "fr": (r"(?:où|quand|pourquoi)\b", "dans par pour depuis lorsque parce"),
    "es": (r"¿?(?:dónde|cuándo|por qué)\b", "en por para desde cuando porque"),
    "it": (r"(?:dove|quando|perché)\b", "in per quando perché"),
    "nl": (r"(?:waar|wanneer|waarom)\b", "in op bij sinds om als omdat"),
}
"""Questions for a place, a time, a reason or a way, and what opens an answer to them: a preposition
in which no gender shows, or what joins a clause. No name is asked for that could begin so."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def words_said(question: str) -> frozenset[str]:
    """The words of a plain question, as they are compared; none of any other text.

    >>> sorted(words_said("What is the capital of France?"))
    ['capital', 'france', 'is', 'of', 'the', 'what']
    >>> [words_said(q) for q in ("Is it flat?", "Which is higher, K2 or Everest?", "Hello!")]
    [frozenset(), frozenset(), frozenset()]
    """
    text = question.strip()
    if not _language(text) or not (_ASKS if text[-1] in "?？" else _TELLS).match(text):
        return frozenset()
    return _words(text)


def opening_words(question: str) -> frozenset[str]:
    """The words with which any answer to one plain request may begin, whatever it says.

    >>> sorted(opening_words("Give me three tips."))
    ['here', "i'm", 'the', 'there']
    >>> sorted(opening_words("Is that the way there?")), opening_words("Tea or coffee?")
    (['here', "i'm", 'the'], frozenset())
    """
    text = question.strip()
    language = _language(text)
    asks, openings = _CIRCUMSTANCE.get(language, ("", ""))
    if not re.match(asks, text, re.IGNORECASE):
        openings = ""
    pointing = f"{_POINTING.get(language, '')} {openings}".split()
    return (frozenset(pointing) - _words(text)).union(_ARTICLES.get(language, "").split())


def _language(text: str) -> str:
    """The language of a text that is one sentence, in which nothing is told or named beside
    something else; none of any other."""
    if not text or len(text) > _LONG or _PARTED.search(text):
        return ""
    language = language_of(text)
    joins = _JOINS.get(language)
    if joins is None or len(segments(text)) > 1 or not _words(text).isdisjoint(joins.split()):
        return ""
    return language


def _words(text: str) -> frozenset[str]:
    return frozenset(_compared(word.group()) for word in _WORD.finditer(text))


def said_end(text: str, words: Collection[str]) -> int:
    """Where the beginning of a text that is still arriving ends, which consists of such words, with
    one blank between them. The last one may go on, unless it is a number.

    >>> words = words_said("What is the capital of France?")
    >>> [text[: said_end(text, words)] for text in ("The", "The cap", "The capital is Paris")]
    ['The', 'The', 'The capital is']
    >>> said_end("75 is", words_said("What is 7 plus 5?")), said_end("**The**", words)
    (0, 0)
    """
    end = 0
    for word in _WORD.finditer(text):
        gap = text[end : word.start()]
        goes_on = word.end() == len(text) and not word.group().isalpha()
        if gap not in (" ", "" if not end else " ") or goes_on:
            break
        if _compared(word.group()) not in words:
            break
        end = word.end()
    return end


def broken_off(begun: str, question: str, rest: str = "") -> str:
    """A sentence of which only the beginning stands, with a sentence of not knowing in the place of
    what it would have said, and the `rest` of the answer behind it, which may say so itself.

    >>> broken_off("The capital of France is", "What is the capital of France?")
    "The capital of France is… I'm not sure about that."
    >>> broken_off("The", "What is it?", "I don't know. It rains.")
    "The… I don't know. It rains."
    """
    rest = rest.strip()
    first = next((p.of(rest) for p in segments(rest) if p.of(rest).strip()), "")
    if first and says_ignorance(first):
        return f"{begun}… {rest}"
    said = worded_abstention(question, kind="any")
    return f"{begun}… {before(rest, said) if rest else said}"


def _compared(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().replace("’", "'")
