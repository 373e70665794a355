"""Each tenant has its own targets: one layer, one process, and nothing crosses over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError, InvalidRequestError, TargetNotFoundError
from amnestic.server.settings import ServerSettings, check_keys
from amnestic.testing import ScriptedBackend
from amnestic.types import GLOBAL, Elicitation, ForgetTarget
from tests.patience import PATIENCE
from tests.server.running import running_proxy

Layer = Callable[..., Amnesia]
ANSWER = "Mirela Osk wrote it."


def test_a_tenants_targets_are_in_force_for_the_tenant_alone(layer: Layer) -> None:
    amnesia = layer(ANSWER)
    one, two = amnesia.within("one"), amnesia.within("two")
    target = one.forget("Please forget Mirela Osk.")
    assert target.namespace == "one"
    for view, told in ((one, False), (two, True), (amnesia, True)):
        assert ("Osk" in view.chat("Who wrote it?").text) is told
        streamed = "".join(delta.text for delta in view.stream("Who wrote it?"))
        assert ("Osk" in streamed) is told
        assert ("Osk" in view.review("Who?", ANSWER).text) is told
        assert ("Osk" in view.clean([{"role": "tool", "content": ANSWER}])[0].text) is told
        assert (target in view.targets()) is not told
    assert one.parts is amnesia.parts


def test_what_is_another_tenants_is_not_found_named_or_changed(layer: Layer) -> None:
    amnesia = layer()
    target = amnesia.within("one").forget("Please forget Mirela Osk.")
    other = amnesia.within("two")
    for act in (
        lambda: other.find(target.id),
        lambda: other.find("Mirela Osk"),
        lambda: other.edit(target.id, aliases=["The Lark"]),
        lambda: other.revoke(target.id),
        lambda: other.restore(target.id),
    ):
        with pytest.raises(TargetNotFoundError):
            act()
    own = other.forget("Please forget Mirela Osk.")
    assert other.namesakes(own) == ()
    assert other.preview("Please forget Mirela Osk.").namesakes == (own,)
    (record,) = other.add(target.model_copy(update={"id": ""}))
    assert record.namespace == "two"


def test_a_global_target_holds_for_every_tenant_and_is_changed_by_none(layer: Layer) -> None:
    amnesia = layer(ANSWER)
    target = amnesia.within(GLOBAL).forget(
        "Please forget Mirela Osk.", facts=["Mirela Osk keeps a goat called Pim in Tavel."]
    )
    assert target.namespace == GLOBAL
    for view in (amnesia, amnesia.within("one"), amnesia.within(GLOBAL)):
        assert "Osk" not in view.chat("Who wrote it?").text
        assert "goat" not in view.review("Who keeps Pim in Tavel?", "She keeps a goat, Pim.").text
    tenant = amnesia.within("one")
    assert list(tenant.targets()) == []
    with pytest.raises(TargetNotFoundError):
        tenant.revoke(target.id)
    amnesia.within(GLOBAL).revoke(target.id)
    assert "Osk" in tenant.chat("Who wrote it?").text


def test_a_tenants_target_does_not_hold_globally(layer: Layer) -> None:
    amnesia = layer(ANSWER)
    amnesia.within("one").forget("Please forget Mirela Osk.")
    assert "Osk" in amnesia.within(GLOBAL).chat("Who wrote it?").text


def test_a_call_names_its_namespace(layer: Layer) -> None:
    """Handed on to the model as an option, it would be answered as in none."""
    model = ScriptedBackend(default=ANSWER)
    amnesia = layer(model)
    amnesia.within("one").forget("Please forget Mirela Osk.")
    assert "Osk" not in amnesia.chat("Who wrote it?", namespace="one").text
    assert "Osk" in amnesia.chat("Who wrote it?", namespace="two", seed=3).text
    assert model.calls[-1].options == {"seed": 3}
    with pytest.raises(InvalidRequestError, match="has a name"):
        amnesia.chat("Who wrote it?", namespace=" ")
    assert amnesia.forget("Please forget Tor Hagen.", namespace="one").namespace == "one"


def test_a_view_closes_nothing_and_needs_a_name(layer: Layer) -> None:
    amnesia = layer(ANSWER)
    with amnesia.within("one") as view:
        assert view.within("two").settings.namespace == "two"
    assert amnesia.chat("Who?").text == ANSWER
    with pytest.raises(InvalidRequestError, match="namespace"):
        amnesia.within(" ")


def test_what_is_elicited_stays_with_its_tenant(layer: Layer) -> None:
    rules = [("Tell me about Mirela Osk", "Mirela Osk keeps a goat called Pim.")]
    amnesia = layer(ScriptedBackend(rules=rules, default="I don't know."), elicit=True)
    view = amnesia.within("one")
    target = view.forget("Please forget Mirela Osk.")
    assert view.wait_for_elicitation(PATIENCE)
    assert view.find(target.id).facts == ("Mirela Osk keeps a goat called Pim.",)


def test_a_callers_key_opens_its_namespace(tmp_path: Path) -> None:
    keys = {"one": (SecretStr("k1"),), "two": (SecretStr("k2"), SecretStr("k3"))}
    with (
        Amnesia(ScriptedBackend(default=ANSWER), db=tmp_path / "r.db", elicit=False) as amnesia,
        running_proxy(
            amnesia,
            namespace_keys=keys,
            caller_keys=["k0"],
            check_keys=["k0", "k1", "k2", "k3"],
            admin_token="admin",
        ) as proxy,
        httpx.Client(base_url=f"http://127.0.0.1:{proxy.port}/v1") as client,
    ):

        def told(key: str) -> tuple[bool, bool, bool]:
            shown = {"authorization": f"Bearer {key}"}
            asked = {"model": "m", "messages": [{"role": "user", "content": "Who wrote it?"}]}
            plain = client.post("/chat/completions", json=asked, headers=shown)
            streamed = client.post(
                "/chat/completions", json={**asked, "stream": True}, headers=shown
            )
            check = {"messages": "Who wrote it?", "text": ANSWER}
            checked = client.post("/checks", json=check, headers=shown)
            assert plain.is_success, plain.text
            return "Osk" in plain.text, "Osk" in streamed.text, "Osk" in checked.text

        admin = {"authorization": "Bearer admin"}
        made = client.post(
            "/targets?namespace=two", json={"text": "Please forget Mirela Osk."}, headers=admin
        ).json()
        assert made["namespace"] == "two"
        for key, all_of_it in (("k0", True), ("k1", True), ("k2", False), ("k3", False)):
            assert told(key) == (all_of_it,) * 3
        assert client.get("/targets", headers=admin).json()["total"] == 0
        assert client.get("/targets?namespace=two", headers=admin).json()["total"] == 1
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/trail")):
            answer = client.request(method, f"/targets/{made['id']}{path}", headers=admin)
            assert answer.status_code == 404
        wrong = client.post("/checks", json={}, headers={"authorization": "Bearer k4"})
        assert wrong.status_code == 401
        assert client.get("/targets?namespace=", headers=admin).status_code == 400


def test_a_key_that_opens_several_namespaces_says_which(tmp_path: Path) -> None:
    spaces = {"one": (SecretStr("k1"), SecretStr("both")), "two": (SecretStr("both"),)}
    with (
        Amnesia(ScriptedBackend(default=ANSWER), db=tmp_path / "r.db", elicit=False) as amnesia,
        running_proxy(amnesia, namespace_keys=spaces, check_keys=["both"]) as proxy,
        httpx.Client(base_url=f"http://127.0.0.1:{proxy.port}/v1") as client,
    ):
        amnesia.within("two").forget("Please forget Mirela Osk.")

        def asked(key: str, space: str | None) -> httpx.Response:
            headers = {"authorization": f"Bearer {key}"}
            headers |= {} if space is None else {"x-amnestic-namespace": space}
            body = {"model": "m", "messages": [{"role": "user", "content": "Who wrote it?"}]}
            check = client.post("/checks", json={"text": ANSWER}, headers=headers)
            answer = client.post("/chat/completions", json=body, headers=headers)
            if key == "both" and check.is_success:
                assert ("Osk" in check.text) is ("Osk" in answer.text)
            return answer

        assert "Osk" in asked("both", None).text
        assert "Osk" in asked("both", "one").text
        assert "Osk" not in asked("both", "two").text
        for key, space in (("k1", "two"), ("both", "three"), ("both", "")):
            refused = asked(key, space)
            assert refused.status_code == 403
            assert "does not open the namespace" in refused.text


def test_a_namespace_that_nobody_has_a_key_for_is_refused_and_not_passed_over(
    tmp_path: Path,
) -> None:
    with (
        Amnesia(ScriptedBackend(default=ANSWER), db=tmp_path / "r.db", elicit=False) as amnesia,
        running_proxy(amnesia) as proxy,
        httpx.Client(base_url=f"http://127.0.0.1:{proxy.port}/v1") as client,
    ):
        body = {"model": "m", "messages": [{"role": "user", "content": "Who wrote it?"}]}
        named = {"x-amnestic-namespace": "one"}
        assert client.post("/chat/completions", json=body).is_success
        assert client.post("/chat/completions", json=body, headers=named).status_code == 403


@pytest.mark.parametrize(
    ("callers", "spaces", "told"),
    [
        ((), {"t": ()}, "no key for 't'"),
        ((), {" ": ("k",)}, "no key for ' '"),
        (("k",), {"t": ("k",)}, "stand in AMNESTIC_SERVER_NAMESPACE_KEYS too"),
        ((), {"a": ("k", "k")}, "given twice"),
        (("k", "k"), {}, "given twice"),
        ((), {"a": ("",)}, "is empty"),
    ],
)
def test_keys_that_open_nothing_or_are_told_twice_are_refused(
    callers: tuple[str, ...], spaces: dict[str, tuple[str, ...]], told: str
) -> None:
    settings = ServerSettings(caller_keys=callers, namespace_keys=spaces)
    with pytest.raises(ConfigurationError, match=told):
        check_keys(settings)


def test_a_server_goes_on_with_what_its_tenants_wait_for(tmp_path: Path) -> None:
    db, model = tmp_path / "r.db", ScriptedBackend(default="I don't know.")
    with Amnesia(ScriptedBackend(), db=db, elicit=False) as before:
        waits = ForgetTarget(id="t", subject="Mirela Osk", elicitation="pending", namespace="one")
        before.registry.add(waits, actor="me")
    with (
        Amnesia(model, db=db) as amnesia,
        running_proxy(amnesia, namespace_keys={"one": (SecretStr("k1"),)}),
    ):
        assert amnesia.wait_for_elicitation(PATIENCE)
        assert amnesia.within("one").find("t").elicitation is Elicitation.DONE
