"""The console in a real browser: by keyboard, with and without scripts, light and dark, and what
axe finds on each page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys as Key
from selenium.webdriver.support.ui import WebDriverWait

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from tests.patience import PATIENCE
from tests.server.console.visitor import Visitor
from tests.server.running import Proxy, running_proxy

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"
)

AXE = Path(__file__).parent.joinpath("axe", "axe.min.js").read_text("utf-8")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--window-size=1280,1000",
)
Browser = webdriver.Chrome


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A console with some targets, a revoked one, and some conversations."""
    model = ScriptedBackend(default="Mirela Osk wrote it.")
    file = tmp_path_factory.mktemp("browser") / "r.db"
    with (
        Amnesia(model, db=file, elicit=False) as layer,
        running_proxy(layer, admin_token="admin") as running,
    ):
        adam = Visitor(running.url, {})
        adam.log_in("admin")
        adam.forget("Please forget Mirela Osk, a poet from Tavel, osk@tavel.org.")
        gone = adam.forget("Please forget Tor Hagen-Lys, a judge from Venn.")
        adam.post(f"/targets/{gone}/revoke", {"why": "withdrawn"})
        rows = "\n".join(f"Ara Number{i},work" for i in range(60))
        sent = adam.post(
            "/import", {"space": "default"}, files={"file": ("t.csv", f"subject,kind\n{rows}\n,x")}
        )
        adam.finished(sent)
        adam.post("/keys", {"name": "Ada of the night shift", "role": "viewer"})
        for question in ("Who is Mirela Osk?", "What is the capital of France?"):
            _ask(running, question)
        adam.client.close()
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in FLAGS:
        options.add_argument(flag)
    driver = Browser(options=options, service=webdriver.ChromeService(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture
def admin(browser: Browser, console: Proxy) -> Browser:
    """The browser, logged in, with scripts, in light."""
    _script(browser, on=True)
    _scheme(browser, "light")
    browser.delete_all_cookies()
    browser.get(f"{console.url}/console/login")
    browser.delete_all_cookies()
    browser.get(f"{console.url}/console/login")
    _type(browser, "key", "admin" + Key.ENTER)
    _until(browser, lambda: browser.find_elements(By.ID, "results"))
    return browser


def _ask(console: Proxy, question: str) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": question}]}
    answer = httpx.post(f"{console.url}/v1/chat/completions", json=body, timeout=PATIENCE)
    assert answer.is_success


def _script(browser: Browser, *, on: bool) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not on})


def _scheme(browser: Browser, value: str) -> None:
    media = [{"name": "prefers-color-scheme", "value": value}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})


def _type(browser: Browser, element: str, text: str) -> None:
    browser.find_element(By.ID, element).send_keys(text)


def _click(browser: Browser, selector: str) -> None:
    browser.find_element(By.CSS_SELECTOR, selector).click()


def _text(browser: Browser, selector: str = "main") -> str:
    return browser.find_element(By.CSS_SELECTOR, selector).text


def _until(browser: Browser, found: Callable[[], Any]) -> Any:
    waiting = WebDriverWait(browser, PATIENCE, 0.05, ignored_exceptions=[WebDriverException])
    return waiting.until(lambda _: found())


def _violations(browser: Browser) -> list[str]:
    """What axe finds wrong with the page, by every rule that it has."""
    browser.execute_script(AXE)
    found = browser.execute_async_script("axe.run(document).then(arguments[0])")
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def _open(browser: Browser, console: Proxy, name: str) -> None:
    """One page of the console, as somebody comes to it."""
    base = f"{console.url}/console"
    browser.get(base if name in ("target", "editing", "late") else f"{base}/{name}".rstrip("/"))
    if name == "login":
        return
    if name in ("target", "editing", "late"):
        _click(browser, "#results a")
        _until(browser, lambda: browser.find_elements(By.ID, "part-expires"))
    if name in ("editing", "late"):
        for summary in browser.find_elements(By.CSS_SELECTOR, "summary"):
            summary.click()
    if name == "late":
        part = browser.find_element(By.CSS_SELECTOR, "#part-expires")
        browser.execute_script(
            "document.querySelector('#part-expires input[name=version]').value = 99"
        )
        part.find_element(By.CSS_SELECTOR, "button").click()
        _until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".error"))
    if name == "request?":
        _type(browser, "text", "Please forget Mirela Osk, a poet from Tavel, osk@tavel.org.")
        _type(browser, "against", "Mirela Osk won.")
        _click(browser, "main button.primary")
        _until(browser, lambda: browser.find_elements(By.ID, "effects"))
    if name == "bench":
        _type(browser, "question", "Who wrote it?")
        _click(browser, "main button")
        _until(browser, lambda: browser.find_elements(By.ID, "after"))
    if name == "trail?":
        _click(browser, "form[action$=check] button")
        _until(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".verdict"))


_STICKING_OUT = """
const edge = document.querySelector("main").getBoundingClientRect().right - 20;
return [...document.querySelectorAll("main *")]
  .filter(one => !one.closest(".wide, .visually-hidden") || one.matches(".wide"))
  .filter(one => one.getBoundingClientRect().right > edge + 1)
  .map(one => one.outerHTML.slice(0, 120));
"""
"""What goes beyond the margin of a page and is not in a box of its own that can be scrolled."""

PAGES = ("", "?q=nobody", "?state=all&offset=50", "target", "editing", "late", "request",
         "request?", "import", "trail", "trail?", "activity", "activity?follow=no", "bench",
         "proof", "keys", "nothing")  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    admin: Browser, console: Proxy, scheme: str, language: str
) -> None:
    _scheme(admin, scheme)
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


def test_dark_is_dark_and_light_is_light(admin: Browser) -> None:
    seen = []
    for scheme in ("light", "dark"):
        _scheme(admin, scheme)
        ground = admin.execute_script("return getComputedStyle(document.body).backgroundColor")
        seen.append(sum(json.loads(ground.replace("rgb(", "[").replace(")", "]"))))
    assert seen[0] > 600
    assert seen[1] < 200


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
    _keyed(admin, "text", "Please forget Ida Tarn, a painter from Venn.")
    _press(admin, "Show how it is understood")
    _until(admin, lambda: "Is this right?" in _text(admin, "h1"))
    _press(admin, "Forget it")
    _until(admin, lambda: _text(admin, "h1") == "Ida Tarn")
    _press(admin, "Edit Other names")
    _keyed(admin, "value-aliases", "The Wren")
    _press(admin, "Save")
    _until(admin, lambda: "The Wren" in _text(admin, "#part-aliases .value"))
    assert _text(admin, ".status") == "Changed."
    told = admin.execute_script("return document.activeElement.textContent")
    assert told == "Changed."  # where a screen reader goes on


def _keyed(browser: Browser, element: str, text: str) -> None:
    """Go on by the tabulator until an element has the focus, and type."""
    _tab_until(browser, lambda: browser.switch_to.active_element.get_attribute("id") == element)
    browser.switch_to.active_element.send_keys(text)


def _press(browser: Browser, label: str) -> None:
    def reached() -> bool:
        told = browser.execute_script("return document.activeElement.textContent")
        return " ".join(str(told).split()) == label

    _tab_until(browser, reached)
    browser.switch_to.active_element.send_keys(Key.ENTER)


def _tab_until(browser: Browser, reached: Callable[[], bool]) -> None:
    for _ in range(100):
        if reached():
            return
        browser.switch_to.active_element.send_keys(Key.TAB)
    raise AssertionError("it cannot be reached by the keyboard")


def test_a_search_is_answered_while_it_is_typed(admin: Browser, console: Proxy) -> None:
    _open(admin, console, "")
    admin.execute_script("window.same = true")
    _type(admin, "q", "Number1")
    _until(admin, lambda: _text(admin, "#said") == "11 found")
    assert "Ara Number19" in _text(admin, "#results")
    assert "Number1" not in admin.current_url  # which histories keep
    assert admin.execute_script("return window.same") is True
    assert admin.execute_script("return document.activeElement.id") == "q"


def test_activity_goes_on_by_itself(admin: Browser, console: Proxy) -> None:
    _open(admin, console, "activity")
    admin.execute_script("window.same = true")
    before = _text(admin, "#live > p")
    _ask(console, "Who painted the ceiling?")
    _until(admin, lambda: _text(admin, "#live > p") != before)
    assert admin.execute_script("return window.same") is True


def test_a_file_is_brought_in_and_the_page_says_when(
    admin: Browser, console: Proxy, tmp_path: Path
) -> None:
    file = tmp_path / "t.csv"
    file.write_text("subject,kind\nBo Reed,person\nCy Vale,ghost\n")
    _open(admin, console, "import")
    _type(admin, "file", str(file))
    _click(admin, "main button.primary")
    _until(admin, lambda: _text(admin, "#said") == "Done.")
    assert "1\nbrought in" in _text(admin)
    assert _violations(admin) == []


def test_a_target_is_verified_before_one_s_eyes(admin: Browser, console: Proxy) -> None:
    admin.get(f"{console.url}/console?q=Mirela")
    _click(admin, "#results a")
    _click(admin, ".acts summary")
    _click(admin, "form[action$=verify] button")
    _until(admin, lambda: _text(admin, "#said") == "Done.")
    assert "uppressed" in _text(admin)
    assert _violations(admin) == []


def test_everything_works_without_scripts(admin: Browser, console: Proxy) -> None:
    _script(admin, on=False)
    try:
        _open(admin, console, "")
        _type(admin, "q", "Number2" + Key.ENTER)
        _until(admin, lambda: "11 found" in _text(admin))
        _open(admin, console, "target")
        _click(admin, "#part-terms summary")
        _type(admin, "value-terms", "Larksong")
        _click(admin, "#part-terms button")
        _until(admin, lambda: "Changed." in _text(admin))
        assert "Larksong" in _text(admin, "#part-terms .value")
        _open(admin, console, "activity")
        assert "conversations" in _text(admin)
        _open(admin, console, "request?")
        _until(admin, lambda: "Nothing has been changed yet." in _text(admin))
    finally:
        _script(admin, on=True)


def test_who_is_logged_out_is_led_to_the_login_from_within_a_page(
    admin: Browser, console: Proxy
) -> None:
    _open(admin, console, "")
    admin.delete_cookie("amnestic_console")
    _type(admin, "q", "Mirela")
    _until(admin, lambda: "/console/login" in admin.current_url)
