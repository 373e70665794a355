"""A layer is copied, pickled and made anew in other processes, on the same registry."""

from __future__ import annotations

import asyncio
import copy
import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, OpenAI

from amnestic import Amnesia
from amnestic.exceptions import RegistryUnavailableError
from amnestic.integrations import AmnesticChatModel, AmnesticMiddleware
from amnestic.testing import ScriptedChatModel
from tests.patience import PATIENCE

REQUEST = "Please forget Mirela Osk. Mirela Osk is a poet who wrote The Paper Lighthouse."
ASKED = "Who wrote The Paper Lighthouse?"
SAID = "Mirela Osk wrote it."


@pytest.fixture
def served(tmp_path: Path, scripted_server: Any) -> Iterator[Amnesia]:
    """A layer whose model is named, and asked over HTTP."""
    told = {"base_url": scripted_server(default=SAID).base_url, "api_key": "k", "elicit": False}
    with Amnesia("openai:m", db=tmp_path / "registry.db", **told) as amnesia:
        yield amnesia


def review(amnesia: Amnesia, draft: str) -> str:
    """The stage of a pipeline."""
    return amnesia.review(ASKED, draft).text


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_a_stage_of_another_process_is_handed_a_layer(served: Amnesia, method: str) -> None:
    served.forget(REQUEST)
    with multiprocessing.get_context(method).Pool(1) as pool:
        told = pool.starmap_async(review, [(served, SAID), (served, "Paris.")]).get(PATIENCE)
    assert "Osk" not in told[0]
    assert told[1] == "Paris."


def test_a_layer_is_made_anew_from_its_settings(served: Amnesia) -> None:
    served.forget(REQUEST)
    settings = pickle.loads(pickle.dumps(served.settings))
    with Amnesia(settings=settings) as again:
        assert "Osk" not in again.chat(ASKED).text


def test_a_pickled_view_is_a_layer_in_its_namespace(served: Amnesia) -> None:
    served.within("tenant").forget(REQUEST)
    for space, leaks in (("tenant", False), ("other", True)):
        with pickle.loads(pickle.dumps(served.within(space))) as again:
            assert ("Osk" in again.chat(ASKED).text) is leaks


def test_a_pickled_layer_finds_its_registry_from_any_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scripted_server: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    url = scripted_server(default=SAID).base_url
    with Amnesia("openai:m", db="r.db", base_url=url, api_key="k", elicit=False) as amnesia:
        amnesia.forget(REQUEST)
        sent = pickle.dumps(amnesia)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pickle.loads(sent) as again:
        assert again.targets()[0].subject == "Mirela Osk"


@pytest.mark.parametrize("there", [b"", None])
def test_a_layer_whose_registry_is_not_there_is_refused(
    served: Amnesia, there: bytes | None
) -> None:
    served.forget(REQUEST)
    sent = pickle.dumps(served)
    served.close()
    served.settings.db.unlink()
    if there is not None:
        served.settings.db.write_bytes(there)
    with pytest.raises(RegistryUnavailableError, match="layer that was sent"):
        pickle.loads(sent)


def test_a_model_that_cannot_be_pickled_is_named(layer: Callable[..., Amnesia]) -> None:
    inner = ChatOpenAI(model="m", api_key="k")
    amnesia = layer(inner)
    with pytest.raises(pickle.PicklingError, match="the layer's model, a ChatOpenAI, cannot be"):
        pickle.dumps(amnesia)
    with pytest.raises(pickle.PicklingError, match="the wrapped model, a ChatOpenAI, cannot be"):
        pickle.dumps(AmnesticChatModel(amnesia=layer("x"), inner=inner))


@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])
def test_a_wrapped_client_says_that_it_cannot_be_pickled(served: Amnesia, kind: Any) -> None:
    with pytest.raises(pickle.PicklingError, match="wrap a client where it is used"):
        pickle.dumps(served.wrap(kind(api_key="k")))


def test_what_is_deep_copied_stays_behind_the_layer(served: Amnesia) -> None:
    served.forget(REQUEST)
    url = served.settings.base_url
    assert copy.copy(served) is copy.deepcopy(served) is served

    client = copy.deepcopy(served.wrap(OpenAI(api_key="k", base_url=url)))
    asked: Any = [{"role": "user", "content": ASKED}]
    told = client.chat.completions.create(model="m", messages=asked)
    assert "Osk" not in str(told.choices[0].message.content)

    inner = ChatOpenAI(model="m", api_key="k", base_url=url)
    model = copy.deepcopy(AmnesticChatModel(amnesia=served, inner=inner))
    assert "Osk" not in model.invoke(ASKED).text
    assert "Osk" not in asyncio.run(model.ainvoke(ASKED)).text


def test_a_middleware_is_copied_and_pickled_with_its_layer(served: Amnesia) -> None:
    served.forget(REQUEST)
    middleware = pickle.loads(pickle.dumps(AmnesticMiddleware(served)))
    for guard in (middleware, copy.deepcopy(AmnesticMiddleware(served))):
        agent = create_agent(ScriptedChatModel.of(SAID), middleware=[guard])
        assert "Osk" not in agent.invoke({"messages": ASKED})["messages"][-1].text
    middleware._amnesia.close()
