"""`/docs` needs no other host, and the description says which keys are asked for."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from amnestic.exceptions import ConfigurationError
from amnestic.server.app import create_app
from amnestic.server.settings import ServerSettings
from amnestic.server.sockets import listening_sockets
from tests.layers import keyword_layer

KEYS: dict[str, Any] = {
    "caller_keys": ["caller"],
    "check_keys": ["checker"],
    "admin_token": "admin",
}


@contextmanager
def asked(folder: Path, **settings: Any) -> Iterator[TestClient]:
    with keyword_layer(folder, "Osk") as layer:
        app = create_app(layer, ServerSettings(**settings))
        yield TestClient(app, base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """What every test here only reads."""
    with asked(tmp_path_factory.mktemp("reference"), **KEYS) as client:
        yield client


def test_the_page_loads_nothing_from_another_host(http: TestClient) -> None:
    page = http.get("/docs")
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [place for place in loaded if "//" in place] == []
    files = [place for place in loaded if not place.startswith("data:")]
    assert len(files) == 3
    for place in files:
        found = http.get(f"/{place}")
        assert (found.status_code, found.text[:1] != "<") == (200, True)
    assert "SwaggerUIBundle" in http.get("/docs/swagger-ui-bundle.js").text
    assert 'url: "openapi.json"' in http.get("/docs/start.js").text


@pytest.mark.parametrize("path", ["/docs/README.md", "/docs/..%2fapp.py", "/redoc"])
def test_no_other_file_is_served(http: TestClient, path: str) -> None:
    assert http.get(path).status_code == 404


def test_the_licence_of_what_is_served_lies_beside_it() -> None:
    import amnestic.server

    folder = Path(amnestic.server.__file__).parent / "swagger_ui"
    assert "Apache License" in (folder / "LICENSE").read_text()


def test_each_endpoint_says_which_key_it_asks_for(http: TestClient) -> None:
    told = http.get("/openapi.json").json()
    schemes = told["components"]["securitySchemes"]
    assert {name: (s["type"], s["scheme"]) for name, s in schemes.items()} == dict.fromkeys(
        ("callerKey", "checkKey", "adminToken"), ("http", "bearer")
    )
    asks = {
        path: {name for how in operation.get("security", ()) for name in how}
        for path, ways in told["paths"].items()
        for operation in ways.values()
    }
    assert asks["/v1/chat/completions"] == asks["/v1/models"] == {"callerKey"}
    assert asks["/v1/checks"] == {"checkKey"}
    assert asks["/v1/targets"] == asks["/metrics"] == {"adminToken"}
    assert asks["/healthz"] == asks["/readyz"] == set()


def test_a_server_without_keys_asks_for_none(tmp_path: Path) -> None:
    with asked(tmp_path) as http:
        assert "securitySchemes" not in http.get("/openapi.json").json()["components"]


@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("second", [1, 2])
def test_two_servers_do_not_share_a_port(first: int, second: int) -> None:
    held = listening_sockets(ServerSettings(port=0, workers=first))
    port = held[0].getsockname()[1]
    assert len(held) == first
    with pytest.raises(ConfigurationError, match="Address already in use"):
        listening_sockets(ServerSettings(port=port, workers=second))
    for listening in held:
        listening.close()


def test_every_worker_of_one_server_is_asked() -> None:
    workers = listening_sockets(ServerSettings(port=0, workers=3))
    address = workers[0].getsockname()
    callers = [socket.create_connection(address) for _ in range(60)]
    asked = 0
    for listening in workers:
        listening.settimeout(0)
        try:
            listening.accept()[0].close()
            asked += 1
        except BlockingIOError:
            pass
    for used in (*callers, *workers):
        used.close()
    assert asked == 3


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/keys", "GET, POST"),
        ("POST", "/v1/keys/0", "DELETE, GET"),
        ("GET", "/v1/keys/0:rotate", "GET"),
        ("PUT", "/v1/keys/0:rotate", "POST"),
        ("PUT", "/v1/targets/t-1", "DELETE, GET, PATCH"),
        ("DELETE", "/v1/targets", "GET, POST"),
        ("PATCH", "/v1/targets:add", "POST"),
        ("PUT", "/healthz", "GET"),
    ],
)
def test_a_method_that_is_not_allowed_is_told_all_that_are(
    http: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = http.request(method, path, headers={"authorization": "Bearer admin"})
    if method in allowed:
        assert answer.status_code == 404
        return
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
