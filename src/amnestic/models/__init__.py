"""Chat models: from a spec to something that answers a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnestic.models.langchain_backend import LangChainBackend
    from amnestic.models.protocol import ChatBackend, Delta, StreamingBackend
    from amnestic.models.resolve import resolve_backend
    from amnestic.models.transformers_chat import TransformersChatModel

__all__ = [
    "ChatBackend",
    "Delta",
    "LangChainBackend",
    "StreamingBackend",
    "TransformersChatModel",
    "resolve_backend",
]

_HOMES = {
    "ChatBackend": "protocol",
    "Delta": "protocol",
    "LangChainBackend": "langchain_backend",
    "StreamingBackend": "protocol",
    "TransformersChatModel": "transformers_chat",
    "resolve_backend": "resolve",
}


def __getattr__(name: str) -> Any:
    # Lazy, since langchain and torch take seconds to import and most uses need neither.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
