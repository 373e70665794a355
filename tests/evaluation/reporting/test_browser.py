"""The page in a real browser: nothing fails, nothing hostile runs, a number opens its replies, and
it prints. Needs headless Chromium; `pytest -m slow` runs it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from amnestic.evaluation.reporting import write_report
from tests.evaluation.reporting.made_runs import write_run
from tests.patience import PATIENCE

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]
WINDOWS = {"wide": "1280,900", "narrow": "400,800"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    run = write_run(folder / "run", families=("plain", "cloze", "combined"), probes=40)
    return write_report([run], folder / "out").page


def _browse(folder: Path, *options: str) -> tuple[str, list[str]]:
    """What a headless browser prints, and the lines of its console."""
    done = subprocess.run(
        [
            str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            f"--user-data-dir={folder}", "--enable-logging=stderr", "--virtual-time-budget=4000",
            *options,
        ],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def _document(page: Path, folder: Path, key: str = "", *options: str) -> tuple[str, list[str]]:
    return _browse(folder, "--dump-dom", *options, f"{page.as_uri()}{key}")


def _listed(document: str) -> list[str]:
    found = re.search(r'<ol id="probes-list"[^>]*>(.*?)</ol>', document, re.S)
    assert found
    return re.findall(r"<li>.*?(?=<li>|$)", found[1], re.S)


@pytest.mark.parametrize("scheme", ["", "--force-dark-mode"])
@pytest.mark.parametrize("window", WINDOWS)
def test_nothing_fails_and_nothing_hostile_runs(
    page: Path, tmp_path: Path, window: str, scheme: str
) -> None:
    options = [f"--window-size={WINDOWS[window]}", *([scheme] if scheme else [])]
    document, console = _document(page, tmp_path, "", *options)
    assert console == []
    assert "<h1>" in document
    assert '<dialog id="probes"' in document
    assert '<dialog id="probes" open' not in document
    assert "<img" not in document.partition('id="evidence"')[0]


def test_a_console_that_says_something_would_be_seen(page: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    broken.write_text(page.read_text("utf-8").replace('"use strict";', '"use strict"; 1;', 1))
    _, console = _document(broken, tmp_path / "profile")
    assert any("Content Security Policy" in line for line in console)


def test_a_number_opens_its_replies_and_hostile_ones_are_text(page: Path, tmp_path: Path) -> None:
    document, console = _document(page, tmp_path, "#r0-s0-leak-f0")
    assert console == []
    assert re.search(r'<dialog id="probes"[^>]* open', document)
    listed = _listed(document)
    assert len(listed) == 20
    assert all("<mark>" in row for row in listed)
    dialog = document[document.index('<dialog id="probes"') :].partition('<script type="appl')[0]
    assert "&lt;/script&gt;&lt;script&gt;window.broken = 1" in dialog
    assert "ultramicroscopicultramicroscopic" in dialog
    assert "<img" not in dialog


def test_what_is_no_number_opens_nothing(page: Path, tmp_path: Path) -> None:
    for key in ("#r9-s9-leak", "#%E0%A4%A", "#__proto__", "#constructor"):
        document, console = _document(page, tmp_path, key)
        assert console == []
        assert not re.search(r'<dialog id="probes"[^>]* open', document)


def test_it_prints(page: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    _, console = _browse(tmp_path / "profile", f"--print-to-pdf={file}", page.as_uri())
    assert console == []
    assert file.read_bytes().startswith(b"%PDF")
