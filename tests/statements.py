"""What a database is asked, for tests that count it."""

from __future__ import annotations

from sqlalchemy import Engine, event

__all__ = ["statements_of"]


def statements_of(engine: Engine) -> list[str]:
    """The statements that SQLite runs for an engine from here on, whoever hands them over."""
    asked = list[str]()
    event.listen(engine, "checkout", lambda raw, *_: raw.set_trace_callback(asked.append))
    return asked
