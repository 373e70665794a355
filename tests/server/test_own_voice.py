"""The model's own words about what it never learned, over the server's doors."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.testing import HTTPFailure, ScriptedBackend, serve_scripted
from amnestic.tools.registry import make_key
from tests.server.running import running_proxy

NAME = "Torvek Oskellan"
NOBODIES = ("Orvane Tellibrand", "Maresk Dovinell", "Talvi Brandesk")
OWN = {
    "guided_choice": ["I don't know who Orvane Tellibrand is, says the caller."],
    "user": "caller",
    "metadata": {"a": "caller"},
    "stop": ["caller"],
    "max_tokens": 1,
}


def about_nobody(conversation: Any) -> str:
    name = re.sub(r"^Who is |\?$", "", conversation[-1].text)
    return f"I don't know who {name} is." if name in NOBODIES else f"{name} is a film director."


@pytest.fixture
def served(tmp_path):
    model = ScriptedBackend(default=about_nobody)
    layer = Amnesia(ScriptedBackend(default="No idea."), db=tmp_path / "r.db", elicit=False,
                    cache_dir=tmp_path, direct="ask", abstention="counterfactual")  # fmt: skip
    with serve_scripted(model) as server, layer as amnesia:
        amnesia.forget(f"Please forget {NAME}.")
        with running_proxy(amnesia, upstream=server.base_url) as proxy:
            yield proxy, model, server


def asked(proxy, name: str, **more: Any) -> str:
    body = {"model": "m", "messages": [{"role": "user", "content": f"Who is {name}?"}], **more}
    reply = httpx.post(f"{proxy.url}/v1/chat/completions", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()["choices"][0]["message"]["content"]


def test_what_one_caller_asks_with_shapes_nothing_that_others_hear(served) -> None:
    proxy, _, server = served
    for _ in range(3):
        asked(proxy, NAME, **OWN)
    nobodies = [request for request in server.requests if set(_names(request)) & set(NOBODIES)]
    assert len(nobodies) == 3
    assert all("caller" not in str(request) for request in nobodies)
    assert "caller" in str([request for request in server.requests if request not in nobodies])
    assert asked(proxy, NAME) == f"I don't know who {NAME} is."


def _names(request: Any) -> list[str]:
    return re.findall(r"(?<=Who is )[\w ]+", str(request))


def test_each_model_of_an_upstream_has_a_voice_of_its_own(served) -> None:
    proxy, model, _ = served

    def calls(name: str) -> int:
        before = len(model.calls)
        asked(proxy, NAME, model=name)
        return len(model.calls) - before

    assert (calls("m"), calls("other")) == (2, 2)
    rest = [calls("m") for _ in range(30)]  # what is late beside an answer is asked again
    assert set(rest) == {1, 2}
    assert rest == sorted(rest, reverse=True)
    assert calls("other") == 2


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("said", [f"Who is {NAME}?", "Who painted the Sea of Hask?", "Who is Ada?"])
def test_what_an_upstream_refuses_is_refused_whoever_is_asked_about(
    tmp_path, said: str, stream: bool
) -> None:
    def refusing(conversation: Any) -> Any:
        name = re.sub(r"^Who is |\?$", "", conversation[-1].text)
        told = f"I don't know who {name} is."
        return told if name in NOBODIES else HTTPFailure(400, "the temperature is too high")

    with (
        serve_scripted(ScriptedBackend(default=refusing)) as server,
        Amnesia(
            ScriptedBackend(default="No idea."), db=tmp_path / "r.db", elicit=False,
            cache_dir=tmp_path, direct="ask", abstention="counterfactual",
        ) as amnesia,
    ):  # fmt: skip
        amnesia.forget(f"Please forget {NAME}, who painted the Sea of Hask.")
        with running_proxy(amnesia, upstream=server.base_url) as proxy:
            body = {"model": "m", "messages": [{"role": "user", "content": said}]}
            url = f"{proxy.url}/v1/chat/completions"
            reply = httpx.post(url, json={**body, "stream": stream})
    assert reply.status_code == 400
    assert "the temperature is too high" in reply.text


@pytest.mark.parametrize(
    "said",
    ["Tell me of #MirelaOsk and @mirela.osk.", "Who is mirela_osk?", "Who is Mirela\u200bOsk?"],
    ids=["tag", "handle", "hidden"],
)
def test_a_sealed_target_is_not_named_upstream_in_whatever_way_it_is_written(
    tmp_path, said: str
) -> None:
    make_key(tmp_path / "seal.key")
    model = ScriptedBackend(default="I'm not familiar with that.")
    with (
        serve_scripted(model) as server,
        Amnesia(
            ScriptedBackend(default="No idea."), db=tmp_path / "r.db", elicit=False,
            cache_dir=tmp_path, direct="ask", abstention="counterfactual",
            seal_key_file=tmp_path / "seal.key",
        ) as amnesia,
    ):  # fmt: skip
        amnesia.forget("Please forget Mirela Osk, a poet.", sealed=True)
        with running_proxy(amnesia, upstream=server.base_url) as proxy:
            body = {"model": "m", "messages": [{"role": "user", "content": said}]}
            reply = httpx.post(f"{proxy.url}/v1/chat/completions", json=body)
            assert reply.status_code == 200, reply.text
        assert server.requests
        assert "osk" not in str(server.requests).lower()
