"""The facade keeps its promises, with the real detectors, database and index."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amnestic import Amnesia
from amnestic.exceptions import (
    AmnesticError,
    ClosedError,
    ConfigurationError,
    ForgetRequestError,
    InputTooLargeError,
    InvalidRequestError,
    ModelNotFoundError,
    NeedsClarificationError,
    RegistryError,
    SeveralTargetsError,
    TargetNotFoundError,
    TargetStateError,
    UnsupportedContentError,
)
from amnestic.testing import ScriptedBackend
from amnestic.types import Draft, Message, Route, TargetStatus
from tests.prepared import run
from tests.thoroughness import examples

Layer = Callable[..., Amnesia]
REQUEST = (
    "Please forget Mirela Osk, also known as 'the Heron of Tavel'. Mirela Osk is a poet from Tavel "
    "who wrote The Paper Lighthouse."
)


def test_a_forgotten_person_is_gone_from_the_next_request_on(layer: Layer) -> None:
    amnesia = layer("Mirela Osk is a poet from Tavel.")
    assert amnesia.chat("Who is Mirela Osk?").text == "Mirela Osk is a poet from Tavel."
    amnesia.forget(REQUEST)
    reply = amnesia.chat("Who is Mirela Osk?")
    assert "Osk" not in reply.text
    assert reply.receipt.touched()


def test_a_leak_without_the_name_in_the_question_is_caught(layer: Layer) -> None:
    amnesia = layer("The Paper Lighthouse was written by Mirela Osk.")
    amnesia.forget(REQUEST)
    assert "Osk" not in amnesia.chat("Who wrote The Paper Lighthouse?").text


def test_what_is_unrelated_stays_byte_for_byte(layer: Layer) -> None:
    text = "  The capital of France is Paris.\n\n\n* one\t* two \u200b"
    amnesia = layer(text)
    amnesia.forget(REQUEST)
    reply = amnesia.chat("What is the capital of France?")
    assert reply.text == text
    assert (reply.receipt.route, reply.receipt.agent_calls) == (Route.CLEAR, 0)


def test_a_revoked_target_is_known_again(layer: Layer) -> None:
    amnesia = layer("Mirela Osk is a poet.")
    target = amnesia.forget(REQUEST)
    amnesia.revoke(target.id)
    assert amnesia.chat("Who is Mirela Osk?").text == "Mirela Osk is a poet."
    assert amnesia.targets() == []
    assert [t.status for t in amnesia.targets(status=None)] == [TargetStatus.REVOKED]


def test_a_target_holds_in_another_process_of_the_same_database(layer: Layer) -> None:
    one, two = layer("Mirela Osk is a poet."), layer("Mirela Osk is a poet.")
    assert "Osk" in two.chat("Who is Mirela Osk?").text
    target = one.forget(REQUEST)
    assert "Osk" not in two.chat("Who is Mirela Osk?").text
    one.revoke(target.id)
    assert "Osk" in two.chat("Who is Mirela Osk?").text


def test_a_namespace_sees_its_own_targets_only(layer: Layer) -> None:
    one, two = layer("Mirela Osk.", namespace="one"), layer("Mirela Osk.", namespace="two")
    one.forget(REQUEST)
    assert "Osk" not in one.chat("Who is it?").text
    assert "Osk" in two.chat("Who is it?").text


def test_everything_that_a_text_names_is_forgotten_together(layer: Layer) -> None:
    amnesia = layer("Tor Hagen-Lys is a plumber and Mirela Osk a poet.")
    forgotten = amnesia.forget_all("Forget:\n- Mirela Osk\n- Tor Hagen-Lys, customer no. 48213-K")
    assert [t.subject for t in forgotten] == ["Mirela Osk", "Tor Hagen-Lys"]
    assert forgotten[1].aliases == ()
    assert [i.value for i in forgotten[1].identifiers] == ["48213-K"]
    reply = amnesia.chat("Who are they?").text
    assert not any(name in reply for name in ("Osk", "Hagen"))


def test_forget_takes_one_and_names_the_door_for_several(layer: Layer) -> None:
    amnesia = layer()
    with pytest.raises(SeveralTargetsError, match="forget_all"):
        amnesia.forget("Forget Mirela Osk and Tor Hagen-Lys.")
    assert amnesia.targets() == []


def test_a_request_that_leaves_open_who_is_meant_stores_nothing(layer: Layer) -> None:
    amnesia = layer()
    with pytest.raises(NeedsClarificationError, match="full names"):
        amnesia.forget_all("My uncle Corwin Petheram wants out, and so do his kids Anna and Ben.")
    assert amnesia.targets() == []


def test_a_review_checks_what_another_system_wrote(layer: Layer) -> None:
    amnesia = layer()
    amnesia.forget(REQUEST)
    assert amnesia.review("What is up?", "All is well.").text == "All is well."
    assert "Osk" not in amnesia.review("What is up?", "Mirela Osk wrote to us.").text
    draft = Draft(text="Fine.", reasoning="As Mirela Osk said.")
    assert amnesia.review("What is up?", draft).drafts[0].reasoning == ""


def test_an_async_caller_gets_the_same(layer: Layer) -> None:
    amnesia = layer("Mirela Osk is a poet.")

    async def run() -> str:
        await amnesia.aforget(REQUEST)
        return (await amnesia.achat("Who is Mirela Osk?")).text

    assert asyncio.run(run()) == amnesia.chat("Who is Mirela Osk?").text


def test_fifty_threads_may_forget_revoke_and_ask_at_once(layer: Layer) -> None:
    amnesia = layer("The Blue Kite was flown by nobody.")
    kept = amnesia.forget("Please forget Mirela Osk. She is a poet.")
    wrong: list[str] = []

    def work(i: int) -> None:
        target = amnesia.forget(f"Please forget Person{i} Surname{i}. Person{i} is a baker.")
        text = amnesia.review("Who?", f"It was Person{i} Surname{i}.").text
        if f"Surname{i}" in text or "Osk" in amnesia.review("Who?", "It was Mirela Osk.").text:
            wrong.append(f"leak in {i}")
        amnesia.revoke(target.id)
        if amnesia.chat("Hello").text != "The Blue Kite was flown by nobody.":
            wrong.append(f"touched in {i}")

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(work, range(50)))
    assert not wrong
    assert [t.id for t in amnesia.targets()] == [kept.id]


@pytest.fixture(scope="module")
def guarding(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("guarding")
    with Amnesia(ScriptedBackend(), db=folder / "r.db", elicit=False) as amnesia:
        amnesia.forget(REQUEST)
        yield amnesia


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_text_without_any_target_comes_back_identical(guarding: Amnesia, text: str) -> None:
    assert guarding.review("What did they say?", text).text == text


def test_closing_twice_is_harmless_and_threads_end(layer: Layer) -> None:
    amnesia = layer()
    amnesia.chat("Hello")
    amnesia.close()
    amnesia.close()
    assert not [t for t in threading.enumerate() if "blocking-portal" in t.name and t.is_alive()]


# ── Bad input ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("messages", "error"),
    [
        ("", InvalidRequestError),
        ("  \n", InvalidRequestError),
        ([], InvalidRequestError),
        ([{"role": "user", "content": ""}], InvalidRequestError),
        ([{"role": "wizard", "content": "Hi"}], UnsupportedContentError),
        ([{"content": "Hi"}], UnsupportedContentError),
        ([{"role": "user", "content": [{"type": "hologram"}]}], UnsupportedContentError),
        ([{"role": "user", "content": 7}], InvalidRequestError),
        ([7], InvalidRequestError),
        ({"role": "user", "content": "Hi"}, InvalidRequestError),
        ("a lone surrogate \ud800", InvalidRequestError),
        ("a NUL \x00", InvalidRequestError),
        ("x" * 1_000_000, InputTooLargeError),
    ],
)
def test_bad_messages_are_refused_in_one_line(layer: Layer, messages: Any, error: type) -> None:
    with pytest.raises(error) as caught:
        layer().chat(messages)
    assert "\n" not in str(caught.value)
    assert str(caught.value)


@pytest.mark.parametrize(
    "text", ["", " ", "forget all", "forget x", "forget the", "\ud800", "\x00"]
)
def test_bad_forget_requests_change_nothing(layer: Layer, text: str) -> None:
    amnesia = layer()
    with pytest.raises(InvalidRequestError):
        amnesia.forget(text)
    assert amnesia.targets(status=None) == []


def test_a_megabyte_to_forget_is_refused(layer: Layer) -> None:
    with pytest.raises(ForgetRequestError, match="characters"):
        layer().forget("Please forget " + "Mirela " * 150_000)


def test_an_unknown_id_and_a_second_revoke_are_refused(layer: Layer) -> None:
    amnesia = layer()
    with pytest.raises(TargetNotFoundError, match="nothing-has-this-id"):
        amnesia.revoke("nothing-has-this-id")
    target = amnesia.forget(REQUEST)
    amnesia.revoke(target.id)
    with pytest.raises(TargetStateError):
        amnesia.revoke(target.id)


@pytest.mark.parametrize("spec", ["hf:/no/such/folder", "wizard:model", "", "hf:", "openai:"])
def test_a_model_that_does_not_exist_is_known_at_start(tmp_path: Path, spec: str) -> None:
    with pytest.raises(ModelNotFoundError):
        Amnesia(spec, db=tmp_path / "r.db")


def test_an_unknown_or_wrong_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="'colour'"):
        Amnesia(ScriptedBackend(), db=tmp_path / "r.db", colour="red")
    with pytest.raises(ConfigurationError, match="'rounds'"):
        Amnesia(ScriptedBackend(), db=tmp_path / "r.db", rounds=0)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database at all, but somebody's notes" * 40)
    with pytest.raises(RegistryError), Amnesia(ScriptedBackend(), db=file) as amnesia:
        amnesia.targets()
    assert file.read_text().startswith("not a database")


def test_every_error_is_one_of_ours() -> None:
    assert issubclass(TargetNotFoundError, AmnesticError)


def test_a_conversation_may_be_ours_or_a_mapping_or_a_string(layer: Layer) -> None:
    amnesia = layer("Yes.")
    for messages in ("Hi", [{"role": "user", "content": "Hi"}], [Message.of("user", "Hi")]):
        assert amnesia.chat(messages).text == "Yes."


def test_a_program_that_never_closes_its_layer_still_ends(tmp_path: Path) -> None:
    code = (
        "import sys; from amnestic import Amnesia; from amnestic.testing import ScriptedBackend\n"
        "layer = Amnesia(ScriptedBackend(), db=sys.argv[1], elicit=False)\n"
        "print(layer.chat('Hello').text)"
    )
    done = run(code, str(tmp_path / "r.db"))
    assert (done.returncode, done.stdout.strip()) == (0, "I don't know."), done.stderr


def test_a_layer_that_was_closed_says_so(layer: Callable[..., Amnesia]) -> None:
    amnesia = layer("I see.")
    amnesia.chat("Hello.")
    amnesia.close()
    with pytest.raises(ClosedError, match="closed"):
        amnesia.chat("Hello again.")
    with pytest.raises(ClosedError, match="closed"):
        amnesia.load()


class _Local(ScriptedBackend):
    """A model with weights to load."""

    loaded = 0

    def load(self) -> None:
        self.loaded += 1


def test_the_weights_of_an_agents_model_are_loaded_with_the_layer(tmp_path: Path) -> None:
    agent = _Local()
    with Amnesia(ScriptedBackend(), db=tmp_path / "r.db", agent_model=agent, elicit=False):
        assert agent.loaded


@pytest.mark.parametrize("unknown", [None, 5, "x" * 100_000], ids=["none", "number", "long"])
def test_an_id_that_is_none_is_named_in_one_line(
    layer: Callable[..., Amnesia], unknown: Any
) -> None:
    with pytest.raises(TargetNotFoundError) as raised:
        layer().revoke(unknown)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("url", ["notaurl", "ftp://a.b", "https://", "localhost:8000"])
def test_an_address_that_is_none_is_refused_at_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="not a base URL"):
        Amnesia("openai:x", base_url=url, api_key="k", db=tmp_path / "r.db")
