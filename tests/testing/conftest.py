from __future__ import annotations

from amnestic.testing.fixtures import *  # noqa: F403
