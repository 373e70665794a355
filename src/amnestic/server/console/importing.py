"""A file of targets, brought in in the background, and how far that has come."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from amnestic.exceptions import InvalidRequestError
from amnestic.exchange import bring_in as put_in
from amnestic.server.console.jobs import Job, Progress
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.server.logs import changed
from amnestic.tools.offload import offload

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["IMPORT", "bring_in", "form", "utf8", "work"]

IMPORT = "import"
_ENDINGS = (".csv", ".jsonl", ".ndjson")
_MOST_LINES = 200_000


async def form(visit: Visit) -> Response:
    """The page for a file."""
    return await _form(visit, 200, "")


async def bring_in(visit: Visit) -> Response:
    """Begin to bring a file in."""
    sent = await visit.form()
    space, ending = sent.text("space"), Path(sent.file_name).suffix.lower()
    layer = visit.layer(space)
    try:
        if ending not in _ENDINGS:
            raise InvalidRequestError("choose a file whose name ends in .csv or .jsonl")
        content = await offload(utf8, sent.file)
    except InvalidRequestError as error:
        return await _form(visit, 400, str(error))
    jobs = visit.desk.jobs
    job = jobs.new(IMPORT, visit.id, space, Path(sent.file_name).name[:200])
    reason, atomic, who = sent.text("why")[:1_000], sent.told("atomic"), visit.name
    job.result = {"added": 0}

    def stored(ids: Sequence[str]) -> None:
        """Tell of what has come in force, before anything can go wrong with the rest."""
        changed("target", "add", *ids)
        job.result = {"added": job.result["added"] + len(ids)}

    def bring(progress: Progress) -> dict[str, Any]:
        return _brought_in(layer, content, ending, reason, who, progress, stored, atomic=atomic)

    jobs.start(job, bring)
    return visit.moved(f"/console/work/{job.id}")


async def work(visit: Visit) -> Response:
    """How far a work has come, and what came of it."""
    job = await work_of(visit)
    return visit.page("work.html", job=job, share=round(100 * job.done / job.of) if job.of else 0)


async def work_of(visit: Visit) -> Job:
    """The work that the path names; raises `ServerError` (404) for one of somebody else's in a
    namespace that is not open."""
    job = await offload(visit.desk.jobs.get, str(visit.request.path_params["job_id"]))
    open_to = job is not None and (visit.spaces is None or job.space in visit.spaces)
    if job is None or not (open_to or job.owner == visit.id):
        raise ServerError(404, "there is no such work on this server, or not any more")
    return job


def utf8(content: bytes) -> bytes:
    """A file as UTF-8, which it is already or, as its first bytes say, UTF-16. Raises
    `InvalidRequestError` that names the first line which is neither, or for too many lines.

    >>> utf8("subject\\nÁgnes".encode("utf-16")).decode()
    'subject\\nÁgnes'
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            raise InvalidRequestError("the file is no UTF-16, as its beginning says") from None
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidRequestError(
            f"line {line} of the file is not UTF-8; save the file as UTF-8 (in a spreadsheet: “CSV "
            "UTF-8”) and bring it in again. Nothing was changed"
        ) from None
    if content.count(b"\n") > _MOST_LINES:
        raise InvalidRequestError(
            f"the file has over {_MOST_LINES:,} lines; cut it, or use `amnestic targets import`"
        )
    return content


async def _form(visit: Visit, status: int, error: str) -> Response:
    most = visit.desk.service.settings.max_body
    spaces = await visit.choices()
    return visit.page(
        "import.html", status, spaces=spaces, error=error, most=most, lines=_MOST_LINES
    )


def _brought_in(
    layer: Amnesia,
    content: bytes,
    ending: str,
    reason: str,
    who: str,
    progress: Progress,
    stored: Callable[[Sequence[str]], None],
    *,
    atomic: bool,
) -> dict[str, Any]:
    """Bring a file in; a private copy of it is there only meanwhile."""
    lines = content.count(b"\n") + 1
    with tempfile.TemporaryDirectory(prefix="amnestic-import-") as folder:
        file = Path(folder) / f"file{ending}"
        file.write_bytes(content)
        try:
            told = put_in(
                layer,
                file,
                atomic=atomic,
                reason=reason,
                actor=who,
                progress=lambda line: progress(line, lines),
                stored=stored,
            )
        except InvalidRequestError as error:
            told_in_file = str(error).replace(f"`{file}`, ", "").replace(f"`{file}`", "the file")
            raise InvalidRequestError(told_in_file) from None
    return told.as_dict()
