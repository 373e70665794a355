"""This project's drafts: conversations with the answer that a strong assistant wrote to them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, assembled
from amnestic.evaluation.datasets.files import Row, find, read_rows
from amnestic.evaluation.datasets.strings import called
from amnestic.exceptions import DataSetError
from amnestic.types import Conversation, Message, Role

__all__ = ["PLAYED", "is_drafts", "load_drafts"]

PLAYED = (
    "draft",
    "again",
    "names",
    "names_question",
    "names_context",
    "must_keep",
    "must_keep_again",
    "input_must_keep",
    "input_must_not_contain",
)
"""The fields of a case that `metadata` carries: what a model plays, what its input is held to."""


def is_drafts(path: Path) -> bool:
    """Whether a folder holds `targets.json` and `cases.jsonl`."""
    return (path / "targets.json").is_file() and bool(find(path, "cases"))


def load_drafts(path: Path, draw: Draw) -> DataSet:
    """Every case, under all targets of the folder. Raises `DataSetError`.

    `metadata` holds the `draft` that a scripted model answers with, `again` for the second ask and
    `elicited` for what it knows. `keep` are the pieces that stand in both answers: a reply may be
    cut from the first or asked anew. What must not stand may be in the question: `judged_by` is
    "case", and the written rule counts: none of `forbidden` in the reply.
    """
    told = _targets(path / "targets.json")
    cases = read_rows(find(path, "cases"))
    if not cases:
        raise DataSetError(f"{path} has no cases.jsonl: give a folder of drafts")
    subjects = [_subject(id, request, told["elicited"]) for id, request in told["requests"].items()]
    probes = [_probe(row, subjects, told["elicited"]) for row in cases]
    tally = Tally()
    if draw.subjects is not None:
        tally.lines.append("all targets of the folder are in force in every case: none is drawn")
    return assembled("drafts", subjects, probes, tally, draw)


def _targets(path: Path) -> dict[str, dict[str, Any]]:
    try:
        told = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise DataSetError(f"{path} is missing: a folder of drafts holds it") from None
    except (OSError, ValueError) as error:
        raise DataSetError(f"{path} cannot be read: {error}") from None
    if not isinstance(told, dict) or not isinstance(told.get("requests"), dict):
        raise DataSetError(f"{path}: the field 'requests' must map ids to requests")
    return {"requests": told["requests"], "elicited": told.get("elicited") or {}}


def _subject(id: str, request: str, elicited: Mapping[str, Any]) -> Subject:
    known = elicited.get(id, [])
    cues = tuple(k["cue"] for k in known)
    facts = tuple(answer for k in known for answer in k["answers"])
    return Subject(id, cues[0] if cues else id, request, cues, facts)


def _probe(row: Row, subjects: list[Subject], elicited: Mapping[str, Any]) -> Probe:
    targets, known = row.texts("targets"), {subject.id: subject for subject in subjects}
    for id in targets:
        if id not in known:
            raise DataSetError(f"{row.place}: the target {id!r} is not in targets.json")
    subject = known[targets[0]] if targets else None
    messages = conversation(row.rows("messages"))
    if not messages:
        raise DataSetError(f"{row.place}: the field 'messages' is empty")
    question, forbidden = messages[-1].text, row.texts("must_not_contain")
    keep = tuple((piece,) for piece in _kept(row))
    metadata: dict[str, Any] = {f: row.values[f] for f in PLAYED if row.values.get(f) is not None}
    return Probe(
        row.text("id"),
        _group(row, bool(forbidden), bool(keep)),
        messages,
        question,
        subject=subject.id if subject else "",
        about=called(question, subject.names) if subject else "",
        forbidden=forbidden,
        keep=keep,
        reference=row.text("draft"),
        family=row.text("group"),
        metadata={
            **metadata,
            "kind": row.text("kind"),
            "judged_by": "case",
            "elicited": elicited,
        },
    )


def _group(row: Row, forbids: bool, keeps: bool) -> Group:
    if not forbids:
        return Group.UNRELATED
    return Group.COMBINED if keeps else Group.FORGET


def _kept(row: Row) -> Iterator[str]:
    again = row.maybe("again")
    for piece in row.texts("must_keep"):
        if not again or piece in again:
            yield piece


def _message(row: Row) -> Message:
    said = row.text("role")
    for role in get_args(Role):
        if role == said:
            return Message.of(role, row.text("content"))
    raise DataSetError(f"{row.place}: the role {said!r} is none of {', '.join(get_args(Role))}")


def conversation(rows: tuple[Row, ...]) -> Conversation:
    """The messages of rows with `role` and `content`."""
    return tuple(_message(row) for row in rows)
