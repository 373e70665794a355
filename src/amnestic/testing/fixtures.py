"""Pytest fixtures, there wherever Amnestic is installed: this module is a plugin of pytest.

`-p no:amnestic.testing.fixtures` leaves it out. What a fixture needs is imported when a test asks
for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from amnestic.amnesia import Amnesia
    from amnestic.testing.leak_check import LeakCheck
    from amnestic.testing.leaks import CallbackRecorder, LogCapture
    from amnestic.testing.models import ScriptedBackend, ScriptedChatModel
    from amnestic.testing.played import PlayedModel
    from amnestic.testing.server import ScriptedServer

__all__ = [
    "amnesia",
    "callback_recorder",
    "debug_logs",
    "leak_check",
    "played_model",
    "scripted_backend",
    "scripted_model",
    "scripted_server",
]

_SPECS = ("hf:", "gguf:", "openai:")


@pytest.fixture
def scripted_model() -> Callable[..., ScriptedChatModel]:
    """Makes a LangChain chat model that says what it is told: `scripted_model("Paris.")`."""
    from amnestic.testing.models import ScriptedChatModel

    return ScriptedChatModel.of


@pytest.fixture
def scripted_backend() -> Callable[..., ScriptedBackend]:
    """Makes a `ChatBackend` that says what it is told: `scripted_backend("Paris.")`."""
    from amnestic.testing.models import ScriptedBackend

    return ScriptedBackend


@pytest.fixture
def played_model() -> Callable[..., PlayedModel]:
    """Makes a `ChatBackend` that answers by purpose: `played_model(answer="Paris.")`."""
    from amnestic.testing.played import PlayedModel

    return PlayedModel


@pytest.fixture
def amnesia(tmp_path: Path) -> Iterator[Callable[..., Amnesia]]:
    """Makes layers in the test's own folder, with nothing forgotten yet: `amnesia(model)`, or
    `amnesia("Paris.")` around a model that says just that. Settings are arguments; the model is not
    asked what it knows of a target unless `elicit=True`. All are closed after the test."""
    with ExitStack() as opened:
        yield _layers(tmp_path, opened)


def _layers(folder: Path, opened: ExitStack) -> Callable[..., Amnesia]:
    def make(model: Any = "I don't know.", **settings: Any) -> Amnesia:
        from amnestic.amnesia import Amnesia
        from amnestic.testing.models import ScriptedBackend

        says = isinstance(model, str) and model != "embedded" and not model.startswith(_SPECS)
        backend = ScriptedBackend(default=model) if says else model
        given = {"db": folder / "amnesia.db", "cache_dir": folder / "cache", "elicit": False}
        return opened.enter_context(Amnesia(backend, **{**given, **settings}))

    return make


@pytest.fixture
def leak_check(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., LeakCheck]]:
    """Makes a check that an application has forgotten: `leak_check(what, …)`, where each of `what`
    is a forget request in plain words, a `ForgetTarget`, or a layer, of which all targets in force
    count. `probes` and `seed` are those of `LeakCheck`. No model is called to read a request."""
    from amnestic.testing.leak_check import LeakCheck, targets_of

    with ExitStack() as opened:

        def reader() -> Amnesia:
            return _layers(tmp_path_factory.mktemp("leak-check"), opened)()

        def make(*what: Any, **how: Any) -> LeakCheck:
            return LeakCheck((t for one in what for t in targets_of(one, reader)), **how)

        yield make


@pytest.fixture
def scripted_server() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts an OpenAI-compatible server: `scripted_server("Paris.", rules=[…]).base_url`."""
    with ExitStack() as running:

        def start(*replies: Any, api_key: str | None = None, **script: Any) -> ScriptedServer:
            from amnestic.testing.models import ScriptedBackend
            from amnestic.testing.server import serve_scripted

            model = ScriptedBackend(*replies, **script)
            return running.enter_context(serve_scripted(model, api_key=api_key))

        yield start


@pytest.fixture
def debug_logs() -> Iterator[LogCapture]:
    """What every logger of the process says during the test, down to DEBUG."""
    from amnestic.testing.leaks import capture_logs

    with capture_logs() as logs:
        yield logs


@pytest.fixture
def callback_recorder() -> CallbackRecorder:
    """A LangChain callback handler that keeps all that it is told."""
    from amnestic.testing.leaks import CallbackRecorder

    return CallbackRecorder()
