"""What came of one probe: the line that a run keeps, and all that scores and reports read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Record"]


class Record(BaseModel):
    """One system's reply to one probe: a line of a run's `records.jsonl`.

    A run keeps its probes in `probes.jsonl`, by `key`, with everything that scores need, so a
    report needs neither the data set nor a model. `bare` says whether the reply is byte for byte
    the one of the system `none` in the same run to the same probe, seed and sample; None where
    that was not asked. `error` is one line without text of a target, where no answer came.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str
    probe: str
    seed: int = 0
    sample: int = 0
    text: str = ""
    channels: Mapping[str, str] = Field(default_factory=dict)
    bare: bool | None = None
    calls: int = 0
    tokens: int = -1
    seconds: float = 0.0
    added: float = 0.0
    route: str = ""
    error: str = ""

    @property
    def place(self) -> tuple[str, str, int, int]:
        """What tells this record from every other of a run."""
        return (self.system, self.probe, self.seed, self.sample)

    def as_row(self) -> dict[str, Any]:
        """The line as it is written: fields that hold nothing are left out."""
        return self.model_dump(mode="json", exclude_defaults=True)
