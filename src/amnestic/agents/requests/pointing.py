"""Which name of a text a pronoun points to, and which name corrects another."""

from __future__ import annotations

import re

from amnestic.agents.requests.mentions import Mention, gender_of, mentions_in
from amnestic.agents.requests.target_kind import kind_named

__all__ = ["corrected", "kind_pointed", "pointed_to", "points_to_one"]

_WHO_AHEAD = r"(?:(?:his|her|their|my|our|the)\s+(?-i:(?:[a-z-]+\s+){1,3}))?"


def _from_the_first(marks: str) -> str:
    """Marks and spaces before a correction, looked at from where they begin alone: a text of
    thousands of commas is read once, and not from each."""
    return rf"(?:(?<![{marks}])[{marks}]+\s*|(?<![\s{marks}])\s*)"


_CORRECTION = re.compile(
    rf"{_from_the_first(',.;–—-')}(?<!\w)(?:(?:no|oh|ah|argh|sorry|wait|hang\s+on|er|erm|um|oops|whoops|pardon|"
    r"i\s+mean|correction|(?:a\s+|my\s+)?(?:typo|mistake|error)|my\s+bad|wrong\s+(?:name|one|person)|"
    r"not\s+(?:him|her|them|that\s+one)|quatsch|moment|pardon|perdón|scusa)[,.:;!–—-]*\s+)+"
    rf"(?:i\s+mean[t]?\s+|make\s+that\s+|it['’]s\s+)?{_WHO_AHEAD}(?=(?-i:[A-Z]\w*\s[A-Z]))|"
    rf"{_from_the_first(',.;:…–—-')}(?:(?:h?mm+|er|oh|no|wait|actually|sorry|on\s+second\s+thoughts?)[,.:;…–—-]*\s+)+"
    r"(?:leave|keep|scratch|skip|scrap|not|ignore)\s+(?:it|that|this|him|her|them)(?:\s+one)?(?:\s+(?:as\s+is|be|in|alone))?"
    r"[,.;:–—-]*\s+(?:and\s+|but\s+)?(?:please\s+)?(?:forget|delete|remove|erase|unlearn|do|take)\s+"
    r"(?=(?-i:[A-Z]\w*\s[A-Z]))|"
    rf"[,.;–—-]\s*i\s+meant?\s+{_WHO_AHEAD}(?=(?-i:[A-Z]))",
    re.I,
)


_OF_AHEAD = re.compile(r"[a-zà-ÿ]\s+(?:of|von|de|du|di|del|van)\s+$")  # "the widow of Tor Hagen"


def pointed_to(text: str, what: str) -> Mention | None:
    """The name of a text that fits a pronoun, or the first that is surely one.

    >>> pointed_to("Dr. Tor Hagen treated my mother, Gisela Rautenberg.", "her").name
    'Gisela Rautenberg'
    """
    pool = _pool(text, what)
    best = max((m.score for m in pool), default=0)
    strong = [m for m in pool if m.score >= min(best, 3)]
    return strong[0] if strong else None


def points_to_one(text: str, what: str) -> bool:
    """Whether "he" or "she" fits one of several names of a text alone.

    >>> points_to_one("Thaddeus Orrin met Camilla Voss.", "she"), points_to_one("Osk met Tor", "it")
    (True, False)
    """
    return bool(_pronoun_gender(what)) and len({m.name for m in _pool(text, what)}) == 1


def kind_pointed(what: str) -> str:
    """The words that say what a name is, where they point to it: "that painting".

    >>> kind_pointed("that painting"), kind_pointed("her")
    ('the painting ', '')
    """
    noun = re.fullmatch(r"\W*(?:that|this|said|the)\s+(?P<noun>[a-z]+)\W*", what, re.I)
    return f"the {noun['noun']} " if noun and kind_named(noun["noun"]) else ""


def _pool(text: str, what: str) -> list[Mention]:
    """The names of a text that fit a pronoun as well as any."""
    found = [m for m in mentions_in(text) if m.score >= 1]
    gender = _pronoun_gender(what)
    fitting = [m for m in found if gender and gender_of(m) == gender]
    unknown = [m for m in found if gender and not gender_of(m)]
    pool = fitting or unknown or found
    own = [m for m in pool if not gender or not _OF_AHEAD.search(text[: m.start])]
    return own or pool


def corrected(body: str) -> str:
    """The text with a name put in the place of the one that it corrects."""
    match = _CORRECTION.search(body)
    before = [m for m in mentions_in(body[: match.start()]) if m.score >= 2] if match else []
    if match is None or not before:
        return body
    old = before[-1]
    at = body.rfind(old.name, 0, match.start())
    return f"{body[:at]}{body[match.end() :]}"


def _pronoun_gender(words: str) -> str:
    """`f`, `m` or nothing: what a pronoun says of whom it points to."""
    first = re.match(r"\W*(?:it(?:\s+is|['’]s)\s+)?(\w+)", words, re.I)
    word = first[1].lower() if first else ""
    if word in ("she", "her", "hers", "sie", "ihr", "lei", "elle", "ella"):
        return "f"
    return "m" if word in ("he", "him", "his", "er", "ihn", "ihm", "hem", "lui", "il", "él") else ""
