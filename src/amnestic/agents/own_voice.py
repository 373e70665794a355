"""How this very model says that it does not know: its own words, and nothing that it makes up.

A model that is asked about somebody who does not exist says that it does not know, or it makes
something up, which is not to be said of anybody. And a small model cannot always copy a name that
it has never seen, so that a stranger's name stands in its answer, of whom nobody asked. What is
kept of an answer are the sentences that say ignorance or ask back, with the asked name in the place
of a strange one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from hashlib import blake2b
from types import MappingProxyType

from amnestic.agents.contracts import Ask
from amnestic.agents.own_evidence import adds_nothing
from amnestic.exceptions import AmnesticError
from amnestic.models.purpose import asking_for
from amnestic.tools.reading import language_of, rank, says_ignorance, segments
from amnestic.types import Message

__all__ = ["OwnVoice", "unknowing"]

_Says = Callable[[str], Awaitable[str]]
"""A sentence of a model's own that does not know a name; empty where it has none."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NOBODIES = ("Orvane Tellibrand", "Maresk Dovinell", "Talvi Brandesk")
_PARTS = " ".join(_NOBODIES).split()
_FORMS: Mapping[bool, str] = MappingProxyType(
    {True: "Who is {}?", False: "What do you know about {}?"}
)
"""What is asked of nobody, by whether a person is asked for."""
_MODELS = 256  # that are remembered; callers name them
_SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
_UNNAMED = "that"
_ONE_WORD = "Orvane"
_QUESTION = frozenset("how what when where which who whom whose why".split())
_STRANDED = frozenset(
    "about after against at before behind beside between by for from in into near of off on over "
    "to under upon with without am are be been being is was were has had did does do can could "
    "would".split()
)
"""What ends a sentence only where a question word before stands for what is missing behind it."""
_JOINING = frozenset("and at by de del der di du for la le of the van von y".split())


def unknowing(answer: str, question: str, name: str) -> str:
    """What an answer about somebody invented says that does not tell of them, with `name` where a
    word stands that nobody asked with; empty where nothing is left.

    >>> unknowing("I don't know who Balp Ravam is. He is a chess master.", "Who is Ada?", "Ada")
    "I don't know who Ada is."
    >>> unknowing("Balp Ravam is a chess master.", "Who is Ada?", "Ada")
    ''
    """
    told = (piece.of(answer).strip() for piece in segments(answer))
    named = (_named(sentence, question, name) for sentence in told)
    asked = f"{question} {name} {_ONE_WORD}"
    whole = (s for s in named if s and _is_whole(_simply(s, name)))
    kept = (s for s in whole if adds_nothing(_simply(s, name), asked))
    return " ".join(dict.fromkeys(kept))  # a small model says the same over and over


def _simply(sentence: str, name: str) -> str:
    """The sentence with one word for the name, which may hold an "and" or a comma."""
    return sentence.replace(name, _ONE_WORD) if name else sentence


def _is_whole(sentence: str) -> bool:
    """Whether a sentence in which one word stands for the name is not broken off behind it, as
    those of a small model are that could not copy the name: "I know nothing of Ada works for."."""
    words = [word.lower() for word in _WORD.findall(sentence)]
    if words and words[-1] == _ONE_WORD.lower():
        return _QUESTION.isdisjoint(words[-2:-1])
    return not words or words[-1] not in _STRANDED or not _QUESTION.isdisjoint(words)


def _named(sentence: str, question: str, name: str) -> str:
    """A sentence with the asked name in the place of one that is not in the question; empty where
    it cannot be told what stands for what."""
    known = {word.lower() for word in _WORD.findall(f"{question} {name}")}
    english = language_of(sentence) == "en"
    words = list(_WORD.finditer(sentence))
    strange = [
        word
        for i, word in enumerate(words)
        if _pieces(word.group()) - known
        and (
            (i > 0 and word.group()[0].isupper() and not _is_self(word.group()))
            or (english and rank(word.group().lower()) is None and not _is_spoken(word.group()))
        )
    ]
    if not strange:
        return sentence
    runs = _runs(sentence, words, strange, known)
    told = not name or name.lower() in sentence.lower()
    if told or len(runs) != 1 or any(word.group().islower() for word in strange):
        return ""
    start, end = runs[0]
    return f"{sentence[:start]}{name}{sentence[end:]}"


def _pieces(word: str) -> set[str]:
    """The word without what hangs on it: "Osk's" is "osk"."""
    return {re.split(r"['’]", word)[0].lower()}


def _is_self(word: str) -> bool:
    return re.split(r"['’]", word)[0] == "I"


def _is_spoken(word: str) -> bool:
    """A contraction ("don't", "haven't"), which no list of words holds."""
    return bool(re.search(r"['’](?:t|m|d|s|ll|re|ve)$", word, re.IGNORECASE))


def _runs(
    sentence: str,
    words: Sequence[re.Match[str]],
    strange: Sequence[re.Match[str]],
    known: set[str],
) -> list[tuple[int, int]]:
    """Where names stand that hold a strange word: with the asked words, and the short ones, that
    stand between or beside them as a part of the name."""
    at = {word.start() for word in strange}
    runs: list[tuple[int, int]] = []
    joined = False  # whether nothing but small words stands since the last name ended
    for i, word in enumerate(words):
        gap = sentence[words[i - 1].end() : word.start()] if i else ""
        joined = joined and not gap.strip()
        own = i > 0 and word.group()[0].isupper() and not _is_self(word.group())
        if word.start() in at or (own and _pieces(word.group()) <= known):
            begun = runs.pop()[0] if joined else word.start()
            runs.append((begun, word.end()))
            joined = True
        else:
            joined = joined and word.group() in _JOINING
    return [run for run in runs if any(run[0] <= place < run[1] for place in at)]


class OwnVoice:
    """The sentences in which models say that they do not know, learnt by asking each about nobody.

    Three names that belong to nobody are asked about, with nothing of any caller's, for each kind
    of question: one beside each question that may need it, so that nobody waits for the three, and
    no more than two calls are made of one request. What a model says is kept in memory.
    """

    def __init__(self) -> None:
        self._heard: dict[tuple[str, bool], _Heard] = {}

    @asynccontextmanager
    async def beside(
        self, model: str, ask: Ask, question: str, person: bool
    ) -> AsyncIterator[_Says]:
        """Within the block, in which `question` is asked, `model` is asked about a nobody, too, if
        it has not been about all, nor has been heard to speak for itself. Gives what says a
        sentence of its own, and waits for that answer where none is known yet. Leaving the block
        ends what is not needed."""
        if language_of(question) != "en":
            yield _silent
            return
        heard = self._known((model, person))
        learning, needed = heard.begin(ask, person), False

        async def says(name: str) -> str:
            nonlocal learning, needed
            needed = True
            if not heard.lines and not heard.is_silent():
                learning = learning or asyncio.ensure_future(heard.hear(ask, person))
                await learning
            return _chosen(heard.lines, question).replace(_SLOT, name or _UNNAMED)

        try:
            yield says
            heard.speaks = heard.speaks or not needed
        finally:
            if learning is not None:
                learning.cancel()
                await asyncio.gather(learning, return_exceptions=True)

    def _known(self, key: tuple[str, bool]) -> _Heard:
        while key not in self._heard and len(self._heard) >= _MODELS:
            self._heard.pop(next(iter(self._heard)))
        return self._heard.setdefault(key, _Heard())


class _Heard:
    """What one model has said of nobodies: by the place of each, its line, empty where it made
    something up."""

    def __init__(self) -> None:
        self.speaks = False  # for itself, where it is asked a question
        self._said: dict[int, str] = {}

    @property
    def lines(self) -> list[str]:
        return [line for _, line in sorted(self._said.items()) if line]

    def is_silent(self) -> bool:
        """Whether it has made something up of each of them."""
        return len(self._said) == len(_NOBODIES) and not self.lines

    def begin(self, ask: Ask, person: bool) -> asyncio.Future[None] | None:
        """Ask about the next, where that may be of use."""
        if self.speaks or len(self._said) >= len(_NOBODIES):
            return None
        return asyncio.ensure_future(self.hear(ask, person))

    async def hear(self, ask: Ask, person: bool) -> None:
        """Ask about the next; a model that is down is asked another time."""
        at = next((n for n in range(len(_NOBODIES)) if n not in self._said), 0)
        name = _NOBODIES[at]
        question = _FORMS[person].format(name)
        if answer := await _answer(ask, question):
            self._said[at] = _line(answer, question, name)


async def _silent(name: str) -> str:
    return ""


def _chosen(lines: Sequence[str], question: str) -> str:
    if not lines:
        return ""
    digest = blake2b(question.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return lines[int.from_bytes(digest, "big") % len(lines)]


def _line(answer: str, question: str, name: str) -> str:
    """The sentences that do not know the nobody who was asked about, with a slot for the name."""
    line = unknowing(answer, question, name).replace(name, _SLOT)
    told = _SLOT in line and says_ignorance(line) and not any(part in line for part in _PARTS)
    return line if told else ""


async def _answer(ask: Ask, question: str) -> str:
    try:
        with asking_for("voice"):
            given = await ask((Message.of("user", question),))
    except AmnesticError:
        return ""
    return given.choices[0].text.strip() if given.choices else ""
