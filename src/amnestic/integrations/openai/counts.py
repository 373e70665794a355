"""The tokens that a reply is said to have taken, where the upstream was asked something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.integrations.openai.dialect import Counted, Json
from amnestic.models.values import strings_in
from amnestic.types import Generation

__all__ = ["counted_in", "question_tokens", "read_in", "recounted", "spoken_to"]

_READ = ("prompt_tokens", "input_tokens")
"""What a usage calls the tokens of the question."""

_UNSAID = (
    "role type model id image_url input_audio file_data url data metadata user safety_identifier "
    "prompt_cache_key service_tier stop"
).split()
"""What no model reads, or none counts by its letters."""


def spoken_to(body: Json) -> Json:
    """A request without what only says how its answer shall be sent."""
    return {key: value for key, value in body.items() if key not in ("stream", "stream_options")}


def recounted(usage: Any, body: Json, asked: Json) -> Any:
    """A usage, in which the tokens of the question are those of what the caller asked: what the
    upstream was `asked` in its place, without a target, has fewer. Estimated by length.

    >>> recounted({"prompt_tokens": 4, "total_tokens": 9}, {"input": "x" * 20}, {"input": "x" * 10})
    {'prompt_tokens': 8, 'total_tokens': 13}
    """
    key = next((k for k in _READ if isinstance(usage, Mapping) and _is_count(usage.get(k))), None)
    if key is None or body == asked:
        return usage
    found = dict(usage)
    found[key] = question_tokens(usage[key], body, asked)
    if _is_count(usage.get("total_tokens")):
        found["total_tokens"] = usage["total_tokens"] + found[key] - usage[key]
    return found


def counted_in(generation: Generation, before: Json | None) -> Counted:
    """What of a reply's usage may be told: the tokens that the upstream read, `before` it was
    touched; or all that a model of the layer's own took, which is told so that it may be."""
    if before is None:
        return Counted.of(generation.usage)
    return Counted(read_in(before.get("usage")))


def read_in(usage: Any) -> int | None:
    """How many tokens a usage says that were read; `None` where it gives no number, whatever else
    an upstream has put there.

    >>> read_in({"input_tokens": 7}), read_in({"input_tokens": "Osk"}), read_in("Osk")
    (7, None, None)
    """
    told = usage if isinstance(usage, Mapping) else {}
    return next((told[key] for key in _READ if _is_count(told.get(key))), None)


def question_tokens(counted: int, body: Json, asked: Json) -> int:
    """The tokens of a caller's question, from those that were counted of what was asked."""
    sent = _length(asked)
    return max(1, round(counted * _length(body) / sent)) if sent else counted


def _length(body: Json) -> int:
    return sum(map(len, strings_in(body, but=_UNSAID)))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
