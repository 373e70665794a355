"""Connections that had their answer stay open longer than a balancer in front keeps its own."""

from __future__ import annotations

import socket

import pytest
import uvicorn
from fastapi import FastAPI

from amnestic.server.serving import serve_alone
from amnestic.server.settings import ServerSettings

_BALANCERS = 60.0  # seconds: what nginx and the balancers of the clouds keep theirs for


@pytest.mark.parametrize("given", [{}, {"idle_timeout": 700.0}])
def test_a_server_closes_an_idle_connection_after_whoever_is_in_front(
    given: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = list[uvicorn.Config]()
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, sockets: served.append(server.config))
    settings = ServerSettings(**given)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serve_alone(FastAPI(), settings, listening)
    (config,) = served
    assert config.timeout_keep_alive == settings.idle_timeout > _BALANCERS
