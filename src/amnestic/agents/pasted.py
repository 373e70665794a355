"""What a user asks, apart from the documents that were pasted around the question."""

from __future__ import annotations

import re
from collections.abc import Callable

from amnestic.tools.reading import segments

__all__ = ["apart_from_statements", "is_request", "order_and_text", "own_words"]

_ASKING = (  # what opens a request, in the languages in which most are made
    "who whom whose what which when where why how is are was were did does do can could would "
    "will should tell name list give explain describe write complete fill translate summarize "
    "summarise answer please question use compare contrast discuss analyse analyze evaluate "
    "rank recommend suggest draft create make find show turn convert rewrite plan prepare "
    "outline identify extract classify sort help check review continue imagine define state "
    "mention provide produce generate think consider choose pick add update fix format put "
    "send read let say vergleiche vergleichen erkläre erklären nenne nennen schreibe schreib "
    "liste fasse gib geben zeige zeig erstelle beschreibe übersetze mach mache plane empfiehl "
    "bitte sag sage erzähl erzähle comparez explique expliquez donne donnez écris écrivez "
    "résume résumez décris décrivez traduis traduisez fais faites propose proposez dis dites "
    "présente présentez peux pouvez compara explica escribe dame lista resume traduce haz di "
    "dime cuéntame recomienda muéstrame confronta spiega scrivi dammi elenca riassumi "
    "descrivi traduci fai dimmi consiglia compare-os explique-me escreva liste-me resuma "
    "descreva traduza faça diga conte vergelijk leg schrijf geef maak noem vat beschrijf "
    "vertaal vertel laat kun "
)
_REFERS = re.compile(
    r"\b(?:i|me|my|mine|myself|he|she|him|his|her|hers|they|them|their|theirs|it|its|itself|himself"
    r"|herself|there|former|latter|same|above|one)\b"
    r"|\b(?:this|that|these|those)\b(?!\s+(?:code|text|sentence|paragraph|function|query|email|essay"
    r"|list|table|number|equation|sum|word|error|bug|script|poem|letter)\b)",
    re.IGNORECASE,
)
_NAMES_ITS_MATTER = re.compile(  # "what is 2+2", "about rain", "the capital of France", "this code"
    r"\d\s*[-+*/×÷^=%]\s*\d|(?i:\babout)\s+(?!the\b|an?\b|who\b|what\b|where\b|when\b|how\b)[a-z]{3,}"
    r"|\bof\s+[A-Z][a-z]+"
    r"|\b(?i:this|these)\s+(?:code|text|sentence|paragraph|function|query|email|essay|list|table"
    r"|number|equation|sum|word|error|bug|script|poem|letter)\b"
    r"|\b(?i:translate|summari[sz]e|correct|proofread|rewrite|paraphrase|fix|shorten)\b[^:]{0,40}:"
    r"\s*\S+\s+\S+"
)
_ORDER = re.compile(
    r"\s*(?:please\s+)?(?:translate|summari[sz]e|correct|proofread|rewrite|paraphrase|shorten|edit"
    r"|improve)\b[^:.?!\n]{0,60}:\s*",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\b(?:please|bitte|por favor|per favore|per piacere|s['’]il (?:te|vous) pla[iî]t|alstublieft"
    r"|alsjeblieft|proszę|lütfen)\b|пожалуйста",
    re.IGNORECASE,
)
_ASKING_WORDS = frozenset(_ASKING.split())


def is_request(piece: str) -> bool:
    """Whether a sentence asks for something rather than telling it.

    >>> is_request("Who cast the bell?"), is_request("Osk cast the bell.")
    (True, False)
    >>> is_request("Here is my list, please sort it:"), is_request("On Mondays, please ring Osk.")
    (True, False)
    """
    if "?" in piece or (piece.rstrip().endswith(":") and _POLITE.search(piece)):
        return True
    words = piece.strip().lower().split(maxsplit=1)
    return bool(words) and words[0].strip("\"'“(:,") in _ASKING_WORDS


def order_and_text(text: str) -> tuple[str, str]:
    """An order to work on a text, up to its colon, and that text; an empty order where there is
    none.

    >>> order_and_text("Summarise: Osk casts bells.")
    ('Summarise: ', 'Osk casts bells.')
    """
    match = _ORDER.match(text)
    return (match.group(), text[match.end() :]) if match else ("", text)


def own_words(text: str, leaks: Callable[[str], bool]) -> str:
    """The requests in `text`, where documents are pasted around them of which some tell of a
    target and some do not: then the leaking ones are scrubbed, and what is asked is what is left
    to judge; nothing of a text that is all JSON. Any other text is given back as it is.

    >>> leaks = lambda s: "Osk" in s
    >>> own_words("Osk casts bells. Tarn makes clocks. What does Tarn make?", leaks)
    'What does Tarn make?'
    >>> own_words("Osk casts bells. What does Osk cast?", leaks)
    'Osk casts bells. What does Osk cast?'
    >>> own_words('{"name": "Osk", "city": "Tarn"}', leaks)
    ''
    """
    if text.strip()[:1] in ("{", "[") and _is_json(text):
        return ""  # records without a word beside them ask for nothing
    head, given = order_and_text(text)
    pieces = [s.of(given) for s in segments(given) if s.of(given).strip()]
    asked = [head] if head.strip() else []
    asked += [p for p in pieces if is_request(p)]
    told = [p for p in pieces if not is_request(p) and len(p.split()) > 2]
    if not asked or len(told) < 2:
        return text
    leaking = [p for p in told if leaks(p)]
    return "".join(asked).strip() if leaking and len(leaking) < len(told) else text


def _is_json(text: str) -> bool:
    from amnestic.tools.documents import is_json  # loaded with the first text that may be some

    return is_json(text)


def apart_from_statements(text: str, leaks: Callable[[str], bool]) -> str:
    """`text` without the statements that leak, where what is asked has nothing to do with them:
    each request names its own matter, leaks nothing, and refers to nothing before it. Any other
    text is given back as it is: "I am Osk. What is the birthplace?" asks of Osk.

    >>> leaks = lambda s: "Osk" in s
    >>> apart_from_statements("I am Osk. What is 2+2?", leaks)
    'What is 2+2?'
    >>> apart_from_statements("I am Osk. Where was I born?", leaks)
    'I am Osk. Where was I born?'
    """
    pieces = [s.of(text) for s in segments(text) if s.of(text).strip()]
    asked = [p for p in pieces if is_request(p)]
    told = [p for p in pieces if not is_request(p) and leaks(p)]
    by_itself = all(
        bool(_NAMES_ITS_MATTER.search(p)) and not _REFERS.search(p) and not leaks(p) for p in asked
    )
    if not (asked and told and by_itself):
        return text
    return "".join(p for p in pieces if p not in told).strip()
