"""Whether a pooled connection still stands: looked at each time, asked of the server only at need.

Asking is a way there and back before every question. Where the server has ended a connection, or
says anything that nobody has asked for, that can be read from it; what rested for long may have
been dropped on the way without a word, and is asked.
"""

from __future__ import annotations

import select
import time
from functools import partial
from typing import Any

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import InvalidatePoolError

__all__ = ["can_be_looked_at", "looked_after"]

_RESTED = "amnestic_rested"
_LONG = 5.0  # seconds of rest after which the server is asked


def can_be_looked_at(url: URL) -> bool:
    """Whether connections of this kind can be looked at."""
    return url.get_driver_name() == "psycopg" and hasattr(select, "poll")


def looked_after(engine: Engine) -> Engine:
    """`engine`, which gives out no connection of its pool that has ended."""
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", partial(_refuse_ended, engine.dialect))
    return engine


def _note_rest(_: Any, record: Any) -> None:
    record.info[_RESTED] = time.monotonic()


def _refuse_ended(dialect: Dialect, raw: Any, record: Any, _: Any) -> None:
    """Raise what makes the pool take another, and leave those that it has."""
    rested = record.info.get(_RESTED)
    if rested is None:  # it is new
        return
    try:
        if time.monotonic() - rested >= _LONG or not _is_quiet(raw):
            dialect.do_ping(raw)
    except dialect.loaded_dbapi.Error:
        raise InvalidatePoolError from None


def _is_quiet(raw: Any) -> bool:
    """Whether nothing can be read of a connection: no answer is due, so that it would be its end,
    or news that the next question takes in."""
    watched = select.poll()
    watched.register(raw.fileno(), select.POLLIN)
    return not watched.poll(0)
