"""The interactive chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import typer

from amnestic.agents.requests import COMMAND, as_command
from amnestic.amnesia import Amnesia
from amnestic.cli import common
from amnestic.cli.records import NOBODY_ASKED
from amnestic.exceptions import AmnesticError
from amnestic.types import Message, Receipt

__all__ = ["converse", "receipt_lines"]

_HELP = """\
/forget WORDS   forget something, as in: /forget Ana Morel. She is a painter.
/revoke ID      take a target out of force
/targets        what is forgotten
/trace          show or hide what happened to each question
/new            begin a new conversation
/quit           leave"""


@dataclass
class _Talk:
    amnesia: Amnesia
    elicit: bool
    trace: bool = False
    history: list[Message] = field(default_factory=list)


def converse(amnesia: Amnesia, *, elicit: bool) -> None:
    """Read lines until the end of input or /quit; an error ends no conversation. A model in this
    process is loaded first; where it cannot be, there is none. With `elicit` the model is asked
    what it knows of what is forgotten, unless a setting forbids it."""
    with common.working("loading the model"):
        amnesia.load()
    talk = _Talk(amnesia, elicit)
    typer.echo("Type a question, or /help.")
    while True:
        try:
            line = input("> ").strip()
        except EOFError:
            typer.echo()
            return
        if line in ("/quit", "/exit"):
            return
        if not line:
            continue
        try:
            _act(talk, line)
        except AmnesticError as error:
            typer.echo(f"error: {common.told(error)}", err=True)


def _act(talk: _Talk, line: str) -> None:
    if not line.startswith("/"):
        _ask(talk, line)
        return
    command, _, rest = line.partition(" ")
    act = _COMMANDS.get(command)
    if act is None:
        typer.echo(f"error: there is no command {command}; /help lists them", err=True)
    else:
        act(talk, rest.strip())


def _ask(talk: _Talk, question: str) -> None:
    asked = [*talk.history, Message.of("user", question)]
    with common.working("thinking"):
        reply = talk.amnesia.chat(asked)
    talk.history = [*asked, Message.of("assistant", reply.text)]
    typer.echo(reply.text)
    if talk.trace:
        for line in receipt_lines(reply.receipt):
            typer.echo(line)


def _forget(talk: _Talk, words: str) -> None:
    """`/forget Ana Morel` is as good as `/forget Please forget Ana Morel`."""
    asked = as_command(words)
    request = asked if asked != words or COMMAND.match(words) else f"Forget {words}"
    with common.working("forgetting"):
        targets = talk.amnesia.forget_all(request, elicit=None if talk.elicit else False)
    for target in targets:
        typer.echo(f"{target.id}  {target.masked().subject}")
    if not talk.elicit:
        typer.echo(NOBODY_ASKED, err=True)


def _revoke(talk: _Talk, target_id: str) -> None:
    typer.echo(f"{talk.amnesia.revoke(target_id).id}  revoked")


def _targets(talk: _Talk, _: str) -> None:
    for target in talk.amnesia.listed():
        typer.echo(f"{target.id}  {target.subject} ({target.kind})")


def _trace(talk: _Talk, _: str) -> None:
    talk.trace = not talk.trace
    typer.echo(f"trace {'on' if talk.trace else 'off'}")


def _new(talk: _Talk, _: str) -> None:
    talk.history = []


def _help(talk: _Talk, _: str) -> None:
    typer.echo(_HELP)


_COMMANDS: dict[str, Callable[[_Talk, str], None]] = {
    "/forget": _forget,
    "/revoke": _revoke,
    "/targets": _targets,
    "/trace": _trace,
    "/new": _new,
    "/help": _help,
}


def receipt_lines(receipt: Receipt) -> Iterator[str]:
    """A receipt for an operator to read."""
    yield f"  route {receipt.route}, {receipt.added_ms:.1f} ms added, {receipt.agent_calls} calls"
    if receipt.audit:
        yield "  AUDIT MODE: the reply is the model's own; this is what would have become of it"
    for stage in receipt.stages:
        yield f"  {stage.name:<10}{stage.ms:8.1f} ms"
    if receipt.targets:
        yield f"  targets {', '.join(receipt.targets)}"
    if receipt.reason:
        yield f"  reason {receipt.reason}"
