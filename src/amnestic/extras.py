"""What is installed beside the core, and the one line that says how to install what is missing."""

from __future__ import annotations

import importlib.util
from types import MappingProxyType

from amnestic.exceptions import MissingExtraError

__all__ = ["EXTRAS", "is_installed", "require"]

EXTRAS = MappingProxyType(
    {
        "local": ("torch", "transformers", "onnx", "tokenizers", "llguidance"),
        "gguf": ("xllamacpp",),
        "server": (
            "aiohttp",
            "cryptography",
            "fastapi",
            "httptools",
            "prometheus_client",
            "python_multipart",
            "starlette",
            "structlog",
            "uvicorn",
            "yarl",
        ),
        "postgres": ("psycopg",),
        "proof": ("cryptography",),
        "otel": ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"),
        "scrub": ("pyarrow", "zstandard"),
        "ray": ("ray",),
        "examples": ("gradio",),
    }
)
"""The packages that each extra brings, by their import names. Left out are those of one system
alone, and `gguf` of `local`: transformers asks for it by itself, where a file needs it."""


def is_installed(extra: str) -> bool:
    """Whether all that an extra brings can be found; nothing is imported.

    A package that is there and fails to import is not missing: its own error says what is wrong.

    >>> is_installed("no such extra")
    Traceback (most recent call last):
        ...
    KeyError: 'no such extra'
    """
    return all(map(_is_there, EXTRAS[extra]))


def _is_there(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:  # nor is what it is a part of
        return False


def require(extra: str, what: str, otherwise: str = "") -> None:
    """Raise `MissingExtraError` unless `extra` is installed.

    Args:
        extra: the extra.
        what: what needs it, as the message begins: "model 'embedded'".
        otherwise: what serves instead, as the message ends.
    """
    if not is_installed(extra):
        raise MissingExtraError(extra, what, otherwise)
