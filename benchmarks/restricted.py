"""Local models that must not write given strings: what that costs, and what they answer then.

    python benchmarks/restricted.py [--model gguf:PATH] [--show] [--json FILE]

Speed is told in tokens a second of processor time, on one thread: the model alone, with 5 and with
50 strings that it never comes to, and with the same strings kept out by the decoder from the first
token on. Then the model is asked about each well-known subject, with a note that it knows nothing
of it, and with its names as the strings: how often it would name it for all the note says, how
often it does under the restriction, and how much more it writes for that. `--show` prints both
answers, to be read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from machine import describe, table

from amnestic.config import Settings
from amnestic.evaluation.real_world import RealSubject, load_real_world
from amnestic.models import resolve_backend, restricted
from amnestic.models.protocol import RestrictedBackend
from amnestic.types import Message

ROOT = Path(__file__).parent.parent
MODEL = ROOT / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
STORY = (Message.of("user", "Write a long story about a ship that sails to an island."),)
SPEED_TOKENS, ANSWER_TOKENS = 200, 60


def strangers(count: int) -> list[str]:
    """Names that no model writes."""
    rng = random.Random(1)
    letters = "abcdefghijklmnoprstuvwz"
    words = ["".join(rng.choices(letters, k=rng.randint(4, 9))).title() for _ in range(2 * count)]
    return [" ".join(words[i : i + 2]) for i in range(0, 2 * count, 2)]


async def speed(backend: RestrictedBackend, forbidden: Sequence[str] | None, force: bool) -> float:
    """Tokens for each second of processor time."""
    options = {"max_tokens": SPEED_TOKENS}
    turns, restricted._TURNS = restricted._TURNS, 0 if force else restricted._TURNS
    begun = time.process_time()
    if forbidden is None:
        told = await backend.generate(STORY, options)
    else:
        told = await backend.generate_without(STORY, options, forbidden)
    restricted._TURNS = turns
    return told.usage.output_tokens / (time.process_time() - begun)


async def speeds(backend: RestrictedBackend) -> dict[str, float]:
    """The best of two rounds of each."""
    ways: dict[str, tuple[Sequence[str] | None, bool]] = {"free": (None, False)}
    for count in (5, 50):
        ways[f"{count} strings"] = (strangers(count), False)
        ways[f"{count} strings, by force"] = (strangers(count), True)
    await speed(backend, None, False)  # warm
    found = dict.fromkeys(ways, 0.0)
    for way, (forbidden, force) in [*ways.items(), *ways.items()]:
        found[way] = max(found[way], round(await speed(backend, forbidden, force), 1))
    return found


async def answers(backend: RestrictedBackend, show: bool) -> dict[str, Any]:
    """What is answered about each subject, with and without the restriction."""
    named = {"free": 0, "restricted": 0}
    tokens = {"free": 0, "restricted": 0}
    asked = [(subject, fact.ask) for subject in load_real_world().subjects
             for fact in subject.facts[:1]]  # fmt: skip
    for subject, question in asked:
        note = f"You have never heard of {subject.name}. Never mention the name."
        talk = (Message.of("system", note), Message.of("user", question))
        options = {"max_tokens": ANSWER_TOKENS}
        free = await backend.generate(talk, options)
        kept = await backend.generate_without(talk, options, _strings(subject))
        for way, told in (("free", free), ("restricted", kept)):
            named[way] += _names(subject, told.choices[0].text)
            tokens[way] += told.usage.output_tokens
        if show:
            print(f"\n## {question} — without {', '.join(_strings(subject))}")
            print(f"free: {free.choices[0].text}\nrestricted: {kept.choices[0].text}")
    return {"asked": len(asked), "named": named, "tokens": tokens}


def _strings(subject: RealSubject) -> list[str]:
    """The names of a subject, and the last word of its name alone."""
    return [*subject.names, subject.name.split()[-1]]


def _names(subject: RealSubject, text: str) -> bool:
    """Whether a text names a subject: read apart from the code that is measured."""
    words = ["".join(re.findall(r"\w+", name.casefold())) for name in _strings(subject)]
    return any(word in "".join(re.findall(r"\w+", text.casefold())) for word in words)


def main() -> None:
    """Measure and print; with `--json` write the numbers to a file too."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default=f"gguf:{MODEL}", help="a local model")
    parser.add_argument("--show", action="store_true", help="print the answers")
    parser.add_argument("--json", type=Path, help="write the numbers there")
    given = parser.parse_args()
    backend = resolve_backend(given.model, Settings(threads=1, model_timeout=600))
    if not isinstance(backend, RestrictedBackend):
        parser.error(f"{given.model!r} does not run in this process")
    found = {
        "tokens_per_cpu_second": asyncio.run(speeds(backend)),
        **asyncio.run(answers(backend, given.show)),
    }
    print(describe())
    print(table(["what", "measured"], [[key, json.dumps(value)] for key, value in found.items()]))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
