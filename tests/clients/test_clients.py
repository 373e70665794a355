"""Real clients get the upstream's own words far from a target, and nothing of one near it.

`make test-clients` makes their environments and runs this; see README.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE

from .cells import CLIENTS, Client, Run, cells_of
from .stand import Stand, environment_of, python_of, versions_of
from .upstream import CLEAR, NEAR

pytestmark = pytest.mark.clients

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_is_served_as_by_the_upstream_itself(
    name: str, stand: Stand, run: Run, tmp_path: Path
) -> None:
    client = CLIENTS[name]
    cells = list(cells_of(name, _asked(client, stand, tmp_path)))
    assert cells
    run.cells += cells
    run.versions[name] = versions_of(client.environment, client.packages)
    wrong = [f"{c.form} | {c.door} | {c.kind}: {c.wrong}" for c in cells if c.mark == "FAILS"]
    assert not wrong, "\n".join(wrong)


def _asked(client: Client, stand: Stand, folder: Path) -> list[Any]:
    asked = {
        "doors": {**({} if client.foreign else {"direct": stand.upstream}), "proxy": stand.proxy},
        "questions": {"clear": CLEAR, "near": NEAR},
        "layer": str(stand.targets) if client.wrapped else None,
        "upstream": stand.upstream,
    }
    command = [*_command(client, folder), json.dumps(asked)]
    quiet = {
        "OPENAI_API_KEY": "any",
        "DSPY_CACHEDIR": str(folder),
        "LITELLM_LOCAL_MODEL_COST_MAP": "1",
        "HF_HUB_OFFLINE": "1",
    }
    found = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, cwd=folder,
        env={**os.environ, **quiet},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-3000:]
    return [json.loads(line) for line in found.stdout.splitlines() if line.startswith('{"form"')]


def _command(client: Client, folder: Path) -> list[str]:
    """How a client's script is run: node finds packages beside a script, so it is put there."""
    if client.environment != "node":
        return [python_of(client.environment), str(SCRIPTS / client.script)]
    packages = environment_of("node")
    for script in SCRIPTS.glob("*.mjs"):
        shutil.copy(script, packages)
    return ["node", str(packages / client.script)]
