"""The agent scenario of `benchmarks/kbench.py`, over people of our own invention."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "kbench.py"
GIVEN = "Odalys Corwin Ysolde Maren Brannoch Edda Tamsin Ruric Isolt Garrow Hesper Wendel".split()
FAMILY = "Fenwright Ashdell Hartwick Tolliver Quillby Tarnow Marsham Veldt Oakes Penhallow".split()
FIRMS = "Harrow Mills,Tavel Forge,Lumen Works,Osier Press,Quay Ropes,Hask Glass".split(",")
ROADS = "Tallow,Bridge,Elm,Quill,Chapel,Orchard,Saddler,Weir,Cooper,Lantern".split(",")
TRADES = ("Bell founder", "Clock maker", "Lamp lighter", "Bridge painter")


@pytest.fixture(scope="module")
def kbench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kbench", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["kbench"] = module
    spec.loader.exec_module(module)
    return module


def person(number: int, chance: random.Random) -> dict[str, str]:
    """One invented person; given and family names come again in others."""
    name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[(number * 3) % len(FAMILY)]}"
    born = (
        f"{chance.randrange(1940, 2000)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    )
    road = f"{chance.randrange(10, 9999)} {chance.choice(ROADS)} Row"
    town = f"{chance.choice(ROADS)}ton, MO {chance.randrange(10_000, 99_999)}"
    trade, firm = chance.choice(TRADES), chance.choice(FIRMS)
    return {
        "id": f"rec-{number:04}",
        "name": name,
        "date_of_birth": born,
        "address": f"{road}, {town}",
        "occupation": trade,
        "employer": firm,
        "bio": f"{name} (born {born}) is a {trade} at {firm}. Their address is {road}, {town}.",
        "set": "forget" if number % 2 else "retain",
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = random.Random(7)
    folder = tmp_path_factory.mktemp("data")
    (folder / "kbench").mkdir()
    rows = [json.dumps(person(i, chance)) for i in range(20)]
    (folder / "kbench" / "people.jsonl").write_text("\n".join(rows), "utf-8")
    return folder


def test_no_channel_of_an_agent_leaks_none_shifts_and_no_run_breaks(
    kbench: ModuleType, data: Path
) -> None:
    figures = kbench.measure(data, people=4)
    assert figures["kbench_runs"] == 8
    assert figures["kbench_forget_leak"] == 0, figures
    assert figures["kbench_leak_beside_retained"] == 0, figures
    assert figures["kbench_retain_shift"] == 0, figures
    assert figures["kbench_broken"] == 0, figures


def test_the_measure_sees_a_leak_a_shift_and_a_broken_shape(kbench: ModuleType) -> None:
    chance = random.Random(1)
    forgotten, retained = person(1, chance), person(2, chance)
    query = kbench.Query(forgotten, "address", "?", "json", (retained,))
    told = kbench.Run({"answer": "Nothing.", "argument": f"at {forgotten['address']}"})
    assert kbench.leaking_channels(told, query, [forgotten]) == ["argument"]
    asked = kbench.Query(retained, "employer", "?", "json", (forgotten,))
    assert kbench.is_shifted(kbench.Run({"answer": "I don't know."}), asked)
    assert not kbench.still_parses("json", '{"results": [}')
    assert not kbench.still_parses("csv", "a,b\nc")


def test_without_its_data_the_measure_says_what_is_missing(
    kbench: ModuleType, tmp_path: Path
) -> None:
    assert "--data" in kbench.measure(tmp_path)["kbench_skipped"]
