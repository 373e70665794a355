"""What a caller may give of a target beside the words of a request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from amnestic.agents.records.facets import completed, with_facets
from amnestic.exceptions import InvalidRequestError
from amnestic.tools.names import identifier_of
from amnestic.tools.registry import storable_text
from amnestic.types import FacetKind, FacetSource, ForgetTarget, Identifier

__all__ = ["Details", "GivenDetails", "Text", "Texts", "given", "valid"]

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
    sealed: bool


def _typed(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _clean(value) for name, value in told.items()}
    if not isinstance(told, str):
        return told
    if not (text := _clean(told)):
        raise ValueError("it is empty")
    return identifier_of(text)


def _no_string(told: Any) -> Any:
    if isinstance(told, str):
        raise ValueError("a list is expected, not a single string")
    return told


def _clean(told: Any) -> Any:
    return storable_text(told).strip() if isinstance(told, str) else told


def _in_utc(told: datetime | None) -> datetime | None:
    if told is None:
        return None
    try:
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("no time that can be kept") from None


Text = Annotated[str, BeforeValidator(_clean)]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(_no_string),
    AfterValidator(lambda texts: tuple(text for text in texts if text)),
]


class Details(BaseModel):
    """What is given of a target beside the words of a request: facts, each a sentence that stands
    by itself, other names, identifiers (as strings, or with their type), and the rest of a record.

    >>> details = Details(facts=["Ana Morel paints."], identifiers=["ana@example.org"])
    >>> details.added_to(ForgetTarget(id="", subject="Ana Morel")).identifiers[0].type.value
    'email'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: Texts = ()
    aliases: Texts = ()
    translations: Texts = ()
    terms: Texts = ()
    identifiers: tuple[Annotated[Identifier, BeforeValidator(_typed)], ...] = ()
    exceptions: Texts = ()
    scope: Text = ""
    expires: Annotated[datetime | None, AfterValidator(_in_utc)] = None
    reason: Text = ""
    subject_id: Text = ""
    legal_basis: Text = ""
    sealed: bool = False

    @property
    def are_of_one(self) -> bool:
        """Whether something is given that only one target can have."""
        own = (self.facts, self.aliases, self.translations, self.terms, self.identifiers)
        return any(own) or bool(self.subject_id)

    def added_to(self, target: ForgetTarget) -> ForgetTarget:
        """The target with these details beside its own; single ones take the place of its own."""
        lists = ("aliases", "translations", "terms", "identifiers", "exceptions")
        single = ("scope", "expires", "reason", "subject_id", "legal_basis", "sealed")
        changed: dict[str, Any] = {
            name: tuple(dict.fromkeys((*getattr(target, name), *getattr(self, name))))
            for name in lists
        }
        changed |= {name: told for name in single if (told := getattr(self, name))}
        grown = completed(target.model_copy(update=changed))
        wanted = [(FacetKind.FACT, fact.strip()) for fact in self.facts if fact.strip()]
        return with_facets(grown, wanted, FacetSource.TOLD)


def given(details: Any) -> Details:
    """Details as a caller gives them; raises `InvalidRequestError` for what cannot be one."""
    return valid(Details, details)


def valid(model: type[M], told: Any) -> M:
    """What is told, as `model`; raises `InvalidRequestError` that names the first wrong field."""
    try:
        return model.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        wrong = _WRONG.get(first["type"], first["msg"]).removeprefix("Value error, ")
        raise InvalidRequestError(f"`{where}` of a target: {wrong}") from None


_WRONG = {"extra_forbidden": "no field of a target has this name"}
