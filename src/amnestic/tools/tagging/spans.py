"""From the scores of tokens to spans: the likeliest labels that fit together, and whose each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amnestic.tools.tagging.labels import NAMES, OUTCOMES, ROLES, Layout, begin_inside
from amnestic.tools.tagging.tokens import Tokens

__all__ = ["Span", "Tagged", "tagged"]

_NEVER = -1e9
_SHARP = 4.0  # what link products are divided by, in training too


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text.

    Attributes:
        start, end: its place.
        label: one of `NAMES` or `ROLES`.
        certainty: the chance that the least certain of its tokens is labelled so.
        kinds: for a subject or an alias, the chance of each of `KINDS`.
        of: for what is said of a subject, the subject's place among the subjects; None without one.
    """

    start: int
    end: int
    label: str
    certainty: float
    kinds: tuple[float, ...] = ()
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A text, its spans in their order, and the chance of each of `OUTCOMES`."""

    text: str
    spans: tuple[Span, ...]
    outcomes: tuple[float, ...]

    @property
    def outcome(self) -> str:
        """The likeliest outcome."""
        return OUTCOMES[int(np.argmax(self.outcomes))]

    def text_of(self, span: Span) -> str:
        """The words of a span."""
        return self.text[span.start : span.end]

    def labelled(self, *labels: str) -> tuple[Span, ...]:
        """The spans of these labels."""
        return tuple(s for s in self.spans if s.label in labels)


def tagged(
    text: str,
    tokens: Tokens,
    scores: npt.NDArray[np.float32],
    outcome: npt.NDArray[np.float32],
) -> Tagged:
    """Read the scores of a text.

    Args:
        text: the text.
        tokens: its tokens.
        scores: shape (tokens, `Layout.WIDTH`).
        outcome: shape (3,).
    """
    names = _within_lines(text, tokens, _spans(tokens, scores, Layout.NAMES, NAMES))
    names = _joined(text, tokens, names)
    roles = _joined(text, tokens, _spans(tokens, scores, Layout.ROLES, ROLES))
    kinds = _chances(scores[:, Layout.KINDS])
    subjects = [(a, b, c) for a, b, label, c in names if label == "subject"]
    asks = np.array([scores[a:b, Layout.ASKS].mean(0) for a, b, _ in subjects])
    found = []
    for a, b, label, certainty in (*names, *roles):
        place = tokens.places[a][0], tokens.places[b - 1][1]
        if label == "subject":
            chances = tuple(map(float, kinds[a:b].mean(0)))
            found.append(Span(*place, label, certainty, kinds=chances))
            continue
        of = None
        if subjects:
            said = scores[a:b, Layout.ANSWERS].mean(0)
            of = int(np.argmax(asks @ said / _SHARP))
        chances = tuple(map(float, kinds[a:b].mean(0))) if label == "alias" else ()
        found.append(Span(*place, label, certainty, kinds=chances, of=of))
    found.sort(key=lambda s: (s.start, -s.end))
    return Tagged(text, tuple(found), tuple(map(float, _chances(outcome))))


def _chances(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    out: npt.NDArray[np.float32] = powers / powers.sum(-1, keepdims=True)
    return out


def _spans(
    tokens: Tokens, scores: npt.NDArray[np.float32], head: slice, labels: tuple[str, ...]
) -> list[tuple[int, int, str, float]]:
    """Spans as (first token, one past the last, label, certainty)."""
    tags = begin_inside(labels)
    chances = _chances(scores[:, head])
    path = _path(np.log(chances + 1e-9), tokens.units, tags)
    spans: list[tuple[int, int, str, float]] = []
    at = 0
    while at < len(path):
        tag = tags[path[at]]
        if tag == "O":
            at += 1
            continue
        end = at + 1
        while end < len(path) and tags[path[end]] == f"I-{tag[2:]}":
            end += 1
        sure = min(_of_label(chances[i], tags, tag[2:]) for i in range(at, end))
        spans.append((at, end, tag[2:], float(sure)))
        at = end
    return spans


def _within_lines(
    text: str, tokens: Tokens, spans: list[tuple[int, int, str, float]]
) -> list[tuple[int, int, str, float]]:
    """Spans of which no name runs into the number or the sign that begins the next line."""
    out = []
    for start, end, label, certainty in spans:
        if label != "identifier":
            for i in range(start + 1, end):
                gap = text[tokens.places[i - 1][1] : tokens.places[i][0]]
                if "\n" in gap and not text[tokens.places[i][0]].isalpha():
                    end = i
                    break
        out.append((start, end, label, certainty))
    return out


def _joined(
    text: str, tokens: Tokens, spans: list[tuple[int, int, str, float]]
) -> list[tuple[int, int, str, float]]:
    """Spans of which no two alike stand side by side: people part what they list."""
    out: list[tuple[int, int, str, float]] = []
    for span in spans:
        if out and (last := out[-1])[2] == span[2] and last[1] == span[0]:
            between = text[tokens.places[last[1] - 1][1] : tokens.places[span[0]][0]]
            if between in ("", " "):
                out[-1] = (last[0], span[1], span[2], min(last[3], span[3]))
                continue
        out.append(span)
    return out


def _of_label(chances: npt.NDArray[np.float32], tags: Sequence[str], label: str) -> float:
    return float(sum(c for c, tag in zip(chances, tags, strict=True) if tag[2:] == label))


def _path(logs: npt.NDArray[np.float32], units: Sequence[int], tags: Sequence[str]) -> list[int]:
    """The likeliest labels in which nothing is inside without a beginning (Viterbi), and all of a
    unit has one label; the encoder's own tokens have none."""
    inside = [tags.index(f"I-{tag[2:]}") if tag != "O" else 0 for tag in tags]
    firsts = [i for i, unit in enumerate(units) if i == 0 or units[i - 1] != unit]
    # A unit's score is that of its first token and of the others as the insides of the same span.
    follows = logs[:, inside]
    follows[firsts] = logs[firsts]
    whole = np.add.reduceat(follows, firsts, axis=0)
    whole[0, 1:] = whole[-1, 1:] = _NEVER
    allowed = np.zeros((len(tags), len(tags)), np.float32)
    for i, before in enumerate(tags):
        for k, tag in enumerate(tags):
            if tag.startswith("I-") and before[2:] != tag[2:]:
                allowed[i, k] = _NEVER
    best, back = whole[0].copy(), []
    for row in whole[1:]:
        through = best[:, None] + allowed
        back.append(through.argmax(0))
        best = through.max(0) + row
    path = [int(best.argmax())]
    for came in reversed(back):
        path.append(int(came[path[-1]]))
    path.reverse()
    ends = [*firsts[1:], len(units)]
    return [
        tag if at == first else inside[tag]
        for tag, first, end in zip(path, firsts, ends, strict=True)
        for at in range(first, end)
    ]
