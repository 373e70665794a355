"""From what was read, given or said about a target to the record that is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from amnestic.agents.elicitor import Elicited
from amnestic.agents.requests import Interpretation, facts_told, kind_of, kind_said
from amnestic.exceptions import InvalidRequestError
from amnestic.tools.names import identifier_of
from amnestic.types import (
    Elicitation,
    Facet,
    FacetKind,
    FacetSource,
    ForgetTarget,
    Identifier,
    Policy,
    TargetKind,
)

__all__ = [
    "Details",
    "GivenChanges",
    "GivenDetails",
    "completed",
    "edited",
    "given",
    "interpreted",
    "recorded",
    "with_elicited",
]

M = TypeVar("M", bound=BaseModel)


class GivenDetails(TypedDict, total=False):
    """What may be given of a target beside the words of a request; `Details` says what is what."""

    facts: Iterable[str]
    aliases: Iterable[str]
    translations: Iterable[str]
    terms: Iterable[str]
    identifiers: Iterable[str | Identifier]
    exceptions: Iterable[str]
    scope: str
    expires: datetime | None
    reason: str
    subject_id: str
    legal_basis: str


def _typed(told: Any) -> Any:
    return identifier_of(told) if isinstance(told, str) and told.strip() else told


def _no_string(told: Any) -> Any:
    if isinstance(told, str):
        raise ValueError("a list is expected, not a single string")
    return told


def _in_utc(told: datetime | None) -> datetime | None:
    return told.replace(tzinfo=UTC) if told is not None and told.tzinfo is None else told


_Texts = Annotated[tuple[str, ...], BeforeValidator(_no_string)]


class Details(BaseModel):
    """What is given of a target beside the words of a request: facts, each a sentence that stands
    by itself, other names, identifiers (as strings, or with their type), and the rest of a record.

    >>> details = Details(facts=["Ana Morel paints."], identifiers=["ana@example.org"])
    >>> details.added_to(ForgetTarget(id="", subject="Ana Morel")).identifiers[0].type.value
    'email'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: _Texts = ()
    aliases: _Texts = ()
    translations: _Texts = ()
    terms: _Texts = ()
    identifiers: tuple[Annotated[Identifier, BeforeValidator(_typed)], ...] = ()
    exceptions: _Texts = ()
    scope: str = ""
    expires: Annotated[datetime | None, AfterValidator(_in_utc)] = None
    reason: str = ""
    subject_id: str = ""
    legal_basis: str = ""

    def added_to(self, target: ForgetTarget) -> ForgetTarget:
        """The target with these details beside its own; single ones take the place of its own."""
        lists = ("aliases", "translations", "terms", "identifiers", "exceptions")
        single = ("scope", "expires", "reason", "subject_id", "legal_basis")
        changed: dict[str, Any] = {
            name: tuple(dict.fromkeys((*getattr(target, name), *getattr(self, name))))
            for name in lists
        }
        changed |= {name: told for name in single if (told := getattr(self, name))}
        grown = completed(target.model_copy(update=changed))
        wanted = [(FacetKind.FACT, fact.strip()) for fact in self.facts if fact.strip()]
        return _with_facets(grown, wanted, FacetSource.TOLD)


class GivenChanges(GivenDetails, total=False):
    """What may be changed of a target."""

    subject: str
    kind: TargetKind
    description: str
    policy: Policy


class _Changes(Details):
    subject: str = ""
    kind: TargetKind = TargetKind.TOPIC
    description: str = ""
    policy: Policy = Policy.BALANCED


def edited(target: ForgetTarget, changes: Any) -> ForgetTarget:
    """The target with `changes` (`GivenChanges`) in the place of what it had; facts that are given
    replace those that were told. Raises `InvalidRequestError` for what cannot be one.

    >>> target = Details(facts=["Ana Morel paints."]).added_to(ForgetTarget(id="", subject="Ana"))
    >>> edited(target, {"subject": "Ana Morel", "facts": ["Ana Morel sings."]}).facts
    ('Ana Morel sings.',)
    """
    told = _valid(_Changes, changes)
    changed = {name: getattr(told, name) for name in told.model_fields_set - {"facts"}}
    if not changed.get("subject", target.subject).strip():
        raise InvalidRequestError("`subject` of a target: it has to have a name")
    facts: tuple[str, ...] = told.facts
    if "facts" not in told.model_fields_set:
        derived = facts_told(target.description, target.subject)[1]
        own = (f for f in target.facets if f.source is FacetSource.TOLD)
        facts = tuple(f.text for f in own if f.kind is FacetKind.FACT and f.text not in derived)
    said = tuple(f for f in target.facets if f.source is FacetSource.ELICITED)
    fresh = completed(target.model_copy(update={**changed, "facets": ()}))
    fresh = Details(facts=facts).added_to(fresh)
    known = {(f.kind, f.text): f for f in target.facets}
    own_facets = tuple(known.get((f.kind, f.text), f) for f in fresh.facets)
    more = tuple(f for f in said if f not in own_facets)
    return fresh.model_copy(update={"facets": (*own_facets, *more)})


class _Record(_Changes):
    id: str = Field(default="", max_length=200)
    requester: str = ""


def recorded(
    told: Mapping[str, Any], found: Interpretation | None = None, unread: Iterable[str] = ()
) -> ForgetTarget:
    """A target from the fields of a record, as a file holds them, beside what was `found` in a
    request if there was one. Raises `InvalidRequestError`.

    >>> recorded({"subject": "Ana Morel", "facts": ["Ana Morel paints."]}).kind.value
    'person'
    """
    record = _valid(_Record, told)
    if found is not None:
        target = interpreted(found, namespace="", requester=record.requester, unread=unread)
    elif record.subject.strip():
        target = ForgetTarget(id="", subject=record.subject.strip(), requester=record.requester)
        guess = kind_of(target.subject, record.description)
        target = target.model_copy(update={"kind": guess, "kind_guessed": not record.description})
    else:
        raise InvalidRequestError("`subject` of a target: it has to have a name")
    own = record.model_fields_set & {"id", "kind", "description", "policy"}
    known = {name: getattr(record, name) for name in own}
    if "kind" in own:
        known["kind_guessed"] = False
    return record.added_to(target.model_copy(update={**known, "facets": ()}))


def given(details: Any) -> Details:
    """Details as a caller gives them; raises `InvalidRequestError` for what cannot be one, and for
    an expiry that is over."""
    known = _valid(Details, details)
    if known.expires is not None and known.expires <= datetime.now(UTC):
        raise InvalidRequestError(
            f"the expiry {known.expires:%Y-%m-%d %H:%M} is in the past; give a later one or none"
        )
    return known


def _valid(model: type[M], told: Any) -> M:
    try:
        return model.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidRequestError(f"`{where}` of a target: {first['msg']}") from None


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
    strong = (identifier.value for identifier in found.identifiers if identifier.is_strong)
    names = tuple(n for n in dict.fromkeys((*found.aliases, *strong)) if n != found.subject)
    target = ForgetTarget(
        id="",
        subject=found.subject,
        kind=found.kind,
        kind_guessed=found.kind_guessed,
        description=found.description,
        aliases=names,
        identifiers=found.identifiers,
        exceptions=found.exceptions,
        namespace=namespace,
        requester=requester,
        reason=found.reason,
        legal_basis=found.legal_basis,
        expires=found.expires,
        unread=tuple(unread),
    )
    return completed(target)


def completed(target: ForgetTarget) -> ForgetTarget:
    """The target with a facet for each of its names, its description and what that tells, beside
    the facets that it has.

    >>> target = completed(ForgetTarget(id="", subject="Ana Morel", aliases=("A. Morel",)))
    >>> [facet.text for facet in target.facets]
    ['Ana Morel', 'A. Morel']
    """
    described, told = facts_told(target.description, target.subject)
    wanted = [(FacetKind.ALIAS, name) for name in target.names]
    wanted += [(FacetKind.DESCRIPTION, described)] if described else []
    wanted += [(FacetKind.FACT, fact) for fact in told]
    return _with_facets(target, wanted, FacetSource.TOLD)


def with_elicited(target: ForgetTarget, elicited: Elicited) -> ForgetTarget:
    """The target with what a model says of it, and of the kind that it says where the request
    told none."""
    said = [(FacetKind.ALIAS, name) for name in elicited.names]
    said += [(FacetKind.FACT, fact) for fact in elicited.facts]
    kind = target.kind
    if target.kind_guessed:
        kind = kind_said(target.subject, target.kind, elicited.facts)
    grown = _with_facets(target, said, FacetSource.ELICITED)
    return grown.model_copy(update={"kind": kind, "elicitation": Elicitation.DONE})


def _with_facets(
    target: ForgetTarget, wanted: Iterable[tuple[FacetKind, str]], source: FacetSource
) -> ForgetTarget:
    held = {(facet.kind, facet.text) for facet in target.facets}
    new = [pair for pair in dict.fromkeys(wanted) if pair not in held]
    facets = (Facet(kind=kind, text=text, source=source) for kind, text in new)
    return target.model_copy(update={"facets": (*target.facets, *facets)})
