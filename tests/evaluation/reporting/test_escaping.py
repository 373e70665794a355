"""Replies, names and notes are strangers' words: none of them acts in a page or a Markdown file."""

from __future__ import annotations

import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from amnestic.evaluation.reporting.text import escaped_markdown, visible
from tests.evaluation.reporting.conftest import Made, made
from tests.evaluation.reporting.made_runs import HOSTILE, SYSTEMS, write_run
from tests.thoroughness import examples

PARSER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
EVIL = "</title></script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\x1b[31m|`"


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs


def _elements(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    return parser


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A report of a run in which every text that can be hostile is."""
    folder = tmp_path_factory.mktemp("hostile")
    run = write_run(folder / "run", SYSTEMS[:5], ("plain", "cloze"), 6, subjects=3)
    for name in ("probes", "records"):
        file = run / f"{name}.jsonl"
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        for i, row in enumerate(rows):
            row |= _poisoned(row, HOSTILE[i % len(HOSTILE)])
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = json.loads((run / "run.json").read_text())
    told["data_name"] = told["request"]["model"] = EVIL
    told["notes"] = [EVIL]
    told["subjects"] = dict.fromkeys(told["subjects"], EVIL)
    told["machine"] = {EVIL: EVIL}
    told["judge_error"] = EVIL
    told["begun"] = EVIL
    for system in told["systems"]:
        system |= {"description": EVIL, "error": EVIL, "status": "partial"}
        system["name"] += EVIL if system["name"] != "none" else ""
    (run / "run.json").write_text(json.dumps(told))
    return made(run, folder / "out")


def _poisoned(row: dict[str, object], words: str) -> dict[str, object]:
    if "messages" in row:
        return {"family": f"{row.get('family', 'plain')}{EVIL}", "attacks": [EVIL]}
    named = {} if row["system"] == "none" else {"system": f"{row['system']}{EVIL}"}
    text = f"{row.get('text', '')} {words} {EVIL}"
    return {**named, "text": text, "channels": {EVIL: words}, "route": EVIL}


def test_no_strangers_element_or_attribute_stands_in_the_page(hostile: Made) -> None:
    found = _elements(hostile.page)
    assert found.names.count("script") == 2
    assert "img" not in found.names
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert "alert(1)" in hostile.page


def test_nothing_unseen_stands_in_either_file(hostile: Made) -> None:
    for text in (hostile.page, hostile.markdown):
        unseen = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
        assert unseen <= {"\n"}


def test_the_data_of_the_page_cannot_end_its_element(hostile: Made) -> None:
    told = json.dumps(hostile.evidence, ensure_ascii=False)
    assert "</script>" in told
    assert "⟨U+202E⟩" in told
    data = re.search(r'id="evidence">(.*?)</script>', hostile.page, re.S)
    assert data
    assert not set(data[1]) & set("<>&")


def test_the_markdown_holds_no_html_and_no_link_but_to_the_page(hostile: Made) -> None:
    tokens = PARSER.parse(hostile.markdown)
    inside = [t for token in tokens for t in (token, *(token.children or []))]
    kinds = {t.type for t in inside}
    assert not kinds & {"html_block", "html_inline", "image", "fence", "code_block", "code_inline"}
    links = [str(t.attrs["href"]) for t in inside if t.type == "link_open"]
    assert links
    assert all(link.startswith("report.html") for link in links)


@settings(max_examples=examples(60))
@given(st.text(max_size=60))
def test_escaped_text_is_read_as_it_stands(text: str) -> None:
    shown = visible(text)
    wanted = " ".join(shown.split())
    tokens = PARSER.parse(f"x {escaped_markdown(shown)}")
    read = "".join(t.content for token in tokens for t in token.children or [])
    assert " ".join(read.split()) == f"x {wanted}".strip()


@given(st.text(max_size=40))
def test_nothing_unseen_is_left(text: str) -> None:
    left = {unicodedata.category(c) for c in visible(text) if c not in "\n\t"}
    assert not left & {"Cc", "Cs", "Zl", "Zp"}


def test_letters_of_every_script_stay(tmp_path: Path) -> None:
    for text in ("مرحبا بالعالم", "नमस्ते", "ไทย", "日本語", "e\u0301", "👩\u200d🔬", "a\tb\nc"):
        assert visible(text) == text
