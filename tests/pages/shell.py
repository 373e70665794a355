"""What a shell makes of the commands of a page. bash reads them, and instead of every program one
runs that writes down how it was called: quotes, loops and variables are what they are there."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Call", "Typed", "called", "typed"]

_CALLED = r"""
PATH=/nowhere
written() {
  local name names=()
  for name in $(compgen -e AMNESTIC_); do names+=("$name=${!name}"); done
  printf '%s\0' "${#names[@]}" "${names[@]}" "$#" "$@" >&9
}
amnestic() { written amnestic "$@"; }
command_not_found_handle() { written "$@"; }
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A program, its arguments, and the settings in its environment."""

    words: tuple[str, ...]
    settings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """A command of a transcript, and what stands below it as its output."""

    command: str
    output: str = ""


def typed(transcript: str) -> list[Typed]:
    """The commands of a transcript: what is behind `$ `, with the lines that it goes on in.

    >>> typed("$ a \\\\\\n  b\\nsaid\\n$ c")
    [Typed(command='a \\\\\\n  b', output='said'), Typed(command='c', output='')]
    """
    found: list[list[str]] = []
    open_ = False
    for line in transcript.split("\n"):
        if line.startswith("$ "):
            found.append([line[2:], ""])
        else:
            assert found, f"`{line}` is the output of no command: begin commands with `$ `"
            found[-1][not open_] += f"\n{line}"
        open_ = line.endswith("\\") and not found[-1][1]
    return [Typed(command, output.strip("\n")) for command, output in found]


def called(script: str, folder: Path, settings: dict[str, str] | None = None) -> list[Call]:
    """How a script calls programs, in order, in a folder. None of them runs; what bash itself does,
    such as writing what they say to a file, is done. Raises `AssertionError` where bash cannot."""
    into = folder / ".called"
    into.write_bytes(b"")
    environment = {"HOME": str(folder), "LC_ALL": "C.UTF-8", **(settings or {})}
    bash = "/bin/bash" if os.path.exists("/bin/bash") else "bash"
    with into.open("ab") as written:
        done = subprocess.run(
            [bash, "--norc", "-euc", f"exec 9>&{written.fileno()}\n{_CALLED}\n{script}"],
            cwd=folder, env=environment, pass_fds=[written.fileno()],
            capture_output=True, text=True,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), f"{done.stderr}{script}"
    words = iter(into.read_text("utf-8").split("\0")[:-1])
    into.unlink()
    found = []
    for many in words:
        told = [next(words) for _ in range(int(many))]
        asked = tuple(next(words) for _ in range(int(next(words))))
        found.append(Call(asked, dict(one.split("=", 1) for one in told)))
    return found
