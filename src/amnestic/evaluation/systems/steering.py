"""Acting on the forward passes of a local model that are made for one question, and on no others.

Weights are shared by everybody who uses a checkpoint. A hook is registered for the time of one
question and acts only where the context variable of that question is seen, which travels into the
thread that decodes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeAlias

from amnestic.exceptions import ConfigurationError

__all__ = ["Hook", "Spent", "decoder_layers", "steering"]

Hook: TypeAlias = Callable[[tuple[Any, ...], Mapping[str, Any], Any], Any]
"""From what a module was given, by position and by name, and what it gave, to what it is to give;
None leaves it as it is."""

_acting: ContextVar[Spent | None] = ContextVar("amnestic_steering", default=None)


@dataclass(slots=True, eq=False)
class Spent:
    """Seconds that hooks took."""

    seconds: float = 0.0


@contextmanager
def steering(hooks: Mapping[Any, Hook]) -> Iterator[Spent]:
    """Within the block, each hook acts on its module in the forward passes of this context; what
    they took is told."""
    mine = Spent()
    token = _acting.set(mine)
    with ExitStack() as stack:
        stack.callback(_acting.reset, token)
        for module, hook in hooks.items():
            handle = module.register_forward_hook(_only(mine, hook), with_kwargs=True)
            stack.callback(handle.remove)
        yield mine


def _only(mine: Spent, hook: Hook) -> Callable[..., Any]:
    def act(module: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], given: Any) -> Any:
        if _acting.get() is not mine:
            return None
        begun = time.perf_counter()
        changed = hook(args, kwargs, given)
        mine.seconds += time.perf_counter() - begun
        return changed

    return act


def decoder_layers(model: Any, system: str) -> Any:
    """The decoder layers of a causal language model, first one first.

    Raises `ConfigurationError` where they cannot be found.
    """
    for path in ("model.layers", "transformer.h", "gpt_neox.layers"):
        found = model
        for part in path.split("."):
            found = getattr(found, part, None)
        if found is not None:
            return found
    raise ConfigurationError(
        f"system {system!r} does not find the decoder layers of a {type(model).__name__}: "
        "use a model of the Llama, GPT-2 or GPT-NeoX kind"
    )
