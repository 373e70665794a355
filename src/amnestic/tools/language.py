"""Which language a short text is in, well enough to answer in it."""

from __future__ import annotations

import re

__all__ = ["language_of"]

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_WORDS = {
    "en": "the is are was were of and who what when where why how did does do in to for with which "
    "tell me about please a an you can",
    "de": "der die das ist sind war waren und wer was wann wo warum wie welche welcher welches hat "
    "ich weiß kann von mit für ein eine mir über bitte den dem im zu nicht",
    "fr": "le la les est sont était et qui que quoi quand où pourquoi comment quel quelle de du "
    "des je ne pas sais un une dans pour avec sur moi dans qu'est-ce",
    "es": "el la los las es son fue y quién quien qué que cuándo cuando dónde donde por cómo como "
    "lo sé no cuál de del un una en con sobre para me",
    "it": "il lo la gli è sono era e chi che cosa quando dove perché come quale di del della un "
    "una non so in con su per mi",
    "pt": "o a os as é são foi e quem que quando onde por como qual de do da dos das um uma em com "
    "sobre para me não sei",
    "nl": "de het een is zijn was waren en wie wat wanneer waar waarom hoe welke van in met voor "
    "over mij niet op ik weet dat geen",
}
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_SCRIPT_SHARE = 0.2
_LEAST_WORDS = 2  # one short word may be a name, or English as well
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; `"en"` when nothing tells.

    By script first, then by the commonest short words: enough to choose the wording of a short
    reply, no more.

    >>> language_of("Wer hat das Buch geschrieben?"), language_of("Who wrote the book?")
    ('de', 'en')
    """
    head = text[:2000]
    letters = sum(c.isalpha() for c in head)
    for code, script in _SCRIPTS:
        if letters and len(script.findall(head)) >= _SCRIPT_SHARE * letters:
            return code
    words = [w.lower() for w in _TOKEN.findall(head)]
    scores = {code: sum(w in known for w in words) for code, known in _SETS.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > scores["en"] and scores[best] >= _LEAST_WORDS else "en"
