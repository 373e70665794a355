"""The site of the documentation holds all pages, leads nowhere in vain and asks no other host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))

from site_examples import fenced  # noqa: E402
from site_links import on_page_markdown  # noqa: E402


def _built(place: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(place), *more]
    told = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "default"}
    given: Any = {"capture_output": True, "text": True, "timeout": PATIENCE}
    return subprocess.run(command, cwd=ROOT, env=told, **given)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    done = _built(place)
    assert done.returncode == 0, done.stderr
    return place


def test_every_page_is_in_it(site: Path) -> None:
    for page in DOCS.rglob("*.md"):
        assert (site / page.relative_to(DOCS)).with_suffix(".html").exists(), page
    assert not list(site.rglob("*.py"))


def test_the_reference_is_made_of_docstrings(site: Path) -> None:
    shown = (site / "reference" / "amnesia.html").read_text("utf-8")
    assert 'id="amnestic.Amnesia.forget"' in shown
    assert "An unlearning layer around one chat model." in shown
    assert "&gt;&gt;&gt; " in shown
    assert "<blockquote>" not in shown


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"?([^\" >]+)",
                            page.read_text("utf-8"))  # fmt: skip
        outside = [address for address in loaded if re.match(r"(https?:)?//", address)]
        assert not [a for a in outside if not a.startswith("https://github.com/amnestic/")], page


def test_a_link_that_leads_out_of_the_pages_leads_into_the_repository() -> None:
    config = SimpleNamespace(repo_url="https://host.example/repository")
    page = SimpleNamespace(file=SimpleNamespace(src_uri="guide/wrap.md"))
    told = "[a](../../tests/clients/README.md), [b](../serving.md#streams)"
    assert on_page_markdown(told, page=page, config=config) == (
        "[a](https://host.example/repository/blob/main/tests/clients/README.md), "
        "[b](../serving.md#streams)"
    )


def test_examples_are_shown_as_code() -> None:
    assert fenced("Adds.\n\n>>> 1 + 1\n2") == "Adds.\n\n```pycon\n>>> 1 + 1\n2\n```"
    assert fenced("Says `>>> ` nowhere.") == "Says `>>> ` nowhere."
