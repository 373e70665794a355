"""Putting the targets of a file in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amnestic.agents.records import recorded, recorded_once, without_further_names_kept
from amnestic.agents.requests import LocalInterpreter, masked_refusal
from amnestic.config import default_actor
from amnestic.exceptions import AmnesticError, InvalidRequestError
from amnestic.exchange.holding import Met, Packed
from amnestic.exchange.putting import Putting
from amnestic.exchange.reading import records_in
from amnestic.tools.embedding import refuse_sealed
from amnestic.tools.registry import check_lengths
from amnestic.types import FacetKind, ForgetTarget, TargetStatus

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["BroughtIn", "Problem", "bring_in"]

_SAID = {"subject", "kind", "description", "aliases", "translations", "terms", "identifiers",
         "exceptions", "scope", "policy", "subject_id", "legal_basis", "expires"}  # fmt: skip
_AT_ONCE = 500
_SHOWN_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was not brought in, and why."""

    line: int
    message: str


@dataclass(slots=True)
class BroughtIn:
    """What became of the lines of a file: `added` targets, of which `partly` are of a text that was
    not understood whole, as their `unread` says."""

    added: int = 0
    known: int = 0
    failed: int = 0
    partly: int = 0
    problems: list[Problem] = field(default_factory=list)

    def tell(self, line: int, message: str) -> None:
        """Count a line that was not brought in, and keep why if it is one of the first."""
        self.failed += 1
        if len(self.problems) < _SHOWN_PROBLEMS:
            self.problems.append(Problem(line, message))

    def as_dict(self) -> dict[str, Any]:
        """The account for JSON."""
        return asdict(self)


def bring_in(
    amnesia: Amnesia,
    file: Path,
    *,
    atomic: bool = False,
    embed: bool = True,
    reason: str = "",
    actor: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
    stored: Callable[[Sequence[str]], None] = lambda _: None,
) -> BroughtIn:
    """Put the targets of a file in force, some hundreds at a time.

    A record without an id has one made of what it says, so that a file that was brought in by half
    is gone on with. With `atomic` everything is read first, and a line that cannot be read raises
    `InvalidRequestError` and leaves all as it was. Without `embed` the targets are only written
    down: the next layer that opens the registry, or is open on it, makes their vectors. `actor` is
    who does it, by default whoever runs this process. `progress` is told each line that is read,
    and `stored` the ids of targets that are written down, which they stay whatever becomes of the
    rest.
    """
    told, waiting, salt = BroughtIn(), list[ForgetTarget](), amnesia.registry.salt()
    putting = Putting(amnesia, actor or default_actor(), reason, stored, embed)
    met, packed = Met(), Packed()

    def settle() -> None:
        new = _unknown(waiting, amnesia, told, met, file if atomic else None)
        if atomic:
            packed.put(new)
        elif new:
            putting.some(new)
        told.added += len(new)
        told.partly += sum(bool(target.unread) for target in new)
        waiting.clear()

    for line, record in records_in(file):
        progress(line)
        try:
            waiting += _new(record, amnesia, salt, line, met)
        except AmnesticError as error:
            if atomic:
                raise InvalidRequestError(f"`{file}`, line {line}: {error}") from None
            told.tell(line, str(error))
        if len(waiting) >= _AT_ONCE:
            settle()
    settle()
    if packed:
        putting.all_of(packed)
    return told


def _new(
    record: dict[str, Any] | AmnesticError,
    amnesia: Amnesia,
    salt: str,
    line: int,
    met: Met,
) -> list[ForgetTarget]:
    """The targets of a line; `met` says where each id was, and what it told there."""
    if isinstance(record, AmnesticError):
        raise record
    _check_status(record.pop("status", TargetStatus.ACTIVE.value))
    if "text" in record and "subject" in record:
        raise InvalidRequestError("`text` and `subject` both say what is meant: give one of them")
    targets = _targets(record, amnesia, salt)
    for target in targets:
        check_lengths(target)
    met.take(line, [(t.id, _made_id(t, salt) if record.get("id") else t.id) for t in targets])
    return targets


def _check_status(told: Any) -> None:
    if told == TargetStatus.REVOKED.value:
        raise InvalidRequestError("the target is revoked; restore it where it was")
    if told not in ("active", "expired"):
        raise InvalidRequestError(
            f"`status` of a target: {str(told)[:60]!r} is none; it is active or expired"
        )


def _targets(record: dict[str, Any], amnesia: Amnesia, salt: str) -> list[ForgetTarget]:
    try:
        targets = _read(record)
    except InvalidRequestError as error:
        if not record.get("sealed"):
            raise
        raise masked_refusal(error, " ".join(map(str, record.values()))) from None
    if any(target.sealed for target in targets):
        refuse_sealed(targets, amnesia.settings.embedder)
        salt = amnesia.registry.seals.first().names.hex()  # so that nobody tries what made an id
    here = [t.model_copy(update={"namespace": amnesia.settings.namespace}) for t in targets]
    return [t if t.id else t.model_copy(update={"id": _made_id(t, salt)}) for t in here]


def _read(record: dict[str, Any]) -> list[ForgetTarget]:
    if "text" not in record:
        return [recorded_once(record)]
    others = {name: told for name, told in record.items() if name != "text"}
    reading = LocalInterpreter().read(record["text"])
    if reading.doubts:
        raise InvalidRequestError("; ".join(reading.doubts))
    return [recorded(others, found, reading.unread) for found in reading.targets]


def _made_id(target: ForgetTarget, salt: str) -> str:
    """An id that the same record gets again in one registry, and by which nobody guesses it."""
    said = target.model_dump_json(include={*_SAID, "namespace"}) + "\n".join(target.facts)
    return f"t-{blake2b(said.encode(), key=salt.encode(), digest_size=10).hexdigest()}"


def _unlike(found: ForgetTarget, target: ForgetTarget) -> str:
    """Why a target is not the one that has its id already; empty where it is."""
    if found.namespace != target.namespace:
        return "the id is taken; give another or none"
    if found.status is TargetStatus.PURGED:
        return f"the target `{found.id}` was purged; give it another id"
    if found.status is not TargetStatus.ACTIVE:
        return f"the target `{found.id}` is revoked; restore it"
    found = without_further_names_kept(found)  # as the record of it was read
    told = {fact.text for fact in target.facets if fact.kind is FacetKind.FACT}
    alike = all(getattr(found, n) == getattr(target, n) for n in (*_SAID, "sealed"))
    if not alike or not told <= {fact.text for fact in found.facets}:
        return f"the target `{found.id}` is told otherwise; edit it"
    return ""


def _unknown(
    targets: Sequence[ForgetTarget],
    amnesia: Amnesia,
    told: BroughtIn,
    met: Met,
    atomic: Path | None,
) -> list[ForgetTarget]:
    """Those of the targets that are not there yet; the others are counted, or are why nothing of
    the file that is `atomic` is brought in."""
    held = {found.id: found for found in amnesia.registry.some([t.id for t in targets])}
    for target in (t for t in targets if t.id in held):
        if not (why := _unlike(held[target.id], target)):
            told.known += 1
        elif atomic is not None:
            raise InvalidRequestError(f"`{atomic}`, line {met.line_of(target.id)}: {why}")
        else:
            told.tell(met.line_of(target.id), why)
    return [target for target in targets if target.id not in held]
