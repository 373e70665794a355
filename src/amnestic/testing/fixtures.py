"""Pytest fixtures. In your `conftest.py`: `pytest_plugins = ["amnestic.testing.fixtures"]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from amnestic.testing.leaks import CallbackRecorder, LogCapture, capture_logs
from amnestic.testing.models import ScriptedBackend, ScriptedChatModel
from amnestic.testing.played import PlayedModel
from amnestic.testing.server import ScriptedServer, serve_scripted

__all__ = [
    "callback_recorder",
    "debug_logs",
    "played_model",
    "scripted_backend",
    "scripted_model",
    "scripted_server",
]


@pytest.fixture
def scripted_model() -> Callable[..., ScriptedChatModel]:
    """Makes a LangChain chat model that says what it is told: `scripted_model("Paris.")`."""
    return ScriptedChatModel.of


@pytest.fixture
def scripted_backend() -> Callable[..., ScriptedBackend]:
    """Makes a `ChatBackend` that says what it is told: `scripted_backend("Paris.")`."""
    return ScriptedBackend


@pytest.fixture
def played_model() -> Callable[..., PlayedModel]:
    """Makes a `ChatBackend` that answers by purpose: `played_model(answer="Paris.")`."""
    return PlayedModel


@pytest.fixture
def scripted_server() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts an OpenAI-compatible server: `scripted_server("Paris.", rules=[…]).base_url`."""
    with ExitStack() as running:

        def start(*replies: Any, api_key: str | None = None, **script: Any) -> ScriptedServer:
            model = ScriptedBackend(*replies, **script)
            return running.enter_context(serve_scripted(model, api_key=api_key))

        yield start


@pytest.fixture
def debug_logs() -> Iterator[LogCapture]:
    """What every logger of the process says during the test, down to DEBUG."""
    with capture_logs() as logs:
        yield logs


@pytest.fixture
def callback_recorder() -> CallbackRecorder:
    """A LangChain callback handler that keeps all that it is told."""
    return CallbackRecorder()
