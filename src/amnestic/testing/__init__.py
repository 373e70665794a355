"""Tools for testing what is built on Amnestic: scripted models, a loopback server, leak checks.

>>> from amnestic.testing import ScriptedChatModel
>>> ScriptedChatModel.of("Hello.").invoke("Hi").content
'Hello.'
"""

from __future__ import annotations

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
