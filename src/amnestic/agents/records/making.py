"""Records of targets, as a request or a file tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from amnestic.agents.records.changes import Changes
from amnestic.agents.records.checking import checked, without_further_names_kept
from amnestic.agents.records.details import Text, Texts, valid
from amnestic.agents.records.facets import completed
from amnestic.agents.requests import Interpretation, kind_of
from amnestic.exceptions import InvalidRequestError
from amnestic.tools.names import names_apart
from amnestic.types import ForgetTarget

__all__ = ["interpreted", "recorded", "recorded_once"]


class _Record(Changes):
    id: Text = ""
    kind_guessed: bool = False
    unread: Texts = ()
    requester: Text = ""


def recorded(
    told: Mapping[str, Any], found: Interpretation | None = None, unread: Iterable[str] = ()
) -> ForgetTarget:
    """A target from the fields of a record, as a file holds them, beside what was `found` in a
    request if there was one. Raises `InvalidRequestError`.

    >>> recorded({"subject": "Ana Morel", "facts": ["Ana Morel paints."]}).kind.value
    'person'
    """
    return checked(_made(told, found, unread))


def recorded_once(told: Mapping[str, Any]) -> ForgetTarget:
    """`recorded` for a file of an older version, which took another name of a target for something
    that stays: that is said, and does not stay.

    >>> recorded_once({"subject": "Ana", "aliases": ["Anita"], "exceptions": ["Anita"]}).exceptions
    ()
    """
    return checked(without_further_names_kept(_made(told, None, ())))


def _made(
    told: Mapping[str, Any], found: Interpretation | None, unread: Iterable[str]
) -> ForgetTarget:
    record = valid(_Record, told)
    if found is not None:
        target = interpreted(found, namespace="", requester=record.requester, unread=unread)
    elif record.subject.strip():
        told_kind = "kind" in record.model_fields_set
        name, said = record.subject.strip(), record.description
        target = ForgetTarget(
            id="",
            subject=name,
            requester=record.requester,
            kind=record.kind if told_kind else kind_of(name, said),
            kind_guessed=not told_kind and not said,
        )
    else:
        raise InvalidRequestError("`subject` of a target: it has to have a name")
    own = record.model_fields_set & {"id", "kind", "description", "policy", "unread"}
    known = {name: getattr(record, name) for name in own}
    if "kind" in own:
        known["kind_guessed"] = record.kind_guessed
    return record.added_to(target.model_copy(update={**known, "facets": ()}))


def interpreted(
    found: Interpretation, *, namespace: str, requester: str, unread: Iterable[str] = ()
) -> ForgetTarget:
    """The record of one target as a request tells it; it has no id yet.

    >>> from amnestic.agents.requests import LocalInterpreter
    >>> found = LocalInterpreter().interpret("Forget Ana Morel. She is a painter. She sings.")
    >>> target = interpreted(found, namespace="default", requester="me")
    >>> target.facts
    ('Ana Morel sings.',)
    """
    apart = names_apart(found.aliases, found.identifiers)
    names = tuple(name for name in apart if name != found.subject)
    target = ForgetTarget(
        id="",
        subject=found.subject,
        kind=found.kind,
        kind_guessed=found.kind_guessed,
        description=found.description,
        aliases=names,
        identifiers=found.identifiers,
        exceptions=found.exceptions,
        scope=found.scope,
        namespace=namespace,
        requester=requester,
        reason=found.reason,
        legal_basis=found.legal_basis,
        expires=_through(found.expires),
        unread=tuple(unread),
    )
    return completed(target)


def _through(day: datetime | None) -> datetime | None:
    """The end of a day that a request tells as the last: until then its target holds."""
    return day and day.replace(hour=23, minute=59, second=59)
