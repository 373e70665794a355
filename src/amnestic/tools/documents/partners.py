"""Questions and their answers in two lists that answer to one another: of both the same goes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from amnestic.tools.documents.items import marks_of
from amnestic.tools.documents.leads import lead_of
from amnestic.tools.documents.nodes import Kind, Node
from amnestic.tools.documents.records import Leaks
from amnestic.tools.reading import segments

__all__ = ["with_partners"]

_FEWEST = 3  # items
_MOSTLY = 0.6  # of them are questions
_MARKUP = "*_`\"'”’)» \t\n"
_ASKS = ("?", "？", "؟")
_SAYS_ANSWERS = re.compile(  # what heads a list of answers that has no numbers
    r"\b(?:answers?|solutions?|antworten|(?:auf)?lösung(?:en)?|réponses?|corrigé|respuestas?"
    r"|soluci(?:ón|ones)|risposte|soluzion[ei]|antwoorden|oplossing(?:en)?|respostas?"
    r"|soluç(?:ão|ões)|odpowiedzi|svar|facit)\b|答案|解答|答え",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list: its items, the numbers of these where each has one, and whether they ask."""

    start: int
    end: int
    items: list[str]
    numbers: list[int]
    asks: bool


def with_partners(text: str, nodes: Sequence[Node], leaks: Leaks) -> Leaks:
    """What must go, and with it the question to an answer that goes, and the answer to a question.

    >>> from amnestic.tools.documents.markdown import read_markdown
    >>> quiz = "1. Who?\\n2. When?\\n3. Where?\\n\\nAnswers\\n\\n1. Osk\\n2. 1954\\n3. Tavel\\n"
    >>> leaks = with_partners(quiz, read_markdown(quiz).children, lambda piece: "Osk" in piece)
    >>> leaks("Who?"), leaks("When?")
    (True, False)
    """
    gone: set[str] = set()
    for question, answer in _pairs(text, nodes):
        if leaks(_lead(question)) or leaks(_lead(answer)):
            gone |= {piece for said in (question, answer) for piece in _pieces(said)}
    return (lambda piece: leaks(piece) or _is_of(piece.strip(), gone)) if gone else leaks


def _is_of(piece: str, gone: Collection[str]) -> bool:
    """Whether a piece is one that goes, or what could be left of one."""
    if piece in gone:
        return True
    return " " in piece and any(whole.startswith(piece) or whole.endswith(piece) for whole in gone)


def _pairs(text: str, nodes: Sequence[Node]) -> Iterator[tuple[str, str]]:
    """The questions and answers of lists that are numbered alike, or that have as many items as
    one another where the second one is said to be of answers."""
    lists = [
        _listed(text, node)
        for node in nodes
        if node.kind is Kind.LIST and len(node.children) >= _FEWEST
    ]
    said = [match.start() for match in _SAYS_ANSWERS.finditer(text)] if len(lists) > 1 else []
    for i, asked in enumerate(lists):
        for told in lists[i + 1 :] if asked.asks else ():
            if not told.asks and _answer(asked, told, said):
                yield from zip(asked.items, told.items, strict=True)
                break


def _answer(asked: _Listed, told: _Listed, said: Sequence[int]) -> bool:
    """Whether the items of the second list may stand for those of the first, one by one; `said` is
    where the text says that answers follow."""
    if asked.numbers and told.numbers:
        return asked.numbers == told.numbers
    if len(asked.items) != len(told.items):
        return False
    at = bisect_left(said, asked.end)
    return at < len(said) and said[at] < told.start


def _listed(text: str, node: Node) -> _Listed:
    items = _items(text, node)
    return _Listed(node.start, node.end, items, _numbers(text, node), asks=_ask(items))


def _items(text: str, node: Node) -> list[str]:
    return [text[item.inner : item.end] for item in node.children]


def _numbers(text: str, node: Node) -> list[int]:
    """The numbers of a list's items; nothing where one has none."""
    marks = marks_of(text, [item.start for item in node.children])
    numbers = [mark.number for mark in marks if mark is not None]
    return numbers if len(numbers) == len(marks) else []


def _ask(items: Sequence[str]) -> bool:
    asking = sum(item.rstrip(_MARKUP).endswith(_ASKS) for item in items)
    return asking >= _MOSTLY * len(items)


def _pieces(item: str) -> Iterator[str]:
    """The pieces of an item that are judged: its sentences, and what it is about."""
    yield from (piece.of(item).strip() for piece in segments(item))
    lead = lead_of(item, 0, len(item))
    if lead is not None:
        yield lead.of(item).strip()


def _lead(item: str) -> str:
    """The first sentence of an item."""
    return next((piece.of(item) for piece in segments(item)), item)
