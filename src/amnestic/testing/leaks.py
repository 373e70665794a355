"""Checks that a secret appears on none of the surfaces that a caller, or an operator, can see."""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
import traceback
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.load.serializable import Serializable
from pydantic import BaseModel

__all__ = ["CallbackRecorder", "LogCapture", "assert_no_leak", "capture_logs", "leaks_in"]

_DEPTH = 24
_CONTAINERS = (dict, list, tuple, set, frozenset)
_OF_ITS_FIELDS: tuple[Any, ...] = (
    BaseModel.__repr__,
    BaseModel.__repr_args__,
    Serializable.__repr_args__,
)


def assert_no_leak(secret: str | Iterable[str], *surfaces: Any) -> None:
    """Fail if a secret stands on any surface, plainly or in a simple disguise.

    A surface is anything: text, bytes, an exception (its arguments, notes, causes and traceback),
    a log record, a Pydantic model, a dataclass, a mapping or sequence of them, any object with
    attributes, or a `Path`, whose file or folder of files is read.

    >>> assert_no_leak("canary-7", "all is well", {"reply": ["nothing here"]})
    >>> assert_no_leak("canary-7", {"reply": ["Y2FuYXJ5LTc="]})
    Traceback (most recent call last):
        ...
    AssertionError: a secret leaked on surface 1 of 1, in $['reply'][0]
    """
    secrets = [secret] if isinstance(secret, str) else list(secret)
    for number, surface in enumerate(surfaces, start=1):
        for place in leaks_in(secrets, surface):
            raise AssertionError(
                f"a secret leaked on surface {number} of {len(surfaces)}, in {place}"
            )


def leaks_in(secrets: Iterable[str], surface: Any) -> Iterator[str]:
    """The places of a surface where a secret stands, such as `$.args[0]`."""
    forms = {form for secret in secrets for form in _forms(secret)}
    for place, text in _texts(surface, "$", frozenset(), 0):
        folded = text.casefold()
        if any(form in folded for form in forms):
            yield place


@lru_cache(maxsize=256)
def _forms(secret: str) -> frozenset[str]:
    """A secret as it is, and as the usual encoders write it; all case-folded."""
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {
        secret,
        secret[::-1],
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        urllib.parse.quote(raw),
        urllib.parse.quote_plus(raw),
        base64.b64encode(raw).decode().rstrip("="),
        raw.hex(),
    }
    return frozenset(form.casefold() for form in forms)


def _texts(value: Any, place: str, seen: frozenset[int], depth: int) -> Iterator[tuple[str, str]]:
    if (
        value is None
        or isinstance(value, bool | int | float)
        or depth > _DEPTH
        or id(value) in seen
    ):
        return
    if isinstance(value, str):
        yield place, value
        return
    if isinstance(value, bytes | bytearray | memoryview):
        yield place, bytes(value).decode("utf-8", "replace")
        return
    if isinstance(value, Path):
        yield from _file_texts(value)
        return
    for name, inner in _inside(value):
        yield from _texts(inner, f"{place}{name}", seen | {id(value)}, depth + 1)
    if depth == _DEPTH or _shows_more(value):
        yield f"repr({place})", repr(value)


def _shows_more(value: Any) -> bool:
    """Whether the `repr` of a value may tell what its parts, which are read too, do not. Those of
    nested containers and messages would be made anew at each level, which takes most of the time.
    """
    kind = type(value)
    if not isinstance(value, BaseModel):
        return kind not in _CONTAINERS
    made_by = (kind.__repr__, kind.__repr_args__)
    return bool(kind.model_computed_fields) or any(by not in _OF_ITS_FIELDS for by in made_by)


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseException):
        yield " (traceback)", "".join(traceback.format_exception(value))
        yield ".__cause__", value.__cause__
        yield ".__context__", value.__context__
        yield ".args", value.args
        yield ".attributes", vars(value)
    elif isinstance(value, logging.LogRecord):
        yield " (message)", value.getMessage()
        yield ".attributes", vars(value)
        if value.exc_info and value.exc_info[1]:
            yield ".exc_info", value.exc_info[1]
    elif isinstance(value, Mapping):
        for key, item in list(value.items()):
            yield f"[{key!r}]", item
            yield " (key)", key
    elif isinstance(value, list | tuple | set | frozenset):
        for i, item in enumerate(value):
            yield f"[{i}]", item
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield f".{name}", getattr(value, name)
        yield ".extra", value.model_extra
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield f".{field.name}", getattr(value, field.name)
    elif not isinstance(value, type | ModuleType) and not callable(value):
        yield ".attributes", getattr(value, "__dict__", None)


def _file_texts(path: Path) -> Iterator[tuple[str, str]]:
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        yield str(file), file.read_bytes().decode("utf-8", "replace")


class LogCapture(logging.Handler):
    """Keeps every record, with its message made at once."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.records: list[logging.LogRecord] = []
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.records.append(record)
        self.lines.append(f"{record.name}: {record.getMessage()}")


@contextmanager
def capture_logs() -> Iterator[LogCapture]:
    """Capture what every logger of the process says, down to DEBUG.

    >>> with capture_logs() as logs:
    ...     logging.getLogger("some.library").debug("a detail")
    >>> logs.lines
    ['some.library: a detail']
    """
    capture = LogCapture()
    root = logging.getLogger()
    loggers = [
        root,
        *(x for x in root.manager.loggerDict.values() if isinstance(x, logging.Logger)),
    ]
    # One without a level has its parent's; each change of a level empties the caches of all.
    deafened = [x for x in loggers if x is root or x.disabled or x.level > logging.DEBUG]
    before = [(logger, logger.level, logger.disabled) for logger in deafened]
    deaf = [logger for logger in loggers if logger is root or not logger.propagate]
    for logger in deafened:
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
    for logger in deaf:
        logger.addHandler(capture)
    try:
        yield capture
    finally:
        for logger in deaf:
            logger.removeHandler(capture)
        for logger, level, disabled in before:
            logger.setLevel(level)
            logger.disabled = disabled


class CallbackRecorder(BaseCallbackHandler):
    """A LangChain callback handler that keeps all that it is told.

    >>> from amnestic.testing import ScriptedChatModel
    >>> recorder = CallbackRecorder()
    >>> _ = ScriptedChatModel.of("Hello.").invoke("Hi", config={"callbacks": [recorder]})
    >>> [name for name, _ in recorder.events]
    ['on_chat_model_start', 'on_llm_end']
    """

    def __init__(self) -> None:
        super().__init__()
        self.events: list[tuple[str, Any]] = []


def _recording(name: str) -> Any:
    def record(self: CallbackRecorder, *args: Any, **kwargs: Any) -> None:
        self.events.append((name, (args, kwargs)))

    record.__name__ = name
    return record


for _name in dir(BaseCallbackHandler):
    if _name.startswith("on_"):
        setattr(CallbackRecorder, _name, _recording(_name))
