"""Answers of local models in which given strings do not stand, on both real engines."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from amnestic.config import Settings
from amnestic.exceptions import InputTooLargeError, InvalidRequestError, ModelError
from amnestic.models import TransformersChatModel, resolve_backend, restricted
from amnestic.models.decoding import RESTRICTION
from amnestic.models.forbidden import ForbiddenText, Restriction
from amnestic.models.protocol import Delta, RestrictedBackend
from amnestic.types import Message
from tests.models.tiny_gguf import write_tiny
from tests.patience import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("one_thread")]

HELLO = (Message.of("user", "Hello."),)
WARM = {"temperature": 1.5, "max_tokens": 40}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(params=["gguf", "hf"])
def backend(request, file, tiny_checkpoint):
    where = {"gguf": file, "hf": tiny_checkpoint}[request.param]
    return resolve_backend(f"{request.param}:{where}", Settings(model_timeout=PATIENCE))


@pytest.fixture(params=["going back", "by force"])
def way(request, monkeypatch):
    if request.param == "by force":
        monkeypatch.setattr(restricted, "_TURNS", 0)


async def _text(backend, options, forbidden=()) -> str:
    return (await backend.generate_without(HELLO, options, forbidden)).choices[0].text


def _pieces_of(text: str, seed: int) -> list[str]:
    """Strings that a model would have written: each of two letters at least."""
    rng = random.Random(seed)
    starts = [rng.randrange(len(text)) for _ in range(4)]
    whole = text.replace("\N{REPLACEMENT CHARACTER}", " ")  # half a character is none of a name
    cut = [whole[start : start + rng.randint(2, 6)].strip() for start in starts]
    return [piece for piece in cut if len(piece) > 1]


@pytest.mark.usefixtures("way")
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_what_a_model_would_have_written_is_not_in_its_answer(backend, seed):
    options = {**WARM, "seed": seed}
    free = asyncio.run(_text(backend, options))
    assume(free)
    forbidden = _pieces_of(free, seed)
    kept = asyncio.run(_text(backend, options, forbidden))
    assert not ForbiddenText(forbidden).stands_in(kept)


async def test_without_strings_the_answer_is_the_usual_one(backend):
    plain = await backend.generate(HELLO, {"max_tokens": 12})
    assert await backend.generate_without(HELLO, {"max_tokens": 12}, ["never said"]) == plain


async def test_an_answer_is_not_longer_and_its_usage_tells_of_what_was_thrown_away(backend):
    free = (await backend.generate(HELLO, {"max_tokens": 20})).choices[0].text
    told = await backend.generate_without(HELLO, {"max_tokens": 20}, [free.split()[0][:3]])
    assert told.usage.output_tokens >= 20
    assert told.choices[0].finish_reason == "length"


class _FullAfterTheFirst:
    """A model whose context a begun answer fills: other tokens than it was written in."""

    name = "narrow"

    async def stream(self, conversation, options):
        if options[RESTRICTION].begun:
            raise InputTooLargeError("the conversation takes 259 tokens")
        for piece in ("It ", "was ", "Ada"):
            yield Delta(text=piece)
        yield Delta(finish_reason="stop")


async def test_an_answer_that_leaves_no_room_to_go_on_ends_there():
    limits = restricted.Limits(PATIENCE, 200)
    told = await restricted.answer_without(_FullAfterTheFirst(), HELLO, {}, ["Ada"], limits)
    assert (told.choices[0].text, told.choices[0].finish_reason) == ("It was", "length")
    assert told.usage.output_tokens == 3


async def test_a_conversation_that_does_not_fit_is_refused(backend):
    long = (Message.of("user", "Hello. " * 5000),)
    with pytest.raises(InputTooLargeError):
        await backend.generate_without(long, {}, ["x"])


async def test_choices_are_drawn_apart_and_each_is_kept(backend):
    options = {**WARM, "n": 2, "seed": 3}
    free = await backend.generate(HELLO, options)
    forbidden = [draft.text.split()[0] for draft in free.choices]
    told = await backend.generate_without(HELLO, options, forbidden)
    assert len({draft.text for draft in told.choices}) == 2
    assert not any(ForbiddenText(forbidden).stands_in(draft.text) for draft in told.choices)


async def test_a_begun_answer_is_gone_on_with(backend):
    whole = (await backend.generate(HELLO, {"max_tokens": 12})).choices[0].text
    begun = whole[: whole.rindex(" ")] if " " in whole.strip() else whole[:3]
    kept = {"max_tokens": 4, RESTRICTION: Restriction(begun)}
    rest = (await backend.generate(HELLO, kept)).choices[0].text
    assert rest
    assert not rest.startswith(begun)


BEGUN = "The quiet"


async def _gone_on(backend, options, forbidden=()):
    told = await backend.generate_without(HELLO, options, forbidden, BEGUN)
    (draft,) = told.choices
    assert draft.text.startswith(BEGUN)
    return draft, told.usage


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_has_begun_is_gone_on_with_without_the_strings(backend, seed):
    options = {**WARM, "seed": seed}
    free, _ = await _gone_on(backend, options)
    rest = free.text.removeprefix(BEGUN)
    assert rest.strip()
    drawn = (_pieces_of(rest, seed + i) for i in range(50))
    forbidden = next(pieces for pieces in drawn if ForbiddenText(pieces).stands_in(rest))
    kept, _ = await _gone_on(backend, options, forbidden)
    assert not ForbiddenText(forbidden).stands_in(kept.text)


@pytest.mark.usefixtures("way")
async def test_a_string_over_the_joint_is_not_completed(backend):
    """What is out already is not taken back for it: another word comes behind."""
    options = {**WARM, "seed": 4}
    free, _ = await _gone_on(backend, options)
    name = free.text[len("The ") : len(BEGUN) + 5].rstrip()
    kept, _ = await _gone_on(backend, options, [name])
    assert not ForbiddenText([name]).stands_in(kept.text)


@pytest.mark.usefixtures("way")
async def test_a_string_that_is_out_already_keeps_nothing_from_being_said(backend):
    options = {**WARM, "seed": 5}
    free, _ = await _gone_on(backend, options)
    assert (await _gone_on(backend, options, ["quiet", "the quiet"]))[0] == free


async def test_what_has_begun_counts_as_tokens_of_the_answer(backend):
    draft, usage = await _gone_on(backend, {"max_tokens": 12})
    assert draft.finish_reason == "length"
    assert 0 < usage.output_tokens < 12
    draft, _ = await _gone_on(backend, {"max_tokens": 2})
    assert (draft.text, draft.finish_reason) == (BEGUN, "length")


class _Joining:
    """A model that says a name's second half whenever it may, and something else where not."""

    name = "joining"

    async def stream(self, conversation, options):
        kept = options[RESTRICTION]
        yield Delta(text=" Osk is" if "o" not in kept.barred else " it is")
        yield Delta(finish_reason="stop")


async def test_the_first_word_behind_the_beginning_is_barred_not_one_within_it():
    limits, begun = restricted.Limits(PATIENCE, 200), restricted.Begun("It was Ada", 3)
    told = await restricted.answer_without(_Joining(), HELLO, {}, ["Ada Osk"], limits, begun)
    assert told.choices[0].text == "It was Ada it is"


async def test_what_a_caller_sends_under_the_same_name_is_passed_over(backend):
    plain = await backend.generate(HELLO, {"max_tokens": 8})
    assert await backend.generate(HELLO, {"max_tokens": 8, RESTRICTION: "x"}) == plain


async def test_options_out_of_range_are_refused(backend):
    with pytest.raises(InvalidRequestError, match="temperature"):
        await backend.generate_without(HELLO, {"temperature": 7}, ["x"])


async def test_a_form_that_cannot_do_without_a_string_ends_in_an_error_that_does_not_tell_it(file):
    backend = resolve_backend(f"gguf:{file}", Settings(model_timeout=PATIENCE))
    schema = {"type": "object", "properties": {"secretword": {"type": "boolean"}}}
    schema["required"] = ["secretword"]
    form = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    with pytest.raises(ModelError, match="wrote what it was kept from") as raised:
        await backend.generate_without(HELLO, {"response_format": form}, ["secretword"])
    assert "secretword" not in str(raised.value)
    told = await backend.generate_without(HELLO, {"response_format": form}, ["otherword"])
    assert "secretword" in told.choices[0].text


async def test_a_late_answer_ends_in_a_model_error(backend):
    limits = restricted.Limits(0.0, 200)
    with pytest.raises(ModelError, match="did not answer in time") as raised:
        await restricted.answer_without(backend, HELLO, {}, ["x"], limits)
    assert raised.value.retryable


async def test_the_model_is_free_again_after_it_went_back(backend):
    free = (await backend.generate(HELLO, {"max_tokens": 20})).choices[0].text
    await backend.generate_without(HELLO, {"max_tokens": 20}, [free.split()[0]])
    assert (await backend.generate(HELLO, {"max_tokens": 3})).usage.output_tokens == 3


def test_local_models_are_restricted_backends(backend, tiny_checkpoint):
    assert isinstance(backend, RestrictedBackend)
    model = TransformersChatModel(checkpoint=str(tiny_checkpoint))
    assert isinstance(resolve_backend(model, Settings()), RestrictedBackend)
    assert not isinstance(resolve_backend("openai:m", Settings(api_key="k")), RestrictedBackend)
