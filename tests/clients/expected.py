"""Cells that are expected to fail, and those that are not there, and why, in the patterns of
`fnmatch`.

`client | asked for | door | clear or near`; one that passes is shown as `passes now`: take it out.
What is not there: `client | form`.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ABSENT", "EXPECTED"]

_OPTIONAL = (
    "llama-index asks for a streamed object with tool_choice 'auto', and takes a sentence, which "
    "any model may give then, for an empty object"
)

_KEPT = (
    "a wrapped client keeps no replies, and refuses `previous_response_id` by its name; the proxy "
    "keeps them"
)

EXPECTED: Mapping[str, str] = {
    "llama-index | structured streamed | * | near": _OPTIONAL,
    "openai-python | responses, stored | wrapped | *": _KEPT,
}

ABSENT: Mapping[str, str] = {
    "instructor | tools": "its tools are its structured output",
}
