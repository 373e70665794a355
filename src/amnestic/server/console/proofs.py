"""Verifications: made in the background, downloaded, and checked when they come back."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from amnestic.exceptions import ConfigurationError, InvalidRequestError, TargetNotFoundError
from amnestic.extras import require
from amnestic.server.console.asking import NamedModel, check_answers, named_model
from amnestic.server.console.importing import work_of
from amnestic.server.console.jobs import DONE, Progress
from amnestic.server.console.listing import shown
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.server.signers import Signers
from amnestic.tools.offload import offload

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.types import ForgetTarget
    from amnestic.verifying import Checked, Form, SigningKey

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
    probes = int(told) if (told := sent.text("probes")) in ("20", "60", "120") else _PROBES
    try:
        model = named_model(visit, sent.text("model"))
        if model:
            await check_answers(visit, model)
        key = await offload(Signers(visit.desk.service.amnesia).key)
    except InvalidRequestError as error:
        return await shown(visit, layer, found, 400, error=error, asked=sent.text("model"))
    jobs, who = visit.desk.jobs, visit.name
    job = jobs.new(VERIFY, visit.id, found.namespace, found.id)
    settings = visit.desk.service.settings

    def probed(progress: Progress) -> dict[str, Any]:
        if not model:
            return _verified(layer, found, probes, who, progress, key, None)
        with closing(NamedModel(layer, settings, model)) as system:
            return _verified(layer, found, probes, who, progress, key, system)

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


def _verified(
    layer: Amnesia,
    target: ForgetTarget,
    probes: int,
    who: str,
    progress: Progress,
    key: SigningKey,
    system: NamedModel | None,
) -> dict[str, Any]:
    from amnestic.verifying import signed
    from amnestic.verifying import verify as probe

    found = probe(
        layer,
        target,
        probes=probes,
        samples=_SAMPLES,
        neighbours=_NEIGHBOURS,
        progress=progress,
        system=system,
    )
    document = signed(found, layer, key)
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
    upstream = visit.desk.service.settings.upstream
    found = check_document(text, whole, public, upstream=upstream)
    told = found.document.get("target")
    try:
        target = whole.registry.get(str(told.get("id") if isinstance(told, dict) else ""))
        layer = visit.layer(target.namespace)
        return check_document(text, layer, public, upstream=upstream)
    except (TargetNotFoundError, ServerError):
        if visit.spaces is None:
            return found  # of a target that is not there
    raise InvalidRequestError("this document is of no target that is open to you")
