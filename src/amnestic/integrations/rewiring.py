"""Putting one runnable in the place of another inside a chain that a library built."""

from __future__ import annotations

from typing import Any

from langchain_core.runnables import Runnable, RunnableParallel, RunnableSequence
from langchain_core.runnables.base import RunnableBindingBase
from langchain_core.runnables.fallbacks import RunnableWithFallbacks
from langchain_core.runnables.passthrough import RunnableAssign

from amnestic.exceptions import ConfigurationError

__all__ = ["rewired"]


def rewired(chain: Runnable[Any, Any], old: Runnable[Any, Any], new: Any) -> Runnable[Any, Any]:
    """`chain` with `new` wherever it called `old`.

    Raises `ConfigurationError` where `old` is not found: a chain that would still call it would
    go round the layer.

    >>> from langchain_core.runnables import RunnableLambda
    >>> one, two = RunnableLambda(lambda x: x + 1), RunnableLambda(lambda x: x + 2)
    >>> rewired(one | (lambda x: x * 10), one, two).invoke(1)
    30
    """
    changed: Runnable[Any, Any] = _rewire(chain, old, new)
    if changed is chain:
        raise ConfigurationError(
            f"a {type(chain).__name__} does not show the model that it calls; "
            "bind tools or a schema to the wrapping model instead"
        )
    return changed


def _rewire(part: Any, old: Any, new: Any) -> Any:
    if part is old:
        return new
    if isinstance(part, RunnableSequence):
        steps = [_rewire(step, old, new) for step in part.steps]
        same = all(a is b for a, b in zip(steps, part.steps, strict=True))
        return part if same else RunnableSequence(*steps, name=part.name)
    if isinstance(part, RunnableBindingBase):
        return _with(part, "bound", _rewire(part.bound, old, new))
    if isinstance(part, RunnableParallel):
        steps_by_name = {k: _rewire(v, old, new) for k, v in part.steps__.items()}
        same = all(steps_by_name[k] is v for k, v in part.steps__.items())
        return part if same else RunnableParallel(steps_by_name)
    if isinstance(part, RunnableAssign):
        return _with(part, "mapper", _rewire(part.mapper, old, new))
    if isinstance(part, RunnableWithFallbacks):
        return _with(part, "runnable", _rewire(part.runnable, old, new))
    return part


def _with(part: Any, name: str, inner: Any) -> Any:
    return part if inner is getattr(part, name) else part.model_copy(update={name: inner})
