"""Why a text is taken for a leak, or not: the evidence against every target near it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from amnestic.cli import common
from amnestic.exceptions import InvalidRequestError
from amnestic.tools.protocols import Context

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.types import Assessment

__all__ = ["explanations", "show_explanations"]


def explanations(amnesia: Amnesia, text: str, answer: str | None) -> list[dict[str, Any]]:
    """What the detector says of a question, or of an `answer` to it: a row for each target that is
    not far, the likeliest first, with everything that counted; one more for what an answer that
    names a target tells of it elsewhere."""
    if not text.strip():
        raise InvalidRequestError("there is nothing to explain: the text is empty")
    detector = amnesia.parts.detector
    here = Context(namespace=amnesia.settings.namespace, reply=answer is not None)
    found = detector.vet(text, here) if answer is None else detector.audit(answer, text, here)
    return [_row(a, detector.target(a.target_id).masked().subject) for a in found]


def show_explanations(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print the rows, the evidence below each."""
    if as_json:
        common.emit(rows)
        return
    if not rows:
        typer.echo("far from every target")
    for row in rows:
        typer.echo(f"{row['target']}  {row['subject']}: {row['band']}, score {row['score']:.2f}")
        for name, value in row["evidence"].items():
            typer.echo(f"    {name:<26}{value:8.2f}")


def _row(found: Assessment, subject: str) -> dict[str, Any]:
    return {
        "target": found.target_id,
        "subject": subject,
        "band": found.band.value,
        "kind": found.kind.value,
        "score": round(found.score, 4),
        "evidence": {e.name: e.value for e in found.evidence},
    }
