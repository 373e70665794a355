"""Whose error is it: a client library's, the caller's own code's, or an event loop's?"""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

__all__ = ["causes", "is_clients", "is_of_another_loop", "place"]

_INSTALLED = ("site-packages", "dist-packages")
_COMMON = ("amnestic", "langchain_core", "langgraph", "pydantic", "pydantic_core")
"""What every chat model is written with: an error of these says nothing of whose it is."""

_LIBRARY = Path(__file__).parents[1]
_STANDARD = Path(sysconfig.get_paths()["stdlib"])
_ANOTHER_LOOP = re.compile(r"Event loop is closed|different (?:event )?loop")
_MOST_CAUSES = 10


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what led to it."""
    found: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if found is None:
            return
        yield found
        found = found.__cause__ or found.__context__


def is_of_another_loop(error: BaseException) -> bool:
    """Whether a connection was used on an event loop other than the one that opened it.

    >>> is_of_another_loop(RuntimeError("Event loop is closed"))
    True
    """
    return any(
        isinstance(cause, RuntimeError) and _ANOTHER_LOOP.search(str(cause))
        for cause in causes(error)
    )


def is_clients(error: BaseException) -> bool:
    """Whether an error is a client library's own.

    It is when its class comes from an installed package, or when it was raised within one that
    the layer called directly. Where code that is not installed stands in between, a built-in error
    is that code's: a chat model of the caller's passed something wrong on.
    """
    if any(_client(_file_of(kind)) for kind in type(error).__mro__):
        return True
    files = _files(error)
    return not any(map(_is_own, files)) and any(map(_client, files))


def place(error: BaseException) -> str:
    """The innermost line that is neither the standard library's nor an installed package's.

    >>> place(ValueError("never raised"))
    ''
    """
    found = ""
    for file, line, name in _frames(error.__traceback__):
        if _is_own(file) or _is_ours(file):
            found = f"{Path(file).name}, line {line}, in {name}"
    return found


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield code.co_filename, traceback.tb_lineno, code.co_name
        traceback = traceback.tb_next


def _files(error: BaseException) -> list[str]:
    return [file for file, _, _ in _frames(error.__traceback__)]


def _file_of(kind: type) -> str:
    return getattr(sys.modules.get(kind.__module__), "__file__", None) or ""


def _package(file: str) -> str | None:
    """The installed package that a file belongs to."""
    parts = Path(file).parts
    at = max((i for i, part in enumerate(parts) if part in _INSTALLED), default=None)
    return Path(parts[at + 1]).stem if at is not None and at + 1 < len(parts) else None


def _client(file: str) -> bool:
    package = _package(file)
    return package is not None and package not in _COMMON


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(_LIBRARY)


def _is_own(file: str) -> bool:
    """Whether a file is the caller's: not installed, not the language's, not the layer's."""
    if file.startswith("<frozen") or _package(file) is not None or _is_ours(file):
        return False
    return not Path(file).is_relative_to(_STANDARD)
