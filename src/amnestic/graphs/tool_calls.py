"""Tool calls that leak in a part of their arguments: they are made with what may stay of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.agents.roles import Crew
from amnestic.graphs import checks
from amnestic.types import Draft, Finding, Generation, Message, ToolCall

__all__ = ["mended_calls"]

Findings = tuple[Finding, ...]


async def mended_calls(
    generation: Generation, findings: Findings, verdict: VetVerdict, crew: Crew
) -> tuple[Generation, Findings]:
    """The generation, in which leaking arguments lost the sentences and list items that leak, and
    the findings that are left.

    A call that lost a whole argument is not mended: a tool that is asked for nothing in particular
    answers with anything. What was cut is audited here, and again with all the rest.
    """
    left = []
    for finding in findings:
        draft = generation.choices[finding.choice]
        call = await _mended(draft, finding, verdict, crew)
        if call is None:
            left.append(finding)
        else:
            generation = _with_call(generation, finding, call)
    return generation, tuple(left)


async def _mended(
    draft: Draft, finding: Finding, verdict: VetVerdict, crew: Crew
) -> ToolCall | None:
    if not finding.channel.startswith("tool_call:"):
        return None
    call = draft.tool_calls[_index(finding)]
    said = Message("assistant", tool_calls=(call,))
    alone = replace(verdict, vet=Vet.SUSPECT, tainted=(0,))
    (clean,) = (await crew.scrubber.scrub((said,), alone)).conversation
    (new,) = clean.tool_calls
    if not _only_shortened(call.arguments, new.arguments):
        return None
    answer = await crew.screen.audit((Draft(tool_calls=(new,)),), verdict)
    return None if checks.findings(answer) else new


def _with_call(generation: Generation, finding: Finding, call: ToolCall) -> Generation:
    choices = list(generation.choices)
    draft = choices[finding.choice]
    choices[finding.choice] = draft.with_channel(finding.channel, call.arguments)
    return Generation(tuple(choices), generation.usage)


def _index(finding: Finding) -> int:
    return int(finding.channel.partition(":")[2])


def _only_shortened(before: str, after: str) -> bool:
    """Whether every argument that was given still is."""
    try:
        old, new = json.loads(before), json.loads(after)
    except ValueError:
        return False
    return sum(1 for _ in _empty(new)) == sum(1 for _ in _empty(old))


def _empty(value: Any) -> Iterator[None]:
    """The places of a value where nothing stands."""
    if value in (None, "", [], {}):
        yield None
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _empty(inner)
