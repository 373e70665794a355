"""Whose certificates are believed where the layer itself calls an API."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from ssl import SSLContext
from typing import Any

__all__ = ["trusted"]


def trusted(*, trust_env: bool) -> SSLContext:
    """The certificates that OpenAI's SDK believes, whose HTTP library is httpx, or httpx2 since
    openai 3; with `trust_env` those of the environment's own settings, too. Reading them takes a
    while.

    >>> trusted(trust_env=False).check_hostname
    True
    """
    http: Any = import_module("httpx2" if find_spec("httpx2") else "httpx")
    context: SSLContext = http.create_ssl_context(trust_env=trust_env)
    return context
