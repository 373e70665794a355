"""The console in a real browser: by keyboard, with and without scripts, light and dark, and what
axe finds on each page."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys as Key

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from tests.server.console.screen.hands import (
    Browser,
    ask,
    clicked,
    keyed,
    press,
    scheme,
    scripts,
    text_of,
    typed,
    waited,
)
from tests.server.running import Proxy, running_proxy

AXE = Path(__file__).parent.joinpath("axe", "axe.min.js").read_text("utf-8")


_RUN = """
const rules = Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, {enabled: true}]));
axe.run(document, {resultTypes: ['violations'], rules}).then(arguments[0]);
"""


def _violations(browser: Browser) -> list[str]:
    """What axe finds wrong with the page, by every rule that it has, also those that it leaves out
    unless it is told; it describes nothing else."""
    browser.execute_script(AXE)
    found = browser.execute_async_script(_RUN)
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def _open(browser: Browser, console: Proxy, name: str) -> None:
    """One page of the console, as somebody comes to it."""
    base = f"{console.url}/console"
    if name in ("revoked", "purged"):
        browser.get(f"{base}?state={name}")
        clicked(browser, "#results a")
        waited(browser, lambda: browser.find_elements(By.ID, "trail"))
        return
    of_one = name in ("target", "editing", "late")
    path = name if name.startswith("?") else f"/{name.rstrip('!')}".rstrip("/")
    browser.get(base if of_one else f"{base}{path}")
    if name == "login":
        return
    if name == "?q=":
        typed(browser, "q", "Number1")
        waited(browser, lambda: text_of(browser, "#said").startswith("11 "))
    if of_one:
        clicked(browser, "#results a")
        waited(browser, lambda: browser.find_elements(By.ID, "part-expires"))
    if name in ("editing", "late"):
        for summary in browser.find_elements(By.CSS_SELECTOR, "summary"):
            summary.click()
    if name == "late":
        part = browser.find_element(By.CSS_SELECTOR, "#part-expires")
        browser.execute_script(
            "document.querySelector('#part-expires input[name=version]').value = 99"
        )
        part.find_element(By.CSS_SELECTOR, "button").click()
        waited(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".error"))
    if name == "request?":
        typed(browser, "text", "Please forget Mirela Osk, a poet from Tavel, osk@tavel.org.")
        typed(browser, "against", "Mirela Osk won.")
        clicked(browser, "main button.primary")
        waited(browser, lambda: browser.find_elements(By.ID, "effects"))
    if name == "import!":
        browser.find_element(By.ID, "file").send_keys(__file__)  # which is no file of targets
        clicked(browser, "main button.primary")
        waited(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".error"))
    if name == "bench":
        typed(browser, "question", "Who wrote it?")
        clicked(browser, "main button")
        waited(browser, lambda: browser.find_elements(By.ID, "after"))
    if name == "request!":
        typed(browser, "text", "hello there")
        clicked(browser, "main button.primary")
        waited(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".error"))
    if name == "keys?":
        typed(browser, "name", "Zoe")
        clicked(browser, "#role option[value=viewer]")  # after a caller's all have to show one
        clicked(browser, "main button.primary")
        waited(browser, lambda: browser.find_elements(By.ID, "secret"))
    if name == "trail?":
        clicked(browser, "form[action$=check] button")
        waited(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".verdict"))


_STICKING_OUT = """
const edge = document.querySelector("main").getBoundingClientRect().right - 20;
return [...document.querySelectorAll("main *")]
  .filter(one => !one.closest(".wide, .visually-hidden") || one.matches(".wide"))
  .filter(one => one.getBoundingClientRect().right > edge + 1)
  .map(one => one.outerHTML.slice(0, 120));
"""
"""What goes beyond the margin of a page and is not in a box of its own that can be scrolled."""

PAGES = ("", "?q=", "?q=nobody", "?state=all&offset=50", "?q=a&state=all&order=name&offset=50",
         "?q=number1&kind=work&space=default&order=name", "?state=revoked&kind=person", "target",
         "editing", "late", "revoked", "purged", "request", "request!", "request?", "import",
         "import!", "trail", "trail?", "activity", "activity?follow=no", "bench", "proof", "keys",
         "keys?", "nothing")  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    admin: Browser, console: Proxy, colours: str, language: str
) -> None:
    scheme(admin, colours)
    admin.get(f"{console.url}/console/language/{language}")
    found = {}
    for name in PAGES:
        _open(admin, console, name)
        if bad := _violations(admin):
            found[name] = bad
    admin.delete_cookie("amnestic_console")
    _open(admin, console, "login")
    if bad := _violations(admin):
        found["login"] = bad
    assert found == {}
    complaints = [line["message"] for line in admin.get_log("browser") if line["level"] == "SEVERE"]
    assert [line for line in complaints if "status of 40" not in line] == []


def test_a_page_loads_nothing_from_elsewhere(admin: Browser, console: Proxy) -> None:
    for name in ("", "target", "activity"):
        _open(admin, console, name)
        loaded = admin.execute_script(
            "return performance.getEntriesByType('resource').map(one => one.name)"
        )
        assert loaded
        assert {urlsplit(one).netloc for one in loaded} == {urlsplit(console.url).netloc}
    kept = admin.execute_script("return [{...localStorage}, {...sessionStorage}]")
    assert kept == [{}, {"htmx-current-path-for-history": "/console/activity"}]


@pytest.mark.thorough
def test_dark_is_dark_and_light_is_light(admin: Browser) -> None:
    seen = []
    for colours in ("light", "dark"):
        scheme(admin, colours)
        ground = admin.execute_script("return getComputedStyle(document.body).backgroundColor")
        seen.append(sum(json.loads(ground.replace("rgb(", "[").replace(")", "]"))))
    assert seen[0] > 600
    assert seen[1] < 200


@pytest.mark.thorough
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_that_it_only_watches_can_be_read_on_a_page(
    admin: Browser, tmp_path: Path, colours: str
) -> None:
    model = ScriptedBackend(default="I see.")
    with (
        Amnesia(model, db=tmp_path / "r.db", elicit=False, audit="all") as layer,
        running_proxy(layer, admin_token="admin") as running,
    ):
        scheme(admin, colours)
        admin.get(f"{running.url}/console/login")
        typed(admin, "key", "admin" + Key.ENTER)
        waited(admin, lambda: "Nothing is withheld from anybody" in text_of(admin, ".alarm"))
        assert _violations(admin) == []


@pytest.mark.thorough
def test_a_narrow_screen_needs_no_sideways_scrolling(admin: Browser, console: Proxy) -> None:
    admin.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 360, "height": 700, "deviceScaleFactor": 1, "mobile": False},
    )
    try:
        for name in PAGES:
            _open(admin, console, name)
            wide = admin.execute_script("return document.documentElement.scrollWidth")
            assert wide <= 360, name
            assert admin.execute_script(_STICKING_OUT) == [], name
    finally:
        admin.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.thorough
def test_what_can_be_done_with_a_key_stands_in_a_line(admin: Browser, console: Proxy) -> None:
    admin.get(f"{console.url}/console/language/de")
    _open(admin, console, "keys")
    try:
        for wide in (1280, 800, 360):
            size = {"width": wide, "height": 700, "deviceScaleFactor": 1, "mobile": False}
            admin.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            heights = admin.execute_script(
                "return [...document.querySelectorAll('td summary')].map(one => one.offsetHeight)"
            )
            assert heights
            assert max(heights) < 40
    finally:
        admin.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.thorough
def test_the_first_key_leads_past_the_menu(admin: Browser, console: Proxy) -> None:
    _open(admin, console, "")
    admin.switch_to.active_element.send_keys(Key.TAB)
    assert admin.switch_to.active_element.get_attribute("class") == "skip"
    assert admin.switch_to.active_element.is_displayed()
    admin.switch_to.active_element.send_keys(Key.ENTER)
    assert admin.execute_script("return document.activeElement.id") == "main"


def test_a_request_is_made_and_its_target_edited_by_keyboard_alone(
    admin: Browser, console: Proxy
) -> None:
    _open(admin, console, "request")
    keyed(admin, "text", "Please forget Ida Tarn, a painter from Venn.")
    press(admin, "Show how it is understood")
    waited(admin, lambda: "Is this right?" in text_of(admin, "h1"))
    press(admin, "Forget it")
    waited(admin, lambda: text_of(admin, "h1") == "Ida Tarn")
    press(admin, "Edit Other names")
    keyed(admin, "value-aliases", "The Wren")
    press(admin, "Save")
    waited(admin, lambda: "The Wren" in text_of(admin, "#part-aliases .value"))
    assert text_of(admin, ".status") == "Changed."
    told = admin.execute_script("return document.activeElement.textContent")
    assert told == "Changed."  # where a screen reader goes on


def test_a_search_is_answered_while_it_is_typed(admin: Browser, console: Proxy) -> None:
    _open(admin, console, "")
    admin.execute_script("window.same = true")
    typed(admin, "q", "Number1")
    waited(admin, lambda: text_of(admin, "#said") == "11 found")
    assert "Ara Number19" in text_of(admin, "#results")
    assert "Number1" not in admin.current_url  # which histories keep
    assert admin.execute_script("return window.same") is True
    assert admin.execute_script("return document.activeElement.id") == "q"


def test_activity_goes_on_by_itself(admin: Browser, console: Proxy) -> None:
    _open(admin, console, "activity")
    admin.execute_script("window.same = true")
    before = text_of(admin, "#live > p")
    ask(console, "Who painted the ceiling?")
    waited(admin, lambda: text_of(admin, "#live > p") != before)
    assert admin.execute_script("return window.same") is True


def test_a_file_is_brought_in_and_the_page_says_when(
    admin: Browser, console: Proxy, tmp_path: Path
) -> None:
    file = tmp_path / "t.csv"
    file.write_text("subject,kind\nBo Reed,person\nCy Vale,ghost\n")
    _open(admin, console, "import")
    typed(admin, "file", str(file))
    clicked(admin, "main button.primary")
    waited(admin, lambda: text_of(admin, "#said") == "Done.")
    assert "1\nbrought in" in text_of(admin)
    for colours in ("light", "dark"):
        scheme(admin, colours)
        assert _violations(admin) == []


@pytest.mark.thorough
def test_a_target_is_verified_before_one_s_eyes_and_its_proof_looked_at(
    admin: Browser, console: Proxy, tmp_path: Path
) -> None:
    admin.get(f"{console.url}/console?q=Mirela")
    clicked(admin, "#results a")
    clicked(admin, ".acts summary")
    clicked(admin, "form[action$=verify] button")
    waited(admin, lambda: text_of(admin, "#said") == "Done.")
    assert "uppressed" in text_of(admin)
    assert _violations(admin) == []
    proof = admin.find_element(By.LINK_TEXT, "JSON").get_attribute("href")
    cookies = {one["name"]: one["value"] for one in admin.get_cookies()}
    (tmp_path / "p.json").write_bytes(httpx.get(str(proof), cookies=cookies).content)
    _open(admin, console, "proof")
    typed(admin, "file", str(tmp_path / "p.json"))
    clicked(admin, "main button.primary")
    waited(admin, lambda: "Genuine" in text_of(admin, ".verdict"))
    for colours in ("light", "dark"):
        scheme(admin, colours)
        assert _violations(admin) == []


def test_everything_works_without_scripts(admin: Browser, console: Proxy) -> None:
    scripts(admin, on=False)
    try:
        _open(admin, console, "")
        typed(admin, "q", "Number2" + Key.ENTER)
        waited(admin, lambda: "11 found" in text_of(admin))
        _open(admin, console, "target")
        clicked(admin, "#part-terms summary")
        typed(admin, "value-terms", "Larksong")
        clicked(admin, "#part-terms button")
        waited(admin, lambda: "Changed." in text_of(admin))
        assert "Larksong" in text_of(admin, "#part-terms .value")
        _open(admin, console, "activity")
        assert "conversations" in text_of(admin)
        _open(admin, console, "request?")
        waited(admin, lambda: "Nothing has been changed yet." in text_of(admin))
    finally:
        scripts(admin, on=True)


def test_who_is_logged_out_is_led_to_the_login_from_within_a_page(
    admin: Browser, console: Proxy
) -> None:
    _open(admin, console, "")
    admin.delete_cookie("amnestic_console")
    typed(admin, "q", "Mirela")
    waited(admin, lambda: "/console/login" in admin.current_url)


@pytest.mark.thorough
def test_a_page_on_paper_holds_what_is_known_and_nothing_to_press(
    admin: Browser, console: Proxy
) -> None:
    for name in ("", "target", "trail?", "keys"):
        _open(admin, console, name)
        on_screen = text_of(admin, "h1")
        admin.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        try:
            assert text_of(admin, "h1") == on_screen
            pressed = admin.find_elements(By.CSS_SELECTOR, "button, nav a, footer a, .button")
            assert [one.text for one in pressed if one.is_displayed()] == []
            boxes = admin.execute_script(
                "return [...document.querySelectorAll('.wide')]"
                ".map(one => getComputedStyle(one).overflowX)"
            )
            assert set(boxes) <= {"visible"}  # nothing is cut at an edge that nobody can scroll
        finally:
            admin.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
