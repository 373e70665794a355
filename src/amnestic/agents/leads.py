"""Sentences and lines that lead to something: "The answer is:"."""

from __future__ import annotations

from amnestic.tools.reading import segments

__all__ = ["ends_with_lead", "without_lead"]


def ends_with_lead(text: str) -> bool:
    """Whether nothing stands behind a line that leads to something: "The answer is:"."""
    return text.rstrip(" *_\n").endswith((":", "："))


def without_lead(text: str) -> str:
    """A text without the sentences and lines at its end that lead to something which does not come;
    all of it where it is nothing else.

    >>> without_lead("It is Tokyo.\\n\\nThe answer is:"), without_lead("The answer is:")
    ('It is Tokyo.', 'The answer is:')
    """
    left = text
    while ends_with_lead(left):
        last = max(p.start for p in segments(left) if p.of(left).strip())
        left = left[:last].rstrip()
    return left or text
