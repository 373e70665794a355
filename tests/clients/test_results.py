"""What is kept of the last run of the clients is of the clients that are pinned, is whole, and is
what docs/clients.md tells. No client is asked here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .cells import CLIENTS, doors_of, why_expected
from .expected import ABSENT, EXPECTED
from .results import FORMS, QUESTIONS, forms_of, page, read

HERE = Path(__file__).parent
RESULTS = read()


def pins() -> dict[str, dict[str, str]]:
    """The pinned versions, by environment."""
    node = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    files = {"openai3": "requirements.txt", "openai2": "requirements-openai2.txt"}
    found = {
        name: dict(re.findall(r"^([\w-]+)(?:\[.*])?==(.+)$", (HERE / file).read_text(), re.M))
        for name, file in files.items()
    }
    return {"node": node, **found}


@pytest.mark.parametrize("name", CLIENTS)
def test_the_versions_that_were_asked_are_the_pinned_ones(name: str) -> None:
    client = CLIENTS[name]
    pinned = pins()[client.environment]
    assert RESULTS[name]["versions"] == {package: pinned[package] for package in client.packages}


@pytest.mark.parametrize("name", CLIENTS)
def test_each_form_was_asked_for_at_each_door_or_a_reason_is_given(name: str) -> None:
    told = RESULTS[name]
    for asked, marks in told["cells"].items():
        wanted = {
            f"{door}, {question}" for door in doors_of(CLIENTS[name]) for question in QUESTIONS
        }
        assert set(marks) == wanted, asked
    there = {form for asked in told["cells"] for form in forms_of(asked)}
    reasons = {why for pattern, why in ABSENT.items() if pattern.startswith(f"{name} | ")}
    assert set(told["absent"]) == set(FORMS) - there
    assert set(told["absent"].values()) == reasons


@pytest.mark.parametrize("name", CLIENTS)
def test_what_does_not_pass_is_expected_and_what_is_expected_does_not_pass(name: str) -> None:
    for asked, marks in RESULTS[name]["cells"].items():
        for at, why in marks.items():
            assert why == why_expected(name, asked, *at.split(", ")), f"{asked} | {at}"


def test_every_reason_is_of_a_cell() -> None:
    told = [why for told in RESULTS.values() for marks in told["cells"].values()
            for why in marks.values()]  # fmt: skip
    assert set(EXPECTED.values()) <= set(told)


def test_the_page_shows_a_cell_that_does_not_pass() -> None:
    cells = {"plain": {"proxy, clear": None, "proxy, near": "it is late"}}
    results = {"c": {"versions": {"p": "1"}, "cells": cells, "absent": {"tools": "it has none"}}}
    told = page("made", results)
    assert "| c | p 1 | clear 1, near 0 of 1 (1) |" in told
    assert "| none (2) |" in told
    assert "1. it is late\n2. it has none\n" in told
    assert "| plain | passes | not (1) |" in told
