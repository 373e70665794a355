"""Drafts too long for an agent's model: it is given the part in which something changes.

What is left out is what the detectors have passed. A draft whose leaks stand so far apart that no
such part is short enough is left to the local engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from amnestic.agents.contracts import Case
from amnestic.tools.reading import settled_ends
from amnestic.types import Span

__all__ = ["Part", "narrowed", "part_of"]

_CONTEXT = 400  # characters on each side of a change that a critic sees
_CUT = "[…]"


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a case that is rewritten, and what stays around it."""

    head: str
    case: Case
    tail: str

    def rejoined(self, candidate: str) -> str:
        """A candidate for the part as one for the whole."""
        text = self.case.text
        before = text[: len(text) - len(text.lstrip())]
        after = text[len(text.rstrip()) :]
        return f"{self.head}{before}{candidate.strip()}{after}{self.tail}"


def part_of(case: Case, most: int) -> Part | None:
    """The sentences and lines of a case in which its findings stand, and one more on each side;
    `None` where they are over `most` characters, as of JSON, which is whole or nothing.

    >>> from amnestic.agents.contracts import Vet, VetVerdict
    >>> from amnestic.types import Finding, LeakKind
    >>> text = "It is one. It is two. Osk did it. It is four. It is five. It is six."
    >>> finding = Finding("t", 0, "answer", LeakKind.DIRECT, 1.0, (Span(22, 25),))
    >>> case = Case(VetVerdict(Vet.CLEAR, "?"), "answer", text, (finding,))
    >>> part_of(case, 40).case.text
    ' It is two. Osk did it. It is four.'
    """
    spans = [span for finding in case.findings for span in finding.spans]
    if not spans:
        return None
    ends = [0, *settled_ends(case.text), len(case.text)]
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    before = [end for end in ends if end <= first]
    after = [end for end in ends if end >= last]
    start, end = before[-2:][0], after[:2][-1]
    if end - start > most:
        return None
    return Part(case.text[:start], _within(case, start, end), case.text[end:])


def _within(case: Case, start: int, end: int) -> Case:
    findings = tuple(
        replace(f, spans=tuple(Span(s.start - start, s.end - start) for s in f.spans))
        for f in case.findings
    )
    begun = f"{case.begun}{case.text[:start]}"
    return replace(case, text=case.text[start:end], findings=findings, begun=begun)


def narrowed(draft: str, candidates: Sequence[str], most: int) -> list[str]:
    """A draft and its candidates without what they begin and end with alike, where one of them is
    over `most` characters; else as they are. The cuts are to be seen.

    >>> long = "a" * 900
    >>> [len(text) for text in narrowed(long + "Osk" + long, [long + long], 1000)]
    [809, 806]
    """
    texts = [draft, *candidates]
    if max(map(len, texts)) <= most:
        return texts
    head = _alike(texts)
    tail = _alike([text[head:][::-1] for text in texts])
    begin, end = max(0, head - _CONTEXT), max(0, tail - _CONTEXT)
    return [
        f"{_CUT if begin else ''}{text[begin : len(text) - end]}{_CUT if end else ''}"
        for text in texts
    ]


def _alike(texts: Sequence[str]) -> int:
    """How many characters all texts begin with alike: the outermost in order differ soonest."""
    first, last = min(texts), max(texts)
    pairs = enumerate(zip(first, last, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(last)))
