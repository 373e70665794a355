"""The proxy under load: a process that forgets some people and serves until told to stop.

`python benchmarks/serving_proxy.py --upstream URL --db FILE --targets 100 --admin TOKEN`
"""

from __future__ import annotations

import argparse
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
    chosen = parser.parse_args()
    nobody = FixedBackend(Generation((Draft(text="I don't know."),)))
    settings = ServerSettings(upstream=chosen.upstream, admin_token=chosen.admin, port=chosen.port)
    with Amnesia(nobody, db=chosen.db, elicit=False) as amnesia:
        for person in load_world().people[: chosen.targets]:
            facts = " ".join(fact.sentence for fact in person.facts)
            amnesia.forget(f"Please forget {person.name}. {person.description} {facts}")
        run(amnesia, settings)


if __name__ == "__main__":
    main()
