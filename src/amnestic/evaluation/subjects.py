"""Which subjects of the embedded world an evaluation forgets: the same draw for every part.

Data sets ask about them, and the model that never knew was trained without them.
"""

from __future__ import annotations

import random

from amnestic.exceptions import ConfigurationError
from amnestic.models.embedded.world import Entity, World, load_world

__all__ = ["KINDS", "forgotten_subjects"]

KINDS = ("person", "work", "organisation")
"""What is drawn from, evenly. Places stay: much of what is retained happens in them."""

_FEWEST_FACTS = 4


def forgotten_subjects(seed: int, n: int, world: World | None = None) -> tuple[Entity, ...]:
    """Draw `n` people, works and organisations of the world, as evenly as `n` allows.

    Only entities with at least four facts are drawn. A smaller `n` of the same seed is not a part
    of a larger one.

    Raises:
        ConfigurationError: when the world holds fewer of a kind than are asked for.

    >>> drawn = forgotten_subjects(seed=0, n=30)
    >>> [sum(entity.kind == kind for entity in drawn) for kind in KINDS]
    [10, 10, 10]
    >>> drawn == forgotten_subjects(seed=0, n=30)
    True
    """
    world = world or load_world()
    rng = random.Random(seed)
    drawn: list[Entity] = []
    for place, kind in enumerate(KINDS):
        wanted = n // len(KINDS) + (place < n % len(KINDS))
        pool = [e for e in world.of_kind(kind) if len(e.facts) >= _FEWEST_FACTS]
        if wanted > len(pool):
            raise ConfigurationError(
                f"{wanted} subjects of kind {kind!r} are asked for (n = {n}), "
                f"the world holds {len(pool)}: ask for fewer"
            )
        drawn += rng.sample(pool, wanted)
    return tuple(drawn)
