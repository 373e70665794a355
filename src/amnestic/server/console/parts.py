"""The parts of a target, as they are shown and edited: each in a form of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

from amnestic.exceptions import InvalidRequestError
from amnestic.server.console.posted import Posted, in_utc
from amnestic.types import (
    FacetKind,
    FacetSource,
    ForgetTarget,
    Identifier,
    IdentifierType,
    Policy,
    TargetKind,
    TargetStatus,
)

__all__ = ["Part", "change_in", "editable", "parts_of", "settled"]

Form = Literal["line", "text", "lines", "moment", "choice"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a target.

    Attributes:
        name: the field of the record.
        label: what it is called on a page, in English.
        form: how it is edited: one line, several, one value a line, a time, one of `choices`.
        values: what is shown of it.
        text: what its form holds.
        hint: what is said beside the form.
    """

    name: str
    label: str
    form: Form
    values: tuple[str, ...] = ()
    text: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()


_MOST_LINES = 1_000
_SEALED = ("expires", "policy")
"""What may be changed here of a sealed target: the rest of it is not shown."""


def editable(target: ForgetTarget) -> bool:
    """Whether a target is one that can be edited."""
    return target.status is TargetStatus.ACTIVE


def parts_of(target: ForgetTarget) -> list[Part]:
    """The parts of a target, in the order of its page; of a sealed one those that are no secret."""
    made = [make(target) for make in _PARTS.values()]
    return [part for part in made if not target.sealed or part.name in _SEALED]


def change_in(sent: Posted, target: ForgetTarget) -> dict[str, Any]:
    """What a form changes, as `Amnesia.aedit` takes it. Raises `InvalidRequestError` for a form of
    no part, and for a time that is none."""
    name = sent.text("part")
    if name not in _PARTS or (target.sealed and name not in _SEALED):
        raise InvalidRequestError("the form names no part of a target that can be changed here")
    part = _PARTS[name](target)
    if part.form == "lines":
        return {name: _several(name, sent.lines("value"), target)}
    if part.form == "moment":
        return {name: _time(sent.text("value"))}
    if part.choices and sent.text("value") not in part.choices:
        raise InvalidRequestError(f"`{name}` of a target: choose one of {', '.join(part.choices)}")
    return {name: sent.text("value")}


def settled(target: ForgetTarget) -> dict[str, str]:
    """A part of a target by its name, as its form holds it."""
    return {part.name: part.text for part in parts_of(target)}


def _listed(name: str, label: str, hint: str = "") -> Callable[[ForgetTarget], Part]:
    def made(target: ForgetTarget) -> Part:
        values = getattr(target, name)
        return Part(name, label, "lines", values, "\n".join(values), hint or "One a line.")

    return made


def _single(name: str, label: str, form: Form = "line") -> Callable[[ForgetTarget], Part]:
    def made(target: ForgetTarget) -> Part:
        value = getattr(target, name)
        return Part(name, label, form, (value,) if value else (), value)

    return made


def _chosen(name: str, label: str, choices: tuple[str, ...]) -> Callable[[ForgetTarget], Part]:
    def made(target: ForgetTarget) -> Part:
        value = getattr(target, name).value
        return Part(name, label, "choice", (value,), value, choices=choices)

    return made


def _facts(target: ForgetTarget) -> Part:
    told = tuple(
        facet.text
        for facet in target.facets
        if facet.kind is FacetKind.FACT and facet.source is FacetSource.TOLD
    )
    hint = "One a line, each a sentence that stands by itself."
    return Part("facts", "Facts", "lines", told, "\n".join(told), hint)


def _identifiers(target: ForgetTarget) -> Part:
    shown = tuple(f"{one.told} ({one.type.value})" for one in target.identifiers)
    text = "\n".join(_line(one) for one in target.identifiers)
    hint = "One a line; a type may stand before it, as in “email: osk@tavel.org”."
    return Part("identifiers", "Identifiers", "lines", shown, text, hint)


def _expires(target: ForgetTarget) -> Part:
    if target.expires is None:
        return Part("expires", "Until", "moment", hint="In UTC; empty for ever.")
    when = target.expires.astimezone(UTC)
    shown, text = f"{when:%Y-%m-%d %H:%M} UTC", f"{when:%Y-%m-%dT%H:%M}"
    return Part("expires", "Until", "moment", (shown,), text, "In UTC; empty for ever.")


_PARTS: Mapping[str, Callable[[ForgetTarget], Part]] = MappingProxyType(
    {
        "subject": _single("subject", "Name"),
        "kind": _chosen("kind", "Kind", tuple(kind.value for kind in TargetKind)),
        "description": _single("description", "Description", "text"),
        "aliases": _listed("aliases", "Other names"),
        "translations": _listed("translations", "Names in other languages"),
        "terms": _listed("terms", "Terms", "One a line: what only belongs to it."),
        "facts": _facts,
        "identifiers": _identifiers,
        "exceptions": _listed("exceptions", "Stays", "One a line: what shall not be forgotten."),
        "scope": _single("scope", "Only for"),
        "expires": _expires,
        "policy": _chosen("policy", "Policy", tuple(policy.value for policy in Policy)),
        "reason": _single("reason", "Reason", "text"),
        "legal_basis": _single("legal_basis", "Legal basis"),
        "subject_id": _single("subject_id", "Whose record"),
    }
)


def _line(identifier: Identifier) -> str:
    return f"{identifier.type.value}: {identifier.value}"


def _several(
    name: str, lines: list[str], target: ForgetTarget
) -> list[str] | list[str | Identifier]:
    if len(lines) > _MOST_LINES:
        raise InvalidRequestError(
            f"`{name}` of a target: {len(lines):,} lines are sent, and {_MOST_LINES:,} may be"
        )
    if name != "identifiers":
        return lines
    known = {_line(one): one for one in reversed(target.identifiers)}
    return [_identifier(line, known) for line in lines]


def _identifier(line: str, known: Mapping[str, Identifier]) -> str | Identifier:
    """An identifier from its line: one that the target has already keeps its label."""
    if line in known:
        return known[line]
    kind, separator, value = line.partition(":")
    named = kind.strip().lower()
    if separator and value.strip() and named in set(IdentifierType):
        return Identifier(type=IdentifierType(named), value=value.strip()[:1_000])
    return line


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return in_utc(text)
    except (ValueError, OverflowError):
        raise InvalidRequestError(
            f"`expires` of a target: {text[:40]!r} is no time; write 2027-01-31T12:00"
        ) from None
