"""What `scrub.py` has measured, as tables, and what that comes to for a corpus of any size."""

from __future__ import annotations

from typing import Any

from machine import table

PAPER = 100_000_000
CORES = (2, 64, 512)
NEAR = (0.0, 0.01, 0.1)


def shown(found: dict[str, Any]) -> str:
    """The tables of the documentation."""
    rates = [
        ["Amnestic", *(f"{found[k]:,}" for k in ("clean_docs_per_s", "near_docs_per_s")),
         f"{found['leak']:.2%}", f"{found['altered']:.2%}"],
        ["regular expression over all names",
         *(f"{found[k]:,}" for k in ("regex_clean_docs_per_s", "regex_near_docs_per_s")),
         f"{found['regex_leak']:.2%}", f"{found['regex_altered']:.2%}"],
    ]  # fmt: skip
    heads = ("", "documents a second, nothing matches", "something does", "leak", "altered")
    kinds = [
        [kind, f"{row['leak']:.1%}", f"{row['altered']:.1%}", f"{row['regex_leak']:.1%}"]
        for kind, row in found["by_kind"].items()
    ]
    return "\n\n".join(
        (
            f"{found['machine']}; {found['targets']} targets of {found['facts']} facts, "
            f"{found['documents']:,} documents of each sort, {found['load']} processes that "
            f"wanted a core when it began.",
            table(heads, rates),
            f"A document costs {found['clean_core_ms']} ms of a core where nothing matches and "
            f"{found['near_core_ms']} ms where something does. {_beside(found)}",
            table(("mention", "leak", "altered", "leak of the regular expression"), kinds),
            on_paper(found, PAPER),
        )
    )


def _beside(found: dict[str, Any]) -> str:
    told = (
        f"Where nothing matches, the regular expression takes {found['regex_core_ms']} ms of a "
        f"core: Amnestic takes {found['times_the_regex']} times as much."
    )
    if found["ray_speedup"] is None:
        return f"{told} Ray was not installed."
    return (
        f"{told} Two of Ray's workers are done {found['ray_speedup']} times as soon as one; with "
        f"cores of their own, by the core time of a document in each, "
        f"{found['ray_speedup_by_core_time']} times."
    )


def hours(found: dict[str, Any], documents: int, near: float) -> float:
    """Hours of one core for so many documents, of which a share is `near` a target."""
    each = found["clean_core_ms"] * (1 - near) + found["near_core_ms"] * near
    return documents * each / 3_600_000


def on_paper(found: dict[str, Any], documents: int) -> str:
    """What so many documents would take: hours by cores, by how many are near a target; memory."""
    rows = [
        [
            f"{cores:,}",
            *(f"{hours(found, documents, near) / cores:,.1f} h" for near in NEAR),
            f"{cores * found['worker_mib'] / 1024:,.1f} GiB",
        ]
        for cores in CORES
    ]
    alone = ", ".join(f"{hours(found, documents, near):,.0f}" for near in NEAR)
    heads = ("cores", *(f"{near:.0%} near a target" for near in NEAR), "memory")
    return (
        f"On paper, {documents:,} such documents are {alone} core hours where "
        f"{', '.join(f'{near:.0%}' for near in NEAR)} of them are near a target; a process needs "
        f"{found['worker_mib']:,} MiB.\n\n{table(heads, rows)}"
    )
