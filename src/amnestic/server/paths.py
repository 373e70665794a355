"""Where clients look for the doors: Azure's paths, and a base URL without `/v1`."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["MODEL", "Paths", "as_here"]

MODEL = "amnestic.model"
"""Where a request's scope holds the model that its path names."""

_DOORS = (
    "(?:chat/completions|completions|responses|conversations|embeddings|models|moderations)(?:/.*)?"
)
_DEPLOYED = re.compile(
    "/openai/deployments/(?P<model>.+?)/(?P<door>chat/completions|completions|embeddings)"
)
_ELSEWHERE = re.compile(f"/(?:openai/(?:v1/)?)?(?P<door>{_DOORS})")


def as_here(path: str) -> tuple[str, str | None]:
    """A door's path as this server calls it, and the model that the path names.

    >>> as_here("/openai/deployments/gpt/chat/completions"), as_here("/models")
    (('/v1/chat/completions', 'gpt'), ('/v1/models', None))
    >>> as_here("/v1/checks")
    ('/v1/checks', None)
    """
    if found := _DEPLOYED.fullmatch(path):
        return f"/v1/{found['door']}", found["model"]
    if found := _ELSEWHERE.fullmatch(path):
        return f"/v1/{found['door']}", None
    return path, None


class Paths:
    """An ASGI middleware that leads to the doors from wherever clients look for them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request where it belongs."""
        if scope["type"] == "http":
            path, model = as_here(scope["path"])
            if path != scope["path"]:
                scope = {**scope, "path": path, "raw_path": path.encode(), MODEL: model}
        await self._app(scope, receive, send)
