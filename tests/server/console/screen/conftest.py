"""A console with something in it, and a real browser before it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys as Key

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from tests.patience import PATIENCE
from tests.server.console.screen.hands import Browser, ask, scheme, scripts, typed, waited
from tests.server.console.visitor import Visitor
from tests.server.running import Proxy, running_proxy

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--window-size=1280,1000",
)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A console with some targets, a revoked and a purged one, and some conversations."""
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
        gone = adam.forget("Please forget Bo Marrow, a baker from Venn.")
        adam.post(f"/targets/{gone}/purge", {"confirmed": gone})
        rows = "\n".join(f"Ara Number{i},work" for i in range(60))
        sent = adam.post(
            "/import", {"space": "default"}, files={"file": ("t.csv", f"subject,kind\n{rows}\n,x")}
        )
        adam.finished(sent)
        adam.post("/keys", {"name": "Ada of the night shift", "role": "viewer"})
        for question in ("Who is Mirela Osk?", "What is the capital of France?"):
            ask(running, question)
        adam.client.close()
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in FLAGS:
        options.add_argument(flag)
    driver = Browser(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(PATIENCE)
    yield driver
    driver.quit()


@pytest.fixture
def admin(browser: Browser, console: Proxy) -> Browser:
    """The browser, logged in, with scripts, in light."""
    scripts(browser, on=True)
    scheme(browser, "light")
    browser.delete_all_cookies()
    browser.get(f"{console.url}/console/login")
    browser.delete_all_cookies()
    browser.get(f"{console.url}/console/login")
    typed(browser, "key", "admin" + Key.ENTER)
    waited(browser, lambda: browser.find_elements(By.ID, "results"))
    return browser
