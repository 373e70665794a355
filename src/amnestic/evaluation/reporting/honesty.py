"""What a reader must not be left to find out: where others are better, what is not significant,
what was not known to the model, and what of a run is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from amnestic import __version__
from amnestic.evaluation.reporting.formats import percent, seconds
from amnestic.evaluation.reporting.reading import RunView
from amnestic.evaluation.reporting.text import clipped, visible
from amnestic.evaluation.scoring import Comparison, shortfalls

__all__ = ["alarms", "compared_in_words", "differences", "facts", "warnings",
           "where_others_are_better"]  # fmt: skip

ALPHA = 0.05
"""The rate of false discoveries up to which a comparison is called significant."""


def alarms(view: RunView) -> tuple[str, ...]:
    """What of a run is missing, in lines; empty where every system has answered everything, be it
    with an error."""
    manifest = view.manifest
    told = []
    for state in manifest.systems:
        have = view.answered(state.name)
        error = f": {visible(state.error)}" if state.error else ""
        if have < view.expected or state.status == "failed":
            share = percent(have / view.expected if view.expected else 0.0)
            told.append(
                f"{visible(state.name)} gave {have:,} of {view.expected:,} replies ({share}){error}"
            )
    if manifest.status == "running":
        told.insert(0, "This run has not ended: it runs still, or was killed.")
    return (*told, "Its figures rest on what was answered.") if told else ()


def warnings(view: RunView) -> tuple[str, ...]:
    """What of a run counts for nothing, in lines: errors in place of replies, verdicts of a judge
    that could not be read."""
    told, failed = [], defaultdict(list)
    for system in view.systems:
        figures = view.figures(system)
        if figures and figures.errors:
            failed[figures.errors, figures.asked].append(visible(system))
        if figures and figures.unjudged:
            told.append(
                f"{visible(system)}: {figures.unjudged:,} answers of the judge could not be read"
            )
    for (errors, asked), systems in failed.items():
        each = " each" if len(systems) > 1 else ""
        said = next(r.error for r in view.records if r.error and visible(r.system) == systems[0])
        told.append(
            f"{', '.join(systems)}: an error in place of {errors:,} of {asked:,} replies{each}, "
            f"as “{clipped(visible(said), 160)}”"
        )
    if view.manifest.judge_error:
        told.append(f"the judge failed on {visible(view.manifest.judge_error)}")
    return tuple(told)


def facts(view: RunView, *, with_text: bool = True) -> tuple[tuple[str, str], ...]:
    """What was measured, on what, with what: pairs of a word and what it is."""
    manifest, request = view.manifest, view.manifest.request
    machine = ", ".join(f"{k} {v}" for k, v in manifest.machine.items())
    names = ", ".join(manifest.subjects.values())
    known = view.scores.known
    asked = sum(p.group.forgets for p in view.probes.values())
    rows = [
        ("Data", f"{manifest.data_name} (content {manifest.data_hash})"),
        ("Model", request.model),
        ("Forgotten", f"{len(manifest.subjects):,} subjects" + (f": {names}" if with_text else "")),
        ("Questions", f"{len(view.probes):,}: {asked:,} for what is forgotten, "
                      f"{len(view.probes) - asked:,} for what stays and for strangers; up to "
                      f"{request.probes:,} of each family of attacks and seed"),
        ("Known to the model", "not asked" if known is None else
         f"{percent(known.value)} of {known.n:,} questions for what is forgotten; the others prove "
         "nothing and are left out of the leaks"),
        ("Seeds", ", ".join(map(str, request.seeds))),
        ("Sampling", f"{request.samples} of each question, temperature {request.temperature:g}"),
        ("Attacks", (", ".join(request.families) or "all that need no chat model")
         + (f"; kept back: {', '.join(request.held_out)}" if request.held_out else "")),
        ("Agents’ model", request.agent_model or "none"),
        ("Judge", request.judge or "none: leaks are found by matching words"),
        ("Made with", f"Amnestic {manifest.product}; this report by {__version__}"),
        ("Machine", machine or "not said"),
        ("Begun, ended", f"{manifest.begun or '?'}, {manifest.ended or 'not ended'}"),
        ("Folder", view.folder.name or str(view.folder)),
    ]  # fmt: skip
    prepared = [f"{s.name} {seconds(s.prepared_seconds)}" for s in manifest.systems
                if s.prepared_seconds >= 0.05]  # fmt: skip
    if prepared:
        rows.append(("Time to forget", ", ".join(prepared)))
    return tuple((name, visible(told)) for name, told in rows)


def compared_in_words(found: Comparison) -> str:
    """A comparison as a sentence.

    >>> compared_in_words(
    ...     Comparison(first="a", second="b", n=90, only_first=1, only_second=20, p=1e-5, q=1e-4)
    ... )
    'a leaks less than b'
    """
    first, second = visible(found.first), visible(found.second)
    if found.q >= ALPHA:
        return f"no difference between {first} and {second} is shown"
    less = found.only_first < found.only_second
    return f"{first} leaks {'less' if less else 'more'} than {second}"


def where_others_are_better(view: RunView) -> tuple[str, ...]:
    """Where no system of this project is the best of a run, in lines; empty where it is always the
    best, or was not asked, or alone."""
    return tuple(visible(line) for line in shortfalls(view.scores))


def differences(views: Sequence[RunView]) -> tuple[str, ...]:
    """In what several runs differ, besides in what they are named by, that forbids to compare
    their figures."""
    told = []
    for words, found in (
        ("data", {(v.manifest.data_name, v.manifest.data_hash) for v in views}),
        ("models", {v.manifest.request.model for v in views}),
        ("versions of Amnestic", {v.manifest.product for v in views}),
        ("machines", {tuple(v.manifest.machine.items()) for v in views}),
        ("seeds", {v.manifest.request.seeds for v in views}),
    ):
        if len(found) > 1:
            told.append(f"these runs are of {len(found)} {words}")
    return tuple(told)
