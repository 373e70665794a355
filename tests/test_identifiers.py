"""Identifiers through the whole layer: told, asked for, handed back, and repeated in ignorance."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from amnestic.types import FacetKind

Layer = Callable[..., Amnesia]
REQUEST = (
    "Please forget Tor Hagen-Lys, customer no. 48213-K, e-mail tor@example.com, "
    "phone +49 171 1234567."
)


def test_identifiers_stand_apart_from_the_names(layer: Layer) -> None:
    target = layer().forget(REQUEST)
    assert [i.value for i in target.identifiers] == [
        "48213-K",
        "tor@example.com",
        "+49 171 1234567",
    ]
    assert target.names == ("Tor Hagen-Lys",)
    assert [f.text for f in target.facets if f.kind is FacetKind.ALIAS] == ["Tor Hagen-Lys"]


def test_a_record_that_is_an_identifier_has_no_name(layer: Layer) -> None:
    target = layer().forget("Forget +44 20 7946 0018")
    assert (target.subject, target.aliases) == ("+44 20 7946 0018", ())
    assert target.proper_names == ()
    assert not [f for f in target.facets if f.kind is FacetKind.ALIAS]


@pytest.mark.parametrize(
    ("reply", "gone", "stays"),
    [
        ("The harbour opens at six. Customer 48213 K owes us 20 euros.", "48213", "harbour"),
        ("The harbour opens at six. Write to TOR+a@example.com.", "example", "harbour"),
        ("The harbour opens at six. Call 0171 123 45 67 first.", "0171", "harbour"),
        ("The harbour opens at six. Mail tor [at] example [dot] com.", "example", "harbour"),
    ],
)
def test_a_reply_loses_the_sentence_that_tells_an_identifier(
    layer: Layer, reply: str, gone: str, stays: str
) -> None:
    amnesia = layer(reply)
    amnesia.forget(REQUEST)
    text = amnesia.chat("What is new at the harbour?").text
    assert gone not in text
    assert stays in text


def test_a_reply_with_a_neighbour_is_untouched(layer: Layer) -> None:
    reply = "Customer 48213-L wrote from tor@example.com.uk, and called from +49 171 1234568."
    amnesia = layer(reply)
    amnesia.forget(REQUEST)
    assert amnesia.chat("What is new at the harbour?").text == reply


def test_json_keeps_its_shape_without_the_record_of_the_identifier(layer: Layer) -> None:
    rows = [{"id": "48213-K", "due": 20}, {"id": "48214-K", "due": 7}]
    amnesia = layer(json.dumps(rows))
    amnesia.forget("Forget customer no. 48213-K")
    assert json.loads(amnesia.chat("List what is due, as JSON.").text) == rows[1:]


def test_csv_loses_the_row_of_the_identifier(layer: Layer) -> None:
    amnesia = layer("id,due\n48213-K,20\n48214-K,7\n")
    amnesia.forget("Forget customer no. 48213-K")
    text = amnesia.chat("List what is due, as CSV.").text
    assert "48213" not in text
    assert "48214-K,7" in text


def test_a_question_for_an_identifier_reaches_the_model_under_another(layer: Layer) -> None:
    backend = ScriptedBackend(default="Lighthouses warn ships off the rocks.")
    amnesia = layer(backend)
    amnesia.forget("Forget customer no. 48213-K")
    amnesia.chat("Compare customer 48213-K with lighthouses: what are lighthouses for?")
    seen = "".join(m.text for call in backend.calls for m in call.conversation)
    assert "48213" not in seen


def test_a_document_with_the_identifier_is_scrubbed_before_the_model_sees_it(layer: Layer) -> None:
    backend = ScriptedBackend(default="It opens at six.")
    amnesia = layer(backend)
    amnesia.forget(REQUEST)
    document = (
        "The harbour opens at six.\nCustomer 48213 K owes us 20 euros.\nThe museum closes at nine."
    )
    amnesia.chat(f"{document}\n\nWhen does the harbour open?")
    seen = "".join(m.text for call in backend.calls for m in call.conversation)
    assert "48213" not in seen
    assert "closes at nine" in seen


def test_the_echo_of_an_identifier_in_ignorance_is_no_leak(layer: Layer) -> None:
    amnesia = layer("I don't know customer 48213-K.")
    amnesia.forget("Forget customer no. 48213-K")
    assert "know" in amnesia.chat("Who is customer 48213-K?").text.lower()


def test_a_weak_identifier_is_withheld_where_its_target_is_asked_for(layer: Layer) -> None:
    amnesia = layer("It is 4711.")
    amnesia.forget("Please forget Tor Hagen-Lys, PIN 4711.")
    assert "4711" not in amnesia.chat("What does Tor Hagen-Lys type at the door?").text
    assert "4711" in amnesia.chat("Which number is the famous cologne called by?").text
