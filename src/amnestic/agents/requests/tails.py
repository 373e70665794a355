"""The words behind what a wish is for that say where it shall be gone from, or how soon."""

from __future__ import annotations

import re

from amnestic.agents.requests.forms import AGENT, TAIL

__all__ = ["without_tail"]

_I = re.IGNORECASE
_TAIL = re.compile(
    rf"[\s,]+(?:(?:out\s+of|from|in|off|to|by|within|inside|for)\s+(?:{AGENT}|your|(?:the|our|its|all|any)\s+)?"
    rf"\s*(?:\s*(?:memory|memories|knowledge|mind|answers?|replies|responses|brain|records?|list|"
    rf"database|training(?:\s+data)?|weights|everything\s+you\s+know|vocabulary))?|"
    r"from\s+what\s+you\s+know|(?:in|from|on)\s+(?:this|our|the|your|that)\s+(?:chat|conversation|channel|app|site|website|"
    r"service|platform|helpdesk)|aus\s+(?:dem|deinem|ihrem)\s+(?:gedächtnis|wissen|speicher)(?:\s+des\s+\w+)?|"
    r"de\s+(?:ta|votre|vos|tes|tu|tus|su|sus)\s+(?:mémoire|memoria|réponses|respuestas)|dalla\s+(?:tua|sua)\s+memoria|uit\s+je\s+geheugen|"
    r"altogether|in\s+peace|anymore|alone)\s*[.!?]*$",
    _I,
)
_EMPTY_TAIL = re.compile(r"^[\s,]*(?:in|to|by|for|from|off)$", _I)


def without_tail(what: str) -> str:
    """A wish's object without the words that say where it shall be gone from.

    >>> without_tail("Osk from your memory, please")
    'Osk'
    """
    phrase, previous = re.sub(r"\s+please(?=\s*(?:[,.;!?]|$))", "", what).strip(" \n,;:!?"), None
    while previous != phrase:
        previous = phrase
        phrase = TAIL.sub("", phrase).strip(" \n,;:!?")
        if (tail := _TAIL.search(phrase)) and not _EMPTY_TAIL.match(tail.group()):
            phrase = phrase[: tail.start()]
    return phrase
