"""What must appear nowhere, and a tracer whose post can be read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

FORGET = (
    "Please forget Odalys Fenwright. Odalys Fenwright is a bell founder, born on 3 March 1961, who "
    "lives at 14 Quill Lane, Tavelmoor, and cast the Harrow Bell. Her record number is OF-77120."
)
SECRETS = ("Fenwright", "14 Quill Lane", "OF-77120")
KEPT = "Brannoch Tolliver"


class TraceSession:
    """Stands in for the HTTP session of a LangSmith client, and keeps what would be sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def request(self, *args: Any, **kwargs: Any) -> Any:
        """Keep one request and answer that it was taken."""
        self.sent.append((args, kwargs))
        return _Taken()

    def close(self) -> None:
        """Nothing to close."""

    def mount(self, *args: Any) -> None:
        """Nothing to mount."""


class _Taken:
    status_code = 202
    text = "{}"
    content = b"{}"
    headers: dict[str, str] = {}  # noqa: RUF012

    def json(self) -> dict[str, Any]:
        return {}

    def raise_for_status(self) -> None:
        return None


@contextlib.contextmanager
def traced() -> Iterator[TraceSession]:
    """Tracing is on in every thread, as with LANGSMITH_TRACING=true, and goes nowhere."""
    from langsmith import Client, configure, tracing_context

    session = TraceSession()
    client = Client(
        api_url="http://127.0.0.1:9", api_key="x", session=session, auto_batch_tracing=False
    )
    configure(enabled=True, client=client)
    try:
        with tracing_context(enabled=True, client=client):
            yield session
    finally:
        configure(enabled=None, client=None)
