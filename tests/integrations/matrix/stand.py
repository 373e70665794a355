"""What all cells stand on: a layer that has forgotten, the model behind every door, and the doors'
own parts."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from openai import AsyncOpenAI, OpenAI

from amnestic import Amnesia
from amnestic.testing.leaks import CallbackRecorder
from tests.patience import PATIENCE
from tests.server.running import Proxy, running_proxy

from .channels import Channel
from .local_model import LocalModel
from .modes import FORM, Mode
from .seen import Seen
from .upstream import Part
from .wire_model import WireModel, serving

__all__ = ["ADMIN", "Ask", "Stand", "standing"]

ADMIN = {"authorization": "Bearer admin"}
_DEADLINE = 0.05  # seconds; nothing is measured by it: the model never answers


@dataclass(eq=False)
class Side:
    """A layer and the parts of the doors that belong to it; one is patient, one is not."""

    layer: Amnesia
    proxy: Proxy
    client: OpenAI
    async_client: AsyncOpenAI


class Stand:
    """The sides, the model in its two shapes, and the loop of the asynchronous callers."""

    def __init__(self, running: ExitStack, folder: Path, *requests: str) -> None:
        self.wire: WireModel = running.enter_context(serving())
        self.local = LocalModel()
        self.runner = running.enter_context(asyncio.Runner())
        self.http = running.enter_context(httpx.Client(timeout=PATIENCE))
        self.async_http = httpx.AsyncClient(timeout=PATIENCE)
        options: Any = {"base_url": self.wire.base_url, "api_key": "k", "max_retries": 0}
        self._own, self._async_own = OpenAI(**options), AsyncOpenAI(**options)
        running.callback(self._close)
        own: Any = {"model": self.local, "elicit": False}
        patient = Amnesia(db=folder / "a.db", **own)
        impatient = Amnesia(db=folder / "b.db", model_timeout=_DEADLINE, **own)
        self.patient = self._side(running, patient, requests)
        self.impatient = self._side(running, impatient, requests, request_timeout=_DEADLINE)

    def _side(
        self, running: ExitStack, layer: Amnesia, requests: tuple[str, ...], **settings: Any
    ) -> Side:
        running.enter_context(layer)
        for request in requests:
            layer.forget(request)
        proxy = running_proxy(
            layer,
            upstream=self.wire.base_url,
            admin_token="admin",
            check_rate=1_000_000,
            **settings,
        )
        return Side(
            layer,
            running.enter_context(proxy),
            layer.wrap(self._own),
            layer.wrap(self._async_own),
        )

    def play(self, part: Part) -> None:
        """Let the model play a part."""
        self.wire.part = part
        self.local.part = part

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run in the asynchronous callers' loop, in the caller's context."""
        return self.runner.run(work, context=contextvars.copy_context())

    def metrics(self, side: Side) -> str:
        """What Prometheus reads."""
        return self.http.get(f"{side.proxy.url}/metrics", headers=ADMIN).text

    def _close(self) -> None:
        self._own.close()
        self.runner.run(self._async_own.close())
        self.runner.run(self.async_http.aclose())


@contextmanager
def standing(folder: Path, *requests: str) -> Iterator[Stand]:
    """A stand whose layers have forgotten what `requests` ask for."""
    with ExitStack() as running:
        yield Stand(running, folder, *requests)


@dataclass(eq=False)
class Ask:
    """One request, in the words of chat completions, and where what is seen of it goes."""

    stand: Stand
    side: Side
    channel: Channel
    mode: Mode
    seen: Seen
    recorder: CallbackRecorder

    @property
    def messages(self) -> list[Any]:
        """The conversation."""
        return [*self.channel.before, {"role": "user", "content": self.channel.question}]

    @property
    def tool(self) -> dict[str, Any]:
        """The caller's tool."""
        parameters = {"type": "object", "properties": {"q": {"type": "string"}}}
        function = {"name": "find", "description": self.channel.described, "parameters": parameters}
        return {"type": "function", "function": function}

    @property
    def has_tool(self) -> bool:
        """Whether the request comes with the tool."""
        return self.mode.shape == "tool call" or self.channel.name == "tool description"

    @property
    def form(self) -> Mapping[str, Any] | None:
        """The form that the answer must have."""
        return FORM if self.mode.shape == "structured" else None

    @property
    def options(self) -> dict[str, Any]:
        """The request's parameters."""
        found: dict[str, Any] = {"n": 2} if self.mode.shape == "n=2" else {}
        if self.has_tool:
            found["tools"] = [self.tool]
        if self.form:
            found["response_format"] = self.form
        return found
