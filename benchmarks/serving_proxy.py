"""The proxy under load: a process that forgets some people and serves until told to stop.

`python benchmarks/serving_proxy.py --upstream URL --db FILE --targets 100 --admin TOKEN`
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
from contextlib import suppress
from pathlib import Path

from real_data import targets
from speed import target as invented

from amnestic import Amnesia
from amnestic.exceptions import TargetTooBroadError
from amnestic.models.embedded.world import load_world
from amnestic.models.fixed import FixedBackend
from amnestic.server.command import run
from amnestic.server.settings import ServerSettings
from amnestic.types import Draft, Generation, TargetStatus


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--targets", type=int, default=100)
    parser.add_argument("--admin", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--real", type=Path, help="a folder with rwku/: forget real people of it")
    chosen = parser.parse_args()
    settings = ServerSettings(
        upstream=chosen.upstream,
        admin_token=chosen.admin,
        port=chosen.port,
        workers=chosen.workers,
    )
    given = (chosen.db, chosen.targets, chosen.real)
    people = multiprocessing.Process(target=forget, args=given)
    people.start()
    people.join()
    if people.exitcode:
        raise SystemExit(f"not all of {chosen.targets} targets are in force: nothing is measured")
    run(lambda: layer(chosen.db), settings)


def layer(db: Path) -> Amnesia:
    """A layer whose own model knows nothing: the upstream answers."""
    nobody = FixedBackend(Generation((Draft(text="I don't know."),)))
    return Amnesia(nobody, db=db, elicit=False)


def forget(db: Path, count: int, real: Path | None) -> None:
    """Forget so many people of the made-up world, or real ones with all their facts. A request that
    is refused, since its words alone would match too much, is left out; invented people come in the
    places that are free."""
    rng = random.Random(0)
    with layer(db) as amnesia:
        if real is not None:
            for target in targets(real, count):
                amnesia.registry.add(target, actor="benchmark")
        else:
            for person in load_world().people[:count]:
                facts = " ".join(fact.sentence for fact in person.facts)
                with suppress(TargetTooBroadError):
                    amnesia.forget(f"Please forget {person.name}. {person.description} {facts}")
            for _ in range(count - in_force(amnesia)):
                amnesia.registry.add(invented(rng), actor="benchmark")
        if in_force(amnesia) != count:
            raise SystemExit(f"{in_force(amnesia)} targets are in force, and not {count}")


def in_force(amnesia: Amnesia) -> int:
    """How many targets are in force."""
    return len(amnesia.registry.targets(status=TargetStatus.ACTIVE))


if __name__ == "__main__":
    main()
