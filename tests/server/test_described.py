"""Whatever the description allows, and much that it does not, is answered as it says: every route
of the API, and every page and form of the console, whose description is made here. The doors to a
model take more than is described, as models do: what else they are asked is in
`test_other_clients`."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.server.console.routes import _CLOSED, _OPEN
from amnestic.testing import ScriptedBackend, serve_scripted
from tests.patience import PATIENCE
from tests.server.running import Proxy, running_proxy

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("schemathesis") is None, reason="schemathesis is not installed"
    ),
]

NOT_ASKED = "positive_data_acceptance,use_after_free"
"""A text that asks for nothing to be forgotten is a string, and is refused; what was revoked can be
looked at, with its trail."""
TAKES_MORE = f"{NOT_ASKED},negative_data_rejection"
"""A door hands on what it does not know, and takes parts that other clients leave out."""
ASKED = [
    ("admin", r"^/(v1/(keys|targets|checks)|metrics|healthz|readyz)", NOT_ASKED),
    ("admin", r"^/v1/targets/", NOT_ASKED),
    ("gateway", r"^/beta/", NOT_ASKED),
    ("caller", r"^/(api/|v1/(?!keys|targets|checks))", TAKES_MORE),
]
FIELDS = (
    "text space record take reason part value why probes name role namespaces expires requests "
    "tokens grace atomic question model done confirm id"
).split()
"""What the console's forms hold, each of them sent to all of them."""
QUERY = "q state kind space order offset of before skip next back done".split()
LEFT_OUT = ("/login", "/logout")  # whoever is sent there is not logged in any more


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    model = ScriptedBackend(default="Hello there.")
    with (
        serve_scripted(model) as upstream,
        Amnesia(model, db=tmp_path / "r.db", elicit=False) as layer,
        running_proxy(
            layer,
            upstream=upstream.base_url,
            admin_token="admin",
            check_keys=["checker"],
            gateway_keys=["gateway"],
            check_rate=1_000_000,
        ) as running,
    ):
        yield running


def described(where: str, folder: Path, *more: str) -> None:
    """Ask for all that is described."""
    program = [sys.executable, "-m", "schemathesis.cli", "run", where, "--seed", "1"]
    phases = ("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "25")
    found = subprocess.run(
        [*program, *phases, *more], capture_output=True, text=True, timeout=PATIENCE, cwd=folder
    )
    assert found.returncode == 0, found.stdout[-6_000:] + found.stderr[-2_000:]
    assert re.search(r"[1-9]\d* generated", found.stdout), found.stdout[-2_000:]


@pytest.mark.parametrize(("key", "paths", "not_asked"), ASKED)
def test_the_api_is_as_it_is_described(
    proxy: Proxy, tmp_path: Path, key: str, paths: str, not_asked: str
) -> None:
    if paths.endswith("/targets/"):  # of a target that is there
        added = {"data": [{"id": "t-1", "subject": "Mirela Osk"}]}
        head = {"authorization": f"Bearer {key}"}
        httpx.post(f"{proxy.url}/v1/targets:add", json=added, headers=head).raise_for_status()
        (tmp_path / "schemathesis.toml").write_text('[parameters]\n"path.target_id" = "t-1"\n')
    described(
        f"{proxy.url}/openapi.json", tmp_path, "--exclude-checks", not_asked,
        "-H", f"Authorization: Bearer {key}", "--include-path-regex", paths,
    )  # fmt: skip


def test_no_route_is_left_out(proxy: Proxy) -> None:
    there = httpx.get(f"{proxy.url}/openapi.json").json()["paths"]
    assert [path for path in there if not any(re.search(one, path) for _, one, _ in ASKED)] == []


def test_a_stream_is_described_by_its_events(proxy: Proxy) -> None:
    there = httpx.get(f"{proxy.url}/openapi.json").json()["paths"].values()
    answers = [told["responses"] for of_path in there for told in of_path.values()]
    kinds = [one.get("content", {}) for told in answers for one in told.values()]
    schemas = [kind["text/event-stream"]["schema"] for kind in kinds if "text/event-stream" in kind]
    assert len(schemas) > 3
    assert [one for one in schemas if one.get("required") != ["data"]] == []


def test_the_console_answers_whatever_its_forms_send(proxy: Proxy, tmp_path: Path) -> None:
    with httpx.Client(base_url=proxy.url, follow_redirects=True, timeout=PATIENCE) as client:
        token = _token(client.get("/console/login").text)
        client.post("/console/login", data={"token": token, "key": "admin"})
        page = client.post("/console/request", data={"token": token, "text": "x"}).text
        token = _token(client.get("/console").text)
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    assert page
    file = tmp_path / "console.json"
    file.write_text(json.dumps(console(token)))
    described(
        str(file), tmp_path, "--url", proxy.url, "-H", f"Cookie: {cookie}",
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance",
    )  # fmt: skip


def _token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def console(token: str) -> dict[str, Any]:
    """A description of the console for somebody who is logged in."""
    routes = [(method, path) for method, path, *_ in (*_OPEN, *_CLOSED) if path not in LEFT_OUT]
    paths: dict[str, Any] = {}
    for method, named in routes:
        path = named.replace(":path}", "}")  # a route's own way to say that slashes may stand in it
        told = paths.setdefault(f"/console{path}", {})
        told[method.lower()] = _operation(path, token if method == "POST" else None)
    return {"openapi": "3.1.0", "info": {"title": "Console", "version": "1"}, "paths": paths}


def _operation(path: str, token: str | None) -> dict[str, Any]:
    string = {"type": "string"}
    places: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {**string, "minLength": 1}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    if token is None:
        places += [{"name": name, "in": "query", "schema": string} for name in QUERY]
    page = {"description": "A page", "content": {"text/html": {"schema": string}}}
    pages = dict.fromkeys("200 400 401 403 404 405 409 413 415 422 429".split(), page)
    pages["303"] = {"description": "Another page"}
    if path.startswith(("/static", "/work")):
        pages["200"] = {"description": "A file", "content": {"*/*": {"schema": {}}}}
    told: dict[str, Any] = {"parameters": places, "responses": pages}
    if token is not None:
        form: dict[str, Any] = {
            "type": "object",
            "required": ["token"],
            "properties": dict.fromkeys(FIELDS, string) | {"token": {"const": token}},
        }
        kind = "application/x-www-form-urlencoded"
        if path in ("/import", "/proof"):
            kind = "multipart/form-data"
            form["properties"]["file"] = {"type": "string", "format": "binary"}
        told["requestBody"] = {"required": True, "content": {kind: {"schema": form}}}
    return told
