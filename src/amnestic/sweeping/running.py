"""One sweep of one store: read it, take out what belongs to a target, search for it afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Any

from amnestic.config import default_actor
from amnestic.exceptions import AmnesticError
from amnestic.scrubbing import Judge, Snapshot
from amnestic.sweeping.connectors import connector_of
from amnestic.sweeping.deciding import Action, Decision, decide, words_of
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread
from amnestic.sweeping.report import SweepReport
from amnestic.sweeping.stones import Stones
from amnestic.sweeping.trail import BEGUN, SWEEP, Counts, reasons
from amnestic.types import ForgetTarget

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["sweep"]

_BATCH = 64
_PASSES = 3  # what a rewriting leaves is read again; from the second time on it is removed

Advance = Callable[[int], None]


def sweep(
    store: Any,
    amnesia: Amnesia,
    *,
    dry_run: bool = False,
    embed: Embed | None = None,
    actor: str | None = None,
    advance: Advance = lambda _read: None,
) -> SweepReport:
    """Take what belongs to a target out of a store, and search the store for it afterwards.

    A record of which less than half may stay is removed; another one loses the smallest pieces
    that tell of a target, and gets a new vector where the store has vectors. Every other record
    stays as it is. What went is remembered by a keyed hash (a tombstone), and told in the trail of
    each target. A store that fails in the middle ends the sweep: the report says what was done.

    Args:
        store: an address, as `"faiss:FOLDER"`; a live store of LangChain or LangGraph, or a mem0
            `Memory`; or a `Connector`.
        amnesia: the layer whose targets are meant; no model is called.
        dry_run: whether to change nothing and only say what would go.
        embed: what makes vectors, where the store does not bring it along.
        actor: who does it, for the trail; the user of the machine unless given.
        advance: told how many records were read.

    Raises `StoreError` for a store that cannot be opened or that another sweep has.
    """
    connector = connector_of(store, embed)
    try:
        snapshot = Snapshot.of(amnesia)
        run = _Sweep(connector, amnesia, snapshot, actor or default_actor(), advance)
        with nullcontext() if dry_run else connector.locked():
            return run.go(dry_run=dry_run)
    finally:
        connector.close()


class _Sweep:
    def __init__(
        self,
        connector: Connector,
        amnesia: Amnesia,
        snapshot: Snapshot,
        actor: str,
        advance: Advance,
    ) -> None:
        self._connector = connector
        self._registry = amnesia.registry
        self._snapshot = snapshot
        self._judge = snapshot.judge()
        space = amnesia.settings.namespace
        own = [t for t in snapshot.targets if t.namespace in (space, "*")]
        self._targets = {target.id: target for target in own}
        self._store = _told(connector.address, self._judge)
        self._stones = Stones.of(self._registry, own, connector.address)
        self._actor = actor
        self._advance = advance
        self._read = 0
        self._report = SweepReport(self._store, snapshot.revision)

    def go(self, *, dry_run: bool) -> SweepReport:
        """Sweep, and say what came of it."""
        begun, report = perf_counter(), self._report
        report.dry_run, report.error = dry_run, "it was interrupted"
        try:
            found = self._scan()
            report.records = self._read
            report.returned = sum(decision.returned for decision in found)
            position = str(self._registry.position())
            report.changed_since = position != self._snapshot.position
            if dry_run:
                self._plan(found)
            else:
                self._work(found)
            report.error = ""
        except AmnesticError as error:
            report.error = str(error)
            raise
        except Exception as error:  # noqa: BLE001 - a store's library raises anything
            report.error = f"the store failed ({type(error).__name__})"
        finally:
            if not dry_run:
                self._note_end()
            report.seconds = perf_counter() - begun
        return report

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def _scan(self) -> list[Decision]:
        """What is to go, of all records."""
        self._report.unread, self._read = [], 0
        found: list[Decision] = []
        waiting = iter(self._connector.records(self._queries(self._targets.values())))
        while group := list(islice(waiting, _BATCH)):
            self._report.unread += [one for one in group if isinstance(one, Unread)]
            records = [one for one in group if isinstance(one, Record)]
            decisions = decide(records, self._judge, self._stones)
            found += [d for d in decisions if d.action is not Action.KEEP]
            self._read += len(records)
            self._advance(self._read)
        return [self._allowed(decision) for decision in found]

    def _allowed(self, decision: Decision) -> Decision:
        """A decision that the store can follow."""
        told, connector = decision.action, self._connector
        if told is Action.REWRITE and not connector.can_rewrite:
            return replace(decision, action=Action.REMOVE)
        if told is Action.REMOVE and not connector.can_delete and decision.new is not None:
            return replace(decision, action=Action.REWRITE)
        return decision

    def _queries(self, targets: Iterable[ForgetTarget]) -> list[str]:
        """What a store is asked for targets: their names, their identifiers and what is known."""
        told = (
            text
            for t in targets
            for text in (
                *t.names,
                *(i.value for i in t.identifiers),
                t.description,
                *(f.text for f in t.facets),
            )
        )
        return list(dict.fromkeys(text for text in told if text.strip()))

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────

    def _plan(self, found: Sequence[Decision]) -> None:
        for decision in found:
            self._count(decision, removed=decision.action is Action.REMOVE)

    def _work(self, found: list[Decision]) -> None:
        before = set(self._touched_before())
        left = found
        for again in range(_PASSES):
            if not left:
                break
            self._note_begin(left)
            self._apply(left)
            self._connector.settle()
            left = [self._harder(d) if again else d for d in self._scan()]
        for decision in left:
            self._leave(decision)
        self._search({t for d in found for t in d.targets} | before)

    def _harder(self, decision: Decision) -> Decision:
        """What was rewritten and tells still is removed."""
        if not self._connector.can_delete:
            return decision
        return replace(decision, action=Action.REMOVE)

    def _apply(self, found: Sequence[Decision]) -> None:
        size = self._connector.at_once or len(found)
        for start in range(0, len(found), size):
            done: list[tuple[Decision, bool]] = []
            with self._connector.changing():
                for decision in found[start : start + size]:
                    done.append((decision, self._change(decision)))
            for decision, removed in done:
                if decision.record.id not in self._connector.undone:
                    self._count(decision, removed=removed)

    def _change(self, decision: Decision) -> bool:
        """Do what was decided; whether the record was removed."""
        if decision.action is Action.REWRITE and decision.new is not None:
            if self._connector.rewrite(decision.record, decision.new):
                return False
            self._report.without_vector += 1
        self._connector.delete(decision.record)
        return True

    def _count(self, decision: Decision, *, removed: bool) -> None:
        report = self._report
        report.removed += removed
        report.rewritten += not removed
        report.gone.append((_shown(decision), "remove" if removed else "rewrite"))
        for target in decision.targets:
            counts = report.targets.setdefault(target, Counts())
            counts.removed += removed
            counts.rewritten += not removed

    def _leave(self, decision: Decision) -> None:
        name = _shown(decision)
        if name in self._report.left:
            return
        self._report.left.append(name)
        for target in decision.targets:
            self._report.targets.setdefault(target, Counts()).left += 1

    # ── Afterwards ───────────────────────────────────────────────────────────────────────────────

    def _search(self, targets: Iterable[str]) -> None:
        """Ask the store's own search for those of which it held something: what it finds is
        judged as any record."""
        whose = [self._targets[t] for t in sorted(targets) if t in self._targets]
        for query in self._queries(whose):
            answered = self._connector.search(query)
            if answered is None:
                return
            self._report.searches += 1
            telling = [
                d
                for d in decide(list(answered), self._judge, self._stones)
                if d.action is not Action.KEEP
            ]
            self._report.found += bool(telling)
            for decision in telling:
                self._leave(decision)

    # ── The trail ────────────────────────────────────────────────────────────────────────────────

    def _note_begin(self, found: Sequence[Decision]) -> None:
        """Tombstones, and what is about to be done, before it is done: a sweep that is killed is
        in the trail."""
        stones = [
            stone
            for d in found
            for stone in self._stones.set_for(
                d.record, d.targets, removed=d.action is Action.REMOVE, by_text=d.by_text
            )
        ]
        planned: dict[str, Counts] = {}
        for decision in found:
            for target in decision.targets:
                counts = planned.setdefault(target, Counts())
                counts.removed += decision.action is Action.REMOVE
                counts.rewritten += decision.action is Action.REWRITE
        told = reasons(self._store, planned)
        self._registry.tombstones.note(BEGUN, told, stones, actor=self._actor)

    def _note_end(self) -> None:
        report = self._report
        for target in self._touched_before():
            report.targets.setdefault(target, Counts())
        told = reasons(self._store, report.targets, stopped=bool(report.error))
        if told:
            self._registry.tombstones.note(SWEEP, told, actor=self._actor)

    def _touched_before(self) -> Iterator[str]:
        """The targets of which an earlier sweep found something in this store."""
        registry, store = self._registry, f"{self._store}: "
        lines = registry.opened_trail(registry.tombstones.lines((BEGUN, SWEEP)))
        ids = (line.target_id for line in lines if line.reason.startswith(store))
        yield from (t for t in dict.fromkeys(ids) if t in self._targets)


def _told(address: str, judge: Judge) -> str:
    """An address for reports and the trail; where it tells of a target, a mark of it."""
    words = words_of(address)
    if not judge.found(words):
        return address
    scheme, _, rest = address.partition(":")
    return f"{scheme}:#{hashlib.sha256(rest.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _shown(decision: Decision) -> str:
    """A record's id for reports; where it tells of a target, a mark of it."""
    name = decision.record.id
    if not decision.is_named:
        return name
    return f"#{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}"
