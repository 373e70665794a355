"""A chat in the terminal, with a model that forgets while you talk to it.

    python examples/terminal_chat.py [--model embedded] [--db FILE]

`/forget Please forget …` forgets, `/targets` lists, `/revoke ID` takes back, an empty line ends.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from amnestic import Amnesia
from amnestic.exceptions import AmnesticError


def main() -> None:
    """Talk until an empty line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--db", type=Path)
    chosen = parser.parse_args()
    settings = {} if chosen.db is None else {"db": chosen.db}
    history: list[dict[str, str]] = []
    with Amnesia(chosen.model, **settings) as amnesia:
        while line := _line():
            try:
                if line.startswith("/"):
                    command(amnesia, line)
                else:
                    answer(amnesia, history, line)
            except AmnesticError as error:
                print(f"! {error}")


def answer(amnesia: Amnesia, history: list[dict[str, str]], line: str) -> None:
    """Stream one answer, each sentence once it has passed, and remember the turn."""
    history.append({"role": "user", "content": line})
    said = ""
    for delta in amnesia.stream(history):
        if delta.channel == "answer":
            said += delta.text
            print(delta.text, end="", flush=True)
    print()
    history.append({"role": "assistant", "content": said})


def command(amnesia: Amnesia, line: str) -> None:
    """Forget, list or take back."""
    name, _, rest = line.partition(" ")
    if name == "/forget":
        target = amnesia.forget(rest)
        print(f"forgotten: {target.subject} ({target.id})")
    elif name == "/revoke":
        print(f"remembered: {amnesia.revoke(rest.strip()).subject}")
    elif name == "/targets":
        for target in amnesia.targets():
            print(f"{target.id}  {target.subject}")
    else:
        print("! /forget, /revoke or /targets")


def _line() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


if __name__ == "__main__":
    try:
        main()
    except AmnesticError as error:
        raise SystemExit(f"! {error}") from None
