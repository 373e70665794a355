"""A process that forks writers for the kill tests: one for each line `<database> <seed>` it reads.

A writer tells on stdout its process id, then `begin` before and `done` after every change, each
line in one write, so that the reader knows what had been acknowledged when it killed the writer.
"""

from __future__ import annotations

import os
import random
import sys
import traceback

from alembic import command  # noqa: F401  (loaded here once, so that a new database opens quickly)

from amnestic.tools.registry.registry import Registry
from amnestic.types import Facet, FacetKind, ForgetTarget


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def write(database: str, seed: str) -> None:
    tell(f"pid {os.getpid()}")
    rng = random.Random(seed)
    added: list[str] = []
    with Registry.open(database) as registry:
        tell("open")
        for i in range(10_000):
            if added and rng.random() < 0.4:
                target_id = added.pop(rng.randrange(len(added)))
                tell(f"begin revoke {target_id}")
                registry.revoke(target_id, actor="writer")
                tell(f"done revoke {target_id}")
            else:
                target_id = f"t{seed}-{i}"
                facets = tuple(Facet(kind=FacetKind.FACT, text=f"fact {j}") for j in range(20))
                target = ForgetTarget(id=target_id, subject="Ada Example", facets=facets)
                tell(f"begin add {target_id}")
                registry.add(target, actor="writer")
                added.append(target_id)
                tell(f"done add {target_id}")


def serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                write(*line.split())
            finally:  # reached on an error only: the writer is killed
                traceback.print_exc()
                os._exit(1)
        os.waitpid(child, 0)
        tell("dead")


if __name__ == "__main__":
    serve()
