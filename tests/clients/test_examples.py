"""The examples of docs/serving.md for other libraries run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE

from .stand import ROOT, Stand, python_of
from .upstream import CLEAR, NEAR, SECRETS

pytestmark = pytest.mark.clients

_SECTION = (ROOT / "docs" / "serving.md").read_text("utf-8")
_SECTION = _SECTION.partition("## Other libraries")[2].partition("\n## ")[0]
EXAMPLES = re.findall(r"```python\n(.*?)```", _SECTION, re.DOTALL)
QUESTION = "Who wrote Emma?"


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: code.split()[1])
def test_an_example_answers_far_from_a_target_and_tells_nothing_near_it(
    code: str, stand: Stand, tmp_path: Path
) -> None:
    assert "Paris" in _printed(code.replace(QUESTION, CLEAR), stand, tmp_path)
    near = _printed(code.replace(QUESTION, NEAR), stand, tmp_path)
    assert near.strip()
    assert not [name for name in SECRETS if name in near]


def _printed(code: str, stand: Stand, folder: Path) -> str:
    environment = "openai2" if re.search("llama_index|instructor", code) else "openai3"
    given = {
        "AMNESTIC_DB": str(stand.targets),
        "OPENAI_API_KEY": "any",
        "OPENAI_BASE_URL": stand.upstream,
        "OPENAI_AGENTS_DISABLE_TRACING": "1",
    }
    found = subprocess.run(
        [python_of(environment), "-c", code], capture_output=True, text=True, timeout=PATIENCE,
        cwd=folder, env={**os.environ, **given},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-3000:]
    return found.stdout
