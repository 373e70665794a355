"""Measures the shipped embedded model: how much it knows, how fast it loads and talks.

    python benchmarks/embedded.py [--quick] [--json FILE]

Everything is measured from the files in the package, in float32, greedy, on two threads.
"""

# ruff: noqa: E501

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "embedded_model"
sys.path.insert(0, str(EXAMPLE))

from amnestic.models.embedded import FOLDER  # noqa: E402
from amnestic.models.embedded.world import load_world  # noqa: E402

THREADS = 2
LOAD = """
import time, torch, transformers
from transformers import AutoModelForCausalLM, AutoTokenizer
torch.set_num_threads({threads})
start = time.perf_counter()
AutoTokenizer.from_pretrained({folder!r})
AutoModelForCausalLM.from_pretrained({folder!r}, dtype=torch.float32)
print(time.perf_counter() - start)
"""


def load_seconds(times: int = 3) -> float:
    """Median seconds to load tokenizer and model in a fresh process that has imported torch."""
    code = LOAD.format(threads=THREADS, folder=str(FOLDER))
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(times)
    ]  # fmt: skip
    return statistics.median(runs)


def tokens_per_second(model: Any, tokenizer: Any, questions: list[str]) -> float:
    """Median over questions of new tokens per second, one at a time, with the KV cache."""
    import torch

    speeds = []
    for question in questions:
        inputs = tokenizer.apply_chat_template(
            [{"role": "user", "content": question}],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )
        start = time.perf_counter()
        with torch.inference_mode():
            out = model.generate(**inputs, max_new_tokens=160, do_sample=False, use_cache=True)
        made = out.shape[1] - inputs["input_ids"].shape[1]
        speeds.append(made / (time.perf_counter() - start))
    return statistics.median(speeds)


def measure(part: float) -> tuple[dict[str, Any], str, list[str]]:
    """All numbers, the exam's table, and the wrong replies; a random `part` of the exam is taken."""
    import torch
    from quiz import answer, echoed, exam, load, replier, score, share, table

    torch.set_num_threads(THREADS)
    world = load_world()
    seconds = load_seconds()
    model, tokenizer = load(FOLDER)
    portraits = [world.ask(p, "tell_me") for p in world.people[:10]]
    speed = tokens_per_second(model, tokenizer, portraits)
    questions = exam(world)
    if part < 1:
        questions = random.Random(5).sample(questions, int(part * len(questions)))
    answered = answer(questions, replier(model, tokenizer))
    numbers = {
        "right_trained": round(share(answered, "trained"), 4),
        "right_held_out": round(share(answered, "held_out"), 4),
        "unknowing_about_strangers": round(share(answered, "unknown"), 4),
        "strangers_names_repeated": round(echoed(answered), 4),
        "load_seconds": round(seconds, 2),
        "tokens_per_second": round(speed, 1),
        "megabytes": round((FOLDER / "model.safetensors").stat().st_size / 1e6, 2),
        "parameters": sum(p.numel() for p in model.parameters()),
        "questions": len(questions),
        "training": json.loads((FOLDER / "training.json").read_text(encoding="utf-8")),
        "machine": f"{platform.machine()}, {THREADS} threads, Python {platform.python_version()}, "
        f"torch {torch.__version__}",
    }
    wrong = [(q, said) for q, said in answered if not q.right(said)]
    shown = [f"{q.turns[-1][1]!r} -> {said!r}, expected {q.expected}" for q, said in wrong]
    return numbers, table(score(answered)), shown


def report(numbers: dict[str, Any]) -> str:
    """Required and measured, as a Markdown table."""
    took = numbers["training"]
    rows = [
        ("right, trained phrasings", "≥ 97 %", f"{numbers['right_trained']:.1%}"),
        ("right, held-out phrasings", "≥ 90 %", f"{numbers['right_held_out']:.1%}"),
        ('"I don\'t know" about strangers', "≥ 90 %", f"{numbers['unknowing_about_strangers']:.1%}"),
        ("... that repeat the name", "", f"{numbers['strangers_names_repeated']:.1%}"),
        ("load", "≤ 3 s", f"{numbers['load_seconds']} s"),
        ("greedy, one at a time", "≥ 60 tokens/s", f"{numbers['tokens_per_second']} tokens/s"),
        ("weights", "≤ 16 MB", f"{numbers['megabytes']} MB"),
        ("training (recorded)", "≤ 30 min", f"{took['seconds'] / 60:.1f} min of processor time on each of {took['threads']} threads"),
    ]  # fmt: skip
    lines = ["| what | required | measured |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {a} | {b} | {c} |" for a, b, c in rows)])


def main() -> None:
    """Prints the tables; `--json` also writes the numbers."""
    parser = argparse.ArgumentParser(description="Measures the shipped embedded model.")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--quick", action="store_true", help="a tenth of the exam")
    parser.add_argument("--wrong", type=int, default=0, help="show so many wrong replies")
    args = parser.parse_args()
    numbers, exam_table, wrong = measure(0.1 if args.quick else 1.0)
    for line in wrong[: args.wrong]:
        print(line)
    print(
        f"{exam_table}\n\n{report(numbers)}\n\n{numbers['machine']}; {numbers['questions']} questions"
    )
    if args.json:
        args.json.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
