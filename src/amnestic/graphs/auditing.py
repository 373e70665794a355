"""Audits within the graph: of a model's draft, and of what shall take its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.agents.masking import Mask
from amnestic.agents.own_evidence import views
from amnestic.agents.roles import Auditor
from amnestic.graphs import checks
from amnestic.graphs.joining import joined_findings
from amnestic.tools.reading import segments
from amnestic.types import Draft, Finding, Generation

__all__ = ["findings_in", "lifted", "sentences_without_findings"]

_MOST_SENTENCES = 20


async def findings_in(
    auditor: Auditor, choices: Sequence[Draft], verdict: VetVerdict, *, anew: bool = False
) -> tuple[Finding, ...]:
    """The leaks of a draft, or of what shall take its place: written `anew`, or cut out of it.

    A draft in a clear conversation is read as it stands first: where nothing is found, as far from
    every target, nothing has to be told apart from an echo. What an answer goes on from is read
    with its beginning.
    """
    told = await _told(auditor, choices, verdict, anew=anew)
    leaking = frozenset(finding.choice for finding in told)
    joined = await joined_findings(auditor, choices, verdict, leaking)
    return tuple(dict.fromkeys((*joined, *told)))


async def _told(
    auditor: Auditor, choices: Sequence[Draft], verdict: VetVerdict, *, anew: bool
) -> tuple[Finding, ...]:
    """What choices tell by themselves."""
    reads_plain = verdict.vet is Vet.CLEAR and not anew
    if reads_plain and not checks.findings(await auditor.audit(choices, verdict)):
        return ()
    found: dict[Finding, None] = {}
    for told, under in views(choices, verdict, anew=anew):
        found |= dict.fromkeys(checks.findings(await auditor.audit(told, under)))
    return tuple(found)


async def sentences_without_findings(auditor: Auditor, text: str, verdict: VetVerdict) -> str:
    """The sentences of a text that pass by themselves; empty where there is none, and where they do
    not pass together."""
    said = [piece.of(text).strip() for piece in segments(text)][:_MOST_SENTENCES]
    drafts = [Draft(text=sentence) for sentence in said]
    leaking = {finding.choice for finding in await findings_in(auditor, drafts, verdict)}
    told = " ".join(sentence for i, sentence in enumerate(said) if i not in leaking)
    return "" if await findings_in(auditor, (Draft(text=told),), verdict) else told


def lifted(generation: Generation, mask: Mask) -> Generation:
    """What the model said of an invented name, with the user's word in its place again: only where
    it says that it does not know will that pass."""
    if not mask:
        return generation
    choices = tuple(_lifted(draft, mask) for draft in generation.choices)
    return generation if choices == generation.choices else Generation(choices, generation.usage)


def _lifted(draft: Draft, mask: Mask) -> Draft:
    calls = tuple(replace(c, arguments=mask.lifted(c.arguments)) for c in draft.tool_calls)
    return replace(
        draft,
        text=mask.lifted(draft.text),
        reasoning=mask.lifted(draft.reasoning),
        refusal=mask.lifted(draft.refusal),
        tool_calls=calls,
    )
