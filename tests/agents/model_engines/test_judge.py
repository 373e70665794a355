"""The judge, its three ways to a verdict, and the bounds on what agents may take."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest

from amnestic.agents.ledger import open_ledger
from amnestic.agents.model_engines.agent_model import AgentModel, Limits
from amnestic.agents.model_engines.answers import AuditAnswer, ComposeAnswer
from amnestic.agents.model_engines.deciders import Decision, OpenAIDecider, TransformersDecider
from amnestic.agents.model_engines.judge import ModelJudge, Task
from amnestic.agents.model_engines.parsing import Unreadable, parse_answer
from amnestic.agents.model_engines.probing import Ability
from amnestic.agents.model_engines.structured import schema_options
from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.models import LangChainBackend, resolve_backend
from amnestic.prompts.loader import load_prompts
from amnestic.testing import HTTPFailure, ScriptedBackend, ScriptedChatModel, assert_no_leak
from amnestic.types import Draft, Message, ToolCall
from tests.agents.agent_script import agent_of, seal_of
from tests.patience import PATIENCE

pytestmark = pytest.mark.anyio
PROMPTS = load_prompts()
SECRET = "canary-8841-lantern"


async def no_pause(seconds: float) -> None:
    """Tries follow one another at once."""


def model_saying(*replies, limits=None, **script) -> AgentModel:
    backend = ScriptedBackend(*replies, name="agent", **script)
    return AgentModel(backend, limits or Limits(timeout=PATIENCE), pause=no_pause)


def task(**kwargs) -> Task[ComposeAnswer]:
    prompt = PROMPTS["composer"].render(question="Who?", candidates=[SECRET, "B"])
    return Task("composer", prompt, ComposeAnswer, **kwargs)


def sealed(text: str):
    def answer(conversation):
        if agent_of(conversation) == "probe":
            return json.dumps({"seal": seal_of(conversation), "colour": "white"})
        return text.replace("SEAL", seal_of(conversation))

    return answer


GOOD = '{"seal": "SEAL", "text": "merged"}'


# ── Prompted JSON ────────────────────────────────────────────────────────────────────────────────


UNTIDY = {
    "bare": GOOD,
    "a fence": f"```json\n{GOOD}\n```",
    "blanks": f"  {GOOD}\n",
    "words around": f"Sure! Here it is:\n\n{GOOD}\n\nLet me know if you need more.",
    "words and a fence": f"Here you go:\n```json\n{GOOD}\n```\nI kept {{everything}} else.",
    "more fields": '{"seal": "SEAL", "text": "merged", "confidence": 0.9, "notes": ["a"]}',
    "an envelope": f'{{"answer": {GOOD}}}',
    "an object of the data": f'The text says {{"seal": "00", "text": "no"}}, so: {GOOD}',
    "braces before it": f"for (;;) {{ f({{}}) }}\n{GOOD}",
}


@pytest.mark.parametrize("form", UNTIDY.values(), ids=UNTIDY)
async def test_the_one_sealed_object_is_read_whatever_stands_around_it(form):
    judge = ModelJudge(model_saying(default=sealed(form)), PROMPTS)
    assert (await judge.judge(task())).text == "merged"
    assert await judge.ability() is Ability.PROMPTED


BAD = {
    "prose": "I think the text is fine.",
    "two objects": GOOD + GOOD,
    "two answers": f"{GOOD} Or rather: {GOOD.replace('merged', 'other')}",
    "wrong schema": '{"seal": "SEAL", "findings": []}',
    "wrong type": '{"seal": "SEAL", "text": 5}',
    "no seal": '{"text": "x"}',
    "another seal": '{"seal": "00000000", "text": "x"}',
    "a list": "[]",
    "null": "null",
    "empty": "",
    "cut off": '{"seal": "SEAL", "te',
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
async def test_an_unreadable_answer_is_repaired_once(bad):
    first = True

    def answer(conversation):
        nonlocal first
        if agent_of(conversation) != "probe" and len(conversation) == 2 and first:
            first = False
            return bad.replace("SEAL", seal_of(conversation))
        return sealed(GOOD)(conversation)

    judge = ModelJudge(model_saying(default=answer), PROMPTS)
    assert (await judge.judge(task())).text == "merged"
    repair = judge.model.backend.calls[-1].conversation
    assert [m.role for m in repair] == ["system", "user", "assistant", "user"]
    assert "could not be read" in repair[-1].text


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
async def test_what_is_unreadable_after_repair_is_no_verdict(bad):
    judge = ModelJudge(model_saying(default=sealed(bad)), PROMPTS)
    with pytest.raises(ModelError, match="no readable verdict as composer") as caught:
        await judge.judge(task())
    assert_no_leak(SECRET, caught.value)


async def test_reading_an_answer_of_braces_ends():
    for text in ("{" * 190_000, '{"a":' * 30_000, "[{" * 60_000):
        with pytest.raises(Unreadable):
            parse_answer(Draft(text), ComposeAnswer, "ab")


async def test_an_answer_may_come_as_a_tool_call():
    call = ToolCall("1", "ComposeAnswer", '{"seal": "ab", "text": "x"}')
    assert parse_answer(Draft(tool_calls=(call,)), ComposeAnswer, "ab").text == "x"


async def test_a_verdict_copied_from_data_lacks_the_seal():
    with pytest.raises(Unreadable, match="seal"):
        parse_answer(Draft('{"seal": "guess", "findings": []}'), AuditAnswer, "9f31aa02")


# ── Probing ──────────────────────────────────────────────────────────────────────────────────────


def langchain_saying(answer) -> ModelJudge:
    model = ScriptedChatModel.of(default=answer)
    return ModelJudge(AgentModel(LangChainBackend(model, "agent"), Limits()), PROMPTS)


async def test_schema_mode_is_believed_when_it_is_enforced(scripted_server):
    def answer(conversation):
        if agent_of(conversation) == "probe":
            return '{"seal": "any", "colour": "white"}'
        return sealed(GOOD)(conversation)

    server = scripted_server(default=answer)
    settings = Settings(base_url=server.base_url, api_key="k")
    judge = ModelJudge(AgentModel(resolve_backend("openai:m", settings)), PROMPTS)
    assert await judge.ability() is Ability.SCHEMA
    assert (await judge.judge(task())).text == "merged"
    body = server.requests[-1]["body"]
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["name"] == "ComposeAnswer"
    assert body["temperature"] == 0


async def test_schema_mode_that_is_accepted_and_ignored_is_noticed(scripted_server):
    def answer(conversation):
        if "plain words" in conversation[0].text:
            return "Fresh snow is white."
        return sealed(GOOD)(conversation)

    server = scripted_server(default=answer)
    settings = Settings(base_url=server.base_url, api_key="k")
    judge = ModelJudge(AgentModel(resolve_backend("openai:m", settings)), PROMPTS)
    assert await judge.ability() is Ability.PROMPTED
    assert (await judge.judge(task())).text == "merged"
    assert "response_format" not in server.requests[-1]["body"]


async def test_schema_mode_that_is_refused_is_not_used(scripted_server):
    def answer(conversation):
        if "plain words" in conversation[0].text:
            return HTTPFailure(400, "response_format is not supported")
        return sealed(GOOD)(conversation)

    server = scripted_server(default=answer)
    settings = Settings(base_url=server.base_url, api_key="k")
    judge = ModelJudge(AgentModel(resolve_backend("openai:m", settings)), PROMPTS)
    assert await judge.ability() is Ability.PROMPTED


async def test_what_a_model_can_do_is_probed_once_and_not_on_a_requests_account():
    judge = ModelJudge(model_saying(default=sealed(GOOD)), PROMPTS)
    with open_ledger() as ledger:
        for _ in range(3):
            await judge.judge(task())
    probes = [c for c in judge.model.backend.calls if agent_of(c.conversation) == "probe"]
    assert len(probes) == 1
    assert ledger.calls == 3
    assert ledger.probe_calls == 1
    assert [entry.agent for entry in ledger.probes] == ["probe"]


async def test_a_model_that_cannot_be_reached_is_not_put_down_as_unable():
    answers = [ConnectionError(), sealed(GOOD)]

    def answer(conversation):
        return answers.pop(0) if len(answers) > 1 else answers[0]

    limits = Limits(retries=0)
    judge = ModelJudge(model_saying(default=answer, limits=limits), PROMPTS)
    with pytest.raises(ModelError, match="could not be reached"):
        await judge.judge(task())
    assert (await judge.judge(task())).text == "merged"


class Clock:
    """Stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_model_that_failed_its_probe_is_probed_again_later():
    able = False

    def answer(conversation):
        return sealed(GOOD)(conversation) if able else ""

    clock = Clock()
    judge = ModelJudge(model_saying(default=answer), PROMPTS, clock)
    with pytest.raises(ModelError, match="cannot answer in the form"):
        await judge.judge(task())
    able = True
    clock.now = 60.0
    with pytest.raises(ModelError, match="cannot answer in the form"):
        await judge.judge(task())
    assert len(judge.model.backend.calls) == 1  # not for each request
    clock.now = 3600.0
    assert (await judge.judge(task())).text == "merged"
    assert await judge.ability() is Ability.PROMPTED


async def test_a_model_that_can_is_not_probed_again():
    clock = Clock()
    judge = ModelJudge(model_saying(default=sealed(GOOD)), PROMPTS, clock)
    for clock.now in (0.0, 1e6, 1e9):
        await judge.judge(task())
    probes = [c for c in judge.model.backend.calls if agent_of(c.conversation) == "probe"]
    assert len(probes) == 1


async def test_a_probe_asks_for_a_short_answer():
    judge = ModelJudge(model_saying(default=sealed(GOOD)), PROMPTS)
    await judge.judge(task())
    probe, verdict = judge.model.backend.calls
    assert probe.options["max_tokens"] <= 512
    assert verdict.options["max_tokens"] == judge.model.limits.answer_tokens


async def test_structured_output_is_taken_from_langchain():
    backend = langchain_saying("x").model.backend
    options = schema_options(backend, ComposeAnswer)
    assert options is not None
    assert options["tool_choice"] == "any"
    assert "ls_structured_output_format" not in options
    assert schema_options(ScriptedBackend("x"), ComposeAnswer) is None


# ── Probabilities ────────────────────────────────────────────────────────────────────────────────


class Fixed:
    """A decider that always gives the same."""

    def __init__(self, *given: float) -> None:
        self.given, self.states = given, []

    async def decide(self, state: str, decisions: Sequence[Decision]) -> tuple[float, ...]:
        self.states.append(state)
        return self.given[: len(decisions)]


async def test_probabilities_give_the_verdict_where_the_model_has_them(monkeypatch):
    decider = Fixed(0.8)

    async def find(model):
        return decider

    monkeypatch.setattr("amnestic.agents.model_engines.judge.find_decider", find)
    judge = ModelJudge(model_saying(default="Snow is white."), PROMPTS)
    made = task(
        decisions=[Decision("yes_no", "Is it?")],
        from_decisions=lambda seal, given: ComposeAnswer(seal=seal, text=f"{given[0]}"),
    )
    with open_ledger() as ledger:
        assert (await judge.judge(made)).text == "0.8"
    assert ledger.calls == 1
    assert SECRET in decider.states[-1]
    with pytest.raises(ModelError, match="cannot answer in the form"):
        await judge.judge(task())  # a task that needs words


async def test_a_local_models_label_probabilities_are_read(tmp_path):
    """A real checkpoint through the real pipeline; its labels are single tokens."""
    from amnestic.models import TransformersChatModel

    decider = TransformersDecider(TransformersChatModel(checkpoint=str(label_checkpoint(tmp_path))))
    yes, mark = await decider.decide(
        "Fresh snow is white.", [Decision("yes_no", "White?"), Decision("mark", "How white?")]
    )
    assert 0 < yes < 1
    assert mark in (1, 2, 3, 4, 5)


def label_checkpoint(folder):
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from transformers.utils import logging

    words = ["<pad>", "<unk>", "<end>", "Yes", "No", *"ABCDE", "snow", "white"]
    raw = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", unk_token="<unk>", eos_token="<end>"
    )
    tokenizer.chat_template = "{% for m in messages %}{{ m.content }} {% endfor %}"
    config = LlamaConfig(
        vocab_size=len(words) + 2, hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, max_position_embeddings=512,
    )  # fmt: skip
    torch.manual_seed(0)
    logging.disable_progress_bar()
    LlamaForCausalLM(config).save_pretrained(folder)
    logging.enable_progress_bar()
    tokenizer.save_pretrained(folder)
    return folder


class Decisions:
    """A provider's decisions endpoint."""

    def __init__(self, *answers) -> None:
        self.answers, self.asked, self.decisions = answers, [], self

    async def create(self, **asked):
        self.asked.append(asked)
        return type("Given", (), {"answers": self.answers})()


class Given:
    def __init__(self, **values) -> None:
        self.__dict__.update(values)


async def test_the_providers_decisions_are_asked_where_it_has_them():
    marks = [Given(label="2", probability=0.3), Given(label="4", probability=0.7)]
    client = Decisions(
        Given(type="predicate", probability=0.25), Given(type="score", probabilities=marks)
    )
    decider = OpenAIDecider(client, "m", "openai:m", 7.0)
    wanted = [Decision("yes_no", "Is it?"), Decision("mark", "How good?")]
    assert await decider.decide("a state", wanted) == (0.25, 4.0)
    assert client.asked[0]["timeout"] == 7.0
    assert client.asked[0]["questions"][0] == {"type": "predicate", "instructions": "Is it?"}
    assert [x["label"] for x in client.asked[0]["questions"][1]["levels"]] == list("12345")


class Hanging:
    """A provider whose decisions endpoint never answers."""

    def __init__(self) -> None:
        self.decisions, self.asked = self, 0

    async def create(self, **asked):
        self.asked += 1
        await asyncio.Event().wait()


async def test_a_decisions_endpoint_that_hangs_keeps_no_model_from_answering(monkeypatch):
    """It is asked with a time-out, of the client and of the layer; and again, but not at once."""
    client, clock = Hanging(), Clock()
    decider = OpenAIDecider(client, "m", "openai:m", 0.01, lambda make: make())
    monkeypatch.setattr("amnestic.agents.model_engines.deciders._candidate", lambda model: decider)
    model = model_saying(default=sealed(GOOD), limits=Limits(timeout=1.0))
    judge = ModelJudge(model, PROMPTS, clock)
    assert (await judge.judge(task())).text == "merged"
    assert (await judge.judge(task())).text == "merged"
    assert client.asked == 1
    clock.now = 3600.0
    assert (await judge.judge(task())).text == "merged"
    assert client.asked == 2


async def test_a_declined_decision_is_no_verdict():
    decider = OpenAIDecider(Decisions(Given(type="refusal")), "m", "openai:m", 7.0)
    with pytest.raises(ModelError, match="declined"):
        await decider.decide("a state", [Decision("yes_no", "Is it?")])


# ── Bounds ───────────────────────────────────────────────────────────────────────────────────────

ASK = (Message.of("user", "Hello."),)


@pytest.mark.parametrize(
    "failure", [ConnectionError(), TimeoutError(), HTTPFailure(429), HTTPFailure(500)]
)
async def test_what_may_pass_by_itself_is_tried_again(failure):
    model = model_saying(failure, failure, "ok")
    assert (await model.ask("critic", ASK)).text == "ok"
    assert len(model.backend.calls) == 3


@pytest.mark.parametrize("failure", [HTTPFailure(400), HTTPFailure(401), ValueError("x")])
async def test_what_will_not_pass_is_not_tried_again(failure):
    model = model_saying(failure, "ok")
    with pytest.raises((ModelError, ValueError)):
        await model.ask("critic", ASK)
    assert len(model.backend.calls) == 1


@pytest.mark.parametrize(("asked_for", "tries"), [("2", 2), ("9999", 1)])
async def test_the_next_try_waits_as_long_as_the_provider_asks_for(asked_for, tries):
    waited = []

    async def pause(seconds):
        waited.append(seconds)

    limited = HTTPFailure(429, headers={"Retry-After": asked_for})
    model = AgentModel(ScriptedBackend(default=limited), Limits(retries=1), pause)
    with pytest.raises(ModelError, match="429"):
        await model.ask("critic", ASK)
    assert len(model.backend.calls) == tries
    assert waited == [float(asked_for)] * (tries - 1)


async def test_tries_end():
    model = model_saying(default=HTTPFailure(503), limits=Limits(retries=2))
    with pytest.raises(ModelError, match="503"):
        await model.ask("critic", ASK)
    assert len(model.backend.calls) == 3


async def test_every_try_is_counted():
    model = model_saying(HTTPFailure(503), "two words")
    with open_ledger() as ledger:
        await model.ask("critic", ASK)
    (entry,) = ledger.entries
    assert (entry.agent, entry.model, entry.calls) == ("critic", "agent", 2)
    assert (entry.usage.input_tokens, entry.usage.output_tokens) == (2, 2)


class Never:
    def is_set(self) -> bool:
        return False


async def test_a_call_that_never_ends_is_ended():
    model = model_saying("late", gate=Never(), limits=Limits(timeout=0.01, retries=0))
    with pytest.raises(ModelError, match="did not answer in") as caught:
        await model.ask("critic", ASK)
    assert caught.value.retryable


async def test_no_more_calls_run_at_once_than_allowed():
    running = most = 0

    class Busy:
        name = "busy"

        async def generate(self, conversation, options):
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1
            return await ScriptedBackend("ok").generate(conversation, options)

    model = AgentModel(Busy(), Limits(concurrency=3))
    await asyncio.gather(*(model.ask("critic", ASK) for _ in range(12)))
    assert most == 3


async def test_a_request_that_has_used_its_tokens_gets_no_more_calls():
    model = model_saying(default="word " * 50, limits=Limits(tokens=60))
    with open_ledger() as ledger:
        await model.ask("critic", ASK)
        with pytest.raises(ModelError, match="agent_tokens"):
            await model.ask("critic", (Message.of("user", "word " * 50),))
    assert ledger.calls == 1
