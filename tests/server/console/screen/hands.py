"""What somebody does before a screen: looks, types, clicks, goes on by the tabulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys as Key
from selenium.webdriver.support.ui import WebDriverWait

from tests.patience import PATIENCE
from tests.server.running import Proxy

__all__ = [
    "Browser",
    "ask",
    "clicked",
    "focused",
    "keyed",
    "press",
    "scheme",
    "scripts",
    "text_of",
    "typed",
    "waited",
]

Browser = webdriver.Chrome


def ask(console: Proxy, question: str) -> None:
    """Ask the model something, as its callers do."""
    body = {"model": "m", "messages": [{"role": "user", "content": question}]}
    answer = httpx.post(f"{console.url}/v1/chat/completions", json=body, timeout=PATIENCE)
    assert answer.is_success


def scripts(browser: Browser, *, on: bool) -> None:
    """Turn the scripts of pages on or off."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not on})


def scheme(browser: Browser, value: str) -> None:
    """Want pages `light` or `dark`."""
    media = [{"name": "prefers-color-scheme", "value": value}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})


def typed(browser: Browser, element: str, text: str) -> None:
    """Type into an element."""
    browser.find_element(By.ID, element).send_keys(text)


def clicked(browser: Browser, selector: str) -> None:
    """Click on the first element that is so."""
    browser.find_element(By.CSS_SELECTOR, selector).click()


def text_of(browser: Browser, selector: str = "main") -> str:
    """What can be read in an element."""
    return browser.find_element(By.CSS_SELECTOR, selector).text


def waited(browser: Browser, found: Callable[[], Any]) -> Any:
    """What is found, once it is there."""
    waiting = WebDriverWait(browser, PATIENCE, 0.05, ignored_exceptions=[WebDriverException])
    return waiting.until(lambda _: found())


def keyed(browser: Browser, element: str, text: str) -> None:
    """Go on by the tabulator until an element has the focus, and type."""
    _tabbed(browser, lambda: browser.switch_to.active_element.get_attribute("id") == element)
    browser.switch_to.active_element.send_keys(text)


def press(browser: Browser, label: str) -> None:
    """Go on by the tabulator until what is called so has the focus, and press it."""
    _tabbed(browser, lambda: focused(browser) == label)
    browser.switch_to.active_element.send_keys(Key.ENTER)


def focused(browser: Browser) -> str:
    """The words of what has the focus."""
    told = browser.execute_script("return document.activeElement.textContent")
    return " ".join(str(told).split())


def _tabbed(browser: Browser, reached: Callable[[], bool]) -> None:
    for _ in range(200):
        if reached():
            ring = "return getComputedStyle(document.activeElement).outlineStyle"
            assert browser.execute_script(ring) != "none"  # somebody sees where they are
            return
        webdriver.ActionChains(browser).send_keys(Key.TAB).perform()
    raise AssertionError("it cannot be reached by the keyboard")
