"""The agent of K-Bench (arXiv 2609.12808) behind this layer.

K-Bench loads a method from a file and lets it take hold of its agent before the first question
(`chcons.methods.UnlearnIntervention`); `benchmarks/kbench_adapter.py` is that file. Its hooks
around a generation show the prompt and not the answer, so the layer stands in the agent's own
methods: what goes into the model, what comes out of it, and what its tools give. Nothing of K-Bench
is imported here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from amnestic.amnesia import Amnesia
from amnestic.exceptions import ConfigurationError
from amnestic.tools.offload import offload
from amnestic.types import Conversation, Draft, Generation, Message

__all__ = ["AgentBackend", "GuardedAgent", "requests_in"]

_OBSERVED = "\nObservation:\n"
_TURN = re.compile(r"\n(?=Thought:|Action:|Final Answer:|Answer:)")
_LABELLED = re.compile(r"(?:^|\n)(?:Action|Final Answer|Answer)\s*:")
_TOOLS = ("_tool_lookup_record", "_tool_verify_attribute")


def requests_in(facts: Path, ids: Collection[str]) -> list[str]:
    """What to ask to forget: a request in plain words for each record of K-Bench's `facts.jsonl`
    whose id is among `ids`.

    Raises `ConfigurationError` with the line and the field where a record is not as it should be,
    and where an id has no record.
    """
    found: dict[str, str] = {}
    with facts.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                if row["id"] in ids:
                    found[row["id"]] = f"Please forget {row['name']}. {row.get('bio', '')}".strip()
            except (ValueError, KeyError, TypeError) as error:
                what = f"no {error}" if isinstance(error, KeyError) else "no JSON object"
                raise ConfigurationError(
                    f"{facts.name}, line {number}, holds {what}: give K-Bench's facts.jsonl"
                ) from None
    if missing := sorted(set(ids) - set(found)):
        raise ConfigurationError(
            f"{facts.name} has no record {missing[0]!r}: give the facts of all"
        )
    return [found[id] for id in sorted(found)]


class AgentBackend:
    """The model of an agent of K-Bench, as the layer asks it: with the agent's own methods, in
    whose place nobody stands yet."""

    def __init__(self, agent: Any) -> None:
        self._template, self._generate = agent._apply_template, agent._generate_block

    @property
    def name(self) -> str:
        """What the model is called."""
        return "kbench-agent"

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """The model's answer to a conversation, in which what was begun is gone on with."""
        head = [m for m in conversation if m.role in ("system", "user")]
        rest = "".join(_written(m) for m in conversation if m.role not in ("system", "user"))
        prompt = self._template([{"role": m.role, "content": m.text} for m in head]) + rest
        return Generation((Draft(str(await offload(self._generate, prompt))),))


class GuardedAgent:
    """An agent of K-Bench whose prompts, answers and observations pass the layer.

    Args:
        agent: a `chcons.agent.ReActAgent`, or whatever has its methods.
        amnesia: the layer around the `AgentBackend` of this agent, with its targets in force.
    """

    def __init__(self, agent: Any, amnesia: Amnesia) -> None:
        self._agent, self._amnesia = agent, amnesia
        self._template = agent._apply_template
        self._summary = agent.elicit_summary
        self._search = agent.retriever.search
        self._tools = {name: getattr(agent, name) for name in _TOOLS}
        self._asked: list[dict[str, str]] = []
        self._prompt = ""

    def install(self) -> None:
        """Stand in the agent's methods, until `remove`."""
        agent = self._agent
        agent._apply_template = self._templated
        agent._generate_block = self._generated
        agent.elicit_summary = self._summarised
        agent.retriever.search = self._searched
        for name, tool in self._tools.items():
            setattr(agent, name, self._cleaned_tool(tool))

    def remove(self) -> None:
        """Give the agent its own methods back."""
        for name in ("_apply_template", "_generate_block", "elicit_summary", *_TOOLS):
            vars(self._agent).pop(name, None)
        self._agent.retriever.search = self._search

    # ── What the agent's methods do instead ──────────────────────────────────────────────────

    def _templated(self, messages: list[dict[str, str]]) -> str:
        self._asked = messages
        self._prompt = str(self._template(messages))
        return self._prompt

    def _generated(self, prompt: str) -> str:
        """One step of the agent: the layer's answer to all that was said, in the agent's form."""
        begun = prompt.removeprefix(self._prompt)
        conversation = (*_messages(self._asked), *_turns(begun))
        outcome = self._amnesia.complete(conversation)
        if not outcome.receipt.touched() or _LABELLED.search(outcome.text):
            return outcome.text
        return f"Thought: I now know the final answer.\nFinal Answer: {outcome.text}"

    def _summarised(self, name: str, *args: Any, **kwargs: Any) -> str:
        draft = str(self._summary(name, *args, **kwargs))
        return self._amnesia.review(_messages(self._asked), draft).text

    def _searched(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """What was found, without the passages that tell of a target."""
        hits: Sequence[dict[str, Any]] = self._search(*args, **kwargs)
        told = [f"{hit.get('title', '')}: {hit.get('text', '')}" for hit in hits]
        return [hit for hit, text in zip(hits, told, strict=True) if self._clean(text) == text]

    def _cleaned_tool(self, tool: Callable[[str], str]) -> Callable[[str], str]:
        return lambda arguments: self._clean(str(tool(arguments)), arguments)

    def _clean(self, text: str, arguments: str = "") -> str:
        """What may stay of what a tool gave."""
        asked = Message.of("user", arguments or "What was found?")
        told = Message("tool", Message.of("user", text).parts, tool_call_id="found")
        return self._amnesia.clean((asked, told), since=1)[-1].text


def _messages(rows: Sequence[Mapping[str, str]]) -> Conversation:
    roles: dict[str, Any] = {"system": "system", "assistant": "assistant"}
    return tuple(Message.of(roles.get(row["role"], "user"), row["content"]) for row in rows)


def _turns(begun: str) -> Iterator[Message]:
    """What an agent has written so far, with what its tools gave, as the messages it stands for."""
    said, *observed = begun.split(_OBSERVED)
    if said.strip():
        yield Message.of("assistant", said)
    for piece in observed:
        given, *after = _TURN.split(piece, maxsplit=1)
        yield Message("tool", Message.of("user", given.rstrip("\n")).parts, tool_call_id="found")
        if after and after[0].strip():
            yield Message.of("assistant", after[0])


def _written(message: Message) -> str:
    """A message as it stands in the text of the agent."""
    if message.role == "tool":
        return f"{_OBSERVED}{message.text}\n"
    return message.text
