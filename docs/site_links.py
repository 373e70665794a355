"""A hook of the site: what a page links to outside of `docs/` is linked to in the repository."""

from __future__ import annotations

import posixpath
import re
from typing import Any

__all__ = ["on_page_markdown"]

_LINK = re.compile(r"\]\((?P<link>\.\./[^)\s]+)\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """The page, with links that lead out of the site's folder to where the files are."""
    folder = posixpath.dirname(page.file.src_uri)

    def there(found: re.Match[str]) -> str:
        place = posixpath.normpath(posixpath.join("docs", folder, found["link"]))
        if place.startswith("docs/"):
            return found[0]
        return f"]({config.repo_url}/blob/main/{place})"

    return _LINK.sub(there, markdown)
