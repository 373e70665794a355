"""What an answer begins with that its caller has said, and how it ends where it cannot go on.

"What is the capital of France?" is answered by "The capital of France is …", of which the first
five words tell nothing: they are the question's own. Only a plain question counts, one sentence
that asks who, what or how. Where something is to be chosen or agreed with ("Is it A or B?", "Is the
earth flat?"), the words of the question are the answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.passed_over import ASKING, before
from amnestic.tools.reading import language_of, says_ignorance, segments

__all__ = ["broken_off", "said_end", "words_said"]

_LONG = 300  # characters of a question
_ASKS = re.compile(rf"\W*(?:{ASKING})\b", re.IGNORECASE)
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
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def words_said(question: str) -> frozenset[str]:
    """The words of a plain question, as they are compared; none of any other text.

    >>> sorted(words_said("What is the capital of France?"))
    ['capital', 'france', 'is', 'of', 'the', 'what']
    >>> [words_said(q) for q in ("Is it flat?", "Which is higher, K2 or Everest?", "Hello!")]
    [frozenset(), frozenset(), frozenset()]
    """
    text = question.strip()
    joins = _JOINS.get(language_of(text))
    if not text or len(text) > _LONG or joins is None or _PARTED.search(text):
        return frozenset()
    is_question = text[-1] in "?？"
    if len(segments(text)) > 1 or not (_ASKS if is_question else _TELLS).match(text):
        return frozenset()
    words = frozenset(_compared(word.group()) for word in _WORD.finditer(text))
    return frozenset() if words & set(joins.split()) else words


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
    return unicodedata.normalize("NFC", word).casefold()
