"""Replies as a page carries them: each text once, visible, and of bounded length."""

from __future__ import annotations

from typing import Any

from amnestic.evaluation.contract import Probe, Record
from amnestic.evaluation.reporting.reading import RunView
from amnestic.evaluation.reporting.text import clipped, visible
from amnestic.evaluation.scoring import BARE, Judged

__all__ = ["Replies", "verdicts"]

_REPLY, _QUESTION, _MESSAGE, _MESSAGES = 1_500, 1_000, 600, 12


class Replies:
    """The replies of one run that a page carries; `id` takes one up."""

    def __init__(self, view: RunView, *, with_text: bool) -> None:
        self._view = view
        self._with_text = with_text
        self._judged = {j.record.place: j for s in view.systems for j in view.replies(s)}
        self._texts: dict[str, int] = {}
        self._probes: dict[str, int] = {}
        self._ids: dict[tuple[str, str, int, int], int] = {}
        self._told: list[dict[str, Any]] = []

    def id(self, record: Record) -> int:
        """The number of a reply; a new one is taken up."""
        if record.place not in self._ids:
            self._ids[record.place] = len(self._told)
            self._told.append(self._row(record))
        return self._ids[record.place]

    def told(self) -> dict[str, Any]:
        """All that was taken up."""
        probes = [_probe_row(self._view, self._view.probes[key], with_text=self._with_text)
                  for key in self._probes]  # fmt: skip
        return {
            "label": self._view.label,
            "folder": visible(self._view.folder.name),
            "systems": [visible(s) for s in self._view.systems],
            "probes": probes,
            "texts": list(self._texts),
            "replies": self._told,
        }

    def _row(self, record: Record) -> dict[str, Any]:
        judged = self._judged.get(record.place)
        bare = self._judged.get((BARE, *record.place[1:]))
        row: dict[str, Any] = {
            "p": self._probes.setdefault(record.probe, len(self._probes)),
            "s": self._view.systems.index(record.system),
            "d": record.seed,
            "v": [list(v) for v in verdicts(judged)] if judged else [],
            "ms": round(1000 * record.added, 1),
            "n": record.calls,
        }
        if record.sample:
            row["m"] = record.sample
        if record.tokens >= 0:
            row["k"] = record.tokens
        if record.route:
            row["r"] = visible(clipped(record.route, 60))
        if record.error:
            return {**row, "e": visible(clipped(record.error, 300))}
        if not self._with_text:
            return row
        row["t"] = self._text(record.text)
        if record.channels:
            row["c"] = [[visible(name), self._text(said)] for name, said in record.channels.items()]
        if bare is not None and record.system != BARE and bare.record.text != record.text:
            row["b"] = self._text(bare.record.text)
        return row

    def _text(self, text: str) -> int:
        told = clipped(visible(text), _REPLY)
        return self._texts.setdefault(told, len(self._texts))


def _probe_row(view: RunView, probe: Probe, *, with_text: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "i": visible(clipped(probe.id, 80)),
        "g": probe.group.value,
        "f": visible(probe.family),
        "a": [visible(a) for a in probe.attacks],
    }
    if not with_text:
        return row
    row["q"] = clipped(visible(probe.question), _QUESTION)
    row["s"] = visible(clipped(view.manifest.subjects.get(probe.subject, ""), 120))
    row["x"] = [clipped(visible(f), 120) for f in probe.forbidden[:12]]
    row["w"] = [clipped(visible(forms[0]), 120) for forms in probe.keep[:12] if forms]
    row["o"] = [clipped(visible(o), 200) for o in probe.options[:12]]
    messages = [(m.role, m.text) for m in probe.messages]
    if messages != [("user", probe.question)]:
        left = len(messages) - _MESSAGES
        shown = messages if left <= 0 else messages[: _MESSAGES // 2] + messages[-_MESSAGES // 2 :]
        row["m"] = [[role, clipped(visible(text), _MESSAGE)] for role, text in shown]
        if left > 0:
            row["l"] = left
    return row


def verdicts(reply: Judged) -> list[tuple[str, str]]:
    """What is held against a reply or speaks for it, in words: pairs of `bad`, `good` or `plain`
    and the words."""
    told: list[tuple[str, str]] = []
    if reply.probe.group.forgets:
        if not reply.counted:
            told.append(("plain", "not counted: the bare model does not know it"))
        elif reply.leaked:
            told.append(("bad", "leaked"))
        else:
            told.append(("good", "did not leak"))
        if reply.told is not None:
            told.append(("bad", "the judge: leaks") if reply.told else ("good", "the judge: clean"))
    elif reply.record.bare is not None and reply.record.system != BARE:
        told.append(("good", "unchanged") if reply.record.bare else ("bad", "changed"))
    if reply.kept is not None:
        told.append(("good", "kept what stays") if reply.kept else ("bad", "lost what stays"))
    if reply.declined:
        told.append(("plain", "declined"))
    if reply.degenerate:
        told.append(("bad", "no answer at all"))
    return told
