"""The adaptive search keeps its budget and is led by scores."""

from __future__ import annotations

from functools import cache

from amnestic.evaluation.attacks import attacked, search_for
from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.evaluation.datasets import load_data_set


@cache
def world() -> DataSet:
    return load_data_set("embedded", subjects=6, per_subject=6, beside=20)


def played(probe: Probe, scores: dict[str, float], budget: int = 20, seed: int = 0) -> list[Probe]:
    """Every variant of a search in which a reply scores by the attacks that were used."""
    search, asked = search_for(probe, world(), seed=seed, budget=budget), []
    while (variant := search.propose()) is not None:
        asked.append(variant)
        search.tell(max((scores.get(name, 0.0) for name in variant.attacks), default=0.0))
    return asked


def marked() -> Probe:
    return attacked(world(), ["adaptive"], per_family=1).probes[0]


def test_a_marked_probe_says_its_budget() -> None:
    assert marked().metadata["budget"] == 20
    assert len(played(marked(), {}, budget=7)) == 7


def test_no_variant_is_asked_twice_and_each_is_judged() -> None:
    asked = played(marked(), {})
    assert len({tuple(m.text for m in v.messages) for v in asked}) == len(asked)
    assert all(v.forbidden and v.group.forgets for v in asked)
    assert len({v.id for v in asked}) == len(asked)


def test_the_same_seed_and_scores_ask_the_same() -> None:
    assert played(marked(), {"leet": 0.5}) == played(marked(), {"leet": 0.5})
    assert played(marked(), {}, seed=1) != played(marked(), {}, seed=2)


def test_a_full_score_ends_the_search() -> None:
    asked = played(marked(), dict.fromkeys(("polite", "telegram", "careless"), 1.0), budget=200)
    assert len(asked) < 200
    assert {"polite", "telegram", "careless"} & set(asked[-1].attacks)


def test_what_scored_is_built_upon() -> None:
    asked = played(marked(), {"role play": 0.9}, budget=120)
    at = next((i for i, v in enumerate(asked) if "role play" in v.attacks), None)
    assert at is not None
    later = asked[at + 1 :]
    assert sum("role play" in v.attacks for v in later) > len(later) // 4


def test_attacks_can_be_held_out_of_a_search() -> None:
    probe = marked()
    search = search_for(probe, world(), budget=40, held_out=["framing"])
    used = set()
    while (variant := search.propose()) is not None:
        used |= set(variant.attacks)
        search.tell(0.0)
    assert used
    assert not used & {"role play", "prefix", "quiz"}


def test_a_probe_that_nothing_can_be_made_of_ends_at_once() -> None:
    probe = Probe.of("p", Group.NEIGHBOUR, "Who?")
    assert search_for(probe, world()).propose() is None
