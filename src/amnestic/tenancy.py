"""Namespaces as calls name them, and `namespace=`: the call as the layer of another takes it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from amnestic.exceptions import InvalidRequestError
from amnestic.types import is_namespace

__all__ = ["by_namespace", "name_of"]

F = TypeVar("F", bound=Callable[..., Any])


def by_namespace(method: F) -> F:
    """A method of a layer that is called within its `namespace`, where one is given.

    The signature names that parameter, and the body never meets it: it is run by `within`'s layer,
    so that whatever it opens, asks and calls is of that namespace.

    >>> class Layer:
    ...     space = "default"
    ...     def within(self, namespace):
    ...         other = Layer()
    ...         other.space = namespace
    ...         return other
    ...     @by_namespace
    ...     def where(self, *, namespace=None):
    ...         return self.space
    >>> Layer().where(), Layer().where(namespace="tenant")
    ('default', 'tenant')
    """
    if inspect.iscoroutinefunction(method):

        @wraps(method)
        async def awaited(
            self: Any, *args: Any, namespace: str | None = None, **options: Any
        ) -> Any:
            return await method(_of(self, namespace), *args, **options)

        return cast("F", awaited)

    @wraps(method)
    def called(self: Any, *args: Any, namespace: str | None = None, **options: Any) -> Any:
        return method(_of(self, namespace), *args, **options)

    return cast("F", called)


def _of(layer: Any, namespace: str | None) -> Any:
    return layer if namespace is None else layer.within(namespace)


def name_of(namespace: object) -> str:
    """A namespace as it is called, without the spaces around it. Raises `InvalidRequestError` for
    what is no name of one (`types.is_namespace`).

    >>> name_of(" tenant ")
    'tenant'
    """
    name = namespace.strip() if isinstance(namespace, str) else ""
    if not is_namespace(name):
        raise InvalidRequestError("a namespace has a name, of characters that can be seen")
    return name
