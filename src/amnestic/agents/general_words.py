"""General words for what must not be named, in the languages that need not bend them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.tools.reading import language_of
from amnestic.types import TargetKind

__all__ = ["GENERAL_WORDS", "general_word", "with_general_greeting"]

GENERAL_WORDS = {
    "en": ("someone", "an organisation", "a work", "a place", "something"),
    "de": ("jemand", "eine Organisation", "ein Werk", "ein Ort", "etwas"),
    "fr": ("quelqu'un", "une organisation", "une œuvre", "un lieu", "quelque chose"),
    "es": ("alguien", "una organización", "una obra", "un lugar", "algo"),
    "it": ("qualcuno", "un'organizzazione", "un'opera", "un luogo", "qualcosa"),
    "pt": ("alguém", "uma organização", "uma obra", "um lugar", "algo"),
    "nl": ("iemand", "een organisatie", "een werk", "een plaats", "iets"),
    "sv": ("någon", "en organisation", "ett verk", "en plats", "något"),
    "no": ("noen", "en organisasjon", "et verk", "et sted", "noe"),
    "da": ("nogen", "en organisation", "et værk", "et sted", "noget"),
    "zh": ("某人", "某组织", "某作品", "某地", "某事"),
    "ja": ("ある人", "ある組織", "ある作品", "ある場所", "あること"),
}
_ORDER = (TargetKind.PERSON, TargetKind.ORGANISATION, TargetKind.WORK, TargetKind.PLACE)
_GREETINGS = (
    (r"Dear|Dearest|To", "Dear Sir or Madam"),
    (r"Hi|Hello|Hey|Hiya|Greetings|Good (?:morning|afternoon|evening|day)", "Hello"),
    (r"Sehr geehrter? (?:Frau|Herr)|Sehr geehrte[rs]?|Lieber?|Guten Tag|Hallo", "Guten Tag"),
    (r"Chère?|Bonjour|Madame|Monsieur", "Bonjour"),
    (r"Estimad[oa]|Querid[oa]|Hola|Buenos días", "Buenos días"),
    (r"Gentile|Caro|Cara|Egregio|Buongiorno|Ciao", "Buongiorno"),
    (r"Prezad[oa]|Car[oa]|Olá|Bom dia", "Olá"),
    (r"Geachte|Beste", "Goedendag"),
    (r"Hej|Kära|Käre", "Hej"),
)


def general_word(kinds: set[TargetKind], text: str) -> str | None:
    """The word for what is of one of `kinds` in the language of `text`; `None` where that language
    would have to bend it, or is not known here.

    >>> general_word({TargetKind.PERSON}, "Der Preis ging an Osk und nicht an Tarn.")
    'jemand'
    """
    words = GENERAL_WORDS.get(language_of(text))
    if words is None:
        return None
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    return words[_ORDER.index(kind)] if kind in _ORDER else words[-1]


def with_general_greeting(text: str, names: Sequence[str]) -> str:
    """A letter that greets one of `names`, greeting nobody by name.

    >>> with_general_greeting("Dear Mirela Osk,\\n\\nthank you.", ["Mirela Osk"])
    'Dear Sir or Madam,\\n\\nthank you.'
    """
    wanted = "|".join(
        re.escape(n.strip()) for n in sorted(names, key=len, reverse=True) if n.strip()
    )
    if not wanted:
        return text
    for words, instead in _GREETINGS:
        line = re.compile(
            rf"^(?P<space>[ \t]*)(?:{words})[ \t]+(?:[\w.]+[ \t]+){{0,2}}(?:{wanted})"
            r"[ \t]*(?P<end>[,!:.]?)[ \t]*$",
            re.MULTILINE,
        )
        text = line.sub(rf"\g<space>{instead}\g<end>", text)
    return text
