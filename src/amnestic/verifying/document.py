"""A verification as a signed document, and what is left of its truth later."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import jinja2

from amnestic.exceptions import InvalidRequestError
from amnestic.sweeping import sweeps_of
from amnestic.tools.registry import digest_of
from amnestic.verifying.resting import canonical, changes_since, sha256_of, system_of
from amnestic.verifying.signing import SigningKey, is_signed_by
from amnestic.verifying.verify import Verification

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Checked", "Form", "check_document", "render", "signed"]

Form = Literal["json", "md", "html"]

_KIND = "amnestic-verification"
_FORMAT = 1  # of the templates, which are kept as they are: documents are held against them
_EMBEDDED: dict[Form, re.Pattern[str]] = {
    "md": re.compile(r"\n```json\n(.*)\n```\n\Z", re.DOTALL),
    "html": re.compile(r'<script type="application/json">\n(.*?)\n</script>', re.DOTALL),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a document is worth now.

    `signed` says that it is, byte for byte, what somebody signed; `genuine` that it was signed with
    the key that it is held against; `changed` are the things that it rests on and that are not as
    they were.
    """

    signed: bool
    genuine: bool
    changed: tuple[str, ...]
    document: dict[str, Any]

    @property
    def holds(self) -> bool:
        """Whether it can still be relied on."""
        return self.genuine and not self.changed


def signed(
    found: Verification, amnesia: Amnesia, key: SigningKey, *, with_text: bool = False
) -> dict[str, Any]:
    """The document of a verification. It holds no text of the target but with `with_text`; a hash
    binds it to what was asked and answered all the same. Raises `InvalidRequestError` for the text
    of a sealed target."""
    if with_text and found.target.sealed:
        raise InvalidRequestError(
            f"the target `{found.target.id}` is sealed: no document holds its text; leave out "
            "--with-text"
        )
    transcript = found.transcript()
    document = {
        "kind": _KIND,
        "format": _FORMAT,
        "outcome": found.outcome,
        "target": {
            "id": found.target.id,
            "version": found.target.version,
            "digest": digest_of(found.target),
        },
        "system": system_of(amnesia) | dict(found.identity),
        **found.as_dict(),
        **_swept(amnesia, found),
        "transcript_sha256": sha256_of(transcript, found.target.salt),
        **({"transcript": transcript, "subject": found.target.subject} if with_text else {}),
        "public_key": key.public,
    }
    return {**document, "signature": key.sign(canonical(document))}


def render(document: dict[str, Any], form: Form = "json") -> str:
    """A document as JSON, Markdown or HTML; each holds all of it, and can be checked."""
    whole = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
    if form == "json":
        return f"{whole}\n"
    for mark in "<>&`":  # none of them ends what holds the document
        whole = whole.replace(mark, f"\\u{ord(mark):04x}")
    return (
        _template(int(document["format"]), form).render(
            d=document, rows=list(_rows(document)), whole=whole
        )
        + "\n"
    )


def check_document(
    text: str, amnesia: Amnesia, public_key: str, *, upstream: str | None = None
) -> Checked:
    """Whether a document is genuine, signed with the key whose public half is given, and whether
    what it rests on has changed since. `upstream` is an address at which callers name a
    model themselves. Raises `InvalidRequestError` for a text that is none."""
    form, document = _read(text)
    told = {name: value for name, value in document.items() if name != "signature"}
    whole = _is_signed(document, told) and _renders_as(document, form, text)
    genuine = whole and document["public_key"] == public_key
    changed = tuple(changes_since(document, amnesia, upstream)) if genuine else ()
    return Checked(whole, genuine, changed, document)


def _is_signed(document: dict[str, Any], told: dict[str, Any]) -> bool:
    public, signature = str(document.get("public_key")), str(document.get("signature"))
    try:
        return is_signed_by(public, signature, canonical(told))
    except (ValueError, RecursionError):  # letters that no text has, or too many brackets
        return False


def _swept(amnesia: Amnesia, found: Verification) -> dict[str, Any]:
    """The sweeps of stores in which something of the target was found, where there were any."""
    sweeps = sweeps_of(amnesia.registry, found.target)
    return {"sweeps": [entry.as_dict() for entry in sweeps]} if sweeps else {}


def _read(text: str) -> tuple[Form, dict[str, Any]]:
    form: Form = "json"
    whole = text
    for other, pattern in _EMBEDDED.items():
        if match := pattern.search(text):
            form, whole = other, match.group(1)
            break
    try:
        document = json.loads(whole)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("kind") != _KIND:
        raise InvalidRequestError(
            "this is no verification that amnestic has written, or it was changed so that it "
            "cannot be read: nothing that it says can be relied on"
        )
    return form, document


def _renders_as(document: dict[str, Any], form: Form, text: str) -> bool:
    try:
        return render(document, form) == text
    except (jinja2.TemplateError, AttributeError, TypeError, ValueError, KeyError):
        return False


def _rows(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The document as lines for people."""
    probes, others = document["probes"], document["neighbours"]
    yield "target", f"{document['target']['id']}, version {document['target']['version']}"
    if "subject" in document:
        yield "subject", document["subject"]
    yield "model", document["system"]["model"]
    yield "amnestic", document["system"]["amnestic"]
    if "settings" in document["system"]:
        told = sorted(document["system"]["settings"].items())
        named = ", ".join(f"{name}: {json.dumps(v, ensure_ascii=False)}" for name, v in told)
        yield "settings that are not as usual", named or "none"
    yield "begun", document["begun"]
    yield "ended", document["ended"]
    yield "probes that leaked", _counted(probes["leaked"], probes)
    if "temperature" in probes:
        said = f"the first as a caller gets it, the others at temperature {probes['temperature']:g}"
        yield "replies to each", f"{probes['samples']}, {said}"
    if probes["known_before"] is not None:
        yield "answered by the model alone", f"{probes['known_before']} of {probes['asked']}"
    for kind, counts in sorted(probes["by_kind"].items()):
        yield f"– {kind}", f"{counts['leaked']} of {counts['asked']}"
    if probes["failed"]:
        yield "probes without a reply", str(probes["failed"])
    yield "other questions that were altered", _counted(others["altered"], others)
    if others.get("failed"):
        yield "other questions without a reply", str(others["failed"])
    for told in document.get("sweeps", ()):
        yield f"store {told['store']}", _swept_line(told)


def _swept_line(told: dict[str, Any]) -> str:
    counts = f"{told['removed']} removed, {told['rewritten']} rewritten, {told['left']} left"
    return f"{told['at']}, by {told['actor']}: {told['state']}; {counts}"


def _counted(events: int, told: dict[str, Any]) -> str:
    times = f", {told['replies']} replies" if "replies" in told else ""
    bound = told["upper_95"]
    at_most = "" if bound is None else f"; at most {bound:.1%} with 95 % confidence"
    return f"{events} of {told['asked']}{times}{at_most}"


@cache
def _template(number: int, form: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("amnestic.verifying", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["line"] = lambda text: " ".join(str(text).split())
    return environment.get_template(f"verification.{number}.{form}.jinja")
