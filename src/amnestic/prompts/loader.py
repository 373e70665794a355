"""Prompts as files: Markdown with a small head, rendered by Jinja2 with strict names."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amnestic.exceptions import PromptError
from amnestic.prompts.blocks import BlockWriter
from amnestic.types import Conversation, Message

if TYPE_CHECKING:
    from jinja2 import Environment, Template

__all__ = ["Prompt", "Prompts", "Rendered", "load_prompts"]

_HEAD = re.compile(r"\A---\s*\n(.*?)\n---\s*\n(.*)\Z", re.DOTALL)
_SHAPES = {"id": r"[a-z_]+", "version": r"\d+", "inputs": r"\[[\w\s,]*\]"}
_EXAMPLES = {"id": "'id: auditor'", "version": "'version: 2'", "inputs": "'inputs: [a, b]'"}
_TELLING = 30  # characters of a rule that no answer holds by chance
_DATA = "<!-- data -->"
_ALWAYS = frozenset({"block"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt ready to be sent, with the seal that its answer must carry."""

    id: str
    version: int
    conversation: Conversation
    seal: str

    def is_recited_in(self, text: str) -> bool:
        """Whether `text` holds a sentence of the prompt's rules, or its seal, or is a piece of
        the rules itself, such as the worked example."""
        rules = self.conversation[0].text
        if self.seal in text or (len(text) >= _TELLING and text in rules):
            return True
        said = re.split(r"(?<=[.:;])\s+|\n", rules)
        return any(len(rule) >= _TELLING and rule in text for rule in said)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file: what it is called, which inputs it takes, and its two templates.

    What stands above `<!-- data -->` becomes the system message, what stands below the user
    message; a prompt without that line is one user message.
    """

    id: str
    version: int
    inputs: frozenset[str]
    rules: Template
    data: Template | None

    def render(self, **inputs: Any) -> Rendered:
        """Fill the prompt in. The marker is drawn anew for each call, and so is the seal unless it
        is given, as for the second try of an answer."""
        from jinja2 import TemplateError

        seal = str(inputs.get("seal") or secrets.token_hex(4))
        values = {**inputs, "seal": seal, "block": BlockWriter()}
        missing = self.inputs - values.keys()
        if missing:
            raise PromptError(f"prompt {self.id!r} is not given its input {min(missing)!r}")
        try:
            rules = self.rules.render(values).strip()
            data = self.data.render(values).strip() if self.data is not None else ""
        except TemplateError as error:
            raise PromptError(f"prompt {self.id!r} cannot be filled in: {error.message}") from None
        if not data:
            return Rendered(self.id, self.version, (Message.of("user", rules),), seal)
        messages = (Message.of("system", rules), Message.of("user", data))
        return Rendered(self.id, self.version, messages, seal)


class Prompts:
    """All prompts of one layer, by id."""

    def __init__(self, prompts: Iterable[Prompt]) -> None:
        self._prompts = {prompt.id: prompt for prompt in prompts}

    def __getitem__(self, prompt_id: str) -> Prompt:
        return self._prompts[prompt_id]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, sorted."""
        return tuple(sorted(self._prompts))


def load_prompts(folder: Path | None = None) -> Prompts:
    """The prompts of the package, single ones replaced by the Markdown files of `folder`.

    Raises `PromptError` for a folder that is missing, a file that is malformed or has no
    counterpart, and a prompt whose inputs are not those of the one it replaces.

    >>> "auditor" in load_prompts().ids
    True
    """
    own = _own()
    return Prompts({**own, **_overrides(folder, own)}.values())


@cache  # compiling the templates takes longer than any other part of a layer with model agents
def _own() -> Mapping[str, Prompt]:
    home = files("amnestic.prompts")
    return {
        entry.name.removesuffix(".md"): _parse(entry.name, entry.read_text("utf-8"))
        for entry in home.iterdir()
        if entry.name.endswith(".md")
    }


def _overrides(folder: Path | None, own: Mapping[str, Prompt]) -> dict[str, Prompt]:
    if folder is None:
        return {}
    if not folder.is_dir():
        raise PromptError(f"there is no folder of prompts at {str(folder)!r}")
    return {path.stem: _override(path, own) for path in sorted(folder.glob("*.md"))}


def _override(path: Path, own: Mapping[str, Prompt]) -> Prompt:
    replaced = own.get(path.stem)
    if replaced is None:
        known = ", ".join(sorted(own))
        raise PromptError(f"{str(path)!r} replaces no prompt; the prompts are {known}")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise PromptError(f"prompt {str(path)!r} cannot be read ({reason})") from None
    prompt = _parse(str(path), text)
    if prompt.inputs != replaced.inputs:
        odd = min(prompt.inputs ^ replaced.inputs)
        raise PromptError(
            f"prompt {str(path)!r} must take the inputs {sorted(replaced.inputs)}; check {odd!r}"
        )
    return prompt


def _parse(name: str, text: str) -> Prompt:
    match = _HEAD.match(text)
    if match is None:
        raise PromptError(f"prompt {name!r} has no head: begin it with ---, id, version, inputs")
    head = _head(name, match.group(1))
    rules, divider, data = match.group(2).partition(_DATA)
    inputs = frozenset(head["inputs"])
    return Prompt(
        id=head["id"],
        version=head["version"],
        inputs=inputs,
        rules=_template(name, rules, inputs),
        data=_template(name, data, inputs) if divider else None,
    )


def _head(name: str, text: str) -> dict[str, Any]:
    """The head: `id`, `version` and `inputs`, one to a line, in the plain part of YAML."""
    found = dict(re.findall(r"^(\w+):[ \t]*(.*?)[ \t]*$", text, re.MULTILINE))
    for key, shape in _SHAPES.items():
        if not re.fullmatch(shape, found.get(key, "")):
            raise PromptError(f"the head of prompt {name!r} needs {key!r} like {_EXAMPLES[key]}")
    if found["id"] != Path(name).stem:
        raise PromptError(f"prompt {name!r} calls itself {found['id']!r}; use the file's name")
    return {
        "id": found["id"],
        "version": int(found["version"]),
        "inputs": re.findall(r"\w+", found["inputs"]),
    }


@cache  # a layer without model agents renders no prompt, and its first request waits for no Jinja2
def _environment() -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
    )


def _template(name: str, text: str, inputs: frozenset[str]) -> Template:
    from jinja2 import TemplateError, meta

    try:
        used = meta.find_undeclared_variables(_environment().parse(text))
        template = _environment().from_string(text)
    except TemplateError as error:
        raise PromptError(f"prompt {name!r} is not a valid template: {error.message}") from None
    unknown = used - inputs - _ALWAYS
    if unknown:
        raise PromptError(f"prompt {name!r} asks for the unknown input {min(unknown)!r}")
    return template
