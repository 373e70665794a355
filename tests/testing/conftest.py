from __future__ import annotations

import pytest

from amnestic.testing.fixtures import *  # noqa: F403


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
