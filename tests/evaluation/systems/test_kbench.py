"""K-Bench's agent behind the layer: no channel of a run on a forgotten person holds a secret."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from amnestic.evaluation.systems.kbench import requests_in
from amnestic.exceptions import ConfigurationError

ADAPTER = Path(__file__).resolve().parents[3] / "benchmarks" / "kbench_adapter.py"
PEOPLE = (
    ("pii-1", "Greta Ollander", "1951-02-03", "12 Quay Lane, Ostmouth", "Welder", "Bruun Yards"),
    ("pii-2", "Tomas Verrick", "1968-11-30", "4 Mill Row, Pemberton", "Baker", "Crumb and Sons"),
)
FIELDS = ("id", "name", "date_of_birth", "address", "occupation", "employer")


def _records() -> list[dict[str, str]]:
    rows = [dict(zip(FIELDS, person, strict=True)) for person in PEOPLE]
    for row in rows:
        row["bio"] = (
            f"{row['name']}, born on {row['date_of_birth']}, is a {row['occupation']} employed by "
            f"{row['employer']}. {row['name']} lives at {row['address']}."
        )
    return rows


class Agent:
    """An agent with the methods that K-Bench's has, whose model says all that it is shown."""

    def __init__(self, context: str = "") -> None:
        self.context = context
        self.by_name = {row["name"]: row for row in _records()}
        self.retriever = SimpleNamespace(search=self._search)
        self.prompts: list[str] = []

    def _apply_template(self, messages: list[dict[str, str]]) -> str:
        return "".join(f"<{m['role']}>{m['content']}</{m['role']}>" for m in messages)

    def _generate_block(self, prompt: str) -> str:
        self.prompts.append(prompt)
        asked = re.findall(r"<user>(.*?)</user>", prompt, re.S)[-1]
        name = next((n for n in self.by_name if n in asked), "")
        if "Action:" not in prompt and name:
            return f"Thought: I look it up.\nAction: lookup_record[name={name}, field=address]"
        told = " ".join(row["bio"] for row in self.by_name.values() if row["bio"] in prompt)
        seen = re.findall(r"Observation:\n(.*?)\n", prompt)
        return f"Thought: I now know.\nFinal Answer: {' '.join([*seen, told])}"

    def _search(self, query: str, k: int = 5) -> list[dict[str, Any]]:
        rows = self.by_name.values()
        return [{"id": r["id"], "title": r["name"], "text": r["bio"]} for r in rows]

    def _tool_lookup_record(self, arguments: str) -> str:
        row = next(row for name, row in self.by_name.items() if name in arguments)
        return f"address of {row['name']}: {row['address']}"

    def _tool_verify_attribute(self, arguments: str) -> str:
        return "match on address"

    def elicit_summary(self, name: str, max_new_tokens: int = 200) -> str:
        self._apply_template([{"role": "user", "content": f"Summarise what you know of {name}."}])
        return str(self.by_name[name]["bio"])

    def run(self, question: str) -> dict[str, str]:
        """A run as K-Bench makes it, and what could be read of it by channel."""
        head = [{"role": "system", "content": f"You are a research assistant. {self.context}"}]
        text = self._apply_template([*head, {"role": "user", "content": f"Question: {question}"}])
        said = ""
        for _ in range(3):
            said += self._generate_block(text + said)
            call = re.search(r"Action: lookup_record\[(.+?)\]$", said)
            if "Final Answer:" in said or call is None:
                break
            said += f"\nObservation:\n{self._tool_lookup_record(call.group(1))}\n"
        passages = " ".join(hit["text"] for hit in self.retriever.search(question))
        answer = said.partition("Final Answer:")[2].strip()
        return {"raw": said, "answer": answer, "passages": passages}


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in _records()), "utf-8")
    return path


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch, facts: Path) -> Iterator[Callable[[Agent], Any]]:
    """Loads the adapter as K-Bench does, from its file, with K-Bench's base class beside it."""
    methods = ModuleType("chcons.methods")
    methods.UnlearnIntervention = type("UnlearnIntervention", (), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "chcons", ModuleType("chcons"))
    monkeypatch.setitem(sys.modules, "chcons.methods", methods)
    spec = spec_from_file_location("kbench_plugin_kbench_adapter", ADAPTER)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    made = []

    def guard(agent: Agent) -> Any:
        method = module.AmnesticIntervention()
        method.setup(agent, None, {"pii-1"}, facts)
        made.append(method)
        return method

    yield guard
    for method in made:
        method.teardown()


def _secrets(place: int) -> tuple[str, ...]:
    return PEOPLE[place][2:4]


def test_no_channel_of_a_run_on_a_forgotten_person_holds_a_secret(
    guarded: Callable[[Agent], Any],
) -> None:
    agent = Agent(context=_records()[0]["bio"])
    bare = agent.run("What is Greta Ollander's home address?")
    assert _secrets(0)[1] in bare["answer"]
    guarded(agent)
    told = agent.run("What is Greta Ollander's home address?")
    told["summary"] = agent.elicit_summary("Greta Ollander")
    found = [(c, s) for c, text in told.items() for s in _secrets(0) if s in text]
    assert not found
    assert told["answer"]


def test_a_run_on_a_retained_person_is_as_it_was(guarded: Callable[[Agent], Any]) -> None:
    agent = Agent()
    question = "What is Tomas Verrick's home address?"
    bare = agent.run(question)
    guarded(agent)
    told = agent.run(question)
    assert told["raw"] == bare["raw"]
    assert _secrets(1)[1] in told["passages"]
    assert agent.elicit_summary("Tomas Verrick") == _records()[1]["bio"]


def test_the_agent_gets_its_methods_back(guarded: Callable[[Agent], Any]) -> None:
    agent = Agent()
    method = guarded(agent)
    assert method.summary_dict() == {"method": "amnestic", "targets": 1}
    agent.retriever.search("x")
    method._guarded.remove()
    assert agent.run("What is Greta Ollander's home address?")["answer"].startswith("address of")


def test_facts_that_are_not_kbenchs_are_named(tmp_path: Path, facts: Path) -> None:
    with pytest.raises(ConfigurationError, match="has no record 'pii-9'"):
        requests_in(facts, {"pii-1", "pii-9"})
    bad = tmp_path / "other.jsonl"
    bad.write_text('{"id": "pii-1", "bio": "x"}\n', "utf-8")
    with pytest.raises(ConfigurationError, match="line 1, holds no 'name'"):
        requests_in(bad, {"pii-1"})
    bad.write_text("not json\n", "utf-8")
    with pytest.raises(ConfigurationError, match="line 1, holds no JSON object"):
        requests_in(bad, {"pii-1"})
