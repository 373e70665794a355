"""Forget requests in plain words: from what a person wrote to what is to be forgotten.

In: a request. Out: a `RequestReading`: for each target an `Interpretation` (the subject, its kind,
other names, identifiers, what is told of it, what shall stay, until when), and what stayed unread.
No model is called.
"""

from __future__ import annotations

from amnestic.agents.requests.aspects import at_most
from amnestic.agents.requests.forms import COMMAND
from amnestic.agents.requests.grounds import ground_in
from amnestic.agents.requests.interpreter import LocalInterpreter
from amnestic.agents.requests.length import MAX_REQUEST_CHARS, refuse_long
from amnestic.agents.requests.masked import masked_refusal
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.plain_requests import as_command
from amnestic.agents.requests.readings import (
    Interpretation,
    Interpreter,
    RequestReading,
)
from amnestic.agents.requests.target_kind import kind_of, kind_said
from amnestic.agents.requests.told_facts import facts_told
from amnestic.agents.requests.width import is_broad, refuse_broad

__all__ = [
    "COMMAND",
    "MAX_REQUEST_CHARS",
    "Interpretation",
    "Interpreter",
    "LocalInterpreter",
    "RequestReading",
    "as_command",
    "at_most",
    "facts_told",
    "ground_in",
    "is_broad",
    "kind_of",
    "kind_said",
    "masked_refusal",
    "mentions_in",
    "refuse_broad",
    "refuse_long",
]
