"""Sweeps of stores that hold documents of real people: what their own search finds afterwards.

    python benchmarks/sweep.py --data DATA [--documents 400] [--json FILE]

Each store is filled by its own library with documents of which half mention one of a hundred people
that are to be forgotten (the kinds of `benchmarks/scrub.py`), half none. Counted are records a
second; questions (a person's name) to which the store's own search, or a look at every record where
it has none, still gives the name; documents that are not as they were, of those that mention
nobody, by a hash of everything that the store keeps of them; and mentions that are still there.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings
from machine import describe, table
from real_data import targets
from scrub_corpus import plain_documents, planted_documents
from sweep_stores import STORES, Document, Store

from amnestic import Amnesia
from amnestic.config import Settings
from amnestic.models.fixed import FixedBackend
from amnestic.sweeping import LocalEmbedder, sweep
from amnestic.tools.embedding import load_embedder
from amnestic.types import Draft, Generation

TARGETS = 100


class _Embeddings(LocalEmbedder, Embeddings):
    """This layer's embedder, as LangChain's stores ask for one."""


def documents_of(data: Path, count: int) -> list[Document]:
    """Half with a mention, half with none, side by side."""
    names = [t.subject for t in targets(data, TARGETS)]
    plain = [" ".join(d) for d in plain_documents(data, names, count // 2)]
    planted = [p for p in planted_documents(data, count) if set(p.record) == {"text"}]
    told = [Document(f"p{i}", p.record["text"], p.gone) for i, p in enumerate(planted)]
    mixed = [Document(f"d{i}", text) for i, text in enumerate(plain)]
    return [one for pair in zip(mixed, told, strict=False) for one in pair]


# ── Counting ─────────────────────────────────────────────────────────────────────────────────────


def measured(data: Path, count: int) -> dict[str, Any]:
    """Every store whose library is here, swept."""
    documents, people = documents_of(data, count), targets(data, TARGETS)
    embed = _Embeddings(load_embedder("minilm", Settings().cache_dir))
    nobody = FixedBackend(Generation((Draft(text=""),)))
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with Amnesia(nobody, db=folder / "b.db", cache_dir=folder, elicit=False) as amnesia:
            amnesia.registry.add_all(people, actor="benchmark")
            for name, (fill, module) in STORES.items():
                if find_spec(module) is None:
                    continue
                store = fill(folder / name.replace(" ", "-"), documents, embed)
                found[name] = swept(store, documents, [t.subject for t in people], amnesia, embed)
    return {"machine": describe(), "targets": TARGETS, "documents": len(documents), **found}


def swept(
    store: Store, documents: list[Document], names: list[str], amnesia: Amnesia, embed: Any
) -> dict[str, Any]:
    """One store, before and after."""
    before = store.prints()
    begun = time.perf_counter()
    report = sweep(store.address, amnesia, embed=embed)
    seconds = time.perf_counter() - begun
    after, texts = store.prints(), store.texts()
    plain = [d for d in documents if not d.gone]
    planted = [d for d in documents if d.gone]
    return {
        "records": report.records,
        "removed": report.removed,
        "rewritten": report.rewritten,
        "records_per_s": round(report.records / seconds, 1),
        "searches": report.searches,
        "found_by_itself": report.found,
        "left": len(report.left),
        "clean": report.is_clean,
        "found": sum(n in told for n, told in zip(names, store.search(names), strict=True)),
        "altered": sum(before[d.id] != after.get(d.id) for d in plain),
        "plain": len(plain),
        "leaked": sum(d.gone in texts.get(d.id, "") for d in planted),
        "planted": len(planted),
    }


def shown(found: dict[str, Any]) -> str:
    """The counts as a table."""
    rows = [
        [
            name,
            str(told["records_per_s"]),
            f"{told['removed']} / {told['rewritten']}",
            f"{told['found']} of {found['targets']}",
            f"{told['altered']} of {told['plain']}",
            f"{told['leaked']} of {told['planted']}",
            "yes" if told["clean"] else "no",
        ]
        for name, told in found.items()
        if isinstance(told, dict)
    ]
    head = ["store", "records/s", "removed / rewritten", "found after", "others altered",
            "mentions left", "clean"]  # fmt: skip
    return f"{found['machine']}\n{table(head, rows)}"


def main() -> None:
    """Run, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = measured(given.data, given.documents)
    print(shown(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
