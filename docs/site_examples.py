"""An extension of the site: examples in docstrings are shown as code, wherever they stand."""

from __future__ import annotations

from typing import Any

from griffe import Extension, Object

__all__ = ["Examples", "fenced"]

_BEGINS = ">>> "


class Examples(Extension):
    """Puts a fence around every example of a docstring."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Change what is shown of an object."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """A docstring, its examples in fences.

    >>> print(fenced("Adds.\\n\\n>>> 1 + 1\\n2\\n\\nIt does."))
    Adds.
    <BLANKLINE>
    ```pycon
    >>> 1 + 1
    2
    ```
    <BLANKLINE>
    It does.
    """
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        f"```pycon\n{told}\n```" if told.lstrip("\n").startswith(_BEGINS) else told
        for told in paragraphs
    )
