"""What a verification asks: the layer in front of its model, and the model by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from amnestic.isolation import run_isolated
from amnestic.types import Message, Receipt, Route

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["OwnModel", "Said", "System"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a system answers, and how that came about."""

    text: str
    receipt: Receipt

    @property
    def is_failed(self) -> bool:
        """Whether the layer failed in its own work: what is withheld then says nothing about a
        target."""
        return self.receipt.route is Route.FAILED and not self.receipt.audit


class System(Protocol):
    """A live system. What raises is taken for no reply, which proves nothing."""

    @property
    def identity(self) -> Mapping[str, str]:
        """What a document says of the system beside the layer: its `model`, if that is another
        than the layer's own, and a hash of its `upstream`."""
        ...

    def says(self, question: str, temperature: float | None = None) -> Said:
        """What callers are told, at a `temperature` of their own where there is one."""
        ...

    def base(self, question: str) -> str | None:
        """What the model says by itself; `None` where it says nothing."""
        ...


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A layer with a model of its own.

    Args:
        amnesia: the layer, in the namespace that is asked.
        options: options of the model for each call.
    """

    amnesia: Amnesia
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> Mapping[str, str]:
        """Nothing: the layer tells it."""
        return {}

    def says(self, question: str, temperature: float | None = None) -> Said:
        """What the layer answers."""
        drawn = {} if temperature is None else {"temperature": temperature}
        reply = self.amnesia.chat(question, **{**self.options, **drawn})
        return Said(reply.text, reply.receipt)

    def base(self, question: str) -> str | None:
        """What its model answers."""
        backend = self.amnesia.parts.backend
        asked = (Message.of("user", question),)
        generation = self.amnesia.call(
            lambda: run_isolated(lambda: backend.generate(asked, self.options))
        )
        return generation.choices[0].text if generation.choices else None
