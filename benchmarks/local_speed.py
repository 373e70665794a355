"""What the layer costs a real local model far from every target: the first piece, tokens a second.

    python benchmarks/local_speed.py [--model gguf:PATH] [--rounds N]

The engine alone and the layer are asked in turn on the same questions, the layer first every other
time. The layer's first piece is timed against the engine's first token, and against the moment when
the engine had said its first sentence. Of a sentence that is not whole yet the layer lets out what
the question said already: `echoed` tells whose first piece was that, and the medians of these and
of the others are told apart. Tokens a second are those of the whole request, with all that the
layer does before and behind the engine's work.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import describe

from amnestic import Amnesia
from amnestic.evaluation.real_world import RealWorld, load_real_world
from amnestic.models.protocol import StreamingBackend
from amnestic.tools.reading import settled_ends
from amnestic.types import Message

__all__ = ["MODEL", "Pair", "all_forgotten", "quartiles", "speed", "unremembered"]

MODEL = Path(__file__).parent.parent / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
TOKENS = 96


async def _raw(backend: StreamingBackend, question: str) -> tuple[float, float, float, int]:
    """Seconds to the first token, the first sentence and the end, and tokens, of the engine
    alone."""
    begun, token, first, text, tokens = time.perf_counter(), 0.0, 0.0, "", 0
    messages = (Message.of("user", question),)
    async for delta in backend.stream(messages, {"max_tokens": TOKENS}):
        text += delta.text
        token = token or (time.perf_counter() - begun if text else 0.0)
        if not first and settled_ends(text):
            first = time.perf_counter() - begun
        tokens = delta.usage.output_tokens if delta.usage else tokens
    whole = time.perf_counter() - begun
    return token or whole, first or whole, whole, tokens


async def _layered(amnesia: Amnesia, question: str) -> tuple[float, float, int, bool]:
    """The same through the layer: to the first piece that it gives, and whether that was less than
    a sentence."""
    begun, first, tokens, text, piece = time.perf_counter(), 0.0, 0, "", ""
    async with amnesia.astream(question, options={"max_tokens": TOKENS}) as stream:
        async for delta in stream:
            if not first and delta.text:
                first, piece = time.perf_counter() - begun, delta.text
            text += delta.text
            tokens = delta.usage.output_tokens if delta.usage else tokens
    whole = time.perf_counter() - begun
    return first or whole, whole, tokens, len(piece) not in (len(text), *settled_ends(text))


async def unremembered(backend: StreamingBackend) -> None:
    """Have the engine read something else: what it has just read it would not read again."""
    messages = (Message.of("user", "Say one word, any word."),)
    async for _ in backend.stream(messages, {"max_tokens": 1}):
        pass


@dataclass(frozen=True, slots=True)
class Pair:
    """One question, of the engine alone and of the layer, as what the layer takes to the engine's:
    to the first piece, to the engine's first sentence and first token, and tokens a second; and
    whether that piece was the question's own words, and its sentence not whole."""

    question: str
    tokens: int
    sentence: float
    token: float
    rate: float
    echoed: bool


async def _pair(amnesia: Amnesia, question: str, *, layer_first: bool) -> Pair:
    """Ask both. Each is asked with something else in the engine's mind; what it remembers beside
    that speaks for the second, so that it is the layer every other time."""
    backend: Any = amnesia.parts.backend
    raw, ours = (0.0, 0.0, 0.0, 0), (0.0, 0.0, 0, False)
    for is_layer in (layer_first, not layer_first):
        await unremembered(backend)
        if is_layer:
            ours = await _layered(amnesia, question)
        else:
            raw = await _raw(backend, question)
    token, sentence, whole, tokens = raw
    rate = (ours[2] / ours[1]) / (tokens / whole)
    return Pair(question, tokens, ours[0] / sentence, ours[0] / token, rate, ours[3])


@contextmanager
def all_forgotten(model: str, world: RealWorld) -> Iterator[Amnesia]:
    """The layer around a model, with every subject in force."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Amnesia(model, db=Path(folder) / "r.db", cache_dir=Path(folder), elicit=False) as amnesia,
    ):
        for subject in world.subjects:
            amnesia.forget(subject.request)
        yield amnesia


def speed(model: str, rounds: int) -> list[Pair]:
    """The layer against the engine on all questions that have nothing to do with a target, with
    every subject in force."""
    world = load_real_world()
    with all_forgotten(model, world) as amnesia:

        async def measured() -> list[Pair]:
            await _layered(amnesia, world.unrelated[0])
            return [
                await _pair(amnesia, question, layer_first=(i + round_) % 2 == 1)
                for round_ in range(rounds)
                for i, question in enumerate(world.unrelated)
            ]

        return asyncio.run(measured())


def quartiles(values: Sequence[float]) -> str:
    """The middle half of some values."""
    low, _, high = statistics.quantiles(values, n=4)
    return f"{low:.3f}–{high:.3f}"


def main() -> None:
    """Measure and print, question by question."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--model", default=f"gguf:{MODEL}", help="a local model")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of the questions")
    given = parser.parse_args()
    pairs = speed(given.model, given.rounds)
    for pair in pairs:
        print(
            f"{pair.question[:40]:40} {pair.tokens:3} tokens  first {pair.token:.3f} of a token, "
            f"{pair.sentence:.3f} of a sentence  rate {pair.rate:.3f}  "
            f"{'begun' if pair.echoed else 'whole sentence'}"
        )
    for name, found in (
        (
            "ttft_sentence_ratio: first piece, to the engine's first sentence",
            [pair.sentence for pair in pairs],
        ),
        ("ttft_ratio: first piece, to the engine's first token", [pair.token for pair in pairs]),
        ("the same where it was begun early", [pair.token for pair in pairs if pair.echoed]),
        ("the same where it was not", [pair.token for pair in pairs if not pair.echoed]),
        ("tokens a second, to the engine's", [pair.rate for pair in pairs]),
    ):
        if len(found) > 1:
            print(f"{name}: median {statistics.median(found):.3f}, middle half {quartiles(found)}")
    print(f"begun early: {sum(pair.echoed for pair in pairs)} of {len(pairs)}")
    print(describe())


if __name__ == "__main__":
    main()
