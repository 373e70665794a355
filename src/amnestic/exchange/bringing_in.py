"""Putting the targets of a file in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amnestic.agents.records import completed, recorded
from amnestic.agents.requests import LocalInterpreter
from amnestic.config import default_actor
from amnestic.exceptions import AmnesticError, InvalidRequestError
from amnestic.exchange.reading import records_in
from amnestic.types import ForgetTarget

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["BroughtIn", "Problem", "bring_in"]

_AT_ONCE = 500
_SHOWN_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was not brought in, and why."""

    line: int
    message: str


@dataclass(slots=True)
class BroughtIn:
    """What became of the lines of a file."""

    added: int = 0
    known: int = 0
    failed: int = 0
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
    progress: Callable[[int], None] = lambda _: None,
) -> BroughtIn:
    """Put the targets of a file in force, some hundreds at a time.

    A record without an id has one made of what it says, so that a file that was brought in by half
    is gone on with. With `atomic` everything is read first, and a line that cannot be read raises
    `InvalidRequestError` and leaves all as it was. Without `embed` the targets are only written
    down: the next layer that opens the registry, or is open on it, makes their vectors.
    """
    told, waiting = BroughtIn(), list[ForgetTarget]()
    lines: dict[str, int] = {}
    for line, record in records_in(file):
        progress(line)
        try:
            waiting += _new(record, line, lines)
        except AmnesticError as error:
            if atomic:
                raise InvalidRequestError(f"`{file}`, line {line}: {error}") from None
            told.tell(line, str(error))
        if len(waiting) >= _AT_ONCE and not atomic:
            _add(amnesia, waiting, reason, told, embed=embed)
            waiting = []
    _add(amnesia, waiting, reason, told, embed=embed)
    return told


def _new(
    record: dict[str, Any] | AmnesticError, line: int, lines: dict[str, int]
) -> list[ForgetTarget]:
    """The targets of a line; `lines` says where each id was met."""
    if isinstance(record, AmnesticError):
        raise record
    targets = _targets(record)
    for target in targets:
        if target.id in lines:
            raise InvalidRequestError(f"the same target as line {lines[target.id]}")
        lines[target.id] = line
    return targets


def _targets(record: dict[str, Any]) -> list[ForgetTarget]:
    if "text" in record:
        others = {name: told for name, told in record.items() if name != "text"}
        reading = LocalInterpreter().read(record["text"])
        if reading.doubts:
            raise InvalidRequestError("; ".join(reading.doubts))
        targets = [recorded(others, found, reading.unread) for found in reading.targets]
    else:
        targets = [recorded(record)]
    return [t if t.id else t.model_copy(update={"id": _made_id(t)}) for t in targets]


def _made_id(target: ForgetTarget) -> str:
    said = target.model_dump_json(exclude={"id", "created", "facets"}) + "\n".join(target.facts)
    return f"t-{blake2b(said.encode(), digest_size=8).hexdigest()}"


def _add(
    amnesia: Amnesia, targets: list[ForgetTarget], reason: str, told: BroughtIn, *, embed: bool
) -> None:
    held = {target.id for target in amnesia.registry.some([target.id for target in targets])}
    new = [target for target in targets if target.id not in held]
    told.known += len(held)
    if new and embed:
        amnesia.add(*new, reason=reason)
    elif new:
        space = {"namespace": amnesia.settings.namespace}
        own = [completed(target).model_copy(update=space) for target in new]
        amnesia.registry.add_all(own, actor=default_actor(), reason=reason)
    told.added += len(new)
