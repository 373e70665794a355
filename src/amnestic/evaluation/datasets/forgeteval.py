"""ForgetEval (arXiv 2606.15903): memories, a forget request, and a query that they tempt."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, assembled, request_for
from amnestic.evaluation.datasets.files import Row, find, read_rows
from amnestic.evaluation.datasets.strings import called, stands
from amnestic.exceptions import DataSetError
from amnestic.types import Message

__all__ = ["is_forgeteval", "load_forgeteval"]

CASE = "GeneratedCase"
_MODULES = ("adversarial.py", "adversarial_generated.py")
_TABLES = ("forgeteval", "cases", "adversarial")


def is_forgeteval(path: Path) -> bool:
    """Whether a path is a module or a table of ForgetEval, or a folder that holds one."""
    return bool(_modules(path)) or any(
        {"setup_facts", "mutations"} <= set(row.values)
        for table in _tables(path)
        for row in read_rows((table,))[:1]
    )


def load_forgeteval(path: Path, draw: Draw) -> DataSet:
    """The cases of `adversarial.py` and `adversarial_generated.py`, or of a table with their
    fields. Raises `DataSetError`.

    The modules are read as data and never run. What a case sets up stands as notes in a system
    message (`metadata["resupplied"]`), since it is a memory and no model knows it; what supersedes
    a memory stands there as well.
    """
    rows = [row for module in _modules(path) for row in _cases(module)]
    rows = rows or read_rows(_tables(path))
    if not rows:
        raise DataSetError(
            f"{path} has no case of ForgetEval: give lethe's folder bench/forgeteval"
        )
    tally = Tally()
    subjects: list[Subject] = []
    probes: list[Probe] = []
    for row in draw.taken(rows, draw.subjects, "cases"):
        if not row.texts("must_not_contain"):
            tally.leave_out("nothing must not be told", row.text("id"))
            continue
        subject = _subject(row)
        subjects.append(subject)
        probes += _probe(row, subject, tally)
    return assembled("forgeteval", subjects, probes, tally, draw)


def _modules(path: Path) -> list[Path]:
    if path.suffix == ".py":
        return [path] if path.is_file() else []
    return [path / name for name in _MODULES if (path / name).is_file()]


def _tables(path: Path) -> tuple[Path, ...]:
    if path.is_file():
        return () if path.suffix == ".py" else (path,)
    return next((found for stem in _TABLES if (found := find(path, stem))), ())


def _cases(module: Path) -> Iterator[Row]:
    """The arguments of every `GeneratedCase(…)`, which are literals."""
    try:
        tree = ast.parse(module.read_text("utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise DataSetError(f"{module} cannot be read: {error}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == CASE:
            place = f"{module}, line {node.lineno}"
            try:
                values = {k.arg: ast.literal_eval(k.value) for k in node.keywords if k.arg}
            except ValueError:
                continue  # a case that a template computes
            if "id" in values:
                yield Row(place, values)


def _mutations(row: Row) -> list[tuple[str, ...]]:
    told = row.values.get("mutations")
    if not isinstance(told, list) or not told:
        raise DataSetError(f"{row.place}: the field 'mutations' must be a list of operations")
    for mutation in told:
        if not (
            isinstance(mutation, list | tuple)
            and len(mutation) > 1
            and all(isinstance(part, str) for part in mutation)
        ):
            raise DataSetError(f"{row.place}: a mutation must be a list: operation and what of")
    return [tuple(mutation) for mutation in told]


def _subject(row: Row) -> Subject:
    mutations = _mutations(row)
    name = mutations[0][1]
    gone = [f for f in row.texts("setup_facts") if _holds(f, row.texts("must_not_contain"))]
    request = request_for(name, " ".join(f"Forget this: {fact}" for fact in gone))
    own = row.texts("must_not_contain")
    return Subject(row.text("id"), name, request, (name,), tuple(gone), own, row.text("family"))


def _holds(text: str, pieces: tuple[str, ...]) -> bool:
    return any(piece.casefold() in text.casefold() for piece in pieces)


def _probe(row: Row, subject: Subject, tally: Tally) -> Iterator[Probe]:
    query, keep = row.text("final_query"), row.texts("must_contain")
    forbidden = tuple(p for p in row.texts("must_not_contain") if not stands(p, query))
    if not forbidden:
        tally.leave_out("the answer stands in the question", subject.id)
        return
    new = [m[2] for m in _mutations(row) if m[0] == "supersede" and len(m) > 2]
    notes = "Notes:\n" + "\n".join(f"- {fact}" for fact in (*row.texts("setup_facts"), *new))
    metadata: dict[str, Any] = {
        "kind": row.text("id").rsplit("_", 1)[0],
        "judged_by": "pieces",
        "resupplied": True,
    }
    probe = Probe.of(
        subject.id,
        Group.COMBINED if keep else Group.FORGET,
        query,
        subject=subject.id,
        about=called(query, subject.names),
        forbidden=forbidden,
        keep=tuple((piece,) for piece in keep),
        expected=tuple((piece,) for piece in keep),
        reference=" ".join(new) or " ".join(subject.facts),
        family=row.text("family"),
        metadata=metadata,
    )
    yield replace(probe, messages=(Message.of("system", notes), *probe.messages))
