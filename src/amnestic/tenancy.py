"""`namespace=` of a call: the same call, as the layer of another namespace takes it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

__all__ = ["by_namespace"]

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
