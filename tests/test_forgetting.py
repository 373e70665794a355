"""Targets come in force at once, and are added, edited, revoked and restored."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from anyio import to_thread

from amnestic import Amnesia
from amnestic.exceptions import (
    ForgetRequestError,
    InvalidRequestError,
    ModelError,
    NeedsClarificationError,
    TargetNotFoundError,
    TargetStateError,
)
from amnestic.testing import ScriptedBackend
from amnestic.types import Elicitation, Facet, FacetSource, ForgetTarget
from tests.patience import PATIENCE

Layer = Callable[..., Amnesia]
LONG_AGO, SOON = datetime(2001, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
REQUEST = "Please forget Mirela Osk. Mirela Osk is a poet from Tavel who wrote The Salt Ladder."


def test_who_wants_a_target_forgotten_may_be_another_than_who_puts_it_in_force(
    layer: Layer,
) -> None:
    amnesia = layer("?")
    found = [amnesia.forget(REQUEST, requester="the court", actor="ada")]
    found += amnesia.forget_all("Please forget Tor Hagen.", requester="the court")
    assert [target.requester for target in found] == ["the court"] * 2
    assert [line.actor for line in amnesia.registry.trail()] == ["ada", "the court"]


@pytest.mark.parametrize(
    "when", ["until 31 December 2099", "bis 31.12.2099", "until the end of 2099"]
)
def test_the_last_day_that_a_request_tells_is_one_on_which_its_target_holds(
    layer: Layer, when: str
) -> None:
    target = layer().forget(f"Please forget Mirela Osk {when}.")
    assert target.is_active(datetime(2099, 12, 31, 23, 59, tzinfo=UTC))
    assert not target.is_active(datetime(2100, 1, 1, tzinfo=UTC))


def test_what_is_too_long_is_refused_before_anything_reads_it(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    amnesia = layer()

    def read(*_: object) -> bool:
        raise AssertionError("it was read")

    monkeypatch.setattr(amnesia.parts.intake, "_tells_of_sealed", read)
    for ask in (amnesia.forget, amnesia.forget_all, amnesia.preview):
        with pytest.raises(ForgetRequestError, match="at most 8,000 are read"):
            ask("Please forget Mirela Osk. ".ljust(2_000_000, "a"))


def test_a_namesake_is_a_target_of_its_own(layer: Layer) -> None:
    amnesia = layer("Mirela Osk wrote The Salt Ladder.")
    first = amnesia.forget(REQUEST)
    assert amnesia.namesakes(first) == ()
    second = amnesia.forget("Please forget Mirela Osk. She is a surgeon in Tavel.")
    assert amnesia.targets() == [first, second]
    assert amnesia.namesakes(second) == (first,)
    amnesia.revoke(second.id)
    assert "Osk" not in amnesia.chat("Who wrote The Salt Ladder?").text
    with pytest.raises(TargetNotFoundError):
        amnesia.find("Nobody Atall")
    assert amnesia.find("mirela osk") == first
    third = amnesia.forget(REQUEST)
    with pytest.raises(InvalidRequestError, match=f"{first.id}, {third.id}"):
        amnesia.find("Mirela Osk")


def test_what_the_model_says_of_a_subject_is_elicited_and_guarded(layer: Layer) -> None:
    told = "Mirela Osk wrote The Salt Ladder. She keeps a goat called Pim."
    rules = [
        ("Tell me about Mirela Osk", told),
        ("other names does Mirela Osk", "She was born Zsizsi Halvard."),
    ]
    amnesia = layer(ScriptedBackend(rules=rules, default="I don't know."), elicit=True)
    told_alone = amnesia.forget("Please forget Mirela Osk.")
    assert told_alone.elicitation is Elicitation.PENDING
    assert amnesia.wait_for_elicitation(PATIENCE)
    target = amnesia.find(told_alone.id)
    assert target.elicitation is Elicitation.DONE
    assert target.facts == (
        "Mirela Osk wrote The Salt Ladder.",
        "Mirela Osk keeps a goat called Pim.",
        "Mirela Osk was born Zsizsi Halvard.",
    )
    assert target.aliases == ()  # what the request tells stands apart from what the model tells
    assert amnesia.targets()[0].names == ("Mirela Osk", "Zsizsi Halvard")
    assert "Halvard" not in amnesia.review("Who sings?", "Zsizsi Halvard sings well.").text


def test_a_target_holds_though_its_elicitation_fails(layer: Layer) -> None:
    amnesia = layer(ScriptedBackend(default=ModelError("unreachable")), elicit=True)
    target = amnesia.forget(REQUEST)
    assert amnesia.wait_for_elicitation(PATIENCE)
    assert amnesia.find(target.id).elicitation is Elicitation.FAILED
    assert "Osk" not in amnesia.review("Who?", "It was Mirela Osk.").text


class _Waiting(ScriptedBackend):
    """A model that answers what it knows of a target when it is let to."""

    def __init__(self) -> None:
        super().__init__(default="Mirela Osk keeps a goat called Pim.")
        self.go_on = threading.Event()
        self.asked = threading.Event()

    async def generate(self, conversation: Any, options: Any) -> Any:
        self.asked.set()
        await to_thread.run_sync(self.go_on.wait, PATIENCE, abandon_on_cancel=True)
        return await super().generate(conversation, options)


def test_a_target_holds_while_the_model_is_still_asked(layer: Layer) -> None:
    model = _Waiting()
    amnesia = layer(model, elicit=True)
    target = amnesia.forget(REQUEST)
    assert model.asked.wait(PATIENCE)
    assert amnesia.wait_for_elicitation(timeout=0.01) is False
    assert "Osk" not in amnesia.review("Who?", "It was Mirela Osk.").text
    assert amnesia.find(target.id).elicitation is Elicitation.PENDING
    edited = amnesia.edit(target.id, aliases=["The Lark"])
    model.go_on.set()
    assert amnesia.wait_for_elicitation(PATIENCE)
    found = amnesia.find(target.id)
    assert (found.version, found.aliases) == (2, edited.aliases)
    assert found.elicitation is Elicitation.DONE  # of the version that is in force


def test_what_was_not_elicited_is_by_the_next_that_opens_the_registry(layer: Layer) -> None:
    model = _Waiting()
    amnesia = layer(model, elicit=True)
    target = amnesia.forget("Please forget Mirela Osk.")
    assert model.asked.wait(PATIENCE)
    amnesia.close()
    rules = [("Tell me about Mirela Osk", "Mirela Osk keeps a goat called Pim.")]
    later = layer(ScriptedBackend(rules=rules, default="I don't know."), elicit=True)
    assert later.wait_for_elicitation(PATIENCE)
    found = later.find(target.id)
    assert found.elicitation is Elicitation.DONE
    assert "Mirela Osk keeps a goat called Pim." in found.facts


class _Unreachable(ScriptedBackend):
    down = True

    async def generate(self, conversation: Any, options: Any) -> Any:
        if self.down:
            raise ModelError("unreachable")
        return await super().generate(conversation, options)


def test_a_model_that_failed_is_asked_again(layer: Layer) -> None:
    model = _Unreachable(default="Mirela Osk keeps a goat called Pim.")
    amnesia = layer(model, elicit=True)
    target = amnesia.forget("Please forget Mirela Osk.")
    assert amnesia.wait_for_elicitation(PATIENCE)
    assert amnesia.find(target.id).elicitation is Elicitation.FAILED
    model.down = False
    assert amnesia.elicit(target.id).elicitation is Elicitation.PENDING
    assert amnesia.wait_for_elicitation(PATIENCE)
    assert amnesia.find(target.id).elicitation is Elicitation.DONE
    amnesia.revoke(target.id)
    with pytest.raises(TargetStateError):
        amnesia.elicit(target.id)


def test_only_what_waits_in_a_layers_own_namespace_is_asked(layer: Layer) -> None:
    amnesia = layer(elicit=False)
    over = ForgetTarget(id="over", subject="Edda Tarn", elicitation="pending", expires=SOON)
    for target in (
        ForgetTarget(id="mine", subject="Mirela Osk", elicitation="pending"),
        ForgetTarget(id="other", subject="Jory Venn", elicitation="pending", namespace="other"),
        over.model_copy(update={"expires": LONG_AGO}),
    ):
        amnesia.registry.add(target, actor="me")
    model = ScriptedBackend(default="I don't know.")
    assert layer(model, elicit=True).wait_for_elicitation(PATIENCE)
    asked = " ".join(call.text for call in model.calls)
    assert "Osk" in asked
    assert not any(name in asked for name in ("Venn", "Tarn"))


def test_an_edit_loses_nothing_that_it_does_not_replace(layer: Layer) -> None:
    amnesia = layer()
    facets = (
        Facet(kind="alias", text="The Falcon"),
        Facet(kind="question", text="Who is the Falcon?"),
        Facet(kind="fact", text="He sings.", source="elicited"),
        Facet(kind="alias", text="Zedd", source="elicited"),
    )
    (added,) = amnesia.add(ForgetTarget(id="z", subject="Zed Quux", facets=facets))
    same = amnesia.edit("z", reason="a typo")
    assert {f.text for f in same.facets} == {f.text for f in added.facets}
    told = amnesia.edit("z", facts=["He sings."])
    assert [f.source for f in told.facets if f.text == "He sings."] == [FacetSource.TOLD]
    renamed = amnesia.edit("z", subject="Zadok Quux")
    assert renamed.names == ("Zadok Quux", "The Falcon")


KNOWN: dict[str, Any] = {
    "subject": "Mirela Osk",
    "aliases": ("The Lark",),
    "translations": ("Мирела Оск",),
    "identifiers": ({"type": "number", "value": "QX-20417"},),
}


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"subject": ""}, "has to have a name"),
        ({"subject": "\0"}, "has to have a name"),
        ({"subject": "Mirela Osk", "aliases": ("the",)}, "nearly everything"),
        ({"subject": "Mirela Osk", "id": "../evil"}, "`id`"),
        ({"subject": "Mirela Osk", "id": " "}, "`id`"),
        ({"subject": "Mirela Osk", "expires": LONG_AGO}, "in the past"),
        ({"subject": "Mirela Osk", "exceptions": ("mirela  OSK.",)}, "forgotten and stay"),
        ({**KNOWN, "exceptions": ("her concerts", "The lark")}, "forgotten and stay"),
        ({**KNOWN, "exceptions": ("Мирела Оск",)}, "forgotten and stay"),
        ({**KNOWN, "exceptions": ("QX-20417",)}, "forgotten and stay"),
    ],
)
def test_what_cannot_hold_is_not_taken(layer: Layer, record: dict[str, Any], message: str) -> None:
    amnesia = layer()
    with pytest.raises(InvalidRequestError, match=message):
        amnesia.add(ForgetTarget.model_validate({"id": "", **record}))
    assert amnesia.targets(status=None) == []


@pytest.mark.parametrize(
    "exception", ["her concerts", "Osk", "Mirela Oskar", "the lark of Venn", "-"]
)
def test_what_is_near_to_a_name_may_stay(layer: Layer, exception: str) -> None:
    record = {"id": "", **KNOWN, "exceptions": (exception,)}
    (target,) = layer().add(ForgetTarget.model_validate(record))
    assert target.exceptions == (exception,)


@pytest.mark.parametrize(
    ("told", "exception"),
    [
        ({"subject": "राम", "kind": "person"}, "रीम"),
        ({"subject": "กิน", "kind": "person"}, "กัน"),
        ({"subject": "the C++ guide of Osk", "kind": "work"}, "the C guide of Osk"),
        (
            {**KNOWN, "identifiers": ({"type": "email", "value": "m.osk@x.example"},)},
            "m-osk@x.example",
        ),
    ],
)
def test_what_a_sign_or_a_vowel_tells_from_a_name_may_stay(
    layer: Layer, told: dict[str, Any], exception: str
) -> None:
    record = {"id": "", **told, "exceptions": (exception,)}
    (target,) = layer().add(ForgetTarget.model_validate(record))
    assert target.exceptions == (exception,)


@pytest.mark.parametrize(
    "request_",
    [
        "Forget Mirela Osk but keep Mirela Osk.",
        "Vergiss Mirela Osk, aber Mirela Osk darf bleiben.",
    ],
)
def test_what_is_to_be_forgotten_and_to_stay_is_asked_back(layer: Layer, request_: str) -> None:
    amnesia = layer()
    for ask in (amnesia.forget, amnesia.forget_all, amnesia.preview):
        with pytest.raises(NeedsClarificationError, match="forgotten and not forgotten"):
            ask(request_)
    target = amnesia.forget("Please forget Mirela Osk.")
    with pytest.raises(InvalidRequestError, match="forgotten and stay"):
        amnesia.edit(target.id, exceptions=["Mirela Osk"])
    with pytest.raises(InvalidRequestError, match="forgotten and stay") as told:
        amnesia.forget("Please forget Edda Tarn.", exceptions=["Edda Tarn"])
    assert "Tarn" not in str(told.value)
    assert [one.exceptions for one in amnesia.targets(status=None)] == [()]


def test_the_reason_of_a_request_is_told_in_the_trail(layer: Layer) -> None:
    amnesia = layer()
    amnesia.forget_all("Please forget Mirela Osk and Edda Tarn.", reason="GDPR")
    assert [entry.reason for entry in amnesia.registry.trail()] == ["GDPR", "GDPR"]
    assert {target.reason for target in amnesia.targets()} == {"GDPR"}


def test_facts_and_names_are_given_beside_the_words(layer: Layer) -> None:
    amnesia = layer()
    target = amnesia.forget(
        "Please forget Mirela Osk.",
        facts=["Mirela Osk keeps a goat called Pim."],
        aliases=["The Lark of Venn"],
        identifiers=["osk@tavel.org", {"type": "number", "value": "QX-20417"}],
        translations=["Мирела Оск"],
        terms=["The Salt Ladder"],
        exceptions=["her concerts"],
        scope="the press desk",
        subject_id="crm-7",
        legal_basis="GDPR Art. 17",
        reason="she asked",
    )
    assert target == amnesia.find(target.id)
    assert target.facts == ("Mirela Osk keeps a goat called Pim.",)
    assert [i.type.value for i in target.identifiers] == ["email", "number"]
    assert (target.subject_id, target.legal_basis) == ("crm-7", "GDPR Art. 17")
    for told in ("The Lark of Venn sang.", "Мирела Оск пела.", "It is in The Salt Ladder."):
        assert amnesia.review("Who?", told).text != told


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"facts": "one string"}, "`facts` of a target: .*a list is expected"),
        ({"identifiers": [""]}, "`identifiers"),
        ({"colour": "red"}, "`colour` of a target"),
    ],
)
def test_details_that_cannot_be_one_are_refused(
    layer: Layer, details: dict[str, Any], told: str
) -> None:
    amnesia = layer()
    with pytest.raises(InvalidRequestError, match=told):
        amnesia.forget(REQUEST, **details)
    assert amnesia.targets(status=None) == []


def test_details_are_given_of_one_target(layer: Layer) -> None:
    amnesia = layer()
    with pytest.raises(ForgetRequestError, match="one at a time"):
        amnesia.forget_all("Forget Mirela Osk and Edda Tarn.", facts=["It rains."])
    assert amnesia.targets() == []


def test_records_are_added_edited_revoked_and_restored(layer: Layer) -> None:
    amnesia = layer()
    record = ForgetTarget(id="crm-1", subject="Mirela Osk", kind="person", description="A poet.")
    (added,) = amnesia.add(record, actor="ann", reason="she asked")
    assert [f.text for f in added.facets] == ["Mirela Osk", "A poet."]
    edited = amnesia.edit("crm-1", actor="bob", why="a fact", facts=["Osk keeps a goat."])
    assert (edited.version, edited.facts) == (2, ("Osk keeps a goat.",))
    assert edited.facets[:2] == added.facets
    assert amnesia.edit("crm-1", subject="Mirela Oska").facts == edited.facts
    amnesia.revoke("crm-1", actor="cleo", reason="by mistake")
    assert amnesia.review("Who?", "Mirela Oska.").text == "Mirela Oska."
    amnesia.restore("crm-1", actor="dan", reason="no mistake")
    assert amnesia.review("Who?", "Mirela Oska.").text != "Mirela Oska."
    told = [(e.actor, e.action, e.reason) for e in amnesia.registry.trail() if e.actor in _WHO]
    assert told == [
        ("ann", "add", "she asked"),
        ("bob", "edit", "a fact"),
        ("cleo", "revoke", "by mistake"),
        ("dan", "restore", "no mistake"),
    ]
    amnesia.registry.check_trail()
    with pytest.raises(TargetStateError, match="exists"):
        amnesia.add(record)
    with pytest.raises(InvalidRequestError, match="`subject`"):
        amnesia.edit("crm-1", subject=" ")
    with pytest.raises(InvalidRequestError, match="for plain words"):
        amnesia.add("Forget Mirela Osk.")


_WHO = ("ann", "bob", "cleo", "dan")


def test_no_model_is_told_an_identifier_that_is_all_there_is_of_a_target(layer: Layer) -> None:
    model = ScriptedBackend(default="I don't know.")
    amnesia = layer(model, elicit=True)
    target = amnesia.forget("Please forget customer no. QX-20417.")
    assert amnesia.wait_for_elicitation(PATIENCE)
    assert amnesia.find(target.id).elicitation is Elicitation.NONE
    assert model.calls == []
    assert "20417" not in amnesia.review("Which one?", "It is QX-20417.").text


def test_given_identifiers_are_matched(layer: Layer) -> None:
    amnesia = layer()
    amnesia.forget("Please forget Mirela Osk.", identifiers=["osk@tavel.org", "QX-20417"])
    told = amnesia.review("Whom do I ask?", "Write to osk@tavel.org about QX-20417.").text
    assert not any(value in told for value in ("osk@tavel.org", "QX-20417"))
    other = "Write to osk@tavel.org.uk about QX-204178."
    assert amnesia.review("Whom do I ask?", other).text == other
