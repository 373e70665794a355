"""The opposite of a request to forget: that something is told again, as by revoking a target."""

from __future__ import annotations

import re

from amnestic.agents.requests.once import segments
from amnestic.agents.requests.wishes import wish_in
from amnestic.exceptions import ForgetRequestError

__all__ = ["refuse_what_is_told_again"]

_HIDING = (  # some verbs of a letter are read as what they come from
    r"(?:forget(?:ting)?|unlearn(?:ing)?|suppress(?:ing)?|withhold(?:ing)?|eras(?:e|ing)|hid(?:e|ing)|"
    r"block(?:ing)?|censor(?:ing)?|redact(?:ing)?|mask(?:ing)?)"
)
_HIDDEN = r"(?:forgotten|unlearned|suppressed|withheld|erased|hidden|blocked|censored|redacted)"
_ENDING = r"(?:stop|cease|quit|end|undo|reverse|lift|cancel|revoke|withdraw|rescind)"
_ASKED = (
    r"^\W*(?:(?:please|kindly|bitte|now|and|also|so|then|ok(?:ay)?|well|hi|hello|hey)\b,?\s+|"
    r"(?:can|could|would|will)\s+you\s+)*"
)
_TELLING = r"(?:remember|recall|mention|answer|tell|talk|speak|know|use|discuss|name)"

_TOLD_AGAIN = re.compile(
    rf"{_ASKED}(?:"
    rf"{_ENDING}\s+(?:the\s+|my\s+|our\s+|your\s+)?(?:earlier\s+|previous\s+|last\s+)?"
    rf"(?:{_HIDING}|suppression|block|ban|erasure|removal|deletion|target|forget\s+(?:request|target))\b"
    r"|un-?(?:forget|suppress|erase|block|hide|censor)\b"
    rf"|(?:restore|reinstate|revoke|bring\s+back)\s+(?-i:[A-ZÀ-Þ])(?![^.!?]*(?:['’]s\b|{_HIDING}))"
    r"|bring\s+(?-i:[A-ZÀ-Þ])[^.!?]*\bback\W*$"
    rf"|(?:start\s+|(?:you|it)\s+(?:can|may|should|are\s+allowed\s+to)\s+){_TELLING}\b[^.!?]*\bagain\b"
    r"|remember\b(?![^.!?]*(?:\b(?:never|not|no|nothing)\b|n['’]t\b))[^.!?]*\bagain\b"
    r"|hör(?:t|en\s+sie)?\s+(?:bitte\s+)?(?:damit\s+)?auf\b[^.!?]*\bzu\s+(?:vergessen|verschweigen|löschen)\b"
    r"|(?:arrête[zr]?|cesse[zr]?)\s+(?:de\s+|d['’])(?:l['’]\s*)?(?:oublier|effacer|cacher|taire)\b"
    r"|dej(?:a|ad|e|en|ar)\s+de\s+(?:olvidar|borrar|ocultar|callar)"
    r"|smett(?:i|ete|ere|a)(?:la)?\s+di\s+(?:dimenticar|cancellar|nasconder|tacer)"
    r"|stop\s+met\s+(?:het\s+)?vergeten\b"
    r")"
    rf"|\bno\s+longer\s+(?:\w+\s+){{0,2}}(?:to\s+)?be\s+{_HIDDEN}\b"
    rf"|\b(?:not|n['’]t)\s+(?:have\s+to\s+|need\s+to\s+)?be\s+{_HIDDEN}\s+any\s*(?:more|longer)\b"
    r"|\bnicht\s+(?:mehr|länger)\s+(?:vergessen|verschwiegen)\s+(?:werden|sein)\b",
    re.IGNORECASE,
)

_REMEMBER = re.compile(  # "merk dir: …": the contrary of forgetting
    r"^\W*(?:(?:please|pls|bitte|also|hey|hi|ok)[\s,]+)*(?:remember|memori[sz]e|keep\s+in\s+mind|take\s+note|merk(?:e|t)?\s+(?:dir|euch)|"
    r"merken\s+sie\s+sich|retiens|retenez|souviens-toi|recuerda|recuerden|acuérdate|ricorda(?:ti|te)?|lembra-te|lembre-se|"
    r"onthoud|pamiętaj|zapamiętaj)\b(?:[\s,]+bitte)?\s*(?:(?:that|dass|que|qu['’]|che|dat|że)\s|[:,]\s)",
    re.IGNORECASE,
)
_NEGATES = re.compile(
    r"\b(?:not|never|no|nothing|nobody|nicht|nie|nichts|kein\w*|ne|plus|pas|jamais|rien|nunca|nada|non|mai|niente|niet|niets|nooit|"
    r"não|nic)\b|n['’]t\b",
    re.IGNORECASE,
)
_YOU_ARE = re.compile(r"\byou['’]?re(?=\s)", re.IGNORECASE)

_NAMES_ONE = re.compile(
    r"^\s*(?:[-*•–]|\d+[.)])\s+(?:(?:[A-ZÀ-Þ][\w'’]*|(?![A-ZÀ-Þ])\w{1,3})(?:\s+|\W*$))+$"
    rf"|(?i:\b(?:must|shall|should|(?:is|has)\s+to)\s+be\s+{_HIDDEN}\b)"
)
"""An item of a list that is written as a title, which may sound like an order, or a sentence that
says itself what is to be forgotten."""


def refuse_what_is_told_again(text: str) -> None:
    """Raise `ForgetRequestError` where a sentence asks to tell something again, or a text to
    remember something and nothing else: read as a wish to forget, it would do the opposite.

    >>> refuse_what_is_told_again("Please forget Ana Morel. Never talk about her again.")
    >>> refuse_what_is_told_again("Stop forgetting Ana Morel.")
    Traceback (most recent call last):
        ...
    amnestic.exceptions.ForgetRequestError: the request asks that something is told again, so \
nothing is forgotten; `revoke` ends a target, and what shall be forgotten is a request of its own
    """
    known = None if _NEGATES.search(text) else _REMEMBER.match(text)
    if known and not any(
        wish_in(s.of(text).strip()) for s in segments(text) if s.end > known.end()
    ):
        raise ForgetRequestError(
            "the request asks that something is remembered, and nothing is forgotten; begin it "
            "with 'Please forget …' for what shall be"
        )
    pieces = (_YOU_ARE.sub("you are", piece.of(text)) for piece in segments(text))
    if any(_TOLD_AGAIN.search(p) and not _NAMES_ONE.search(p) for p in pieces):
        raise ForgetRequestError(
            "the request asks that something is told again, so nothing is forgotten; `revoke` ends "
            "a target, and what shall be forgotten is a request of its own"
        )
