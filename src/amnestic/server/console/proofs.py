"""Verifications: made in the background, downloaded, and checked when they come back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from amnestic.exceptions import ConfigurationError, InvalidRequestError, TargetNotFoundError
from amnestic.extras import require
from amnestic.models.fixed import FixedBackend
from amnestic.server.console.importing import work_of
from amnestic.server.console.jobs import DONE, Progress
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.tools.offload import offload

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.types import ForgetTarget
    from amnestic.verifying import Checked, Form

__all__ = ["VERIFY", "check", "download", "form", "verify"]

VERIFY = "verify"
_FORMS: dict[str, tuple[Form, str]] = {
    "proof.html": ("html", "text/html"),
    "proof.md": ("md", "text/markdown"),
    "proof.json": ("json", "application/json"),
}
_PROBES, _SAMPLES, _NEIGHBOURS = 60, 3, 40


async def verify(visit: Visit) -> Response:
    """Begin to ask the live system for a target."""
    layer, found = await visit.target()
    sent = await visit.form()
    require("proof", "a verification")
    await offload(_check_model, visit, layer)
    probes = int(told) if (told := sent.text("probes")) in ("20", "60", "120") else _PROBES
    jobs, who = visit.desk.jobs, visit.name
    job = jobs.new(VERIFY, visit.id, found.namespace, found.id)

    def probed(progress: Progress) -> dict[str, Any]:
        return _verified(layer, found, probes, who, progress)

    jobs.start(job, probed)
    return visit.moved(f"/console/work/{job.id}")


async def download(visit: Visit) -> Response:
    """The document of a verification, as HTML, Markdown or JSON."""
    job, name = await work_of(visit), str(visit.request.path_params["name"])
    if job.kind != VERIFY or job.state != DONE or name not in _FORMS:
        raise ServerError(404, "there is no such document")
    from amnestic.verifying import render

    form, kind = _FORMS[name]
    content = await offload(render, job.result, form)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return visit.dressed(Response(content, media_type=f"{kind}; charset=utf-8", headers=headers))


async def form(visit: Visit) -> Response:
    """The page at which a document is checked."""
    return visit.page("proof.html", found=None, error="")


async def check(visit: Visit) -> Response:
    """Whether a document is genuine, and whether what it rests on has changed since."""
    sent = await visit.form()
    require("proof", "the check of a verification")
    try:
        found = await offload(_checked, visit, sent.file)
    except InvalidRequestError as error:
        return visit.page("proof.html", 400, found=None, error=str(error))
    return visit.page("proof.html", found=found, error="")


def _check_model(visit: Visit, layer: Amnesia) -> None:
    """Refuse where the layer has no model of its own, so that nothing would be asked."""
    if visit.desk.service.upstream is not None and isinstance(layer.parts.backend, FixedBackend):
        raise InvalidRequestError(
            "this server asks an upstream by the model that each caller names: verify with "
            "`amnestic verify ID --model openai:<name> --base-url …`, or serve with --model"
        )


def _verified(
    layer: Amnesia, target: ForgetTarget, probes: int, who: str, progress: Progress
) -> dict[str, Any]:
    from amnestic.verifying import SigningKey, signed, signing_key_file
    from amnestic.verifying import verify as probe

    found = probe(
        layer,
        target,
        probes=probes,
        samples=_SAMPLES,
        neighbours=_NEIGHBOURS,
        progress=progress,
    )
    document = signed(found, layer, SigningKey(signing_key_file(layer.settings)))
    said = f"{found.leaked} of {len(found.asked)} probes leaked"
    layer.registry.note(target, VERIFY, actor=who, reason=said)
    told: dict[str, Any] = json.loads(json.dumps(document))
    return told


def _checked(visit: Visit, content: bytes) -> Checked:
    from amnestic.verifying import SigningKey, check_document, signing_key_file

    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidRequestError("this is no verification that amnestic has written") from None
    whole = visit.desk.service.amnesia
    try:
        public = SigningKey.public_of(signing_key_file(whole.settings))
    except ConfigurationError:  # whose words tell of this machine's files
        raise InvalidRequestError(
            "this server has no key to check it by: nothing was verified here yet"
        ) from None
    found = check_document(text, whole, public)
    told = found.document.get("target")
    try:
        target = whole.registry.get(str(told.get("id") if isinstance(told, dict) else ""))
        return check_document(text, visit.layer(target.namespace), public)
    except (TargetNotFoundError, ServerError):
        if visit.spaces is None:
            return found  # of a target that is not there
    raise InvalidRequestError("this document is of no target that is open to you")
