"""The page of the systems that an evaluation compares, made from their catalogue."""

from __future__ import annotations

import inspect

from amnestic.evaluation.systems import SYSTEMS, Need

__all__ = ["systems_page"]

_HEAD = """# The systems that an evaluation compares

Each system is a way to make one chat model answer as if it had never learned some subjects. All of
them wrap the model and leave its weights as they are. They stand behind one protocol,
`amnestic.evaluation.contract.System`, and are made by name:

```python
import asyncio

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems import Options, make_system
from amnestic.types import Message


async def compare() -> None:
    told = Subject("s1", "Ana Morel", "Please forget Ana Morel.", names=("Ana Morel",))
    for name in ("none", "keyword filter", "amnestic edit"):
        system = make_system(name, "embedded", Options(elicit=False))
        await system.prepare([told])
        answer = await system.answer((Message.of("user", "Who is Ana Morel?"),), {})
        print(name, answer.text, answer.calls, answer.added)
        await system.close()


asyncio.run(compare())
```

`calls` and `tokens` of an answer count every call of a model, whoever made it; `added` is the time
that is not the model's own answer. What an instruction or examples in the prompt cost cannot be
parted from the model's own time, and is not in it. A system that writes anything does so in a
temporary folder, which `close` deletes.

What a system may know: all are given the names and the request of each subject. Those whose papers
train on the forget set are also given its facts. What their papers calibrate or train on beside it
is `Options.retain`, or the common knowledge that ships with the package; where a paper picks a
threshold or a strength by hand or on a validation set, a stated rule picks it here, from texts made
of fixed forms of questions (`amnestic.evaluation.systems.development`). Probes of a test are never
used.

Systems that ask a model to judge (the guardrail, the whole-list agents) are as good as that model:
give `Options.agent_model` where the wrapped one cannot follow an instruction, as the embedded one
cannot.
"""

_KBENCH = """## K-Bench

`benchmarks/kbench_adapter.py` is this layer as a method of K-Bench (arXiv 2609.12808), by its own
interface (`chcons/methods/TEMPLATE_adapter.py`); nothing of K-Bench has to be changed. With K-Bench
(from its repository: it is on no package index) and this package in one environment:

<!-- not run: K-Bench is a program of its own -->
```console
$ kbench eval --model meta-llama/Llama-3.1-8B-Instruct --substrate C,R-text,R-struct \\
    --method benchmarks/kbench_adapter.py --name Amnestic
$ kbench score --cells results --name Amnestic
```

The people whose ids K-Bench hands over are asked to be forgotten in plain words, by name and bio,
with a registry in a temporary folder. K-Bench's hooks around a generation show a method the prompt
and not the answer, so the adapter stands in the agent's own methods until the end of the run: each
step is the layer's answer to the whole conversation, with what tools gave as tool results; the
summary is reviewed; and passages, records and verdicts of the tools are cleaned before the agent
sees them. A reply that the layer has touched and that has lost the agent's form is given as its
final answer.

`kbench eval --api-model` runs without a method, at an address that stands in its source
(`chcons/api_agent.py`), and gives no K-Score. Transcripts made elsewhere are scored by
`kbench score --cells`.

`python benchmarks/kbench.py` measures the same channels with a scripted agent and needs no K-Bench.
"""

_NEVER_KNEW = """## The model that never knew

`scripts/train_never_knew.py` trains the embedded model again on its world without some subjects,
tokenizer included. Who is left out is drawn by `amnestic.evaluation.subjects.forgotten_subjects`
from a seed, people, works and organisations evenly; facts of others that tell of them go as well.
The script writes a model folder, which is given as `Options(never_knew="hf:FOLDER")`, and in its
`never_knew.json` who is unknown to it and how it did in the exam about the rest beside the shipped
model. `benchmarks/data/never_knew` is one (seed 0, thirty subjects), which `make bench-quality`
measures as *never knew*.
"""

_NEEDS = {
    Need.NOTHING: "",
    Need.WEIGHTS: "weights in this process: `embedded` or `hf:<path>`",
    Need.AGENT_MODEL: "`Options.agent_model`",
    Need.NEVER_KNEW: "`Options.never_knew`",
}


def systems_page(made: str) -> str:
    """`docs/evaluation_systems.md`: every system, what it does, after which paper, what it needs.

    Args:
        made: the line that says that the page is made.
    """
    rows = [f"| {e.name} | {e.description} | {_NEEDS[e.needs]} |" for e in SYSTEMS.values()]
    table = "\n".join(["| system | what it does | needs |", "|---|---|---|", *rows])
    told = "\n\n".join(f"### {e.name}\n\n{inspect.getdoc(e.factory)}" for e in SYSTEMS.values())
    title, _, head = _HEAD.partition("\n")
    parts = (
        f"{title}\n\n{made}\n{head}\n{table}",
        f"## Each of them, and where it is simpler than its paper\n\n{told}",
        f"{_NEVER_KNEW}\n{_KBENCH}",
    )
    return "\n\n".join(parts)
