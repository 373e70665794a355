"""Whether a program would take what a page gives it, by the program's own parser."""

from __future__ import annotations

import argparse
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from packaging.requirements import Requirement

from amnestic.cli.app import app
from tests.pages.fences import ROOT
from tests.pages.shell import Call
from tests.prepared import run

__all__ = ["PROGRAMS", "asked_of", "parsed"]

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
_PARSED = """
import argparse, runpy, sys
from pathlib import Path

whole = argparse.ArgumentParser.parse_args
def only_parsed(self, *given, **told):
    whole(self, *given, **told)
    print("taken")
    raise SystemExit(0)
argparse.ArgumentParser.parse_args = only_parsed
sys.argv = sys.argv[1:]
sys.path[0] = str(Path(sys.argv[0]).parent)
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a file until it has parsed its arguments."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise AssertionError(f"{self.prog}: {message}")


def parsed(words: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """The command of `amnestic` that is called, and what it is given. Raises where the command line
    would refuse it."""
    tree: Any = typer.main.get_command(app)
    with pytest.MonkeyPatch.context() as patched:  # the tests of a process have one tree
        for path, command in _commands(tree):
            patched.setattr(command, "callback", partial(_given, path))
        told = tree.main(list(words), prog_name="amnestic", standalone_mode=False)
    assert isinstance(told, tuple), f"amnestic {shlex.join(words)}: no command is called"
    return told


def _given(path: str, /, **given: Any) -> tuple[str, dict[str, Any]]:
    return path, given


def _commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{path} {name}".strip())


def _amnestic(call: Call) -> None:
    parsed(call.words[1:])


def _python(call: Call) -> None:
    file, *arguments = call.words[1:]
    assert (ROOT / file).is_file(), file
    if not arguments and "argparse" not in (ROOT / file).read_text("utf-8"):
        return
    told = run(_PARSED, str(ROOT / file), *arguments)
    assert (told.returncode, told.stdout.splitlines()[-1:]) == (0, ["taken"]), told.stderr


def _pip(call: Call) -> None:
    parser = _Parser(prog="pip install")
    parser.add_argument("--editable", "-e", action="append", default=[])
    parser.add_argument("packages", nargs="*")
    assert call.words[1] == "install"
    given = parser.parse_args(call.words[2:])
    own = [re.sub(r"^\.(?=\[|$)", _PROJECT["name"], one) for one in given.editable]
    for wanted in map(Requirement, [*own, *given.packages]):
        if wanted.name == _PROJECT["name"]:
            assert wanted.extras <= set(_PROJECT["optional-dependencies"]), wanted
    assert own or given.packages


def _make(call: Call) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for word in call.words[1:]:
        assert re.search(rf"^{re.escape(word.partition('=')[0])}(:| \?=)", makefile, re.M), word


def _kubectl(call: Call) -> None:
    parser = _Parser(prog="kubectl")
    parser.add_argument("what", nargs="+")
    parser.add_argument("--from-literal", action="append", type=_pair)
    parser.add_argument("--from-file", action="append")
    given = parser.parse_args(call.words[1:])
    assert given.what[:3] == ["create", "secret", "generic"]


def _helm(call: Call) -> None:
    """The chart is there, and has what is set."""
    parser = _Parser(prog="helm")
    parser.add_argument("what", choices=("install", "upgrade"))
    parser.add_argument("name")
    parser.add_argument("chart", type=Path)
    parser.add_argument("--reuse-values", action="store_true")
    parser.add_argument("--set", action="append", default=[])
    given = parser.parse_args(call.words[1:])
    values = yaml.safe_load((ROOT / given.chart / "values.yaml").read_text("utf-8"))
    assert {one.split("=")[0].split(".")[0] for one in given.set} <= values.keys()


def asked_of(call: Call) -> tuple[str, str, dict[str, str], str]:
    """The method, address, headers and body of a call of `curl`."""
    parser = _Parser(prog="curl")
    parser.add_argument("url")
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("-d", "--data", default="")
    parser.add_argument("-X", "--request")
    given = parser.parse_args(call.words[1:])
    headers = dict(re.split(r":\s*", one, maxsplit=1) for one in given.header)
    return given.request or ("POST" if given.data else "GET"), given.url, headers, given.data


def _pair(told: str) -> tuple[str, str]:
    name, separator, value = told.partition("=")
    assert separator, told
    return name, value


def _curl(call: Call) -> None:
    asked_of(call)


def _of_the_system(call: Call) -> None:
    assert Path(call.words[0]).name == call.words[0]


PROGRAMS: dict[str, Callable[[Call], None]] = {
    "amnestic": _amnestic,
    "python": _python,
    "pip": _pip,
    "make": _make,
    "kubectl": _kubectl,
    "helm": _helm,
    "curl": _curl,
    **dict.fromkeys(("chmod", "rm", "mv", "openssl", "date"), _of_the_system),
    **dict.fromkeys(("kbench", "langgraph"), _of_the_system),
}
"""By program, what holds a call of it to what it takes; those of the system, and of others, have no
parser here."""
