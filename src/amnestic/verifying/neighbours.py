"""What is asked beside a target: things that must stay as they were."""

from __future__ import annotations

import random
from collections.abc import Sequence

from amnestic.forecasting import common_knowledge
from amnestic.tools.protocols import Embedder
from amnestic.types import ForgetTarget
from amnestic.verifying.judging import Secrets

__all__ = ["questions_beside"]


def questions_beside(
    embedder: Embedder, target: ForgetTarget, count: int, seed: int = 0
) -> tuple[str, ...]:
    """Questions about common knowledge that does not tell the target: half of the first `count`
    are what lies nearest to it, since that is what is lost first; all others follow as drawn."""
    secrets = Secrets.of(target)
    lines = [line for line in common_knowledge() if not secrets.told_in(line, "")]
    near = _nearest(embedder, target, lines)[: count // 2]
    others = [line for line in lines if line not in near]
    random.Random(seed).shuffle(others)
    return tuple(
        line if line.endswith("?") else f"Is it true that {line}" for line in (*near, *others)
    )


def _nearest(embedder: Embedder, target: ForgetTarget, lines: Sequence[str]) -> list[str]:
    """Lines by how near they are to what of the target they are nearest to."""
    if not lines or not target.facets:
        return []
    facets = embedder.embed([facet.text for facet in target.facets])
    near = (embedder.embed(lines) @ facets.T).max(axis=1)
    return [lines[i] for i in near.argsort(kind="stable")[::-1]]
