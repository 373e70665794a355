"""What could have been said instead of an answer, which near a target nobody is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["without_likelihoods"]


def without_likelihoods(value: Any) -> Any:
    """A reply without the logprobs of its answers; the value itself where it holds none.

    >>> without_likelihoods({"choices": [{"logprobs": {"content": [1]}, "index": 0}]})
    {'choices': [{'logprobs': None, 'index': 0}]}
    """
    if isinstance(value, list):
        items = [without_likelihoods(item) for item in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if not isinstance(value, Mapping):
        return value
    found = {k: _no_likelihoods(v) if k == "logprobs" else without_likelihoods(v)
             for k, v in value.items()}  # fmt: skip
    return found if any(found[k] is not value[k] for k in value) else value


def _no_likelihoods(value: Any) -> Any:
    if not value:
        return value
    return [] if isinstance(value, list) else None
