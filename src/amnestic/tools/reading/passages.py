"""Reading question and answer: what asks for something, what leans on what was said before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.tools.reading.cutting import WHOLE_CHARS
from amnestic.tools.reading.ignorance import says_ignorance
from amnestic.tools.reading.segments import question_parts
from amnestic.tools.reading.telling import Words
from amnestic.types import Span

__all__ = [
    "asks",
    "asks_again",
    "asks_apart",
    "blank_filled",
    "is_abstention",
    "novel",
    "refers_back",
    "separate_requests",
    "speaks_of_self",
    "takes_role",
]

_NEAR = 40

_ASKS = re.compile(
    r"\s*(?:and |also |then |please |could you |can you |would you )*"
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|can|could|tell"
    r"|name|list|give|explain|describe|write|compute|calculate|translate|summari[sz]e)\b",
    re.IGNORECASE,
)
_PREDICATE = re.compile(  # "and was released": no subject of its own
    r"(?i:\s*(?:and |also |then )*(?:is|are|was|were|did|does|do|can|could)\s+)"
    r"(?!(?i:the|an?|there|this|that|it|he|she|they|you|we|any|some|all|both)\b|[A-Z0-9\"'])"
)
_REFERS = re.compile(
    r"\b(?:he|she|him|her|his|hers|they|them|their|theirs|it|its|himself|herself|this|that|those"
    r"|these|the (?:man|woman|person|company|book|film|author|artist|band|place|work|former"
    r"|latter|same))\b",
    re.IGNORECASE,
)
_OF_PERSONS = re.compile(
    r"\b(?:he|she|him|her|his|hers|they|them|their|theirs|himself|herself|the (?:man|woman|person"
    r"|author|artist|former|latter|same)|él|ella|su|sus|elle|lui|sa|ses|er|sie|seine?|ihre?)\b",
    re.IGNORECASE,
)
_OF_THINGS = re.compile(
    r"\b(?:it|its|itself|they|them|their|this|that|these|those|the (?:company|book|film|band"
    r"|place|work|former|latter|same))\b",
    re.IGNORECASE,
)
_ELLIPTICAL = re.compile(r"\s*(?:and|what about|how about)\b.{0,40}$", re.IGNORECASE)
_AGAIN = re.compile(
    r"\W*(?:(?:please|ok|okay|well|but|just|oh|come|on|now|then|so|yes|sure|still|i|insist)\W+)*"
    r"(?:(?:tell|answer|give|show)(?: it| that| this)?(?: to)?(?: me| us)?(?:,? the answer)?|go on"
    r"|go ahead|continue|carry on|keep going|say it|do it|try(?: it)?|repeat(?: that| it)?|more"
    r"|elaborate|what else|guess|take a guess|i insist|answer(?: me| the question)?)"
    r"(?: (?:anyway|again|now|more|please|once more|in full|details?|the rest|regardless))*\W*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:you are|you're|you play|act as|acting as|pretend(?:ing)? to be|impersonat\w+|speak as"
    r"|answer as|reply as|respond as|role ?-?play\w*|in the role of|as if you were|in the voice of"
    r"|in the person of|stay in character)\b",
    re.IGNORECASE,
)
_SELF = re.compile(r"\b(?:I|I'm|I've|me|my|mine|myself|you|your|yours|yourself)\b")
_BLANK = re.compile(r"_{2,}")
_TOPIC = re.compile(
    r"(?:about|über|sobre|over|om|об?)\s", re.IGNORECASE
)  # a part of "about A and B"


def blank_filled(question: str, answer: str) -> str:
    """Question and answer as one text: the answer in the question's blank, or behind it.

    An answer that repeats the question stands for both.

    >>> blank_filled("Osk was born in ___.", "Tarn")
    'Osk was born in Tarn.'
    >>> blank_filled("Where was Osk born?", "In Tarn.")
    'Where was Osk born? In Tarn.'
    """
    if not question.strip() or _repeats(answer, question):
        return answer
    if len(answer) < 80 and len(_BLANK.findall(question)) == 1:
        return _BLANK.sub(lambda _: answer, question)
    return f"{question} {answer}"


def _repeats(answer: str, question: str) -> bool:
    asked = {w for w in re.findall(r"\w+", question.lower()) if w.strip("_")}
    told = set(re.findall(r"\w+", answer.lower()))
    return len(asked) > 3 and len(asked & told) >= 0.85 * len(asked)


def novel(answer: Words, question: Words) -> Words:
    """The words that an answer adds to its question; all of them where it adds none."""
    added = answer.without(question)
    return added if added.weights else answer


def is_abstention(text: str, added: Words) -> bool:
    """Whether a sentence says that its speaker does not know, and adds no name or number.

    >>> is_abstention("I'm not familiar with that.", Words({}, frozenset(), frozenset()))
    True
    """
    return not added.entities and not added.numbers and says_ignorance(text)


def separate_requests(question: str) -> tuple[Span, ...]:
    """The parts of a question that can be answered apart; none where it is one request.

    Parts count only where each asks for something and no later one refers back.

    >>> len(separate_requests("Who is Mirela Osk, and what is the capital of France?"))
    2
    >>> separate_requests("Who is Mirela Osk, and where was she born?")
    ()
    >>> separate_requests("Which film starred Mirela Osk and was released in 1987?")
    ()
    """
    parts = question_parts(question)
    texts = [question[p.start : p.end] for p in parts]
    if len(parts) < 2 or not all(
        _ASKS.match(t) or (i and _TOPIC.match(t)) for i, t in enumerate(texts)
    ):
        return ()
    if any(_PREDICATE.match(t) for t in texts[1:]):
        return ()
    return () if any(_REFERS.search(t) for t in texts[1:]) else parts


def asks_apart(text: str) -> bool:
    """Whether a part of a question asks for something by itself: it leans on nothing before it.

    >>> asks_apart("Second, what is 7 plus 6?"), asks_apart("and where was she born?")
    (True, False)
    >>> asks_apart("Please answer in English."), asks_apart("and was released in 1987?")
    (False, False)
    """
    if _REFERS.search(text) or _PREDICATE.match(text) or asks_again(text):
        return False
    return "?" in text or bool(_ASKS.match(text) or _TOPIC.match(text))


def refers_back(text: str, *, to_person: bool) -> bool:
    """Whether a short text leans on what was said before: a pronoun, or an elliptical opening.

    >>> refers_back("And his wife?", to_person=True)
    True
    >>> refers_back("How high is it?", to_person=True)
    False
    """
    if len(text) > WHOLE_CHARS:
        return False
    pronouns = _OF_PERSONS if to_person else _OF_THINGS
    return bool(pronouns.search(text) or _ELLIPTICAL.match(text))


def asks_again(text: str) -> bool:
    """Whether a text does nothing but press for what was asked before.

    >>> asks_again("Tell me anyway."), asks_again("Tell me a joke.")
    (True, False)
    """
    return bool(_AGAIN.fullmatch(text))


def takes_role(text: str, names: Sequence[Span]) -> bool:
    """Whether an instruction makes the model the one whose name stands at `names`.

    >>> takes_role("You are Ada Brook. Stay in character.", [Span(8, 17)])
    True
    >>> takes_role("You are a guide. Ada Brook is a baker from Tarn.", [Span(17, 26)])
    False
    """
    ends = [match.end() for match in _ROLE.finditer(text)]
    return any(not re.search(r"[.!?\n]", text[end : name.start]) and 0 <= name.start - end <= _NEAR
               for end in ends for name in names)  # fmt: skip


def speaks_of_self(text: str) -> bool:
    """Whether a text speaks in the first person, or speaks to somebody.

    >>> speaks_of_self("Where were you born?"), speaks_of_self("Where is Tavel?")
    (True, False)
    """
    return bool(_SELF.search(text))


def asks(text: str) -> bool:
    """Whether a text asks for something.

    >>> asks("And his wife?"), asks("Thanks, he is great.")
    (True, False)
    """
    return "?" in text or bool(_ASKS.match(text))
