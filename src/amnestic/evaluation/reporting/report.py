"""Reports of runs, written to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnestic.evaluation.reporting.contents import contents_of
from amnestic.evaluation.reporting.evidence import Evidence
from amnestic.evaluation.reporting.markdown import rendered_markdown
from amnestic.evaluation.reporting.page import rendered_page
from amnestic.evaluation.reporting.reading import open_runs
from amnestic.exceptions import InvalidRequestError
from amnestic.private_files import writing_private

__all__ = ["Written", "write_report"]

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """A report that was written: its files, the line of each run's verdict by the run's label, what
    is missing of the runs, and the figures of each."""

    page: Path
    markdown: Path
    verdicts: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    scores: tuple[dict[str, Any], ...]


def write_report(
    folders: Sequence[Path],
    out: Path | None = None,
    *,
    with_text: bool = True,
    megabytes: float = 4.0,
) -> Written:
    """Write `report.html` and `report.md` of some runs; the same runs give the same bytes.

    Args:
        folders: the runs' own.
        out: a folder to write to, made if it is not there; the run's own by default, where there is
            one.
        with_text: whether questions, replies and names of what is forgotten stand in it.
        megabytes: of replies that the page carries at most; the smaller, the fewer stand behind
            each number, and one does at least.

    Raises:
        RunError: a folder is no run, is damaged, or holds no reply.
        InvalidRequestError: several runs and no place to write to, or one that cannot be written.
    """
    if out is None and len(folders) != 1:
        raise InvalidRequestError("a report of several runs needs a folder: give it by --out")
    views = open_runs(folders)
    evidence = Evidence(views)
    contents = contents_of(views, evidence, with_text=with_text)
    packed = evidence.packed(int(megabytes * MEGABYTE), with_text=with_text)
    place = out or folders[0]
    _make(place)
    page, markdown = place / "report.html", place / "report.md"
    with writing_private(page) as stream:
        stream.write(rendered_page(contents, packed))
    with writing_private(markdown) as stream:
        stream.write(rendered_markdown(contents, page.name))
    return Written(
        page,
        markdown,
        tuple((s.label, s.verdict.headline) for s in contents.sections),
        tuple(f"{s.label}: {line}" for s in contents.sections for line in (*s.alarms, *s.warnings)),
        tuple(view.scores.as_dict() for view in views),
    )


def _make(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise InvalidRequestError(f"`{place}` cannot be made: {error.strerror}") from None
