"""`amnestic verify`: probe the live system for a target, and sign what came of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amnestic.cli import common
from amnestic.cli.common import AgentModel, BaseUrl, Db, Json, Model, Namespace
from amnestic.exceptions import InvalidRequestError
from amnestic.private_files import writing_private

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.tools.registry import TrailEntry
    from amnestic.types import ForgetTarget
    from amnestic.verifying import Checked, Form, SigningKey, Verification

__all__ = ["verify"]

_VERIFY = "verify"
_FORMS: dict[str, Form] = {".json": "json", ".md": "md", ".html": "html"}


def verify(
    which: Annotated[
        str | None, typer.Argument(help="The target's id, or a name that it has alone.")
    ] = None,
    model: Model = None,
    agent_model: AgentModel = None,
    db: Db = None,
    base_url: BaseUrl = None,
    namespace: Namespace = None,
    everything: Annotated[bool, typer.Option("--all", help="Every target in force.")] = False,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="With --all: only those changed since that day."),
    ] = None,
    probes: Annotated[int, typer.Option(min=1, help="Probes at most.")] = 60,
    samples: Annotated[int, typer.Option(min=1, help="Replies to each probe.")] = 3,
    neighbours: Annotated[
        int, typer.Option(min=0, help="Questions about other things at most: they must stay.")
    ] = 40,
    temperature: Annotated[
        float, typer.Option(min=0, max=2, help="Of the replies to a probe behind the first.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Which probes are drawn.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(help="A .json, .md or .html file to write; with --all a folder."),
    ] = None,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Keep questions and replies in the document.")
    ] = False,
    name_sealed: Annotated[
        bool,
        typer.Option("--name-sealed", help="Probe sealed targets too; it names them to the model."),
    ] = False,
    check: Annotated[
        Path | None, typer.Option(help="Say whether such a file is genuine and still holds.")
    ] = None,
    public_key: Annotated[
        str | None,
        typer.Option(
            "--key", help="With --check: the public key to hold it against; else our own."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask the live system for what a target must not tell, and sign what it answered.

    Exit code 1 where something leaked, too much else was altered or nothing is proven, or where a
    checked file does not hold any more.
    """
    with common.opened(
        model=model, agent_model=agent_model, db=db, base_url=base_url, namespace=namespace
    ) as amnesia:
        if check is not None:
            if which is not None or everything:
                raise InvalidRequestError("--check reads a file and asks nothing: name no target")
            _check(amnesia, check, public_key, as_json=as_json)
            return
        amnesia.wait_for_elicitation()
        targets = _chosen(amnesia, which, since, everything=everything)
        if not targets:
            typer.echo("no target in force is to be verified", err=True)
        if everything and not name_sealed:
            targets = _without_sealed(targets)
        _refuse_text(targets, with_text=with_text)
        if out is not None:
            _check_place(out, several=everything)
        key = _key(amnesia)
        documents = []
        for told in targets:
            target = _standing(amnesia, told) if everything else told
            if target is None:
                continue
            asked = {"probes": probes, "samples": samples, "temperature": temperature}
            rest = {"neighbours": neighbours, "seed": seed, "name_sealed": name_sealed}
            found = _probed(amnesia, target, **asked, **rest)
            if everything and _standing(amnesia, target) is None:
                continue
            documents.append(_kept(amnesia, found, key, out, with_text=with_text, quiet=as_json))
    if as_json:
        common.emit(documents if everything else documents[0])
    if any(document["outcome"] != "suppressed" for document in documents):
        raise typer.Exit(1)


def _chosen(
    amnesia: Amnesia, which: str | None, since: datetime | None, *, everything: bool
) -> list[ForgetTarget]:
    if (which is None) == (not everything):
        raise InvalidRequestError("name a target to verify, or give --all")
    if since is not None and not everything:
        raise InvalidRequestError("--since says which of --all; a target that is named is verified")
    if which is not None:
        return [amnesia.find(which)]
    if since is None:
        return amnesia.targets()
    changed = _changed_since(since.replace(tzinfo=UTC), amnesia.registry.trail())
    return [target for target in amnesia.targets() if target.id in changed]


def _changed_since(day: datetime, trail: Sequence[TrailEntry]) -> set[str]:
    """The targets that changed since a day: whatever stands behind a line of that day or later in
    the trail, since a clock that went back dates a change too early."""
    latest = accumulate((entry.at for entry in trail), max)
    return {
        entry.target_id
        for entry, at in zip(trail, latest, strict=True)
        if at >= day and entry.action != _VERIFY
    }


def _standing(amnesia: Amnesia, target: ForgetTarget) -> ForgetTarget | None:
    """A target as it is by now, if it is still in force: many take hours, and what somebody has
    taken back meanwhile proves nothing and ends nothing."""
    held = [found for found in amnesia.registry.some([target.id]) if found.is_active()]
    if not held:
        typer.echo(f"{target.id} is not in force any more, and is left out", err=True)
    return held[0] if held else None


def _without_sealed(targets: list[ForgetTarget]) -> list[ForgetTarget]:
    kept = [target for target in targets if not target.sealed]
    if len(kept) < len(targets):
        left = len(targets) - len(kept)
        typer.echo(f"{left} sealed ones are left out; --name-sealed probes them too", err=True)
    return kept


def _refuse_text(targets: list[ForgetTarget], *, with_text: bool) -> None:
    if with_text and (found := [target for target in targets if target.sealed]):
        raise InvalidRequestError(
            f"the target `{found[0].id}` is sealed: no document holds its text; leave out "
            "--with-text"
        )


def _check_place(out: Path, *, several: bool) -> None:
    if several and not out.is_dir():
        raise InvalidRequestError(f"`{out}` must be a folder, for a document of each target")
    if not several and out.suffix not in _FORMS:
        raise InvalidRequestError(f"`{out}` must end in .json, .md or .html")
    if not several and not out.parent.is_dir():
        raise InvalidRequestError(f"`{out}` cannot be written: there is no folder `{out.parent}`")


def _key(amnesia: Amnesia) -> SigningKey:
    from amnestic.verifying import SigningKey, signing_key_file

    file = signing_key_file(amnesia.settings)
    is_new = not file.exists()
    key = SigningKey(file)
    if is_new:
        typer.echo(
            f"made the signing key {file}; who checks documents needs its public half: "
            f"{key.public}",
            err=True,
        )
    return key


def _own_public_key(amnesia: Amnesia) -> str:
    from amnestic.verifying import SigningKey, signing_key_file

    return SigningKey.public_of(signing_key_file(amnesia.settings))


def _file_name(target: ForgetTarget) -> str:
    """A name for a target's file: its id, or where that is no name for one, a hash of it."""
    if re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}", target.id):
        return f"{target.id}.json"
    return f"{sha256(target.id.encode()).hexdigest()[:16]}.json"


def _probed(amnesia: Amnesia, target: ForgetTarget, **asked: Any) -> Verification:
    from rich.progress import Progress

    from amnestic.verifying import verify as probe

    with Progress(console=common.status, transient=True) as bar:
        task = bar.add_task(f"asking for {target.id}")
        return probe(
            amnesia,
            target,
            **asked,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )


def _kept(
    amnesia: Amnesia,
    found: Verification,
    key: SigningKey,
    out: Path | None,
    *,
    with_text: bool,
    quiet: bool,
) -> dict[str, Any]:
    from amnestic.config import default_actor
    from amnestic.verifying import render, signed

    document = signed(found, amnesia, key, with_text=with_text)
    counts, others = document["probes"], document["neighbours"]
    said = f"{counts['leaked']} of {counts['asked']} probes leaked"
    beside = f"{others['altered']} of {others['asked']} other questions were altered"
    amnesia.registry.note(found.target, _VERIFY, actor=default_actor(), reason=f"{said}; {beside}")
    if out is not None:
        file = out / _file_name(found.target) if out.is_dir() else out
        with writing_private(file) as stream:
            stream.write(render(document, _FORMS[file.suffix]))
    if not quiet:
        bound = "" if counts["upper_95"] is None else f", at most {counts['upper_95']:.1%} of all"
        typer.echo(f"{found.target.id}  {document['outcome']}: {said}{bound} (95 % confidence)")
        typer.echo(f"  asked was {document['system']['model']}")
        if counts["known_before"] is not None:
            typer.echo(f"  the model by itself told it {counts['known_before']} times")
        typer.echo(f"  {beside}")
        for one in () if found.target.sealed else found.touched:
            typer.echo(f"    {one.question}")
    return document


def _check(amnesia: Amnesia, file: Path, public_key: str | None, *, as_json: bool) -> None:
    from amnestic.verifying import check_document, public_key_of

    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it holds bytes that are no text"
        raise InvalidRequestError(f"`{file}` cannot be read as text: {why}") from None
    key = public_key_of(public_key) if public_key is not None else _own_public_key(amnesia)
    found = check_document(text, amnesia, key)
    if as_json:
        told = {"signed": found.signed, "genuine": found.genuine, "changed": list(found.changed)}
        common.emit(told)
    else:
        for line in _verdict(found):
            typer.echo(line)
    if not found.holds:
        raise typer.Exit(1)


def _verdict(found: Checked) -> list[str]:
    if not found.signed:
        return ["not genuine: it is not, byte for byte, what was signed"]
    if not found.genuine:
        return [f"not genuine: signed with another key, {found.document['public_key']}"]
    lines = [f"genuine, signed with the key {found.document['public_key']}"]
    lines += [f"changed since: {what}" for what in found.changed]
    return lines if found.changed else [*lines, "nothing that it rests on has changed since"]
