"""The proxy under load: a process that forgets some people and serves until told to stop.

`python benchmarks/serving_proxy.py --upstream URL --db FILE --targets 100 --admin TOKEN`
"""

from __future__ import annotations

import argparse
import multiprocessing
from pathlib import Path

from amnestic import Amnesia
from amnestic.models.embedded.world import load_world
from amnestic.models.fixed import FixedBackend
from amnestic.server.command import run
from amnestic.server.settings import ServerSettings
from amnestic.types import Draft, Generation


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--targets", type=int, default=100)
    parser.add_argument("--admin", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--workers", type=int)
    chosen = parser.parse_args()
    settings = ServerSettings(
        upstream=chosen.upstream,
        admin_token=chosen.admin,
        port=chosen.port,
        workers=chosen.workers,
    )
    people = multiprocessing.Process(target=forget, args=(chosen.db, chosen.targets))
    people.start()
    people.join()
    run(lambda: layer(chosen.db), settings)


def layer(db: Path) -> Amnesia:
    """A layer whose own model knows nothing: the upstream answers."""
    nobody = FixedBackend(Generation((Draft(text="I don't know."),)))
    return Amnesia(nobody, db=db, elicit=False)


def forget(db: Path, count: int) -> None:
    """Forget so many people of the made-up world."""
    with layer(db) as amnesia:
        for person in load_world().people[:count]:
            facts = " ".join(fact.sentence for fact in person.facts)
            amnesia.forget(f"Please forget {person.name}. {person.description} {facts}")


if __name__ == "__main__":
    main()
