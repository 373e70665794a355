"""What is remembered of an upstream's replies is how they look, and of nobody's request."""

from __future__ import annotations

import json

from amnestic.integrations.openai.known_manners import Manners
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.integrations.openai.responses_speaker import ResponsesSpeaker
from amnestic.integrations.openai.stream_manners import StreamManner
from amnestic.integrations.openai.wire import Answer, Event, Json
from tests.integrations.openai.recorded import RESPONSES
from tests.integrations.openai.upstreams import response

ASKED: Json = {"model": "m", "input": "Hi"}
ECHOED = ResponsesDialect().echoed
OWN: Json = {"metadata": {"patient": "p7"}, "max_output_tokens": 777, "text": {"format": {
    "type": "json_schema", "schema": {"properties": {"merger": {"type": "string"}}}}}}  # fmt: skip


def test_nothing_of_one_callers_request_shapes_anothers_reply() -> None:
    manners, reply = Manners(ECHOED), response() | OWN
    manners.learn(ASKED, Answer(200, (), json.dumps(reply).encode()), reply)
    known = manners.of(ASKED).reply
    assert list(known) == list(reply)  # the fields and their order are the upstream's
    assert not [word for word in ("patient", "777", "merger") if word in json.dumps(known)]


def test_nothing_of_one_callers_request_shapes_anothers_stream() -> None:
    events = json.loads(
        json.dumps(RESPONSES["plain"]).replace('"metadata": {}', '"metadata": {"p7": 1}')
    )
    speaker = ResponsesSpeaker(ASKED, {})
    read = [Event(event["type"], json.dumps(event)) for event in events]
    manners = Manners(ECHOED)
    manners.learn_stream(ASKED, lambda: StreamManner.of(read, speaker.kind, speaker.said))
    assert "metadata" in json.dumps(manners.of_stream(ASKED).examples)
    assert "p7" not in json.dumps(manners.of_stream(ASKED).examples)


def test_as_many_models_are_known_as_there_is_room_for() -> None:
    manners, reply = Manners(), response()
    answer = Answer(200, (), json.dumps(reply).encode())
    for i in range(300):
        manners.learn({"model": "m" * 10_000 + str(i)}, answer, reply)
    assert len(manners._known) == 256
    assert {len(key) for key in manners._known} == {32}
    assert manners.of({"model": "m" * 10_000 + "299"}).reply
