"""Both of two, denied together: "neither Osk nor Tarn should come up" asks for both, "weder Osk
noch Tarn sollen vergessen werden" for none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.forms import QUOTED
from amnestic.exceptions import ForgetRequestError

__all__ = ["NOTHING_GOES", "denied_together", "refuse_what_is_spared_together"]

NOTHING_GOES = (
    "the request asks that something is not forgotten, so nothing is; begin it with "
    "'Please forget …' for what shall be"
)
"""What is said of a request that only wants something to stay."""

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class _Language:
    """Words of a language: "neither", "nor", may and must, what shows itself, what is forgotten,
    and orders to forget."""

    neither: str
    nor: str
    shall: str
    shown: str
    gone: str
    forget: str


_LANGUAGES = (
    _Language(
        r"neither",
        r"nor",
        r"(?:should|must|shall|may|can|could|will|ought\s+to|need\s+to|(?:is|are)\s+to)",
        r"(?:come|show|turn|crop)\s+up|appear\w*|surface|feature|be\s+(?:mentioned|named|discussed|known|told|revealed|disclosed|"
        r"shown|found|quoted|brought\s+up|talked\s+about)",
        r"be\s+(?:forgotten|erased|deleted|removed|wiped|purged|dropped|unlearn(?:ed|t)|suppressed)",
        r"forget|erase|delete|remove|wipe|purge|unlearn|suppress",
    ),
    _Language(
        r"weder",
        r"noch",
        r"(?:soll(?:en|t?en?|te)?|d[aü]rf(?:en|te|ten)?|m[uü]ss(?:en|t?en?|te)?|kann|können)",
        r"vorkommen|auftauchen|erscheinen|(?:erwähnt|genannt|besprochen|verraten|thematisiert|preisgegeben|gezeigt|bekannt)"
        r"(?:\s+(?:werden|sein))?",
        r"(?:vergessen|gelöscht|entfernt|verschwiegen|getilgt|gestrichen)(?:\s+werden)?",
        r"vergiss|vergesst|vergessen\s+sie|lösche?n?(?:\s+sie)?|entfernen?(?:\s+sie)?",
    ),
    _Language(
        r"ni",
        r"ni",
        r"ne\s+(?:doi(?:t|vent)|devrai(?:t|ent)|peu(?:t|vent)|ser(?:a|ont)|doivent)(?:\s+(?:plus|jamais))?",
        r"(?:être\s+)?(?:mentionn|nomm|cit|évoqu|révél|divulgu)\w+|apparaître|figurer|ressortir",
        r"(?:être\s+)?(?:oubli|effac|supprim)\w+",
        r"n['’](?:oubli|effac)\w+(?:\s+pas)?|ne\s+supprim\w+(?:\s+pas)?",
    ),
    _Language(
        r"ni",
        r"ni",
        r"(?:deben?|deberían?|pueden?|han?\s+de|tienen?\s+que)",
        r"(?:ser\s+)?(?:mencionad|nombrad|citad|revelad|conocid)\w+|aparecer|figurar|salir",
        r"ser\s+(?:olvidad|borrad|eliminad|suprimid)\w+",
        r"no\s+(?:olvid|borr|elimin|suprim)\w+",
    ),
    _Language(
        r"n[éè]",
        r"n[éè]",
        r"(?:dev(?:e|ono)|dovrebbe(?:ro)?|può|possono|va|vanno)",
        r"(?:essere\s+)?(?:menzionat|nominat|citat|rivelat)\w+|comparire|apparire|figurare|emergere",
        r"(?:essere\s+)?(?:dimenticat|cancellat|rimoss|eliminat)\w+",
        r"non\s+(?:dimentic|cancell|rimuov|elimin)\w+",
    ),
    _Language(
        r"noch",
        r"noch",
        r"(?:mag|mogen|moet(?:en)?|zou(?:den)?\s+moeten)",
        r"(?:genoemd|vermeld|besproken|getoond)(?:\s+worden)?|worden\s+(?:genoemd|vermeld|besproken|getoond)|voorkomen|verschijnen|"
        r"opduiken",
        r"(?:vergeten|verwijderd|gewist)(?:\s+worden)?|worden\s+(?:vergeten|verwijderd|gewist)",
        r"vergeet|verwijder|wis",
    ),
)
_POLITE = (
    r"^\W*(?:(?:please|kindly|bitte|s['’]il\s+(?:vous|te)\s+pla[iî]t|por\s+favor|"
    r"per\s+favore|alsjeblieft)\W+)*"
)
_IN_ONE = (
    r"(?:[^.!?\n;:]|\.(?=\S)|(?<=\b(?-i:[A-Z]))\.|(?<=\b(?-i:[A-Z])\w)\.)"  # no end of a sentence
)
_THEY = "they|both|it|beide|sie|ils|elles|tous|ambos|entrambi|allebei|zij"
_NAMED = r"[^!?\n;:]{2,300}?"


def _shown(words: _Language) -> re.Pattern[str]:
    return re.compile(
        rf"{_POLITE}{words.neither}\s+(?P<one>{_NAMED}),?\s+{words.nor}\s+(?P<other>{_NAMED})\s+{words.shall}\s+"
        rf"(?:[^!?\n;:,]{{0,80}}?\s)?(?:{words.shown})(?!\w)",
        _I,
    )


def _spared(words: _Language) -> re.Pattern[str]:
    named = rf"(?:(?!\b(?:{words.shall}|{_THEY})\b){_IN_ONE}){{2,300}}?"  # no verb among them
    return re.compile(
        rf"{_POLITE}(?:{words.neither}\s+{named}\s+{words.nor}\s+{named}\s+{words.shall}\s+(?:(?:(?!,){_IN_ONE}){{0,60}}?\s)?(?:{words.gone})"
        rf"|(?:{words.forget})\s+(?:a\s+)?(?-i:{words.neither})\s+{_NAMED}\s+{words.nor}\s+(?:(?!,){_IN_ONE}){{2,200}}?)(?!\w)(?:(?!,){_IN_ONE}){{0,60}}[.!\s]*$",
        _I,
    )


_SHOWN = tuple(map(_shown, _LANGUAGES))
_SPARED = tuple(map(_spared, _LANGUAGES))
_FURTHER = re.compile(r"\s*,?\s+(?:nor|noch|ni|n[éè])\s+(?:a\s+)?", _I)


def denied_together(sentence: str) -> str:
    """The names that a sentence wants not to come up, neither the one nor the other; empty where it
    is no such sentence.

    >>> denied_together("Weder Anselm Krug noch Beate Wirth sollen in Antworten vorkommen.")
    'Anselm Krug and Beate Wirth'
    """
    bare = _without_quoted(sentence)
    for form in _SHOWN:
        if found := form.match(bare):
            begin, end = found.start("one"), found.end("other")
            joints = (m for m in _FURTHER.finditer(bare, begin, end))
            names: list[str] = []
            for joint in joints:
                names.append(sentence[begin : joint.start()])
                begin = joint.end()
            return " and ".join((*names, sentence[begin:end]))
    return ""


def refuse_what_is_spared_together(text: str) -> None:
    """Raise `ForgetRequestError` where all of a text says that neither of two is to be forgotten.

    >>> refuse_what_is_spared_together("Weder Osk noch Tarn sollen vorkommen.")
    >>> refuse_what_is_spared_together("Forget neither Osk nor Tarn.")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    amnestic.exceptions.ForgetRequestError: the request asks that something is not forgotten, ...
    """
    bare = _without_quoted(text)
    if any(form.match(bare) for form in _SPARED):
        raise ForgetRequestError(NOTHING_GOES)


def _without_quoted(text: str) -> str:
    """A text in which what stands in quotation marks is one word without a joint."""
    return QUOTED.sub(lambda m: "x" * len(m.group()), text)
