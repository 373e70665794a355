"""dspy: modules with its default adapter, which asks in words and falls back to a schema."""

from __future__ import annotations

import asyncio
from typing import Any

import dspy
from asking import KEY, MODEL, Answer, Door, look_up, main

dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=False)


class Entry(dspy.Signature):
    """Give the entry of the catalogue."""

    question: str = dspy.InputField()
    entry: Answer = dspy.OutputField()


def _model(door: Door) -> Any:
    return dspy.LM(f"openai/{MODEL}", api_base=door.url, api_key=KEY, num_retries=0)


def _cell(module: Any) -> Any:
    def ask(door: Door, question: str) -> Any:
        model = _model(door)
        with dspy.context(lm=model):
            made = module()(question=question)
        return dict(made), [dict(made), [entry["outputs"] for entry in model.history]]

    return ask


def _with_json(ask: Any) -> Any:
    def asked(door: Door, question: str) -> Any:
        with dspy.context(adapter=dspy.JSONAdapter()):
            return ask(door, question)

    return asked


def streamed(door: Door, question: str) -> Any:
    async def ask() -> Any:
        listener = dspy.streaming.StreamListener(signature_field_name="answer")
        program = dspy.streamify(dspy.Predict("question -> answer"), stream_listeners=[listener])
        with dspy.context(lm=_model(door)):
            return [piece async for piece in program(question=question)]

    pieces = asyncio.run(ask())
    return dict(pieces[-1]), pieces


main(
    {
        "plain": _cell(lambda: dspy.Predict("question -> answer")),
        "streamed": streamed,
        "tools": _cell(lambda: dspy.ReAct("question -> answer", tools=[look_up])),
        "structured": _cell(lambda: dspy.Predict(Entry)),
        "structured, by JSON": _with_json(_cell(lambda: dspy.Predict(Entry))),
        "plain, reasoned": _cell(lambda: dspy.ChainOfThought("question -> answer")),
    }
)
