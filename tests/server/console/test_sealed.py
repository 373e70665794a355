"""Of a sealed target no page shows a word, to nobody: neither where it is listed, nor where it is
searched for, changed, asked about, verified or told of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from amnestic import Amnesia
from amnestic.server.console.routes import _CLOSED
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry import make_key
from tests.server.console.visitor import Visitor, visible

Make = Callable[..., Visitor]
NAMED = "Yvaine Oskvarnen"
CANARIES = ("Yvaine", "Oskvarnen", "lighthouse", "Tavelholm", "oskvarnen@", "Pimpernel", "Larkling",
            "Brundt", "Shrovetide", "Art. 17", "crm-77120")  # fmt: skip


@pytest.fixture
def amnesia(tmp_path: Path) -> Iterator[Amnesia]:
    make_key(tmp_path / "seal.key")
    settings = {"db": tmp_path / "r.db", "seal_key_file": tmp_path / "seal.key", "elicit": False}
    with Amnesia(ScriptedBackend(default="A mild day."), **settings) as layer:
        yield layer


@pytest.fixture
def target(amnesia: Amnesia) -> str:
    made = amnesia.forget(
        f"Please forget {NAMED}, a lighthouse keeper of Tavelholm.",
        sealed=True,
        facts=["She keeps a goat called Pimpernel."],
        aliases=["The Larkling"],
        identifiers=["oskvarnen@tavelholm.org"],
        reason="asked on Shrovetide",
        requester="advocate Brundt",
        subject_id="crm-77120",
        legal_basis="GDPR Art. 17",
        actor="Brundt",
    )
    amnesia.edit(made.id, aliases=["The Larkling of Tavelholm"], actor="Brundt", why="a Larkling")
    return made.id


def _shown(page: httpx.Response, typed: str = "") -> list[str]:
    """The canaries on a page, but for what whoever looks has typed themselves."""
    told = [word for word in CANARIES if word.casefold() in page.text.casefold()]
    return [word for word in told if word.casefold() not in typed.casefold()]


@pytest.mark.parametrize("who", ["vera", "edda", "adam"])
def test_no_page_shows_a_word_of_it(visitor: Make, amnesia: Amnesia, target: str, who: str) -> None:
    amnesia.chat(f"Who is {NAMED}?")
    one = visitor(who)
    paths = [path for method, path, *_ in _CLOSED if method == "GET" and "{" not in path]
    seen = [one.get(path) for path in [*paths, f"/targets/{target}", f"/trail?of={target}"]]
    assert sum(page.status_code == 200 for page in seen) >= 5
    assert target in "".join(page.text for page in seen)
    for page in seen:
        assert _shown(page) == [], page.url
    for words in (NAMED, "oskvarnen@tavelholm.org", "Pimpernel"):
        assert _shown(one.get(q=words), words) == []


def test_no_answer_to_a_form_shows_a_word_of_it(visitor: Make, target: str) -> None:
    adam = visitor("adam")
    for path, sent in (
        ("edit", {"part": "aliases", "value": "Corvane", "version": "2", "why": ""}),
        ("edit", {"part": "expires", "value": "2031-01-01", "version": "2", "why": ""}),
        ("edit", {"part": "subject", "value": "x", "version": "1", "why": ""}),
        ("revoke", {"why": "case 4711"}),
        ("restore", {"why": "case 4711"}),
    ):
        assert _shown(adam.post(f"/targets/{target}/{path}", sent)) == [], path
    again = adam.post("/request", {"text": f"Please forget {NAMED}.", "space": "default"})
    assert _shown(again, NAMED) == []
    checked = adam.finished(adam.post("/trail/check"))
    assert _shown(checked) == []
    proved = adam.finished(adam.post(f"/targets/{target}/verify", {"probes": "20"}))
    assert _shown(proved) == []
    for link in re.findall(r'href="/console(/work/\w+/proof\.\w+)"', proved.text):
        assert _shown(adam.get(link)) == []
    purged = adam.post(f"/targets/{target}/purge", {"confirmed": target, "why": "case 4711"})
    assert _shown(purged) == []
    assert "purged" in visible(purged.text)
