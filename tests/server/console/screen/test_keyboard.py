"""Every part of the console by keyboard alone: in English with scripts, in German without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys as Key

from amnestic.server.console.language import words_of
from tests.server.console.screen.hands import (
    Browser,
    focused,
    keyed,
    press,
    scheme,
    scripts,
    text_of,
    waited,
)
from tests.server.running import Proxy

pytestmark = pytest.mark.thorough  # `test_browser` shows that the pages work in a browser

Say = Callable[..., str]
WAYS = [("en", True, "light"), ("de", False, "dark")]
PARTS = (
    ("aliases", "Other names", "The Wren", "The Wren"),
    ("facts", "Facts", "The painter keeps a goat.", "The painter keeps a goat."),
    ("identifiers", "Identifiers", "email: tarn@venn.org", "tarn@venn.org (email)"),
    ("exceptions", "Stays", "her murals", "her murals"),
    ("expires", "Until", f"10102030{Key.RIGHT}1111A", "2030-10-10"),
)
"""Parts of a target: field, label, what is typed, and what is read then."""


@pytest.fixture(params=WAYS, ids=lambda way: way[0])
def person(
    request: pytest.FixtureRequest, browser: Browser, console: Proxy
) -> Iterator[tuple[Browser, Say, bool]]:
    """Somebody at the login, in their language, with scripts or without."""
    language, on, colours = request.param
    scripts(browser, on=on)
    scheme(browser, colours)
    browser.get(f"{console.url}/console/login")
    browser.delete_all_cookies()
    browser.get(f"{console.url}/console/login")
    press(browser, {"en": "English", "de": "Deutsch"}[language])
    _read(browser, "h1", words_of(language).say("Log in"))
    keyed(browser, "key", f"admin{Key.ENTER}")
    _read(browser, "h1", words_of(language).say("Targets"))
    yield browser, words_of(language).say, on
    scripts(browser, on=True)


def _read(browser: Browser, selector: str, text: str) -> None:
    """Wait until something can be read."""
    waited(browser, lambda: text in text_of(browser, selector))


def _done(browser: Browser, say: Say, *, on: bool) -> None:
    """Wait until a work has ended, which without scripts has to be looked at again."""
    while say("Done.") not in (said := text_of(browser, "#said")):
        assert say("It did not end well.") not in said
        if not on and browser.find_elements(By.LINK_TEXT, say("Look again")):
            press(browser, say("Look again"))


def test_targets_are_searched_filtered_ordered_and_paged(person: tuple[Browser, Say, bool]) -> None:
    browser, say, _ = person
    keyed(browser, "q", f"Number3{Key.ENTER}")
    _read(browser, "#said", say("{count} found", count=11))
    keyed(browser, "q", Key.BACKSPACE * 7)
    keyed(browser, "state", say("revoked"))
    press(browser, say("Search"))
    _read(browser, "#results", "Tor Hagen-Lys")
    keyed(browser, "state", say("all"))
    keyed(browser, "order", say("by name"))
    press(browser, say("Search"))
    _read(browser, "#results", "Ara Number10")
    press(browser, say("Next"))
    _read(browser, ".pages", say("Page {number} of {pages}", number=2, pages=2))


def test_a_target_is_made_edited_revoked_and_restored(person: tuple[Browser, Say, bool]) -> None:
    browser, say, on = person
    name = "Ida Tarn" if on else "Ona Vell"
    press(browser, say("New request"))
    _read(browser, "h1", say("New request"))
    keyed(browser, "text", f"Please forget {name}, a painter from Venn.")
    keyed(browser, "against", f"{name} won.")
    press(browser, say("Show how it is understood"))
    _read(browser, "h1", say("Is this right?"))
    assert f"{name} won." in text_of(browser, "[aria-labelledby=effects]")
    press(browser, say("Forget it"))
    _read(browser, "h1", name)
    for part, label, keys, held in PARTS:
        press(browser, f"{say('Edit')} {say(label)}")
        keyed(browser, f"value-{part}", keys)
        press(browser, say("Save"))
        _read(browser, f"#part-{part} .value", held)
        assert text_of(browser, ".status") == say("Changed.")
        assert focused(browser) == say("Changed.")  # where a screen reader goes on
    press(browser, say("Revoke"))
    keyed(browser, "why-revoke", "withdrawn")
    press(browser, say("Revoke"))
    _read(browser, ".headline", say("revoked"))
    keyed(browser, "why-restore", "asked again")
    press(browser, say("Restore"))
    _read(browser, ".headline", say("active"))
    told = text_of(browser, "section[aria-labelledby=trail]")
    assert "withdrawn" in told
    assert "asked again" in told


def test_a_target_is_verified_and_its_proof_checked(
    person: tuple[Browser, Say, bool], tmp_path: Path
) -> None:
    browser, say, on = person
    where = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", where)
    keyed(browser, "q", f"Mirela{Key.ENTER}")
    _read(browser, "#said", say("{count} found", count=1))
    press(browser, "Mirela Osk")
    _read(browser, "h1", "Mirela Osk")
    press(browser, say("Verify"))
    keyed(browser, "probes", "20")
    press(browser, say("Verify"))
    _done(browser, say, on=on)
    press(browser, "JSON")
    (file,) = waited(browser, lambda: list(tmp_path.glob("*.json")))
    press(browser, say("Check a proof"))
    _read(browser, "h1", say("Check a proof"))
    keyed(browser, "file", str(file))
    press(browser, say("Check"))
    _read(browser, ".verdict", say("Genuine: signed with the key of this server."))


def test_a_file_is_brought_in_and_the_chain_of_the_trail_checked(
    person: tuple[Browser, Say, bool], tmp_path: Path
) -> None:
    browser, say, on = person
    file = tmp_path / "t.csv"
    file.write_text("subject,kind\nBo Reed,person\nCy Vale,ghost\n")
    press(browser, say("Import"))
    _read(browser, "h1", say("Import"))
    keyed(browser, "file", str(file))
    keyed(browser, "why", "the list of May")
    press(browser, say("Bring in"))
    _done(browser, say, on=on)
    assert text_of(browser, "tbody td.number") == "3"
    press(browser, say("Trail"))
    _read(browser, "h1", say("Trail"))
    press(browser, say("Check the chain"))
    _done(browser, say, on=on)
    assert browser.find_elements(By.CSS_SELECTOR, ".verdict.good")


def test_activity_is_paused_and_the_bench_asked(person: tuple[Browser, Say, bool]) -> None:
    browser, say, _ = person
    press(browser, say("Activity"))
    _read(browser, "h1", say("Activity"))
    press(browser, say("Pause"))
    _read(browser, ".headline", say("Follow"))
    assert say("way: abstained") in text_of(browser, "#live")
    press(browser, say("Test bench"))
    _read(browser, "h1", say("Test bench"))
    keyed(browser, "question", "Who wrote it?")
    press(browser, say("Ask"))
    _read(browser, ".compare", "Mirela Osk wrote it.")
    assert text_of(browser, "[aria-labelledby=after]").count("Mirela") == 0


def test_a_key_is_made_rotated_and_revoked_and_one_logs_out(
    person: tuple[Browser, Say, bool],
) -> None:
    browser, say, on = person
    name = f"Nora {on}"
    press(browser, say("Keys"))
    _read(browser, "h1", say("Keys"))
    keyed(browser, "name", name)
    keyed(browser, "role", say("editor"))
    keyed(browser, "namespaces", "north")
    press(browser, say("Make the key"))
    first = waited(browser, lambda: text_of(browser, "#secret"))
    press(browser, f"{say('Rotate')} {name}")
    press(browser, say("Rotate"))
    waited(browser, lambda: text_of(browser, "#secret") != first)
    press(browser, f"{say('Revoke')} {name}")
    press(browser, say("Revoke"))
    _read(browser, ".status", say("Revoked. It opens nothing from the next request on."))
    assert say("key: revoked") in text_of(browser, "tbody")
    press(browser, say("Log out"))
    _read(browser, "h1", say("Log in"))
