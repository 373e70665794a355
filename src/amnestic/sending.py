"""A layer in another process: it is sent as what it is made of, and made anew there."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from amnestic.config import Settings
from amnestic.exceptions import RegistryUnavailableError

if TYPE_CHECKING:
    from amnestic.models.resolve import ModelSpec
    from amnestic.tools.registry import Position, Registry

__all__ = ["Sending", "refuse_unsendable"]


def refuse_unsendable(thing: Any, what: str, mend: str) -> None:
    """Raise `PicklingError` where a thing holds what no process can send to another, such as locks
    and connections. What only cannot be found by its name is left to those that find it otherwise.

    >>> refuse_unsendable("openai:m", "the model", "make it there")
    """
    try:
        pickle.dumps(thing)
    except TypeError:
        kind = type(thing).__name__
    except (pickle.PicklingError, AttributeError):
        return
    else:
        return
    raise pickle.PicklingError(f"{what}, a {kind}, cannot be pickled: {mend}")


class Sending:
    """The part of `Amnesia` that copies and pickles it.

    A copy of a layer is the layer itself, which may be shared. A pickle holds its settings,
    keys among them, and its models as they were given; the registry stays where it is.
    """

    settings: Settings
    _model: ModelSpec
    _agent_model: ModelSpec | None

    if TYPE_CHECKING:

        @property
        def registry(self) -> Registry: ...

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        for model in (self._model, self._agent_model):
            mend = "name it, such as 'openai:<name>', or make the layer where it is used"
            refuse_unsendable(model, "the layer's model", mend)
        known = self.registry.position().anywhere()  # whatever file it is where it is made anew
        settings = _placed(self.settings)
        return _rebuilt, (type(self), settings, self._model, self._agent_model, known)


def _placed(settings: Settings) -> Settings:
    """Settings whose paths are the same wherever the process that reads them stands."""
    paths = {name: value for name, value in settings if isinstance(value, Path)}
    return settings.model_copy(update={name: path.absolute() for name, path in paths.items()})


def _rebuilt(
    kind: Any, settings: Settings, model: ModelSpec, agent_model: ModelSpec | None, known: Position
) -> Any:
    """The layer that was sent. Raises `RegistryUnavailableError` where its registry is not here: an
    empty one in its place would let everything pass."""
    if isinstance(settings.db, Path) and not settings.db.exists():
        raise RegistryUnavailableError(
            f"the registry `{settings.db}` of the layer that was sent is not on this machine; "
            "put it on a disk that both can reach"
        )
    layer = kind(model, agent_model=agent_model, settings=settings)
    if not layer.registry.follows(known):
        layer.close()
        raise RegistryUnavailableError(
            f"the registry `{settings.db}` is another one than that of the layer that was sent, "
            "or an older copy; both need the same file"
        )
    return layer
