"""Tools for testing what is built on Amnestic: scripted models, a loopback server, leak checks.

Names are loaded when first used: pytest loads this package for its fixtures in every run, whether
a test uses them or not.

>>> from amnestic.testing import ScriptedChatModel
>>> ScriptedChatModel.of("Hello.").invoke("Hi").content
'Hello.'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnestic.testing.leak_check import LeakCheck, LeakFound
    from amnestic.testing.leaks import CallbackRecorder, LogCapture, assert_no_leak, capture_logs
    from amnestic.testing.models import ScriptedBackend, ScriptedChatModel
    from amnestic.testing.played import Played, PlayedModel, UnplayedPurpose
    from amnestic.testing.script import Call, HTTPFailure, Late, MalformedAnswer, Pieces, Script
    from amnestic.testing.server import ScriptedServer, serve_scripted

__all__ = [
    "Call",
    "CallbackRecorder",
    "HTTPFailure",
    "Late",
    "LeakCheck",
    "LeakFound",
    "LogCapture",
    "MalformedAnswer",
    "Pieces",
    "Played",
    "PlayedModel",
    "Script",
    "ScriptedBackend",
    "ScriptedChatModel",
    "ScriptedServer",
    "UnplayedPurpose",
    "assert_no_leak",
    "capture_logs",
    "serve_scripted",
]

_HOMES = {
    "leak_check": ("LeakCheck", "LeakFound"),
    "leaks": ("CallbackRecorder", "LogCapture", "assert_no_leak", "capture_logs"),
    "models": ("ScriptedBackend", "ScriptedChatModel"),
    "played": ("Played", "PlayedModel", "UnplayedPurpose"),
    "script": ("Call", "HTTPFailure", "Late", "MalformedAnswer", "Pieces", "Script"),
    "server": ("ScriptedServer", "serve_scripted"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'amnestic.testing' has no attribute {name!r}")
    return getattr(importlib.import_module(f"amnestic.testing.{home}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME_OF])
