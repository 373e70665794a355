"""Requests that ask for no logprobs, where callers shall be given none."""

from __future__ import annotations

from typing import Any

__all__ = ["without_logprobs"]

_ASKED = ("logprobs", "top_logprobs")
_INCLUDED = "message.output_text.logprobs"


def without_logprobs(body: dict[str, Any]) -> dict[str, Any]:
    """A request that asks for everything but the logprobs of its answer.

    >>> without_logprobs({"model": "m", "logprobs": True, "include": [_INCLUDED, "other"]})
    {'model': 'm', 'include': ['other']}
    """
    kept = {key: value for key, value in body.items() if key not in _ASKED}
    if isinstance(included := kept.get("include"), list) and _INCLUDED in included:
        kept["include"] = [name for name in included if name != _INCLUDED]
    return kept
