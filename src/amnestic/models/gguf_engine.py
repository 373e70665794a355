"""One GGUF model in this process, loaded once, on llama.cpp's own engine (xllamacpp)."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from amnestic.exceptions import ModelNotFoundError
from amnestic.forks import in_child
from amnestic.models.gguf_file import GgufHead, read_head

__all__ = ["GgufEngine", "load_engine"]

_MIB = 1024 * 1024
_REMEMBERED = 10  # of the weights' size, the part that conversations beside the last may take
_SEPARATOR = "\N{WORD JOINER}"
_loading = threading.Lock()
_left_behind: list[Any] = []


def load_engine(path: Path, spec: str, threads: int, context: int) -> GgufEngine:
    """The model in the file at `path`, loaded at most once.

    Args:
        path: the file.
        spec: what the user called it, for messages.
        threads: threads that it works with.
        context: tokens that it shall hold, if it was trained for as many.

    Raises `ModelNotFoundError` with one line that says why it cannot be loaded.
    """
    with _loading:
        return _load(path, spec, threads, context)


@lru_cache(maxsize=2)
def _load(path: Path, spec: str, threads: int, context: int) -> GgufEngine:
    head = read_head(path, spec)
    return GgufEngine(head, _start(path, spec, head, threads, context))


def _start(path: Path, spec: str, head: GgufHead, threads: int, context: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = min(head.context or context, context)
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    # What the engine keeps of conversations before the last; left to itself, up to 8 GiB.
    params.cache_ram_mib = path.stat().st_size // _MIB // _REMEMBERED
    params.verbosity = -1  # it would write of every request to the standard error
    # The engine opens a port on the loopback address in any case. Nobody is told this key, so that
    # no program of this machine reaches the model past the layer.
    params.api_keys = [secrets.token_urlsafe(32)]
    params.ui = False
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, ValueError):
        raise ModelNotFoundError(
            f"model {spec!r} cannot be loaded: {path.name!r} is damaged, or its architecture "
            f"{head.architecture!r} is not known to this release of xllamacpp"
        ) from None


class GgufEngine:
    """A loaded model. Safe to use from several threads; they are served one after the other."""

    def __init__(self, head: GgufHead, server: Any) -> None:
        self.head = head
        self._server = server
        words = sorted(head.control_tokens, key=len, reverse=True)
        self._control = re.compile("|".join(map(re.escape, words))) if words else None

    def chat(self, body: Mapping[str, Any], take: Callable[[Mapping[str, Any]], bool]) -> None:
        """Answer a request in the form of OpenAI's chat completions, streamed: each event goes to
        `take`, which says whether to stop. Blocks until the answer has ended."""
        self._server.handle_chat_completions({**body, "stream": True}, take)

    def defused(self, value: Any) -> Any:
        """`value` with the control tokens in its texts broken up: the engine reads a rendered
        prompt as a whole, and would take a turn's end in a document for the end of the turn."""
        if self._control is None:
            return value
        if isinstance(value, str):
            return self._control.sub(lambda m: f"{m[0][:1]}{_SEPARATOR}{m[0][1:]}", value)
        if isinstance(value, Mapping):
            return {key: self.defused(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.defused(inner) for inner in value]
        return value


def _forget_engines() -> None:
    """In a forked child: the engine's threads are not there, and waiting for their end, as an
    engine does when it is collected, would last for ever."""
    _left_behind.append(_load)
    _renew()


def _renew() -> None:
    global _load, _loading
    _load = lru_cache(maxsize=2)(_load.__wrapped__)
    _loading = threading.Lock()


in_child(_forget_engines)
