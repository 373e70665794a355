"""Keys of a server's users from the command line: made, listed, rotated, revoked, accounted for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from amnestic.tools.registry import Registry
from tests.cli.test_cli import Run, run

__all__ = ["run"]


def created(run: Run, *more: str) -> dict[str, Any]:
    told = run("keys", "create", "--name", "Ada", "--json", *more)
    found: dict[str, Any] = json.loads(told.out)
    return found


def opens(tmp_path: Path, key: str) -> bool:
    with Registry.open(tmp_path / "registry.db") as registry:
        return registry.keys.find(key) is not None


def test_a_key_is_all_that_standard_output_says(run: Run, tmp_path: Path) -> None:
    told = run("keys", "create", "--name", "Ada", "--role", "viewer")
    assert re.fullmatch(r"amn_[0-9a-f]{12}_[0-9a-f]{64}\n", told.out)
    assert "viewer  Ada; the key is shown this once" in told.err
    assert opens(tmp_path, told.out.strip())


def test_a_key_is_listed_with_all_but_itself(run: Run) -> None:
    made = created(run, "--namespace", "a", "--namespace", "b", "--requests-per-minute", "60",
                   "--tokens-per-minute", "9000", "--expires", "2999-01-31")  # fmt: skip
    told = run("keys", "list")
    assert told.out == (f"{made['id']}  caller  Ada, in a, b, 60 requests a minute, "
                        "9,000 tokens a minute, until 2999-01-31 23:59 UTC\n")  # fmt: skip
    row = json.loads(run("keys", "list", "--json").out)[0]
    assert row == {name: value for name, value in made.items() if name != "key"}
    assert (row["requests_per_minute"], row["namespaces"]) == (60, ["a", "b"])


def test_a_key_is_rotated_with_a_time_for_the_former(run: Run, tmp_path: Path) -> None:
    made = created(run)
    second = json.loads(run("keys", "rotate", made["id"], "--grace", "600", "--json").out)
    assert second["id"] == made["id"]
    assert opens(tmp_path, made["key"])
    third = run("keys", "rotate", made["id"]).out.strip()
    assert [opens(tmp_path, key) for key in (made["key"], second["key"], third)] == [
        False,
        False,
        True,
    ]


def test_a_revoked_key_opens_nothing_and_stays_in_the_list(run: Run, tmp_path: Path) -> None:
    made = created(run)
    assert run("keys", "revoke", made["id"], "--reason", "lost").out.endswith("is revoked\n")
    assert not opens(tmp_path, made["key"])
    assert run("keys", "list").out == "no key is in force\n"
    assert run("keys", "list", "--all").out.endswith("Ada  [revoked]\n")


def test_the_trail_says_who_and_is_checked(run: Run) -> None:
    made = created(run)
    run("keys", "revoke", made["id"], "--reason", "lost")
    lines = json.loads(run("keys", "trail", "--json").out)
    assert [(line["action"], line["key_id"]) for line in lines] == [
        ("create", made["id"]),
        ("revoke", made["id"]),
    ]
    assert lines[1]["detail"] == "lost"
    assert made["key"][-64:] not in run("keys", "trail").out
    checked = run("keys", "trail", "--check")
    assert checked.out.startswith("2 lines follow from one another")
    assert lines[1]["chain"] in checked.out


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("create", "--name", " "), "a key's name is a line of 1 to 200 characters"),
        (("create", "--name", "Ada", "--expires", "soon"), "'soon' is no time; write a day"),
        (("create", "--name", "Ada", "--expires", "2020-01-31"), "lies in the past"),
        (("create", "--name", "Ada", "--requests-per-minute", "0"), "the requests a minute"),
        (("create", "--name", "Ada", "--role", "viewer", "--tokens-per-minute", "9"),
         "limits are for callers"),
        (("create", "--name", "Ada", "--role", "boss"), "'boss' is not one of"),
        (("create", "--name", "Ada", "--expires", "9999-12-31T23:59:59-12:00"),
         "is no time that can be kept"),
        (("rotate", "nobody"), "no key has the id `nobody`; `amnestic keys list` lists them"),
        (("revoke", "nobody"), "no key has the id `nobody`"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line(run: Run, command: tuple[str, ...], told: str) -> None:
    found = run("keys", *command)
    assert found.code == 2
    assert told in found.err.strip().splitlines()[-1]


def test_either_help_says_which_keys_are_the_others(run: Run) -> None:
    assert "`amnestic key`" in " ".join(run("keys", "--help").out.split())
    assert "`amnestic keys`" in " ".join(run("key", "--help").out.split())
