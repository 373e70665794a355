"""A report as one HTML page that asks nothing of anybody: style, code, drawings and replies are in
it, and a policy within the page forbids it everything else."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from amnestic import __version__
from amnestic.evaluation.reporting.contents import Contents
from amnestic.evaluation.reporting.formats import with_units
from amnestic.evaluation.reporting.sentences import Linked

__all__ = ["rendered_page"]


def rendered_page(contents: Contents, evidence: dict[str, Any]) -> str:
    """The page. Every text in it is escaped where it stands; the replies are data that its code
    puts in as text, and never as markup."""
    style, code = _file("report.css"), _file("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(code)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    return _template().render(
        contents=contents,
        policy=policy,
        style=style,
        code=code,
        data=_data(evidence),
        version=__version__,
    )


def _data(evidence: dict[str, Any]) -> str:
    """JSON that stands in a script element and cannot end it."""
    told = json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        told = told.replace(sign, f"\\u{ord(sign):04x}")
    return told


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _file(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8").replace("\r\n", "\n")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_units"] = with_units
    environment.tests["linked"] = lambda value: isinstance(value, Linked)
    return environment.get_template("report.html.jinja")
