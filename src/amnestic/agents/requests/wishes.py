"""Where a text asks to forget, and what it asks to be forgotten.

A wish names its object behind its words ("no longer know anything about X", "erase X") or before
them ("X is off limits", "X should not come up"). Both are read clause by clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.forms import COMMAND, TAIL
from amnestic.agents.requests.mentions import is_anaphor
from amnestic.agents.requests.plain_requests import asked_in
from amnestic.agents.requests.wish_words import AFTER, AGENT, BEFORE, DONE, NOT

__all__ = ["Wish", "opens_with_wish", "wish_in", "without_tail"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sentence asks to be forgotten, and what else the sentence says."""

    what: str
    told: str = ""


_I = re.IGNORECASE
_NEAR = 1_000  # a wish stands at the beginning of its sentence; only what it names may be long
_TAIL = re.compile(
    rf"[\s,]+(?:(?:out\s+of|from|in|off|to|by|within|inside|for)\s+(?:{AGENT}|your|(?:the|our|its|all|any)\s+)?"
    rf"\s*(?:\s*(?:memory|memories|knowledge|mind|answers?|replies|responses|brain|records?|list|"
    rf"database|training(?:\s+data)?|weights|everything(?:\s+you\s+know)?|vocabulary))?|"
    r"from\s+(?:what|all|everything|(?:all\s+)?the\s+things)\s+(?:that\s+)?you\s+(?:know|say|write|talk\s+about)|(?:in|from|on)\s+(?:this|our|the|your|that)\s+(?:chat|conversation|channel|app|site|website|"
    r"service|platform|helpdesk)|aus\s+(?:dem|deinem|ihrem)\s+(?:gedächtnis|wissen|speicher)(?:\s+des\s+\w+)?|"
    r"de\s+(?:ta|votre|vos|tes|tu|tus|su|sus)\s+(?:mémoire|memoria|réponses|respuestas)|dalla\s+(?:tua|sua)\s+memoria|uit\s+je\s+geheugen|"
    r"altogether|in\s+peace|anymore|alone)\s*[.!?]*$",
    _I,
)
_WHENCE = re.compile(  # only from where something shall be gone
    r"\W*(?:from|out\s+of)\s+(?:(?:your|the|all|any|its)\s+)*(?:context|memory|knowledge|records?|mind)"
    r"(?:\s*(?:,|and|or)\s*(?:your\s+|the\s+)?(?:context|memory|knowledge|records?|mind))*\W*",
    _I,
)
_LABEL = re.compile(
    r"^\s*(?:(?:[\w#-]+\s+){0,3}(?:request|note|ticket|message|notice|embargo|update|info|re|subject)"
    r"(?:\s+[\w#-]+)?|⟦\d+⟧|[\w-]+\s+(?:asks?|says?|writes?))\s*:\s*",
    _I,
)
_LISTS = re.compile(
    r"\b(?:the\s+following|these|those|folgende\w*|(?:two|three|four|five|six)\s+[a-z]+)\b", _I
)
_FEIGNED = re.compile(
    r"^\W*(?:(?:just|please|kindly)\s+)*(?:act|pretend|behave)\s+(?:like|as\s+(?:if|though)|that)\s+"
    r"(?P<what>(?!you\b).+?)\s+(?:had\s+)?never\b",
    _I,
)
_TREATED = re.compile(
    r"(?:^|\b(?:please|kindly|you|and|to|should|must|,)\s+|\W\s)(?:treat|regard|consider)\s+(?P<what>[^.;:]+?)\s+as\s+"
    r"(?:(?:completely|entirely|totally|wholly|something|someone|somebody)\s+)?(?:un-?known|non-?existent|never\b)",
    _I,
)
_HAD_DONE = re.compile(  # "have X removed"
    rf"^\W*(?:(?:please|kindly|(?:can|could|would)\s+you|(?:i|we)(?:['’]d|\s+would)\s+like\s+to|"
    rf"(?:i|we)\s+want\s+to)\s+)*(?:have|get|see)\s+(?!you\b)(?P<what>[^.;:]+?)\s+{DONE}\b",
    _I,
)
_SOMEBODY = (
    r"(?:anyone|anybody|any\s?one|people|users?|me|us|them|someone|somebody|customers?|kids|children|pupils|"
    r"students|visitors|strangers|others)"
)
_ABILITY = re.compile(  # what shall not be taught or done: a skill that has no name
    rf"(?:\b{NOT}|n['’]?t)\s+(?:longer\s+|ever\s+|be\s+able\s+to\s+|be\s+allowed\s+to\s+)*(?:teach(?:ing)?|show(?:ing)?|help(?:ing)?|"
    rf"tell(?:ing)?|instruct(?:ing)?|assist(?:ing)?|enabl(?:e|ing)|coach(?:ing)?)\s+{_SOMEBODY}\s+(?:how\s+)?(?:to\s+)?(?P<what>"
    r"(?!about\b|of\b|with\b|in\b|on\b|any|who\b|what\b|where\b|when\b|that\b|find\b|from\b|how\b|again\b|how\s+to\b)[a-z-]+\s+[^.;!?]+)",
    _I,
)
_SAYS_THAT = re.compile(
    r"^.*?(?:\b(?:says?|asks?|asked|requests?|wants?|wishes|insists?|demands?|wrote|told\s+us)\s+that|,\s+dass)\s+",
    _I,
)
_CIRCUMSTANCE = re.compile(  # why and by what a wish is said, ahead of what it is for
    r"^\W*(?:as\s+(?:agreed|discussed|requested|ordered|instructed|per|of)|per|under|following|further\s+to|"
    r"according\s+to|in\s+line\s+with|in\s+accordance\s+with|owing\s+to|due\s+to|because\s+of|given|pursuant\s+to|"
    r"at\s+the\s+request\s+of|on\s+behalf\s+of|gemäß|wie\s+(?:besprochen|vereinbart)|conformément\s+à|"
    r"según|como\s+acordado|come\s+concordato)\b[^,;]*,\s+(?=(?:[a-z]+\s+){0,6}(?-i:[A-ZÀ-Þ\"“«]))",
    _I,
)
_EMPTY_TAIL = re.compile(r"^[\s,]*(?:in|to|by|for|from|off)$", _I)
_OPENING = re.compile(
    rf"^[^\w⟦]*(?:(?:please|kindly|also|and|bot|{AGENT}|so|hence|therefore|we|i|that|nothing|everything|"
    r"want|need|(?:i|we)\s+(?:would\s+)?(?:want|like|need)|anything|"
    r"(?:any\s+)?(?:references?|mentions?|allusions?|statements?|remarks?|answers?)\s+(?:to|of|on|about|regarding|concerning)|all|every\s+\w+\s+in|concerning|regarding|about|on|as\s+for|just|only|both|of|re|"
    r"make\s+sure|ensure|see\s+to\s+it|dass|sie|wir\s+möchten|ich\s+möchte|bitte|könnten\s+sie|dafür\s+sorgen|der\s+(?:assistent|bot|chatbot)|que|qu['’]|il\s+faut|"
    r"the\s+(?:location|existence|name|identity|story|details?)\s+of)\b[\s,:]*)+",
    _I,
)


def wish_in(sentence: str) -> Wish | None:
    """The wish of a sentence, or `None`.

    >>> wish_in("The assistant should no longer know anything about Ana Morel").what
    'Ana Morel'
    >>> wish_in("Ana Morel is off limits from now on.").what
    'Ana Morel'
    """
    head, colon, listed = sentence.partition(": ")
    if colon and listed.strip() and _LISTS.search(head) and wish_in(head) is not None:
        return Wish(without_tail(listed))
    if feigned := _FEIGNED.match(sentence):
        return Wish(feigned["what"])
    if done := _TREATED.search(sentence) or _HAD_DONE.match(sentence):
        return Wish(done["what"])
    if (ability := _ABILITY.search(sentence)) and not any(map(str.isupper, ability["what"])):
        return Wish(f"how to {without_tail(ability['what'])}")
    if re.search(r"\bright\s+to\s+(?:be\s+forgotten|erasure)\b", sentence, _I):
        return Wish("me" if re.search(r"\b(?:my|me|I)\b", sentence) else "")
    if (match := COMMAND.match(sentence)) and match.end() < len(sentence.rstrip(" .!?")):
        what = without_tail(sentence[match.end() :])
        return Wish("" if _WHENCE.fullmatch(what) else what)
    near = sentence[:_NEAR]
    found = [m for p in AFTER if (m := p.search(near))]
    for match in sorted(found, key=lambda m: m.start()):
        what = without_tail(sentence[match.end() :])
        if what.strip(" .,;:!?") and not _is_aside(what) and not _WHENCE.fullmatch(what):
            return Wish(what, _opening(sentence[: match.start()]))
    if asked := asked_in(near):
        return Wish(without_tail(asked))
    for pattern in BEFORE:
        match = pattern.search(near)
        if match is None:
            continue
        what = _opening(sentence[: match.start()])
        last = re.split(
            r"(?:;|,?\s+(?:and|but|so|that))\s+(?=(?:it\b|it\s+is\s|s?he\b|they\b|this\b))", what
        )[-1]
        what = last if is_anaphor(last) else what
        return Wish(what, sentence[match.end() :].strip(" .,;:!?"))
    return Wish("") if found else None


def _is_aside(what: str) -> bool:
    return re.match(r"^\W*(?:again|any\s*more|please|thanks|pls)\W*$", what, _I) is not None


def _opening(text: str) -> str:
    text = _SAYS_THAT.sub("", _LABEL.sub("", text))
    if (circumstance := _CIRCUMSTANCE.match(text)) and text[circumstance.end() :].strip():
        text = text[circumstance.end() :]
    return _OPENING.sub("", text).strip(" ,;–—-")


def without_tail(what: str) -> str:
    """A wish's object without the words that say where it shall be gone from."""
    phrase, previous = re.sub(r"\s+please(?=\s*(?:[,.;!?]|$))", "", what).strip(" \n,;:!?"), None
    while previous != phrase:
        previous = phrase
        phrase = TAIL.sub("", phrase).strip(" \n,;:!?")
        if (tail := _TAIL.search(phrase)) and not _EMPTY_TAIL.match(tail.group()):
            phrase = phrase[: tail.start()]
    return phrase


def opens_with_wish(name: str, shorter: str) -> bool:
    """Whether a name is another with the word before it that asks to forget.

    >>> opens_with_wish("Glöm Tor Hagen", "Tor Hagen"), opens_with_wish("Ana Tor Osk", "Tor Osk")
    (True, False)
    """
    ahead = name.removesuffix(f" {shorter}")
    wish = wish_in(f"{ahead} {shorter}") if ahead != name and " " not in ahead else None
    return wish is not None and wish.what == shorter
