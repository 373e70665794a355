"""What a run of the unlearning graph gives."""

from __future__ import annotations

from dataclasses import dataclass

from amnestic.types import Generation, Receipt, Reply

__all__ = ["Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may leave: the verified choices, and the receipt for the operator.

    `generation.raw` is the provider's own object, there only when nothing was changed.
    """

    generation: Generation
    receipt: Receipt

    @property
    def text(self) -> str:
        """The answer of the first choice."""
        return self.generation.choices[0].text if self.generation.choices else ""

    def reply(self) -> Reply:
        """The same, as a caller of the layer gets it."""
        return Reply(text=self.text, receipt=self.receipt, drafts=self.generation.choices)
