"""By which name a question asks for what it asks for, as its user wrote it.

Who answers in the words of a model that does not know has to say of whom: of the target that the
question names, and where it names none (the draft told of one), of the one that it does name. Else
the words would tell the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from amnestic.tools.names import Capital, capital_of
from amnestic.tools.reading import rank
from amnestic.types import Span

__all__ = ["SMALL", "asked_name"]

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SMALL = frozenset(
    "a an and at by de del der des di die das du el et for from i in la las le les los of on or "
    "the to und van vom von y zu".split()
)
"""Words in small letters that hold a name together."""


def asked_name(question: str, telling: Collection[str]) -> str:
    """The longest name in the question that has one of the `telling` words, in small letters; where
    there are none, the only name that the question writes with capitals. Empty where it has none.

    >>> asked_name("Who is Ada Osk's sister?", {"ada", "osk"})
    'Ada Osk'
    >>> asked_name("Which river flows through Tavel?", ())
    'Tavel'
    >>> asked_name("Did Ada Osk ever meet Jon Marel?", ())
    ''
    """
    if telling:
        found = _names(question, lambda word: _stem(word.group()) in telling)
        start, end = max(found, key=lambda span: span[1] - span[0], default=(0, 0))
    else:
        said = _names(question, lambda word: _is_name(question, word))
        found = [span for span in said if question[slice(*span)].lower() not in SMALL]
        start, end = found[0] if len(found) == 1 else (0, 0)
    return f"{_article(question[:start])}{question[start:end]}"


def _names(question: str, tells: Callable[[re.Match[str]], bool]) -> list[tuple[int, int]]:
    """Where words stand that tell, with the small ones between them."""
    found: list[tuple[int, int]] = []
    joined = False
    for word in _WORD.finditer(question):
        gap = question[found[-1][1] : word.start()] if found else ""
        if tells(word):
            near = joined and not set(gap) & set(".,;:!?\n")
            begun = found.pop()[0] if near else word.start()
            found.append((begun, word.start() + len(_stem(word.group()))))
            joined = True
        else:
            joined = joined and word.group().lower() in SMALL
    return found


def _is_name(question: str, word: re.Match[str]) -> bool:
    """Whether a word has its capital because it is one of a name."""
    capital, said = capital_of(question, Span(*word.span())), _stem(word.group())
    if capital is Capital.PLACE:  # "Osk is where?", and not "Where is Osk?"
        return rank(said) is None
    return capital is Capital.NAME and said != "i"


def _article(before: str) -> str:
    """The capital article that a name begins with, where one stands before it in a sentence."""
    match = re.search(r"[^\s.!?:]\s+((?:The|An?)\s+)$", before)
    return match[1] if match else ""


def _stem(word: str) -> str:
    """The word in small letters, without what hangs on it: "Osk's" is "osk"."""
    return re.split(r"['’-]", word)[0].lower()
