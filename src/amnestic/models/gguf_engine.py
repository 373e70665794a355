"""One GGUF model in this process, loaded once, on llama.cpp's own engine (xllamacpp)."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from amnestic.exceptions import ModelError, ModelNotFoundError
from amnestic.forks import in_child
from amnestic.models.gguf_file import GgufHead, read_head

__all__ = ["GgufEngine", "engine_at_hand", "load_engine"]

_MIB = 1024 * 1024
_REMEMBERED = 10  # of the weights' size, the part that conversations beside the last may take
_SEPARATOR = "\N{WORD JOINER}"
_KEPT = 2  # engines
_SECONDS = 5.0  # that a count may take
_engines: dict[tuple[Path, str, int, int], GgufEngine] = {}  # the last used is the last
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
    global _engines
    key = (path, spec, threads, context)
    with _loading:
        engine = _engines.get(key) or _started(*key)
        others = [(at, other) for at, other in _engines.items() if at != key]
        _engines = dict([*others, (key, engine)][-_KEPT:])  # put in one: others look in meanwhile
    return engine


def engine_at_hand(path: Path, spec: str, threads: int, context: int) -> GgufEngine | None:
    """The same where it is loaded already; loads nothing, and waits for nobody who does."""
    return _engines.get((path, spec, threads, context))


def _started(path: Path, spec: str, threads: int, context: int) -> GgufEngine:
    head, key = read_head(path, spec), secrets.token_urlsafe(32)
    return GgufEngine(head, _start(path, spec, head, threads, context, key), key)


def _start(path: Path, spec: str, head: GgufHead, threads: int, context: int, key: str) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = min(head.context or context, context)
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    # What the engine keeps of conversations before the last; left to itself, up to 8 GiB.
    params.cache_ram_mib = path.stat().st_size // _MIB // _REMEMBERED
    params.verbosity = -1  # it would write of every request to the standard error
    # The engine opens a port on the loopback address in any case. Nobody else is told this key, so
    # that no program of this machine reaches the model past the layer.
    params.api_keys = [key]
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

    def __init__(self, head: GgufHead, server: Any, key: str) -> None:
        self.head = head
        self._server = server
        self._key = key
        words = sorted(head.control_tokens, key=len, reverse=True)
        self._control = re.compile("|".join(map(re.escape, words))) if words else None

    def chat(self, body: Mapping[str, Any], take: Callable[[Mapping[str, Any]], bool]) -> None:
        """Answer a request in the form of OpenAI's chat completions, streamed: each event goes to
        `take`, which says whether to stop. Blocks until the answer has ended."""
        self._server.handle_chat_completions({**body, "stream": True}, take)

    def tokens_asked(self, body: Mapping[str, Any]) -> int:
        """The tokens of a request, written out by the chat template; nothing is computed with
        them. Raises `ModelError` where the engine cannot tell."""
        return int(self._told("/v1/chat/completions/input_tokens", body)["input_tokens"])

    def tokens_in(self, text: str) -> int:
        """The tokens of a text alone, whose control tokens are read as plain text. Raises as
        `tokens_asked` does."""
        return len(self._told("/tokenize", {"content": text, "parse_special": False})["tokens"])

    def _told(self, path: str, body: Mapping[str, Any]) -> Any:
        """What the engine says at its port: counting is not among the ways into it that need
        none."""
        place = urlsplit(self._server.listening_address)
        if not (place.hostname and place.port):  # the client's own choice would be a web server
            raise ModelError("the model's engine has no port", hint="its tokens are estimated")
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=_SECONDS)
        head = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            connection.request("POST", path, json.dumps(body).encode(), head)
            answer = connection.getresponse()
            if answer.status == http.client.OK:
                return json.loads(answer.read())
        except (OSError, http.client.HTTPException, TypeError, ValueError):
            pass  # raised below, without words that may quote a text
        finally:
            connection.close()
        raise ModelError("the model's engine did not count", hint="its tokens are estimated")

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
    global _engines, _loading
    _left_behind.append(_engines)
    _engines, _loading = {}, threading.Lock()


in_child(_forget_engines)
