"""The forms of a page, as a browser finds them: what is sent where, under which names."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Field", "Form", "Page", "page_of"]

_UNSENT = ("submit", "button", "reset", "image")


@dataclass(slots=True)
class Field:
    """A field: its name, its kind and what stands in it."""

    name: str
    kind: str
    value: str = ""


@dataclass(slots=True)
class Form:
    """A form: how it is sent, where to, and its fields."""

    method: str
    action: str
    sends_files: bool
    fields: list[Field] = field(default_factory=list)


class Page(HTMLParser):
    """A page, taken apart: its forms, and whatever in it could run."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.runs: list[str] = []
        self._form: Form | None = None
        self._filling: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in the beginning of an element."""
        told = {name: value or "" for name, value in attrs}
        self.runs += [f"{tag} {name}" for name in told if name.startswith("on")]
        is_own = tag == "script" and told.get("src", "").startswith("/console/static/")
        if tag in ("script", "iframe", "object", "embed", "base", "svg", "img") and not is_own:
            self.runs.append(tag)
        for name in ("href", "src", "action", "formaction"):
            if told.get(name, "").strip().lower().startswith(("javascript:", "data:")):
                self.runs.append(f"{tag} {name}")
        if tag == "form":
            sends_files = told.get("enctype") == "multipart/form-data"
            self._form = Form(told.get("method", "get"), told.get("action", ""), sends_files)
            self.forms.append(self._form)
        elif self._form is not None and "name" in told:
            self._field(tag, told)
        elif tag == "option" and self._filling is not None:
            shown = told.get("value", "")
            if "selected" in told or not self._filling.value:
                self._filling.value = shown

    def _field(self, tag: str, told: dict[str, str]) -> None:
        assert self._form is not None
        kind = told.get("type", "text") if tag == "input" else tag
        if tag not in ("input", "textarea", "select") or kind in _UNSENT:
            return
        found = Field(told["name"], kind, told.get("value", ""))
        self._form.fields.append(found)
        self._filling = found if tag in ("textarea", "select") else None

    def handle_data(self, data: str) -> None:
        """Take in what stands in a field."""
        if self._filling is not None and self._filling.kind == "textarea":
            self._filling.value += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """Take in the end of an element."""
        if tag == "form":
            self._form = None
        if tag in ("textarea", "select"):
            self._filling = None


def page_of(text: str) -> Page:
    """A page, taken apart."""
    page = Page()
    page.feed(text)
    page.close()
    return page
