"""A folder of drafts: targets with what the model knows of them, and cases, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

__all__ = ["Case", "Drafts", "Known", "load_drafts"]

UNRELATED = "unrelated"


class Known(BaseModel):
    """What the model says, in turn, when `cue` stands in a question."""

    model_config = ConfigDict(frozen=True)

    cue: str
    answers: tuple[str, ...]


class Case(BaseModel):
    """A conversation, what the model answers to it, and what has to become of the answer.

    `again` is its answer to the second ask, `names` whom it names when it is asked whom question
    and draft tell of, `names_question` for the question alone, `names_context` what it would add
    had it seen the system prompts and tool results.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    group: str
    targets: tuple[str, ...] = ()
    messages: tuple[dict[str, Any], ...]
    draft: str
    again: str | None = None
    names: tuple[str, ...] = ()
    names_question: tuple[str, ...] = ()
    names_context: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    must_keep: tuple[str, ...] = ()
    must_keep_again: tuple[str, ...] = ()
    input_must_keep: tuple[str, ...] = ()
    input_must_not_contain: tuple[str, ...] = ()

    @property
    def is_unrelated(self) -> bool:
        """Whether the reply has to be the draft, byte for byte."""
        return self.group == UNRELATED

    @property
    def has_leaking_draft(self) -> bool:
        """Whether the draft, as it is, holds what must not leave."""
        return any(piece.casefold() in self.draft.casefold() for piece in self.must_not_contain)


class _Targets(BaseModel):
    model_config = ConfigDict(frozen=True)

    requests: Mapping[str, str]
    elicited: Mapping[str, tuple[Known, ...]] = {}


@dataclass(frozen=True, slots=True)
class Drafts:
    """All of a folder: forget requests by id, what is known, and the cases."""

    requests: Mapping[str, str]
    known: tuple[Known, ...]
    cases: tuple[Case, ...]


def load_drafts(folder: Path) -> Drafts:
    """The drafts of a folder; ends the program with one line where they cannot be read."""
    targets, cases = folder / "targets.json", folder / "cases.jsonl"
    for path in (targets, cases):
        if not path.is_file():
            raise SystemExit(f"{path} is missing: give --data a folder that holds it")
    try:
        told = _Targets.model_validate_json(targets.read_bytes())
    except ValidationError as error:
        raise SystemExit(f"{targets}: {_first(error)}") from None
    known = tuple(k for answers in told.elicited.values() for k in answers)
    return Drafts(told.requests, known, tuple(_cases(cases)))


def _cases(path: Path) -> Iterator[Case]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            try:
                yield Case.model_validate(json.loads(line))
            except ValidationError as error:
                raise SystemExit(f"{path}, line {number}: {_first(error)}") from None
            except ValueError as error:
                raise SystemExit(f"{path}, line {number}: not JSON ({error})") from None


def _first(error: ValidationError) -> str:
    found = error.errors()[0]
    where = ".".join(map(str, found["loc"])) or "the whole"
    return f"{where}: {found['msg'][:1].lower()}{found['msg'][1:]}"
