"""Forget requests in plain words: from what a person wrote to what is to be forgotten.

In: a request. Out: an `Interpretation`: the subject, its kind, other names, what is told of it, and
what shall stay. No model is called.
"""

from __future__ import annotations

from amnestic.agents.requests.forms import COMMAND
from amnestic.agents.requests.interpreter import LocalInterpreter
from amnestic.agents.requests.plain_requests import as_command
from amnestic.agents.requests.readings import (
    Identifier,
    Interpretation,
    Interpreter,
    RequestReading,
)
from amnestic.agents.requests.target_kind import kind_said
from amnestic.agents.requests.told_facts import facts_told

__all__ = [
    "COMMAND",
    "Identifier",
    "Interpretation",
    "Interpreter",
    "LocalInterpreter",
    "RequestReading",
    "as_command",
    "facts_told",
    "kind_said",
]
