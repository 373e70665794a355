"""Tools for testing what is built on Amnestic: scripted models, a loopback server, leak checks.

>>> from amnestic.testing import ScriptedChatModel
>>> ScriptedChatModel.of("Hello.").invoke("Hi").content
'Hello.'
"""

from __future__ import annotations

from amnestic.testing.models import ScriptedBackend, ScriptedChatModel
from amnestic.testing.script import Call, HTTPFailure, MalformedAnswer, Pieces, Script

__all__ = [
    "Call",
    "HTTPFailure",
    "MalformedAnswer",
    "Pieces",
    "Script",
    "ScriptedBackend",
    "ScriptedChatModel",
]
