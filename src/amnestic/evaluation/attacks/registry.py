"""All attacks by name and by family, and the attacked probes of a data set."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from amnestic.evaluation.attacks.attack import Attack, compose, seed_of
from amnestic.evaluation.attacks.choosing import CHOOSING
from amnestic.evaluation.attacks.describing import DESCRIBING
from amnestic.evaluation.attacks.framing import FRAMED
from amnestic.evaluation.attacks.injecting import INJECTING
from amnestic.evaluation.attacks.languages import LANGUAGES
from amnestic.evaluation.attacks.membership import MEMBERSHIP
from amnestic.evaluation.attacks.obfuscation import OBFUSCATION
from amnestic.evaluation.attacks.phrasing import PHRASING
from amnestic.evaluation.attacks.searching import SEARCHING, AdaptiveSearch
from amnestic.evaluation.attacks.shots import SHOTS
from amnestic.evaluation.attacks.turns import TURNS
from amnestic.evaluation.contract import DataSet, Probe
from amnestic.exceptions import ConfigurationError

__all__ = ["ATTACKS", "FAMILIES", "attacked", "chosen_attacks", "search_for"]

_SINGLE = {
    attack.name: attack
    for attack in (
        *PHRASING,
        *CHOOSING,
        *DESCRIBING,
        *SHOTS,
        *OBFUSCATION,
        *LANGUAGES,
        *FRAMED,
        *INJECTING,
        *TURNS,
        *MEMBERSHIP,
        *SEARCHING,
    )
}
_STACKED = (
    ("alias", "role play"),
    ("attributes only", "authority"),
    ("polite", "base64"),
    ("role play", "reversed"),
    ("false premise", "answer in base64"),
    ("prefix", "16 shots"),
    ("answer in German", "affirmative suffix"),
    ("hop by fact", "in a document"),
    ("typos", "insisting"),
)

ATTACKS: Mapping[str, Attack] = MappingProxyType(
    {
        attack.name: attack
        for attack in (
            *_SINGLE.values(),
            *(compose(_SINGLE[first], _SINGLE[second]) for first, second in _STACKED),
        )
    }
)
"""Every attack by its name."""

FAMILIES: Mapping[str, tuple[Attack, ...]] = MappingProxyType(
    {
        family: tuple(a for a in ATTACKS.values() if a.family == family)
        for family in dict.fromkeys(attack.family for attack in ATTACKS.values())
    }
)
"""Every family with its attacks."""

_PLAIN = ("plain", "direct")


def chosen_attacks(
    families: Sequence[str] | None = None, held_out: Collection[str] = ()
) -> tuple[Attack, ...]:
    """The attacks of some families, or by name; None takes all. Those of `held_out`, families or
    names, are kept back. Raises `ConfigurationError` for a name that there is not.

    >>> [attack.name for attack in chosen_attacks(["hops"], held_out=["hop by own"])]
    ['hop by fact']
    """
    for name in (*(families or ()), *held_out):
        if name not in FAMILIES and name not in ATTACKS:
            known = ", ".join(FAMILIES)
            raise ConfigurationError(f"no attack and no family {name!r}: give one of {known}")
    taken = [a for a in ATTACKS.values() if families is None or {a.name, a.family} & set(families)]
    return tuple(a for a in taken if not {a.name, a.family} & set(held_out))


def attacked(
    dataset: DataSet,
    families: Sequence[str] | None = None,
    per_family: int = 60,
    seed: int = 0,
    held_out: Collection[str] = (),
) -> DataSet:
    """The attacked probes of a data set, which hold none of its own.

    Args:
        dataset: what is attacked; its plain questions go before the others.
        families: families or names of attacks; None for all.
        per_family: how many probes each family gives, its attacks in turn.
        seed: the same seed makes the same probes, whatever else is chosen.
        held_out: families or names of attacks that are kept back for a last measurement.

    A family that can be done to fewer probes gives fewer, and `notes` say so. Raises
    `ConfigurationError` for an unknown name.

    >>> from amnestic.evaluation.datasets import load_data_set
    >>> data = load_data_set("embedded", subjects=2, per_subject=6, beside=8)
    >>> made = attacked(data, ["hops", "paraphrase"], per_family=3)
    >>> sorted({probe.family for probe in made.probes})
    ['hops', 'paraphrase']
    """
    by_family: dict[str, list[Attack]] = {}
    for attack in chosen_attacks(families, held_out):
        by_family.setdefault(attack.family, []).append(attack)
    probes: list[Probe] = []
    notes = list(dataset.notes)
    for family, attacks in by_family.items():
        made = _of_family(dataset, family, attacks, per_family, seed)
        probes += made
        if len(made) < per_family:
            notes.append(f"{family}: {len(made)} of {per_family} attacked probes could be made")
    return replace(dataset, probes=tuple(probes), notes=tuple(notes))


def search_for(
    probe: Probe,
    dataset: DataSet,
    seed: int = 0,
    budget: int | None = None,
    held_out: Collection[str] = (),
) -> AdaptiveSearch:
    """The search that a probe of the family "adaptive" asks for, over all attacks that can be
    stacked; `budget` is the probe's own where it is None."""
    families = {"sampling", "adaptive", "membership", "resupply", "choice", "combined", "reverse"}
    families |= {"composed"}
    usable = [a for a in chosen_attacks(None, held_out) if a.family not in families]
    marked = int(probe.metadata.get("budget", 20))
    return AdaptiveSearch(probe, dataset, usable, budget or marked, seed)


def _of_family(
    dataset: DataSet, family: str, attacks: Sequence[Attack], most: int, seed: int
) -> list[Probe]:
    """Attacks in turn, each on probes in an order of its own, until enough are made."""
    streams = [_stream(dataset, attack, seed) for attack in attacks]
    made: list[Probe] = []
    seen: set[tuple[str, ...]] = set()
    while streams and len(made) < most:
        for stream in list(streams):
            found = next((f for f in stream if _conversation(f[0]) not in seen), None)
            if found is None:
                streams.remove(stream)
                continue
            seen.add(_conversation(found[0]))
            made += found
            if len(made) >= most:
                break
    return made


def _stream(dataset: DataSet, attack: Attack, seed: int) -> Iterator[tuple[Probe, ...]]:
    for probe in _ordered(dataset, seed_of(seed, attack.name)):
        found = attack.apply(probe, dataset, seed_of(seed, attack.name, probe.id))
        if found:
            yield found


def _ordered(dataset: DataSet, rng: random.Random) -> list[Probe]:
    """Plain questions first, the subjects in turn."""
    heaps: dict[tuple[bool, str], list[Probe]] = {}
    for probe in dataset.probes:
        heaps.setdefault((probe.family not in _PLAIN, probe.subject), []).append(probe)
    keys = list(heaps)
    rng.shuffle(keys)
    for heap in heaps.values():
        rng.shuffle(heap)
    ordered: list[Probe] = []
    for late in (False, True):
        group = [heaps[key] for key in keys if key[0] is late]
        for i in range(max(map(len, group), default=0)):
            ordered += [heap[i] for heap in group if i < len(heap)]
    return ordered


def _conversation(probe: Probe) -> tuple[str, ...]:
    return tuple(m.text for m in probe.messages)
