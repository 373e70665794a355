"""How long a registry on a server is waited for."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, make_url

from amnestic.tools.registry.engine import make_engine


@pytest.mark.parametrize(("query", "told"), [("", 5), ("?connect_timeout=2", "2")])
def test_a_server_that_does_not_answer_is_given_up_after_seconds(
    query: str, told: int | str
) -> None:
    pytest.importorskip("psycopg")
    engine = make_engine(make_url(f"postgresql+psycopg://me@127.0.0.1/there{query}"))
    seen = dict[str, Any]()

    def stops(_: Any, __: Any, ___: Any, given: dict[str, Any]) -> None:
        seen.update(given)
        raise InterruptedError

    event.listen(engine, "do_connect", stops)
    with pytest.raises(InterruptedError):
        engine.connect()
    assert seen["connect_timeout"] == told
