"""Targets as the commands show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import typer

from amnestic.cli.common import shown
from amnestic.types import Elicitation, FacetKind, FacetSource

if TYPE_CHECKING:
    from amnestic.forecasting import Match, Preview
    from amnestic.types import ForgetTarget

__all__ = [
    "NOBODY_ASKED",
    "preview_lines",
    "proposal",
    "record_lines",
    "record_row",
    "show_record",
    "target_line",
    "target_row",
]

NOBODY_ASKED = "no model is named, so none was asked what it knows of this"
"""What is said of a target about which no model was asked because none is named."""

_TELLING = (FacetKind.DESCRIPTION, FacetKind.FACT)
_SHOWN = 12
_WIDTH = 13


def target_line(target: ForgetTarget) -> str:
    """A target in one line of a list."""
    until = f", until {target.expires:%Y-%m-%d}" if target.expires else ""
    asked = "" if target.elicitation.value in ("none", "done") else f", model: {target.elicitation}"
    sealed = ", sealed" if target.sealed else ""
    state = f"{target.kind}, {target.state()}{until}{asked}{sealed}"
    return f"{target.id}  {shown(target.subject)} ({state})"


def show_record(target: ForgetTarget) -> None:
    """Print a target and everything that is understood of it."""
    typer.echo(target_line(target))
    for line in list(record_lines(target))[1:]:
        typer.echo(line)


def target_row(target: ForgetTarget) -> dict[str, Any]:
    """A target as lists show it in JSON: counts in the place of its facts."""
    return {
        "id": target.id,
        "subject": target.subject,
        "kind": target.kind.value,
        "aliases": list(target.aliases),
        "identifiers": [i.model_dump(mode="json") for i in target.identifiers],
        "facts": len(target.facts),
        "exceptions": list(target.exceptions),
        "unread": list(target.unread),
        "sealed": target.sealed,
        "proposes_sealing": target.is_private and not target.sealed,
        "status": target.state(),
        "elicitation": target.elicitation.value,
        "namespace": target.namespace,
        "version": target.version,
        "created": target.created.isoformat(),
        "expires": target.expires.isoformat() if target.expires else None,
    }


def record_row(target: ForgetTarget) -> dict[str, Any]:
    """Everything that is understood of a target, for JSON."""
    told = target.model_dump(mode="json", exclude={"facets", "salt"})
    facts = [f for f in target.facets if f.kind is FacetKind.FACT]
    told["facts"] = [{"text": f.text, "source": f.source.value} for f in facts]
    told["names"] = list(target.names)
    return {**told, "status": target.state()}


def record_lines(target: ForgetTarget) -> Iterator[str]:
    """Everything that is understood of a target, for people."""
    guessed = ", guessed" if target.kind_guessed else ""
    yield f"{shown(target.subject)} ({target.kind}{guessed})"
    yield from _listed("also", (*target.aliases, *target.translations))
    yield from _listed("said as well", [n for n in target.names if n not in _told(target)])
    yield from _listed("terms", target.terms)
    yield from _listed("identifiers", (f"{i.value} ({i.type})" for i in target.identifiers))
    for label, source in (("told", FacetSource.TOLD), ("model says", FacetSource.ELICITED)):
        facets = (f for f in target.facets if f.source is source and f.kind in _TELLING)
        yield from _listed(label, (facet.text for facet in facets))
    yield from _listed("stays", target.exceptions)
    for label, value in (
        ("only for", target.scope),
        ("until", f"{target.expires:%Y-%m-%d %H:%M %Z}" if target.expires else ""),
        ("reason", target.reason),
        ("ground", target.legal_basis),
        ("whose record", target.subject_id),
    ):
        yield from _listed(label, [value] if value else [])
    yield from _listed("not read", target.unread)


def preview_lines(preview: Preview) -> Iterator[str]:
    """A reading and what it would match, for people."""
    for target in preview.targets:
        yield from record_lines(target)
        yield from _listed("model says", _unsaid(target))
    yield from _listed("same name", (_described(n) for n in preview.namesakes))
    yield from _listed("would match", _matched(preview.others, "of another target"))
    yield from _listed("would match", _matched(preview.neighbours, "common knowledge"))
    yield from _listed("would match", _matched(preview.against, "given"))
    if preview.proposes_sealing:
        yield proposal()
    tried = f"{preview.neighbours_read} sentences of common knowledge"
    given = f", {preview.against_read} given texts" if preview.against_read else ""
    yield f"tried on {tried}{given}"


def _unsaid(target: ForgetTarget) -> Iterator[str]:
    """What is to be said of a model that was asked about a target, and told nothing of it."""
    if target.elicitation is Elicitation.FAILED:
        yield "(it did not answer)"
    elif target.elicitation is Elicitation.DONE and not any(
        facet.source is FacetSource.ELICITED for facet in target.facets
    ):
        yield "(it tells nothing of this)"


def _described(namesake: ForgetTarget) -> str:
    return f"{namesake.id}  {namesake.subject if namesake.sealed else namesake.description}"


def proposal() -> str:
    """What is said where a private person's identifier would stand in clear."""
    return "this tells a private person by an identifier: --sealed would encrypt and mask it"


def _matched(matches: Iterable[Match], whose: str) -> Iterator[str]:
    for match in matches:
        text = " ".join(match.text.split())
        yield f"{text[:100]}{'…' if len(text) > 100 else ''}  ({whose})"


def _told(target: ForgetTarget) -> tuple[str, ...]:
    return (target.subject, *target.aliases, *target.translations, *target.terms)


def _listed(label: str, values: Iterable[str]) -> Iterator[str]:
    every = list(values)
    for i, value in enumerate(every[:_SHOWN]):
        yield f"  {label if not i else '':<{_WIDTH}}{shown(value)}"
    if len(every) > _SHOWN:
        yield f"  {'':<{_WIDTH}}and {len(every) - _SHOWN} more"
