"""`amnestic sweep`: stores without what belongs to a target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from amnestic.cli import common
from amnestic.cli.common import Db, Json, Namespace

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.sweeping import Embed, SweepReport

__all__ = ["sweep"]


def sweep(
    stores: Annotated[
        list[str], typer.Argument(metavar="STORE...", help="Addresses, such as logs:FOLDER.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
    ] = False,
    embedder: Annotated[
        str | None,
        typer.Option(
            help="What the stores' vectors were made with: minilm, a model's folder, or "
            "openai:<name>. Without it what would be rewritten there is removed."
        ),
    ] = None,
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Take what belongs to a target out of stores, and search them for it afterwards.

    A store is faiss:FOLDER, chroma:FOLDER#COLLECTION, qdrant:FOLDER#COLLECTION,
    pgvector:URL#COLLECTION, langgraph-sqlite:FILE, langgraph-postgres:URL, store-sqlite:FILE,
    store-postgres:URL, llm-cache:FILE, mem0:CONFIG.json or logs:FOLDER. What went is remembered by
    a keyed hash, so that a later sweep knows it when it is back, and stands in the trail of each
    target. Exit 1 where something is left, or a store could not be read.
    """
    from amnestic.exceptions import StoreError
    from amnestic.sweeping import SweepReport
    from amnestic.sweeping import sweep as sweep_store
    from amnestic.types import GLOBAL

    reports: list[SweepReport] = []
    with common.administered(db=db, namespace=namespace) as amnesia:
        spaces = (amnesia.settings.namespace, GLOBAL)
        if not any(t.is_active() and t.namespace in spaces for t in amnesia.registry.targets()):
            typer.echo("no target is in force here: nothing is looked for", err=True)
        embed = _embed(amnesia, embedder)
        for store in stores:
            try:
                with _counting() as advance:
                    reports.append(
                        sweep_store(store, amnesia, dry_run=dry_run, embed=embed, advance=advance)
                    )
            except StoreError as error:
                typer.echo(f"error: {error}", err=True)
                reports.append(SweepReport("", 0, dry_run=dry_run, error=str(error)))
                continue
            if not as_json:
                for line in reports[-1].lines():
                    typer.echo(common.shown(line))
    if as_json:
        common.emit([report.as_dict() for report in reports])
    raise typer.Exit(0 if all(report.is_clean for report in reports) else 1)


def _embed(amnesia: Amnesia, spec: str | None) -> Embed | None:
    if spec is None:
        return None
    from amnestic.sweeping import LocalEmbedder
    from amnestic.tools.embedding import load_embedder

    return LocalEmbedder(load_embedder(spec, amnesia.settings.cache_dir))


@contextmanager
def _counting() -> Iterator[Callable[[int], None]]:
    """How many records were read, on standard error; nothing where it is no screen."""
    with common.working("sweeping") as spinner:
        yield lambda read: spinner.update(f"sweeping: {read:,} records read")
