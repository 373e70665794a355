"""Every word of the console is there in both languages, and no other."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from string import Formatter

from amnestic.server.access import Role
from amnestic.server.console.language import accepted, words_of
from amnestic.server.console.listing import STATES
from amnestic.server.console.parts import parts_of
from amnestic.types import Elicitation, ForgetTarget, Policy, Route, TargetKind

ROOM = files("amnestic.server.console")
SAID = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')\s*([,)~])""")
ACTIONS = ("add", "edit", "revoke", "restore", "purge", "elicit", "ask again", "replace_facets",
           "verify", "reseal")  # fmt: skip


def _said() -> set[str]:
    """All that the pages say, and what they are made of."""
    found = set()
    for page in ROOM.joinpath("templates").iterdir():
        for double, single, end in SAID.findall(page.read_text("utf-8")):
            if end != "~":
                found.add(double or single)
    for module in ("gates.py", "routes.py"):
        text = ROOM.joinpath(module).read_text("utf-8")
        found |= set(re.findall(r'(?:refused\(visit, |failed\()\d+, "([^"]+)"', text))
    outcomes = ("suppressed", "not suppressed", "inconclusive")
    found |= {f"outcome: {one}" for one in outcomes} | {f"way: {one.value}" for one in Route}
    found |= {f"elicitation: {one.value}" for one in Elicitation}
    found |= {*STATES, *ACTIONS, *(one.value for one in (*TargetKind, *Policy))}
    found |= {role.value for role in Role}
    found |= {f"key: {state}" for state in ("active", "expired", "revoked")}
    for part in parts_of(ForgetTarget(id="t", subject="Ada")):
        found |= {part.label, part.hint} - {""}
    return found


def test_german_says_all_of_it_and_nothing_else() -> None:
    told = json.loads(ROOM.joinpath("de.json").read_text("utf-8"))
    assert _said() - set(told) == set()
    assert set(told) - _said() == set()


def test_english_needs_words_of_its_own_only_where_one_stands_in_several_places() -> None:
    told = json.loads(ROOM.joinpath("en.json").read_text("utf-8"))
    assert set(told) == {
        one for one in _said() if re.match(r"(way|elicitation|outcome|key): ", one)
    } | {"replace_facets"}


def test_both_languages_have_the_same_places_for_values() -> None:
    for english, german in words_of("de").known.items():
        assert _places(english) == _places(german), english


def _places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


def test_the_language_that_is_wanted_most_is_spoken() -> None:
    for header, code in (
        ("de", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr-FR, de;q=0.1", "de"),
        ("de;q=x, en;q=0.2", "en"),
        ("*", "en"),
        (",;=," * 1_000, "en"),
    ):
        assert accepted(header) == code, header
