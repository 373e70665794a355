"""A browser without scripts, as far as forms, cookies and redirects go."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import httpx

from tests.patience import PATIENCE, tries

__all__ = ["USER", "Visitor", "alerts", "visible"]

USER = "X-Auth-Request-Email"
_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Visitor:
    """Somebody with a browser: each form that is sent holds the token of the last page."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self.client = httpx.Client(
            base_url=url, headers=dict(headers), follow_redirects=True, timeout=PATIENCE
        )
        self.page = ""

    def get(self, path: str = "", **params: Any) -> httpx.Response:
        """Open a page below `/console`."""
        return self._seen(self.client.get(f"/console{path}", params=params or None))

    def post(self, path: str, data: Any = None, **more: Any) -> httpx.Response:
        """Send a form."""
        sent = {"token": self.token, **(data or {})}
        return self._seen(self.client.post(f"/console{path}", data=sent, **more))

    def log_in(self, key: str, **more: str) -> httpx.Response:
        """Show a key at the door."""
        self.get("/login")
        return self.post("/login", {"key": key, "next": "/console", **more})

    def forget(self, text: str, **more: str) -> str:
        """Write a request, confirm its reading; the id of the target."""
        shown = self.post("/request", {"text": text, "space": "default", **more})
        assert shown.status_code == 200, alerts(shown.text)
        made = self.post("/request/confirm", self.readings(shown.text))
        assert made.status_code == 200, alerts(made.text)
        return str(made.url.path).rpartition("/")[2]

    @staticmethod
    def readings(page: str) -> dict[str, Any]:
        """What the form of a preview holds, with all of it ticked."""
        records = [html.unescape(one) for one in re.findall(r'name="record" value="([^"]+)"', page)]
        taken = [str(i) for i in range(len(records))]
        return {"space": "default", "record": records, "take": taken, "reason": ""}

    def finished(self, response: httpx.Response) -> httpx.Response:
        """The page of a work once that has ended."""
        for _ in tries("the work never ended"):
            if 'hx-trigger="every 1s"' not in response.text:
                break
            response = self.client.get(response.url)
        return self._seen(response)

    @property
    def token(self) -> str:
        """The token of the forms of the last page that had one."""
        if not self.page:
            self.get()
        return self.page

    def _seen(self, response: httpx.Response) -> httpx.Response:
        if found := _TOKEN.search(response.text):
            self.page = found[1]
        return response


def alerts(page: str) -> list[str]:
    """What a page warns of."""
    found = re.findall(r'role="alert"[^>]*>(.*?)</', page, re.DOTALL)
    return [visible(one) for one in found]


def visible(page: str) -> str:
    """The words of a page, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
