"""ROUGE-L: how much of a reference answer a reply repeats in order (Lin, ROUGE, 2004, §3)."""

from __future__ import annotations

from typing import NamedTuple

from amnestic.evaluation.scoring.matching import plain_words

__all__ = ["Overlap", "rouge_l"]

_MOST = 2_000  # words of a text that are compared


class Overlap(NamedTuple):
    """The longest common subsequence as a share of the reference (`recall`) and of the reply
    (`precision`), and their harmonic mean (`f`); each from 0 to 1."""

    recall: float
    precision: float
    f: float


def rouge_l(reply: str, reference: str) -> Overlap:
    """ROUGE-L of a reply against a reference. TOFU's forget and retain ROUGE is its recall (Maini
    and others, TOFU, 2024, §3.1); words are compared in one form, unstemmed.

    >>> rouge_l("Ana Morel was born in Tarn.", "Born in Tarn, in 1901")
    Overlap(recall=0.6, precision=0.5, f=0.5454545454545454)
    >>> rouge_l("", "Born in Tarn").f
    0.0
    """
    said, wanted = plain_words(reply)[:_MOST], plain_words(reference)[:_MOST]
    if not said or not wanted:
        return Overlap(0.0, 0.0, 0.0)
    common = _longest_common(said, wanted)
    recall, precision = common / len(wanted), common / len(said)
    return Overlap(recall, precision, 2 * recall * precision / (recall + precision or 1))


def _longest_common(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    row = [0] * (len(second) + 1)
    for word in first:
        diagonal = 0
        for i, other in enumerate(second, start=1):
            above = row[i]
            row[i] = diagonal + 1 if word == other else max(above, row[i - 1])
            diagonal = above
    return row[-1]
