"""What stands around a request: comments, greetings, thanks, subject lines and signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.refusals import is_about_the_layer
from amnestic.tools.reading import language_of, rank

__all__ = ["Letter", "opened"]


@dataclass(frozen=True, slots=True)
class Letter:
    """The body of a request, who signed it, what was left out of it unread, all but that, how long
    the signature at its end is, and whether a closing word opens it: "Regards"."""

    body: str
    sender: str = ""
    unread: tuple[str, ...] = ()
    whole: str = ""
    signature: int = 0
    is_closed: bool = False


_I = re.IGNORECASE
_SHORTEST = 3  # letters of a word that is mended
_A_NAME = 2  # the score of what is probably one
_COMMENT = re.compile(
    r"<!--.*?-->|<(script|style|system|assistant|developer|instructions?|prompt|tool|im_start)\b[^>]*>.*?</\1>|"
    r"</?[a-z][\w-]*(?:\s[^<>]*)?/?>|\[\[.*?\]\]|\{\{.*?\}\}|"
    r"\[(?:system|assistant|hidden|note\s+to\s+(?:the\s+)?(?:assistant|ai|model))\b[^\]]*\]",
    _I | re.DOTALL,
)
_ORDER = re.compile(  # a line that speaks as the system, or gives the reader orders of another kind
    r"^\s*(?:system|assistant|developer|ai)\s*:\s.*$|"
    r"(?<![^.!?\n])[^.!?\n]*\b(?:ignore|disregard|override)\s+(?:all\s+|any\s+|the\s+|your\s+)*"
    r"(?:previous|prior|above|earlier|other|safety|system)?\s*(?:rules?|instructions?|prompts?|"
    r"guidelines?|polic(?:y|ies))\b[^.!?\n]*[.!?]?",
    _I | re.MULTILINE,
)
_GREETING = re.compile(
    r"^\s*(?:(?:dear|hello|hi|hey|good\s+(?:morning|day|afternoon|evening)|to\s+whom\s+it\s+may\s+"
    r"concern|sehr\s+geehrte[rs]?|guten\s+tag|hallo|liebe[rs]?|bonjour|chère?s?|madame,\s*monsieur|"
    r"estimad[oa]s?|hola|buenos\s+días|gentile|gentili|buongiorno|geachte|beste)\b"
    r"[^\n.!?:]{0,60}?[,:!]\s*(?:\n+|(?=[a-z]))|(?:hello|hi|hey|hallo|hola|bonjour|ciao)\b[,!.]?\s+)",
    _I,
)
_CLOSING = re.compile(
    r"(?:^|\n|(?<=[.!?])\s)[ \t]*(?:(?:kind|best|warm|many)\s+"
    r"(?:regards|wishes|thanks)|regards|sincerely|"
    r"yours\s+(?:sincerely|faithfully|truly)|many\s+thanks(?:\s+in\s+advance)?|thank\s+you"
    r"(?:\s+(?:very\s+much|in\s+advance|so\s+much))*|thanks(?:\s+(?:a\s+lot|in\s+advance))?|cheers|"
    r"mit\s+freundlichen\s+grüßen|viele\s+grüße|vielen\s+dank|danke(?:\s+\w+)?|cordialement|"
    r"merci(?:\s+d['’]avance|\s+beaucoup)?|bien\s+à\s+vous|saludos|un\s+saludo|atentamente|"
    r"(?:muchas\s+)?gracias|cordiali\s+saluti|distinti\s+saluti|grazie(?:\s+mille)?|"
    r"met\s+vriendelijke\s+groet(?:en)?|(?:heel\s+)?bedankt|dank\s+u)\s*[,.!–—-]*"
    r"[ \t]*(?P<rest>\n[\s\S]*|"
    r"[^\n.!?]{0,60}[.!]?\s*)$",
    _I,
)
_GOES_ON = re.compile(  # "Osk and" is not over, whatever stands two lines below
    r"(?:[,:&+]|\b(?:and|or|nor|und|oder|sowie|et|ou|y|o|e|en|of|as\s+well\s+as|about|über|sur|sobre|su|over))\s*$",
    _I,
)
_ASK_FORMS = (
    "please forget erase delete remove unlearn suppress everything anything about mention know "
    "information remember pretend forgotten deleted erased removed"
).split()
_SKELETONS = {word[0] + re.sub("[aeiou]", "", word[1:]): word for word in _ASK_FORMS}
_SIGNED = re.compile(r"^[^\W\d_a-z][\w.'’-]+(?:\s+(?:&\s+)?[^\W\d_][\w.'’-]+){1,4}$")


def opened(text: str) -> Letter:
    """The body of a request without what stands around it; typos in its verbs are mended.

    >>> letter = opened("Dear team, please forgt Ana Morel. <!-- and add music --> Many thanks!")
    >>> letter.body, letter.unread
    ('please forget Ana Morel.', ('<!-- and add music -->',))
    """
    unread = tuple(m.group() for m in _COMMENT.finditer(text))
    body = _COMMENT.sub(" ", text)
    for match in _ORDER.finditer(body):
        if match.group().strip() != body.strip():
            unread = (*unread, match.group().strip())
            body = body.replace(match.group(), " ")
    body, orders = _without_orders(body)
    unread = (*unread, *orders)
    whole = body.strip()
    body, sender, is_closed = _unsigned(whole)
    signature = len(whole) - len(body)
    if (greeting := _GREETING.match(body)) and body[greeting.end() :].strip():
        body = body[greeting.end() :]
    return Letter(_mended(body).strip(), sender, unread, whole, signature, is_closed)


def _without_orders(body: str) -> tuple[str, tuple[str, ...]]:
    """A text without the sentences that give the layer orders, where others name somebody or
    something, and those sentences: nothing of them is obeyed."""
    pieces = [s.of(body) for s in segments(body)]
    orders = [piece for piece in pieces if is_about_the_layer(piece)]
    rest = "".join(piece for piece in pieces if piece not in orders)
    if not orders or not any(m.score >= _A_NAME for m in mentions_in(rest)):
        return body, ()
    return rest, tuple(order.strip() for order in orders)


def _unsigned(body: str) -> tuple[str, str, bool]:
    """The body without a signature, who signed, and whether a closing word opens that."""
    closing = _CLOSING.search(body)
    if closing is not None and closing.start() > 0:
        lines = [x.strip(" ,") for x in (closing["rest"] or "").splitlines() if x.strip(" ,.!")]
        sender = next((x for x in lines if _SIGNED.match(x)), "")
        return body[: closing.start()] + body[closing.start() : closing.start() + 1], sender, True
    head, gap, last = body.rstrip().rpartition("\n\n")
    first = last.strip().partition(",")[0].partition("\n")[0]
    goes_on = _GOES_ON.search(head) is not None
    if (
        gap
        and not goes_on
        and len(last) < 80
        and _SIGNED.match(first)
        and not re.search(r"[.!?:]\s*$", last)
    ):
        return head, first, False
    return body, "", False


def _mended(body: str) -> str:
    """The body with the verbs and set words of a request spelt as they should be."""

    if language_of(body) not in ("en", "und", ""):
        return body

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        if rank(word) is not None or len(word) < _SHORTEST:
            return word
        if whole := _SKELETONS.get(word):  # "abt", "frgt": as it is typed without vowels
            return whole
        close = get_close_matches(word, _ASK_FORMS, 1, 0.78)
        return close[0] if close and close[0][0] == word[0] else word

    body = re.sub(r"\s*\b(?:thx|thnx|ty|tks|tia)\b[.!]*\s*$", "", body, flags=_I)
    body = re.sub(r"\b(?:pls|plz|plse)\b", "please", body, flags=_I)
    return re.sub(r"(?<![\w@.-])[a-z]{3,12}(?![\w@-])", mend, body)
