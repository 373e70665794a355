"""What a model engine is shown of a target: a short card, and only of the few retrieved."""

from __future__ import annotations

from collections.abc import Iterable

from amnestic.tools.protocols import Detector
from amnestic.types import ForgetTarget

__all__ = ["MAX_CARDS", "cards_of", "target_card"]

MAX_CARDS = 4
_FACTS = 6
_FACT_CHARS = 160


def target_card(target: ForgetTarget) -> str:
    """The card of one target.

    >>> print(target_card(ForgetTarget(id="t", subject="Maren Ilvasti", aliases=("M. I.",))))
    name: Maren Ilvasti
    also called: M. I.
    kind: topic
    """
    lines = [f"name: {target.subject}"]
    if target.aliases:
        lines.append(f"also called: {'; '.join(target.aliases[:12])}")
    if target.identifiers:
        lines.append(f"identifiers: {'; '.join(i.told for i in target.identifiers[:12])}")
    lines.append(f"kind: {target.kind.value}")
    if target.description:
        lines.append(f"description: {target.description[:600]}")
    lines.extend(f"fact: {fact[:_FACT_CHARS]}" for fact in target.facts[:_FACTS])
    lines.extend(f"exception, may stay: {e[:_FACT_CHARS]}" for e in target.exceptions[:_FACTS])
    return "\n".join(lines)


def cards_of(detector: Detector, target_ids: Iterable[str]) -> dict[str, str]:
    """Cards by target id, in the order given, at most `MAX_CARDS`: prompts do not grow with the
    number of targets (design.md §3.4). A sealed target has none."""
    ids = list(dict.fromkeys(target_ids))[:MAX_CARDS]
    found = ((target_id, detector.target(target_id)) for target_id in ids)
    return {target_id: target_card(target) for target_id, target in found if not target.sealed}
