"""The log of a running server: what it begins with, a line for each request, and what goes wrong.

No line holds a word of a request, of a reply or of a target: ids, counts, times and fixed words.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TextIO

import structlog
from structlog.typing import Processor

from amnestic.server.spool import Spool
from amnestic.types import Receipt

__all__ = [
    "Line",
    "LogForm",
    "changed",
    "noted",
    "noted_failure",
    "request_line",
    "said",
    "set_up_logs",
    "take_in_libraries",
]

LogForm = Literal["console", "json", "off"]

_OURS: Final = "amnestic"
_IDS: Final = 20
_FIELDS: Final = ("worker", "worker_pid", "died_by")
"""Fields of their own that lines of the supervisor's have in JSON; a reader finds them in the text.
"""
_LOG: Final = structlog.stdlib.get_logger("amnestic.requests")


@dataclass
class Line:
    """What is told of one request: `receipts` come from the layer, the rest from the door.
    `failures` are the kinds of the model's, `changes` are told in lines of their own, `seconds`
    what it took in all, at its end."""

    endpoint: str = "other"
    status: int = 0
    request_id: str = ""
    receipts: list[Receipt] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def told(self) -> dict[str, Any]:
        """The fields of the line, but for the time.

        >>> Line("/v1/models", 200, "req_1").told()
        {'id': 'req_1', 'endpoint': '/v1/models', 'status': 200}
        """
        shown: dict[str, Any] = {
            "id": self.request_id,
            "endpoint": self.endpoint,
            "status": self.status,
        }
        if self.failures:
            shown["failures"] = "+".join(dict.fromkeys(self.failures))
        if not self.receipts:
            return shown
        found = self.receipts
        audited = {"audit": True} if any(r.audit for r in found) else {}
        return (
            shown
            | audited
            | {
                "route": "+".join(dict.fromkeys(r.route.value for r in found)),
                "added_ms": round(sum(r.added_ms for r in found), 1),
                "targets": sorted({target for r in found for target in r.targets}),
                "base_calls": sum(r.base_calls for r in found),
                "agent_calls": sum(r.agent_calls for r in found),
                "agent_tokens": sum(r.agent_tokens for r in found),
            }
        )


_line: ContextVar[Line | None] = ContextVar("amnestic_request_line", default=None)
_written: dict[str, bool] = {"requests": False}


def set_up_logs(form: LogForm, stream: TextIO | None = None) -> None:
    """Write the log to a stream from here on, standard error unless told: for a reader, or an
    object of JSON a line. With `off` only warnings and errors are written. Nothing waits for what
    is written to be read: see `spool`.

    The program's own `logging` is left as it is, but for the loggers of this package.
    """
    told: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *told,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    shown: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    own: Processor = structlog.stdlib.ExtraAdder(_FIELDS if form == "json" else ())
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown]
    handler = Spool(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*told, own], processors=last)
    )
    ours = logging.getLogger(_OURS)
    for former in ours.handlers:
        if isinstance(former, Spool):
            former.close()
    ours.handlers[:] = [handler]
    ours.propagate = False
    ours.setLevel(logging.WARNING if form == "off" else logging.INFO)
    _written["requests"] = form != "off"


def take_in_libraries() -> None:
    """Write what libraries warn of to the same log: for a process that is this server's alone,
    after `set_up_logs`. Left to themselves they would wait for a reader of standard error."""
    root = logging.getLogger()
    if not root.handlers:
        root.handlers[:] = logging.getLogger(_OURS).handlers
    logging.captureWarnings(capture=True)


def said(event: str, **fields: Any) -> None:
    """Write a line of what happens to the server itself."""
    if _written["requests"]:
        _LOG.info(event, **fields)


def changed(what: str, action: str, *ids: str, count: int = 0) -> None:
    """Write a line of a change that was made through this server: of a `target` or a `key`, what
    was done to it, and the id of the request; of many at once the first ids, and how many they are.
    Who did it and why stands in the trail alone."""
    some = {"ids": list(ids[:_IDS])} if ids else {}
    told = {"what": what, "action": action, "count": count or len(ids), **some}
    line = _line.get()
    if line is None:
        said("change", **told)
    else:
        line.changes.append(told)


@contextmanager
def request_line() -> Iterator[Line]:
    """Within the block, what becomes of one request is gathered; a line is written at its end."""
    line, begun = Line(), time.perf_counter()
    token = _line.set(line)
    try:
        yield line
    finally:
        _line.reset(token)
        line.seconds = time.perf_counter() - begun
        for change in line.changes:
            said("change", id=line.request_id, **change)
        said("request", ms=round(line.seconds * 1_000, 1), **line.told())


def noted_failure(kind: str) -> None:
    """Tell of a failure of the model behind the server with the request that it came of."""
    line = _line.get()
    if line is not None:
        line.failures.append(kind)


def noted(receipt: Receipt) -> None:
    """Tell of a reviewed conversation in the line of the request that it came with."""
    line = _line.get()
    if line is not None:
        line.receipts.append(receipt)
