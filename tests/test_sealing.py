"""Sealed targets hold like any other, and stand nowhere in clear: on no disk, in no prompt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia, ForgetTarget
from amnestic.exceptions import (
    ConfigurationError,
    ForgetRequestError,
    InvalidRequestError,
    NeedsClarificationError,
    SealError,
    TargetNotFoundError,
    TargetStateError,
)
from amnestic.exchange import bring_in
from amnestic.testing import PlayedModel, ScriptedBackend
from amnestic.tools.registry import make_key
from amnestic.types import Elicitation, Route, TargetStatus
from amnestic.verifying import SigningKey, signed, verify

Layer = Callable[..., Amnesia]
REQUEST = (
    "Please forget Mirela Osk, a bell founder from Tavelmoor. Her e-mail is osk@tavelmoor.org."
)
DETAILS: dict[str, Any] = {
    "facts": ["Mirela Osk keeps a goat called Pimpernel."],
    "aliases": ["Corvane"],
    "identifiers": ["QX-20417"],
    "exceptions": ["her regattas"],
    "reason": "she wrote a letter",
    "requester": "quillon",
    "subject_id": "crm-9917",
}
PRIVATE = (
    "mirela", "founder", "tavelmoor", "pimpernel", "corvane", "qx-20417", "regattas", "letter",
    "quillon", "crm-9917", "merriweather", "married", "ombudsman", "mistake", "eskdale",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMNESTIC_SEAL_KEY_FILE", raising=False)
    monkeypatch.delenv("AMNESTIC_SEAL_KEY", raising=False)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "keys" / "seal.key")
    return tmp_path / "keys" / "seal.key"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def sealing(layer: Layer, home: Path, key: Path) -> Layer:
    """Makes layers with a key, all of whose files are in `home`."""

    def make(model: Any = "I see.", **settings: Any) -> Amnesia:
        places = {"db": home / "data" / "r.db", "cache_dir": home / "cache"}
        return layer(model, **{**places, "seal_key_file": key, **settings})

    return make


def told_on_disk(home: Path) -> set[str]:
    """The private words that stand in any file, or in a file's name."""
    raw = b"\n".join(
        str(file.relative_to(home)).encode() + b"\n" + file.read_bytes()
        for file in home.rglob("*")
        if file.is_file()
    )
    text = raw.lower()
    return {word for word in PRIVATE if word.encode() in text}


def test_what_is_not_sealed_would_be_found_on_the_disk(sealing: Layer, home: Path) -> None:
    amnesia = sealing()
    amnesia.forget(REQUEST, **DETAILS)
    assert {"mirela", "pimpernel", "qx-20417", "letter", "quillon", "crm-9917"} <= told_on_disk(
        home
    )


def test_nothing_of_a_sealed_target_is_ever_on_the_disk(
    sealing: Layer, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    amnesia = sealing(ScriptedBackend(rules=[("Osk", "Mirela Osk keeps a goat.")]))
    target = amnesia.forget(REQUEST, sealed=True, **DETAILS)
    assert told_on_disk(home) == set()
    who = {"actor": "Eskdale"}
    amnesia.edit(target.id, subject="Mirela Merriweather", why="she married", **who)
    amnesia.revoke(target.id, reason="the ombudsman", **who)
    amnesia.restore(target.id, reason="revoked by mistake", **who)
    amnesia.chat("Who is Mirela Osk, and where is Tavelmoor?")
    found = verify(amnesia, amnesia.find(target.id), probes=4, samples=1, name_sealed=True)
    document = signed(found, amnesia, SigningKey(home / "signing.key"))
    amnesia.registry.note(target, "verify", actor="Eskdale", reason="none leaked of Osk")
    (home / "document.json").write_text(str(document))
    assert told_on_disk(home) == set()
    amnesia.close()
    assert told_on_disk(home) == set()
    again = sealing("Mirela Merriweather did.")
    again.registry.check_trail()
    assert "Merriweather" not in again.chat("Who won?").text
    again.close()
    assert told_on_disk(home) == set()
    assert (home / "cache").is_dir()
    logged = "\n".join(record.getMessage() for record in caplog.records).lower()
    assert [word for word in PRIVATE if word in logged] == []


def test_it_holds_as_any_other_does(sealing: Layer) -> None:
    amnesia = sealing("Mirela Osk keeps a goat.")
    target = amnesia.forget(REQUEST, sealed=True, **DETAILS)
    assert "Osk" not in amnesia.chat("Who keeps a goat?").text
    reply = amnesia.review("What is the address?", "It is osk@tavelmoor.org.")
    assert "osk@tavelmoor.org" not in reply.text
    assert reply.receipt.targets == (target.id,)


def test_it_is_found_by_name_and_identifier(sealing: Layer) -> None:
    amnesia = sealing()
    target = amnesia.forget(REQUEST, sealed=True, **DETAILS)
    assert {amnesia.find(name).id for name in ("mirela osk", "CORVANE", "qx 20417")} == {target.id}
    assert [t.id for t in amnesia.targets(search="Corvane")] == [target.id]
    with pytest.raises(TargetNotFoundError):
        amnesia.within("other").find("Mirela Osk")
    amnesia.edit(amnesia.find("Corvane").id, aliases=["Pim"])
    assert amnesia.find("pim").version == 2
    assert amnesia.revoke(amnesia.find("Mirela Osk").id).status.value == "revoked"


def test_records_and_lists_are_sealed_too(sealing: Layer, home: Path) -> None:
    amnesia = sealing()
    (added,) = amnesia.add(ForgetTarget(id="", subject="Mirela Osk", sealed=True))
    both = amnesia.forget_all("Please forget Ana Corvane and Tor Pimpernel.", sealed=True)
    assert [t.sealed for t in (added, *both)] == [True, True, True]
    assert told_on_disk(home) == set()


def test_it_shows_nothing_of_itself_where_it_is_printed(sealing: Layer) -> None:
    target = sealing().forget(REQUEST, sealed=True, **DETAILS)
    assert [word for word in PRIVATE if word in f"{target!r} {target}".lower()] == []
    assert target.salt not in f"{target!r} {target}"


# ── Told to nobody ───────────────────────────────────────────────────────────────────────────────


def told_to(model: PlayedModel | ScriptedBackend) -> list[str]:
    """The private words that a model was sent."""
    sent = "\n".join(call.text for call in model.calls).lower()
    return [word for word in ("mirela", "osk", "corvane", "20417", "pimpernel") if word in sent]


@pytest.fixture
def agent() -> PlayedModel:
    """An agents' model that would be asked for everything."""
    nothing = '{"findings": []}'
    names = ("vetter", "auditor", "rewriter", "critic", "composer", "probe", "identify")
    return PlayedModel(name="agent", **dict.fromkeys(names, nothing))


@pytest.mark.parametrize("interpret", ["agent", "base"])
def test_no_model_is_asked_when_it_is_forgotten_or_restored(
    sealing: Layer, agent: PlayedModel, interpret: str
) -> None:
    model = ScriptedBackend(default="She founds bells.")
    amnesia = sealing(model, agent_model=agent, elicit=True, interpret=interpret)
    target = amnesia.forget(REQUEST, sealed=True, elicit=True, **DETAILS)
    assert amnesia.preview(REQUEST, sealed=True, elicit=True).targets[0].sealed
    assert target.elicitation is Elicitation.NONE
    (added,) = amnesia.add(ForgetTarget(id="", subject="Tor Osk", sealed=True), elicit=True)
    amnesia.revoke(added.id)
    amnesia.restore(added.id)
    with pytest.raises(TargetStateError, match="is sealed: no model is asked"):
        amnesia.elicit(target.id)
    assert amnesia.wait_for_elicitation(60)
    assert (model.calls, agent.calls) == ([], [])


@pytest.mark.parametrize("interpret", ["agent", "base"])
def test_no_model_reads_another_request_that_tells_of_it(sealing: Layer, interpret: str) -> None:
    agent = ScriptedBackend(default="no reading")
    model = ScriptedBackend(default="I don't know.")
    amnesia = sealing(model, agent_model=agent, elicit=True, interpret=interpret)
    amnesia.forget(REQUEST, sealed=True, **DETAILS)
    amnesia.preview("Please forget Mirela Osk.", elicit=True)
    target = amnesia.forget("Please forget Mirela Osk. She is a surgeon.")
    assert target.elicitation is Elicitation.NONE
    assert (agent.calls, model.calls) == ([], [])
    amnesia.forget("Please forget Tor Hagen-Lys.")
    assert amnesia.wait_for_elicitation(60)
    assert bool(agent.calls) is (interpret == "agent")
    assert model.calls


@pytest.mark.parametrize(
    ("question", "draft"),
    [
        ("Who keeps a goat?", "Mirela Osk keeps a goat called Pimpernel."),
        ("Which founders of bells are there?", "There are two:\n\n- Corvane\n- Tor Hagen"),
        ("Who is Mirela Osk, and what is the capital of France?", "Paris."),
        ("Is customer QX-20417 in arrears, and what is 2 + 2?", "4."),
        ("Tell me of the bell founder from Tavelmoor.", "She keeps a goat called Pimpernel."),
    ],
)
@pytest.mark.parametrize("writer", ["again", "edit"])
def test_no_prompt_names_it(
    sealing: Layer, agent: PlayedModel, question: str, draft: str, writer: str
) -> None:
    model = PlayedModel(answer=draft, again="I don't know of anybody.", canary="I don't know.")
    amnesia = sealing(model, agent_model=agent, rewrite_by=writer)
    amnesia.forget(REQUEST, sealed=True, **DETAILS)
    reply = amnesia.chat(question)
    assert not {"osk", "corvane", "pimpernel"} & set(reply.text.lower().split())
    assert told_to(agent) == []
    said = [word for word in told_to(model) if word not in draft.lower()]
    assert said == []
    notes = "\n".join(call.text for call in model.calls_for("again"))
    assert not any(f'"{name}"' in notes for name in ("Mirela Osk", "Corvane"))


@pytest.mark.parametrize(
    "question",
    ["Who is Mirela Osk?", "Is customer QX-20417 in arrears?", "Is osk@tavelmoor.org hers?"],
)
def test_an_answer_that_is_thrown_away_is_not_asked_for_by_its_name(
    sealing: Layer, question: str
) -> None:
    model = ScriptedBackend(default="I see.")
    amnesia = sealing(model, direct="ask")
    target = amnesia.forget(REQUEST, sealed=True, **DETAILS)
    assert amnesia.chat(question).receipt.route is Route.ABSTAINED
    assert (len(model.calls), told_to(model)) == (1, [])
    amnesia.revoke(target.id)
    amnesia.forget(REQUEST, **DETAILS)
    amnesia.chat(question)
    assert told_to(model) != []


def test_a_target_that_is_not_sealed_is_still_shown_to_the_agents_model(
    sealing: Layer, agent: PlayedModel
) -> None:
    amnesia = sealing(PlayedModel(answer="She founds bells in Tavelmoor."), agent_model=agent,
                      rewrite_by="edit")  # fmt: skip
    amnesia.forget(REQUEST, elicit=False, **DETAILS)
    amnesia.chat("Tell me of the bell founder from Tavelmoor.")
    assert agent.calls


@pytest.mark.parametrize("identify", ["agent", "base"])
def test_what_tells_of_it_is_sent_to_nobody_for_identification(
    sealing: Layer, agent: PlayedModel, identify: str
) -> None:
    model = PlayedModel(answer="It is a long story.", identify="[]")
    amnesia = sealing(model, agent_model=agent, identify=identify)
    amnesia.forget(REQUEST, sealed=True, **DETAILS)
    amnesia.chat("What about Mirela Osk and her founding of bells, and Paris?")
    assert [*agent.calls_for("identify"), *model.calls_for("identify")] == []


def test_it_is_not_probed_unless_that_is_asked_for(sealing: Layer, home: Path) -> None:
    model = ScriptedBackend(default="I see.")
    amnesia = sealing(model)
    target = amnesia.forget(REQUEST, sealed=True, **DETAILS)
    with pytest.raises(InvalidRequestError, match=f"`{target.id}` is sealed, and probes would"):
        verify(amnesia, target)
    assert model.calls == []
    found = verify(amnesia, target, probes=2, samples=1, name_sealed=True)
    key = SigningKey(home / "signing.key")
    with pytest.raises(InvalidRequestError, match="no document holds its text"):
        signed(found, amnesia, key, with_text=True)
    told = signed(found, amnesia, key)
    plain = verify(amnesia, target.model_copy(update={"salt": "00"}), probes=2, samples=1,
                   name_sealed=True)  # fmt: skip
    assert told["transcript_sha256"] != signed(plain, amnesia, key)["transcript_sha256"]


def test_an_embedder_elsewhere_is_sent_nothing(
    sealing: Layer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amnestic import assembly
    from amnestic.tools.embedding import load_embedder

    sent: list[str] = []

    class Elsewhere:
        identity, dimension = "elsewhere", 384

        def embed(self, texts: Any) -> Any:
            sent.extend(texts)
            return load_embedder("minilm", home).embed(texts)

    monkeypatch.setattr(assembly, "load_embedder", lambda *_: Elsewhere())
    amnesia = sealing(embedder="openai:e")
    file = tmp_path / "one.jsonl"
    file.write_text('{"subject": "Mirela Osk", "kind": "person", "sealed": true}')
    for act in (
        lambda: amnesia.forget(REQUEST, sealed=True),
        lambda: amnesia.preview(REQUEST, sealed=True),
        lambda: amnesia.add(ForgetTarget(id="", subject="Mirela Osk", sealed=True)),
        lambda: bring_in(amnesia, file, embed=False, atomic=True),
    ):
        with pytest.raises(InvalidRequestError, match="the embedder `openai:e` is sent all that"):
            act()
    assert (amnesia.registry.revision(), sent) == (0, [])
    with pytest.MonkeyPatch.context() as local:
        local.setattr(assembly, "load_embedder", load_embedder)
        sealing().forget(REQUEST, sealed=True)
    with pytest.raises(InvalidRequestError, match="the embedder `openai:e`"):
        sealing(embedder="openai:e").chat("Hello.")
    assert sent == []


# ── Keys that are missing ────────────────────────────────────────────────────────────────────────


def test_without_a_key_nothing_is_sealed_and_nothing_stored(sealing: Layer) -> None:
    amnesia = sealing(seal_key_file=None)
    for act in (
        lambda: amnesia.forget(REQUEST, sealed=True),
        lambda: amnesia.preview(REQUEST, sealed=True),
        lambda: amnesia.add(ForgetTarget(id="", subject="Mirela Osk", sealed=True)),
    ):
        with pytest.raises(InvalidRequestError, match="there is no key to seal a target with"):
            act()
    assert amnesia.registry.revision() == 0


def test_a_layer_without_the_right_key_does_not_start(sealing: Layer, tmp_path: Path) -> None:
    target = sealing().forget(REQUEST, sealed=True)
    other = make_key(tmp_path / "other.key")
    for given, told in (
        ({"seal_key_file": None}, "and no key is given"),
        ({"seal_key_file": tmp_path / "other.key"}, f"and the keys given are {other}"),
    ):
        model = ScriptedBackend(default="Mirela Osk.")
        amnesia = sealing(model, **given)
        with pytest.raises(SealError, match=f"the target `{target.id}` is sealed .* {told}"):
            amnesia.chat("Who founds bells?")
        assert model.calls == []
        assert [(t.id, t.sealed) for t in amnesia.listed()] == [(target.id, True)]
    with pytest.raises(ConfigurationError, match="there is no seal key file"):
        sealing(seal_key_file=tmp_path / "gone.key").chat("Hello.")


def test_a_layer_that_meets_a_target_that_it_cannot_open_lets_nothing_pass(
    sealing: Layer,
) -> None:
    keyless = sealing("Mirela Osk did.", seal_key_file=None)
    assert keyless.chat("Who did?").text == "Mirela Osk did."
    sealing().forget(REQUEST, sealed=True)
    reply = keyless.chat("Who did?")
    assert "Osk" not in reply.text
    assert reply.receipt.route is Route.FAILED
    assert "SealError: the target `t-" in reply.receipt.reason


def test_what_nobody_can_open_any_more_can_still_be_purged(sealing: Layer, home: Path) -> None:
    """A key that is lost for good takes no registry along."""
    target = sealing().forget(REQUEST, sealed=True, **DETAILS)
    keyless = sealing(seal_key_file=None)
    with pytest.raises(SealError, match=r"lost for good .* `amnestic revoke ID --purge`"):
        keyless.chat("Hello?")
    with pytest.raises(InvalidRequestError, match="whether a reason names it"):
        keyless.purge(target.id, reason="case 4711")
    with pytest.raises(TargetNotFoundError):
        keyless.within("other").purge(target.id)
    assert keyless.purge(target.id).status is TargetStatus.PURGED
    assert keyless.registry.check_trail() is not None
    assert keyless.chat("Hello?").text == "I see."
    assert told_on_disk(home) == set()


# ── Shown and proposed ───────────────────────────────────────────────────────────────────────────


def test_a_preview_masks_what_is_sealed_of_others(sealing: Layer) -> None:
    amnesia = sealing()
    held = amnesia.forget(REQUEST, sealed=True, **DETAILS)
    shown = amnesia.preview("Please forget Mirela Osk, a bell founder who keeps a goat.")
    assert [n.subject for n in shown.namesakes] == [held.masked().subject]
    assert {match.text for match in shown.others if match.of == held.id} == {held.masked().subject}


@pytest.mark.parametrize(
    ("request_", "proposed"),
    [
        ("Please forget Mirela Osk. Her e-mail is osk@tavelmoor.org.", True),
        ("Please forget Mirela Osk, born on 12 March 1961.", True),
        ("Please forget customer no. QX-20417.", True),
        ("Please forget Mirela Osk, phone +44 20 7946 0018.", True),
        ("Please forget Mirela Osk, a poet from Tavelmoor.", False),
        ("Please forget the novel The Glass Harbour.", False),
    ],
)
def test_a_private_persons_identifier_proposes_to_seal(
    sealing: Layer, request_: str, proposed: bool
) -> None:
    shown = sealing().preview(request_)
    assert shown.proposes_sealing is proposed
    assert not any(target.sealed for target in shown.targets)
    assert sealing().preview(request_, sealed=True).proposes_sealing is False


def test_a_refusal_of_what_is_to_be_sealed_repeats_none_of_it(sealing: Layer) -> None:
    amnesia = sealing()
    request = "Please forget my sister Quenby."
    with pytest.raises(NeedsClarificationError) as plain:
        amnesia.forget(request)
    with pytest.raises(NeedsClarificationError) as masked:
        amnesia.forget(request, sealed=True)
    assert "Quenby" in str(plain.value)
    assert str(masked.value) == str(plain.value).replace("Quenby", "▮▮▮")
    with pytest.raises(ForgetRequestError) as caught:
        amnesia.forget("Please forget Mirela Osk until 31 February 2099.", sealed=True)
    assert "31" not in str(caught.value)


def test_a_target_is_not_sealed_afterwards(sealing: Layer) -> None:
    amnesia = sealing()
    target = amnesia.forget("Please forget Mirela Osk.")
    with pytest.raises(InvalidRequestError, match="`sealed` of a target is said when it is made"):
        amnesia.edit(target.id, sealed=True)
