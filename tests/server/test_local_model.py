"""A proxy around a model that runs in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openai import OpenAI

from amnestic import Amnesia
from tests.models.tiny_gguf import write_tiny
from tests.patience import PATIENCE
from tests.server.running import running_proxy

TOKENS = 8
FAR = [{"role": "user", "content": "Hello."}]
NEAR = [{"role": "user", "content": "Who is Ana Morel?"}]
BOTH = [{"role": "user", "content": "Who is Ana Morel? And what is the capital of Japan?"}]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenAI]:
    """A client of a proxy whose file was taken away as soon as the proxy was ready."""
    folder = tmp_path_factory.mktemp("served")
    file = write_tiny(folder / "tiny.gguf")
    layer = Amnesia(f"gguf:{file}", db=folder / "r.db", elicit=False)
    layer.forget("Please forget Ana Morel.")
    with running_proxy(layer) as proxy:
        file.unlink()
        yield OpenAI(base_url=f"{proxy.url}/v1", api_key="none", timeout=PATIENCE, max_retries=0)
    layer.close()


def _asked(client: OpenAI, messages: Any, **more: Any) -> Any:
    return client.chat.completions.create(
        model="amnestic", messages=messages, max_tokens=TOKENS, temperature=0, **more
    )


def _usage(client: OpenAI, messages: Any) -> Any:
    return _asked(client, messages).usage


def _streamed_usage(client: OpenAI, messages: Any) -> Any:
    events = [*_asked(client, messages, stream=True, stream_options={"include_usage": True})]
    return events[-1].usage


def test_a_proxy_that_is_ready_reads_no_weights_for_its_first_request(client: OpenAI) -> None:
    assert _asked(client, FAR).choices[0].finish_reason in ("stop", "length")


@pytest.mark.parametrize("messages", [FAR, BOTH], ids=["far", "both"])
def test_usage_is_the_engines(client: OpenAI, messages: Any) -> None:
    plain = _usage(client, messages)
    assert plain.prompt_tokens > len(messages[0]["content"])  # a letter is a token here
    assert plain.completion_tokens == TOKENS  # it never ends by itself


def test_usage_of_a_reply_that_was_touched_is_what_the_engine_counts_of_what_is_said(
    client: OpenAI,
) -> None:
    near = _usage(client, NEAR)
    assert near.completion_tokens == TOKENS  # of which it would have written as many
    roomy = client.chat.completions.create(model="amnestic", messages=NEAR, max_tokens=200)
    said, choice = roomy.choices[0].message.content, roomy.choices[0]
    assert "Morel" not in said
    letters = len(said) - said.count("th")  # which is one token, as every other letter is
    assert roomy.usage.completion_tokens == letters + (choice.finish_reason == "stop")
    more = NEAR[0]["content"].replace("Morel?", "Morel??")
    longer = client.chat.completions.create(
        model="amnestic", messages=[{"role": "user", "content": more}], max_tokens=200
    )
    assert longer.usage.prompt_tokens == roomy.usage.prompt_tokens + 1


@pytest.mark.parametrize("messages", [FAR, NEAR, BOTH], ids=["far", "near", "both"])
def test_usage_is_the_same_plain_and_streamed(client: OpenAI, messages: Any) -> None:
    plain, streamed = _usage(client, messages), _streamed_usage(client, messages)
    assert plain.prompt_tokens == streamed.prompt_tokens > 0
    assert plain.completion_tokens == streamed.completion_tokens > 0
