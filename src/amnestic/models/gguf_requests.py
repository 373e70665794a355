"""A request as llama.cpp's engine takes it: OpenAI's form, with the sampling of a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.models.decoding import RESTRICTION, Sampling
from amnestic.models.forbidden import Restriction
from amnestic.models.forbidden_grammar import grammar_of
from amnestic.models.restricted import has_form

__all__ = ["body_of", "restricted", "stops_in"]

_PASSED = (
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "top_k",
    "min_p",
)


def stops_in(options: Mapping[str, Any]) -> list[str] | None:
    """The stop strings of a call.

    >>> stops_in({"stop": "."}), stops_in({})
    (['.'], None)
    """
    stop = options.get("stop")
    return [stop] if isinstance(stop, str) else stop


def body_of(
    messages: list[dict[str, Any]], sampling: Sampling, options: Mapping[str, Any]
) -> dict[str, Any]:
    """A conversation as it is asked for; its restriction stands beside it, under `RESTRICTION`."""
    given = {key: options[key] for key in _PASSED if options.get(key) is not None}
    seed = {} if sampling.seed is None else {"seed": sampling.seed % 2**32}
    return {
        "messages": messages,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": 0,  # the engine's own bounds are not what the caller asked for
        "min_p": 0.0,
        "max_tokens": sampling.max_tokens,
        "stop": list(sampling.stop),
        "stream_options": {"include_usage": True},
        RESTRICTION: sampling.restriction,
        **seed,
        **given,
    }


def restricted(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request with its restriction in the engine's own terms; a form of the answer is the
    stronger, since the engine keeps to one grammar."""
    restriction: Restriction = body[RESTRICTION]
    told = {key: value for key, value in body.items() if key != RESTRICTION}
    if restriction.begun:
        begun = {"role": "assistant", "content": restriction.begun}
        told["messages"] = [*body["messages"], begun]
    if (restriction.without or restriction.barred) and not has_form(body):
        told["grammar"] = grammar_of(restriction)
    return told
