"""The clients, the cells that each of them says it has, and whether a cell is as it should be."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from .expected import ABSENT, EXPECTED
from .results import DOORS, FORMS, Results, forms_of, read
from .upstream import NEAR, OWN_WORDS, SECRETS

__all__ = [
    "CLIENTS",
    "Cell",
    "Client",
    "Run",
    "absent_from",
    "cells_of",
    "doors_of",
    "why_expected",
]


@dataclass(frozen=True, slots=True)
class Client:
    """A client: its script, the packages that it consists of and the environment that they are in,
    whether it can be handed a wrapped client of OpenAI's or a wrapped model, and whether it speaks
    another API than OpenAI's, so that it cannot ask the upstream itself."""

    script: str
    packages: tuple[str, ...]
    environment: str = "openai3"
    wrapped: bool = False
    foreign: bool = False


CLIENTS = {
    "openai-python": Client("openai_python.py", ("openai",), wrapped=True),
    "openai-node": Client("openai_node.mjs", ("openai",), "node"),
    "openai-agents": Client("openai_agents.py", ("openai-agents",), wrapped=True),
    "langchain-openai": Client("langchain_openai_.py", ("langchain-openai",), wrapped=True),
    "pydantic-ai": Client("pydantic_ai_.py", ("pydantic-ai-slim",), wrapped=True),
    "llama-index": Client(
        "llama_index_.py",
        ("llama-index-llms-openai", "llama-index-llms-openai-like"),
        "openai2",
        wrapped=True,
    ),
    "instructor": Client("instructor_.py", ("instructor",), "openai2", wrapped=True),
    "litellm": Client("litellm_.py", ("litellm",)),
    "dspy": Client("dspy_.py", ("dspy",)),
    "AI SDK": Client("ai_sdk.mjs", ("ai", "@ai-sdk/openai-compatible", "@ai-sdk/openai"), "node"),
    "anthropic": Client("anthropic_.py", ("anthropic",), foreign=True),
    "ollama": Client("ollama_.py", ("ollama",), foreign=True),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one question: why it is not as it should be, if it is not, and why that is
    expected, if it is."""

    client: str
    form: str
    door: str
    kind: str
    wrong: str | None

    @property
    def excuse(self) -> str | None:
        """Why it may be wrong."""
        return why_expected(self.client, self.form, self.door, self.kind)

    @property
    def mark(self) -> str:
        """How it is told in a table."""
        if self.wrong is None:
            return "passes" if self.excuse is None else "passes now"
        return "FAILS" if self.excuse is None else "expected"


@dataclass
class Run:
    """What a run asked: its cells, and by client the versions of its packages."""

    cells: list[Cell] = field(default_factory=list)
    versions: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def results(self) -> Results:
        """As they are kept: of clients that were not asked, what was known of them."""
        known = read()
        asked = {
            client: {"versions": dict(versions), **self._told(client)}
            for client, versions in self.versions.items()
        }
        return {name: {**known, **asked}[name] for name in CLIENTS if name in {*known, *asked}}

    def _told(self, client: str) -> dict[str, Any]:
        marks: dict[str, dict[str, str | None]] = {}
        for cell in self.cells:
            if cell.client == client:
                why = None if cell.wrong is None else cell.excuse or cell.wrong[:200]
                marks.setdefault(cell.form, {})[f"{cell.door}, {cell.kind}"] = why
        return {"cells": marks, "absent": absent_from(client, marks)}


def doors_of(client: Client) -> tuple[str, ...]:
    """Where a client is asked, beside the upstream itself."""
    return DOORS if client.wrapped else DOORS[:1]


def absent_from(client: str, asked: Collection[str]) -> dict[str, str]:
    """The forms of which a client has no cell among what it was `asked` for, and why."""
    missing = [form for form in FORMS if not any(form in forms_of(name) for name in asked)]
    return {form: _why(ABSENT, client, form) or "" for form in missing}


def why_expected(client: str, asked: str, door: str, question: str) -> str | None:
    """Why a cell may fail, if it may."""
    return _why(EXPECTED, client, asked, door, question)


def _why(reasons: Mapping[str, str], *named: str) -> str | None:
    name = " | ".join(named)
    return next((why for pattern, why in reasons.items() if fnmatch(name, pattern)), None)


def cells_of(client: str, told: Sequence[Any]) -> Iterator[Cell]:
    """The cells of what a client's script printed."""
    direct = {(c["form"], c["kind"]): c for c in told if c["door"] == "direct"}
    for found in told:
        if found["door"] == "direct":
            continue
        own = direct.get((found["form"], found["kind"]))
        wrong = _wrong(found, own, foreign=CLIENTS[client].foreign)
        yield Cell(client, found["form"], found["door"], found["kind"], wrong)


def _wrong(found: Any, own: Any, *, foreign: bool) -> str | None:
    if error := found.get("error"):
        return f"raises {error}"
    if own is None and not foreign:
        return "was not asked directly"
    if own and (error := own.get("error")):
        return f"cannot be compared: asked directly, the client raises {error}"
    if found["kind"] == "near":
        if own and not _secrets(_all(own)):
            return "cannot tell anything: the upstream's own answer holds nothing of the target"
        held = _secrets(_all(found))
        return f"holds {held}: {_all(found)[:2000]}" if held else None
    if foreign:
        return None if found["told"] in OWN_WORDS else f"gives {found['told']}"
    told, wanted = _without_id(found["told"]), _without_id(own["told"])
    return None if told == wanted else f"gives {told}, not {wanted}"


def _all(found: Any) -> str:
    """All that a client gave: also what it joined, whose pieces may hold a name in parts."""
    return f"{found['whole']}\n{json.dumps(found['told'], ensure_ascii=False)}"


def _without_id(told: Any) -> Any:
    """What was told without the id of its request: the upstream gives none, and the proxy does."""
    if isinstance(told, dict):
        return {k: _without_id(v) for k, v in told.items() if k != "_request_id"}
    return [_without_id(inner) for inner in told] if isinstance(told, list) else told


def _secrets(text: str) -> list[str]:
    """What a text holds of the target beside the question, which a client may repeat."""
    rest = text.replace(NEAR, "")
    return [name for name in SECRETS if re.search(rf"\b{name}\b", rest)]
