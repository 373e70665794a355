"""The tokens of answers as the model that could have given them counts its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from amnestic.types import Draft

__all__ = ["tokens_written"]


def tokens_written(choices: Sequence[Draft], tokens_in: Callable[[str], int]) -> int:
    """The tokens of answers: those of all that is said in them, and the one by which a model ends
    an answer that nothing cut off.

    Args:
        choices: the answers.
        tokens_in: how many tokens a text has.

    >>> tokens_written((Draft("one"), Draft("one", finish_reason="length")), len)
    7
    """
    said = sum(tokens_in(text) for draft in choices for text in _texts(draft))
    return said + sum(draft.finish_reason != "length" for draft in choices)


def _texts(draft: Draft) -> list[str]:
    return [text for channel, text in draft.told() if channel != "beside" and text]
