"""Every call of a layer takes `namespace`, and is the call of `within`: a new one cannot be
forgotten here."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from openai import OpenAI

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError, InvalidRequestError, TargetNotFoundError
from amnestic.testing import ScriptedBackend
from amnestic.types import ForgetTarget, Message
from amnestic.verifying import verify

Layer = Callable[..., Amnesia]
ANSWER = "Mirela Osk wrote it."
PASSAGE = [{"role": "user", "content": "Go on."}, {"role": "tool", "content": ANSWER}]

OF_THE_WHOLE = {"aload", "call", "close", "load", "renew", "wait_for_elicitation", "within"}
"""What is done with a layer as a whole, whatever the namespace."""

NEW = ForgetTarget(id="t-new", subject="Tor Hagen-Lys")


def _streamed(stream: Any) -> str:
    return "".join(delta.text for delta in stream)


SEES: dict[str, Callable[..., Any]] = {
    "chat": lambda layer, **where: "Osk" not in layer.chat("Who?", **where).text,
    "complete": lambda layer, **where: "Osk" not in layer.complete("Who?", **where).reply().text,
    "review": lambda layer, **where: "Osk" not in layer.review("Who?", ANSWER, **where).text,
    "stream": lambda layer, **where: "Osk" not in _streamed(layer.stream("Who?", **where)),
    "clean": lambda layer, **where: "Osk" not in layer.clean(PASSAGE, **where)[1].text,
    "forget": lambda layer, **where: _is_one(layer.forget("Forget Tor Hagen-Lys.", **where)),
    "forget_all": lambda layer, **where: _is_one(
        *layer.forget_all("Forget Tor Hagen-Lys and Una Tarn.", **where)
    ),
    "preview": lambda layer, **where: bool(
        layer.preview("Please forget Mirela Osk.", **where).namesakes
    ),
    "namesakes": lambda layer, **where: bool(
        layer.namesakes(layer.add(NEW.model_copy(update={"subject": "Mirela Osk"}), **where)[0])
    ),
    "add": lambda layer, **where: _is_one(*layer.add(NEW, **where)),
    "edit": lambda layer, **where: layer.edit("t-one", aliases=["The Lark"], **where),
    "elicit": lambda layer, **where: layer.elicit("t-one", **where),
    "revoke": lambda layer, **where: layer.revoke("t-one", **where),
    "restore": lambda layer, **where: layer.restore("t-revoked", **where),
    "purge": lambda layer, **where: layer.purge("t-one", **where),
    "targets": lambda layer, **where: bool(layer.targets(**where)),
    "listed": lambda layer, **where: bool(layer.listed(search="Osk", **where)),
    "page": lambda layer, **where: bool(layer.page(search="Osk", **where).targets),
    "unsearched": lambda layer, **where: not layer.unsearched(**where),
    "find": lambda layer, **where: layer.find("Mirela Osk", **where),
}
"""Of each call what is true where the target of the namespace "one" is seen by it."""


def _is_one(*targets: ForgetTarget) -> bool:
    return {target.namespace for target in targets} == {"one"}


def _public() -> dict[str, Any]:
    return {
        name: found
        for name, found in inspect.getmembers(Amnesia, inspect.isfunction)
        if not name.startswith("_") and name not in OF_THE_WHOLE
    }


def _layer(layer: Layer) -> Amnesia:
    amnesia = layer(ScriptedBackend(default=ANSWER))
    view = amnesia.within("one")
    view.add(ForgetTarget(id="t-one", subject="Mirela Osk"))
    view.add(ForgetTarget(id="t-revoked", subject="Karl Henn-Tarn"))
    view.revoke("t-revoked")
    return amnesia


def test_every_call_names_its_namespace() -> None:
    for name, method in _public().items():
        told = inspect.signature(method).parameters.get("namespace")
        assert told is not None, f"`{name}` takes no `namespace`"
        assert (told.kind, told.default) == (inspect.Parameter.KEYWORD_ONLY, None), name
        assert hasattr(method, "__wrapped__"), f"`{name}` is not `by_namespace`"
        twin = _public().get(f"a{name}")
        alike = twin is None or inspect.iscoroutinefunction(twin) or name == "stream"
        assert alike, f"`a{name}` is to be awaited"


def test_every_blocking_call_is_tried_here() -> None:
    tried = set(SEES) | {f"a{name}" for name in SEES}
    assert set(_public()) - tried == {"wrap", "aclean_request", "aclean_fields"}


@pytest.mark.parametrize("name", SEES)
def test_a_call_that_names_a_namespace_is_the_call_of_its_layer(layer: Layer, name: str) -> None:
    assert SEES[name](_layer(layer), namespace="one")


@pytest.mark.parametrize("name", sorted(set(SEES) - {"unsearched", "namesakes"}))
def test_the_same_call_without_it_sees_nothing_of_the_tenant(layer: Layer, name: str) -> None:
    amnesia = _layer(layer)
    try:
        seen = SEES[name](amnesia)
    except TargetNotFoundError:
        return
    assert seen is False


@pytest.mark.parametrize("name", SEES)
def test_a_namespace_without_a_name_is_refused_by_each(layer: Layer, name: str) -> None:
    with pytest.raises(InvalidRequestError, match="has a name"):
        SEES[name](layer(), namespace=" ")


@pytest.mark.parametrize(
    "namespace", ["", "one\x00", "one\x1b[2J", "o\u200bne", "one\ntwo", "o\u00a0ne"]
)
def test_a_namespace_that_cannot_be_seen_is_refused(layer: Layer, namespace: str) -> None:
    with pytest.raises(InvalidRequestError, match="has a name"):
        layer().within(namespace)
    with pytest.raises(ConfigurationError, match="namespace"):
        layer(namespace=namespace)


def test_a_namespace_is_called_without_the_spaces_around_it(layer: Layer) -> None:
    assert layer().within(" équipe un\n").settings.namespace == "équipe un"


@pytest.mark.anyio
async def test_what_is_awaited_is_of_the_namespace_too(layer: Layer) -> None:
    amnesia = _layer(layer)
    asks: list[Callable[..., Awaitable[Any]]] = [
        lambda **where: amnesia.achat("Who?", **where),
        lambda **where: amnesia.areview("Who?", ANSWER, **where),
        lambda **where: amnesia.aclean([*PASSAGE], **where),
        lambda **where: amnesia.aclean_request([*PASSAGE], **where),
        lambda **where: amnesia.aclean_fields({"note": ANSWER}, **where),
    ]
    for ask in asks:
        assert "Osk" in _text_of(await ask())
        assert "Osk" not in _text_of(await ask(namespace="one"))
        assert "Osk" in _text_of(await ask(namespace="two"))
    pieces = [piece.text async for piece in amnesia.astream("Who?", namespace="one")]
    assert "Osk" not in "".join(pieces)
    assert (await amnesia.aforget("Forget Una Tarn.", namespace="two")).namespace == "two"


def _text_of(found: Any) -> str:
    if isinstance(found, tuple) and all(isinstance(one, Message) for one in found):
        return "\n".join(message.text for message in found)
    return str(getattr(found, "text", found))


def test_a_client_is_wrapped_for_a_namespace(layer: Layer) -> None:
    def answered(_: httpx.Request) -> httpx.Response:
        message = {"role": "assistant", "content": ANSWER}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        told = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
        return httpx.Response(200, json={**told, "choices": [choice]})

    amnesia = _layer(layer)
    carried = httpx.Client(transport=httpx.MockTransport(answered))
    client = OpenAI(api_key="k", base_url="http://127.0.0.1:9/v1", http_client=carried)  # type: ignore[arg-type]
    for space, told in (("one", False), ("two", True)):
        wrapped = amnesia.wrap(client, namespace=space)
        asked = [{"role": "user", "content": "Who?"}]
        found = wrapped.chat.completions.create(model="m", messages=asked)  # type: ignore[arg-type]
        assert ("Osk" in str(found.choices[0].message.content)) is told


def test_a_target_is_proved_for_its_namespace(layer: Layer) -> None:
    fact = "Mirela Osk keeps a goat called Pim in Tavel."
    amnesia = layer(ScriptedBackend(default=fact))
    target = amnesia.forget("Please forget Mirela Osk.", facts=[fact], namespace="one")
    for space, outcome in ((None, "not suppressed"), ("one", "suppressed")):
        found = verify(amnesia, target, probes=4, samples=1, neighbours=0, namespace=space)
        assert found.outcome == outcome


def test_one_layer_answers_each_of_many_calls_for_its_own_tenant(layer: Layer) -> None:
    """What was judged for one namespace is not taken for another, in whatever order they ask."""
    amnesia = _layer(layer)
    for _ in range(2):
        for space, told in (("one", False), ("two", True), ("one", False), (None, True)):
            assert ("Osk" in amnesia.chat("Who wrote it?", namespace=space).text) is told
