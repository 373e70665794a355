"""The console at `/console`: pages for the people who answer for what is forgotten.

In: the parts of a server, and requests of browsers. Out: pages in English and German that are read
without a script, each change under the name of whoever made it. Nothing is shown to somebody who
may not see targets, and of sealed ones only what is no secret.
"""

from __future__ import annotations

from amnestic.server.console.errors import ConsoleErrors
from amnestic.server.console.routes import console_routes
from amnestic.server.console.visits import Desk

__all__ = ["ConsoleErrors", "Desk", "console_routes"]
