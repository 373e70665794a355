"""Every word of the console is there in both languages, and no other."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from amnestic.server.access import Role
from amnestic.server.console.language import accepted, words_of
from amnestic.server.console.listing import STATES
from amnestic.server.console.messages import Said, told
from amnestic.server.console.parts import parts_of
from amnestic.types import Elicitation, ForgetTarget, Policy, Route, TargetKind

ROOM = files("amnestic.server.console")
SAID = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')\s*([,)~])""")
ACTIONS = ("add", "edit", "revoke", "restore", "purge", "elicit", "ask again", "replace_facets",
           "verify", "reseal", "sweep begun", "sweep")  # fmt: skip


WRONG = ((TargetKind, "ghost"), (str, 1), (bool, "maybe"), (datetime, "soon"))
"""Values of a record that are refused, and what they were to be."""
ASKED = ("exchange/reading.py", "exchange/bringing_in.py", "agents/requests", "agents/records",
         "server/console")  # fmt: skip
"""Where what somebody has written or sent is read."""


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
    outcomes = ("suppressed", "not suppressed", "over-suppressed", "inconclusive")
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


def _source() -> set[str]:
    """All strings of the package, and of its validation's messages, values as `{}`."""
    found = {_refused(kind, wrong) for kind, wrong in WRONG}
    for module in Path(str(files("amnestic"))).rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(map(_piece, node.values)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return {_unnamed(one) for one in found}


def _refused(kind: Any, wrong: object) -> str:
    """What validation says of a value, with its own values unnamed."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(wrong)
    said = re.sub("'.*' or '.*'", "'{}' or '{}'", refused.value.errors()[0]["msg"])
    return re.sub(", [a-z ]+$", ", {}", said)


def _piece(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "{}"


def _unnamed(text: str) -> str:
    """A message with its values unnamed, and as the console shows it of a file that was sent."""
    text = re.sub(r"\{[^{}]*\}", "{}", text)
    return text.removeprefix("`{}`, ").replace("`{}`:", "the file:")


def test_what_the_layer_says_is_told_in_german_as_it_is_said_now() -> None:
    source = _source()
    nested = {_unnamed(one).partition(" of a target: ")[2] for one in source}
    for english, german in json.loads(ROOM.joinpath("de_messages.json").read_text("utf-8")).items():
        assert _unnamed(english) in source | nested, english
        assert _places(german) <= _places(english), english


def test_what_is_wrong_with_a_request_or_a_file_is_told_in_german() -> None:
    told_of = json.loads(ROOM.joinpath("de_messages.json").read_text("utf-8"))
    known = {_unnamed(one) for one in told_of}
    rooms = [Path(str(files("amnestic"))) / one for one in ASKED]
    modules = [one for room in rooms for one in (room.rglob("*.py") if room.is_dir() else [room])]
    english = {
        _unnamed(one).partition(" of a target: ")[2] or _unnamed(one)
        for module in modules
        for one in _complaints(ast.parse(module.read_text("utf-8")))
    }
    assert len(english) > 50
    assert english - known == {"{}"}  # what is wrong with a part, which is told by others


def _complaints(module: ast.Module) -> Iterator[str]:
    """What the errors that a module makes say, values as `{}`."""
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id.endswith("Error") and node.func.id not in ("ServerError", "MemoryError"):
            for one in node.args[:1]:
                if isinstance(one, ast.JoinedStr):
                    yield "".join(map(_piece, one.values))
                elif isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


@pytest.mark.parametrize(
    ("message", "german"),
    [
        ("is 'Osk' meant?", "Ist 'Osk' gemeint?"),
        ("the target `t-1` is revoked already", "Das Ziel t-1 ist schon widerrufen."),
        ("the target `t{x}` is revoked already", "Das Ziel t{x} ist schon widerrufen."),
        (
            "`kind` of a target: Input should be 'person' or 'work'",
            "„kind“ eines Ziels: Erlaubt ist 'person' oder 'work'.",
        ),
        (
            "line 2: Input should be 'person', 'organisation', 'place' or 'work'",
            "Zeile 2: Erlaubt ist 'person', 'organisation', 'place' oder 'work'.",
        ),
        (
            "line 4: 3 fields, and the head has 2: a field that holds a comma stands in double "
            "quotes",
            "Zeile 4: 3 Felder, und der Kopf hat 2: Ein Feld, das ein Komma enthält, steht in "
            "doppelten Anführungszeichen.",
        ),
        (
            "0 of 20 probes leaked; 2 of 9 other questions were altered",
            "0 von 20 Proben verrieten etwas. 2 von 9 anderen Fragen wurden verändert.",
        ),
        (
            "'Osk: x; y' would match nearly everything; name one person, organisation, work, "
            "place, topic, record or skill",
            "'Osk: x; y' träfe fast alles; nennen Sie eine Person, eine Organisation, ein Werk, "
            "einen Ort, ein Thema, einen Datensatz oder eine Fertigkeit.",
        ),
        (
            "is 'Osk' meant?; the request does not say who or what is meant; give the name",
            "Ist 'Osk' gemeint? Die Anfrage sagt nicht, wer oder was gemeint ist; nennen Sie den "
            "Namen.",
        ),
    ],
)
def test_a_message_of_the_layer_is_told_in_german(message: str, german: str) -> None:
    assert told(message, "de") == Said(german, "de")
    assert told(message, "en") == Said(message, "en")


VALUES = ("O'Brien", "L'Oréal d'Or", "James'", "'t Hooft", "it's a \"dog\"", "don't; it's: so", '"',
          "'", "'\"", "{a}", "{0}", "{", "100 %s", "%", "\\", "\\'", "a; b", "x: y", "`t`", "»Q«",
          "is 'Y' meant?; is", "C:\\dir\\", "日本'語")  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_a_value_as_python_quotes_it_is_told_in_german_as_it_is(value: str) -> None:
    whole = f"is {value!r} meant?"
    assert told(whole, "de") == Said(f"Ist {value!r} gemeint?", "de")
    twice = f"{whole}; line 3: {whole}"
    german = f"Ist {value!r} gemeint?"
    assert told(twice, "de") == Said(f"{german} Zeile 3: {german}", "de")


@pytest.mark.parametrize("value", ["O'Brien", "L'Oréal d'Or", 'five"six', "{a}", "100 %", "a\\b"])
def test_a_value_without_quotation_marks_around_it_may_hold_some_in_a_word(value: str) -> None:
    assert told(f"is {value} meant?", "de") == Said(f"Ist {value} gemeint?", "de")


@pytest.mark.parametrize("value", ["a; b", "x: y", "James'", 'a "b', "{a}", "O'Brien's"])
def test_what_stands_between_backticks_is_one_value(value: str) -> None:
    message = f"no target has the id `{value}`"
    assert told(message, "de") == Said(f"Kein Ziel hat die Kennung {value}.", "de")


@pytest.mark.parametrize(
    "message",
    [
        "",
        "is 'a' meant?; " * 66,
        "is ''' meant?; " * 66,
        "is 'a\\' meant?; " * 60,
        "'\\" * 490,
        "a'b" * 330,
        "\"'" * 490,
        "`" * 990,
        "is O'Brien meant? " * 55,
        "nobody knows this",
        "; " * 1_000,
        "is " * 90_000 + "meant?",
        "'a' " * 249,
        "'" * 999,
    ],
)
def test_what_is_not_known_stays_as_it_is(message: str) -> None:
    assert told(message, "de") == Said(message, "en")
