"""One client's cells, asked through every door: a JSON line for each, on standard output."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

KEY = "any"
MODEL = "gpt-4o"
THINKER = "o4-mini"
_LOOP = asyncio.Runner()  # some clients keep connections, and those belong to one loop


class Answer(BaseModel):
    """An answer, and what it is about."""

    subject: str
    answer: str
    certain: bool


def look_up(query: str) -> str:
    """Look something up in the library's catalogue."""
    return f"An entry was found, {len(query) > 0}."


PARAMETERS = {
    "type": "object",
    "properties": {"query": {"type": "string"}},
    "required": ["query"],
    "additionalProperties": False,
}


@dataclasses.dataclass
class Door:
    """Where a client asks: the upstream, the proxy, or the upstream through a wrapped client.

    Attributes:
        name: `direct`, `proxy` or `wrapped`.
        url: the base URL, with `/v1`.
        layer: what wraps, where the door is `wrapped`.
    """

    name: str
    url: str
    layer: Any = None

    @property
    def root(self) -> str:
        """The URL without `/v1`."""
        return self.url.removesuffix("/v1")

    def openai(self) -> Any:
        """A client of OpenAI's SDK."""
        import openai

        return self._wrapped(openai.OpenAI(base_url=self.url, api_key=KEY, max_retries=0))

    def async_openai(self) -> Any:
        """Its asynchronous client."""
        import openai

        return self._wrapped(openai.AsyncOpenAI(base_url=self.url, api_key=KEY, max_retries=0))

    def _wrapped(self, client: Any) -> Any:
        return self.layer.wrap(client) if self.layer else client


def main(cells: Mapping[str, Callable[[Door, str], Any]]) -> None:
    """Ask each cell as the argument says, and print what came back: what was `told`, which must be
    the same far from a target, and the `whole` of it, in which nothing of one may stand."""
    asked = json.loads(sys.argv[1])
    doors = [Door(name, url) for name, url in asked["doors"].items()]
    if path := asked["layer"]:
        from amnestic import Amnesia

        doors.append(
            Door("wrapped", asked["upstream"], Amnesia(f"openai:{MODEL}", db=path, elicit=False))
        )
    for name, cell in cells.items():
        for door in doors:
            for kind, question in asked["questions"].items():
                found = _asked(cell, door, question)
                print(json.dumps({"form": name, "door": door.name, "kind": kind, **found}))
                sys.stdout.flush()
    os._exit(0)  # some clients leave threads behind


def _asked(cell: Callable[[Door, str], Any], door: Door, question: str) -> Mapping[str, Any]:
    try:
        found = cell(door, question)
        if inspect.isawaitable(found):
            found = _LOOP.run(_awaited(found))
    except Exception as error:  # noqa: BLE001
        causes = [error, error.__cause__, error.__context__]
        return {"error": " / ".join(f"{type(e).__name__}: {e}" for e in causes if e)[:2000]}
    told, whole = found
    return {"told": plain(told), "whole": json.dumps(plain(whole), ensure_ascii=False)}


async def _awaited(found: Any) -> Any:
    return await found


def plain(value: Any, depth: int = 0, seen: frozenset[int] = frozenset()) -> Any:
    """Everything that an object holds, as JSON: fields, attributes, and what it is printed as."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if depth > 12 or id(value) in seen:
        return repr(value)
    seen |= {id(value)}
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return {str(k): plain(v, depth + 1, seen) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v, depth + 1, seen) for v in value]
    if isinstance(value, BaseModel):
        hidden = value.__pydantic_private__ or {}
        fields = {**value.__dict__, **(value.model_extra or {}), **hidden}
        return {k: plain(v, depth + 1, seen) for k, v in fields.items()}
    if isinstance(value, type) or callable(value):
        return repr(value)
    held = getattr(value, "__dict__", None)
    if dataclasses.is_dataclass(value):
        held = {f.name: getattr(value, f.name, None) for f in dataclasses.fields(value)}
    return [repr(value), plain(held, depth + 1, seen)] if held else repr(value)
