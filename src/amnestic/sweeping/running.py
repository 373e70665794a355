"""One sweep of one store: read it, take out what belongs to a target, search for it afterwards."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Any

from amnestic.config import default_actor
from amnestic.exceptions import AmnesticError, CorpusError
from amnestic.scrubbing import Snapshot
from amnestic.sweeping.connectors import connector_of
from amnestic.sweeping.deciding import Action, Decision, decide, words_of
from amnestic.sweeping.noting import Notes
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread
from amnestic.sweeping.report import SweepReport
from amnestic.sweeping.stones import Stones, ToldBy
from amnestic.sweeping.trail import Counts
from amnestic.sweeping.watching import StoreFailed, Watched
from amnestic.types import GLOBAL, ForgetTarget

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
        self._asked = Watched(connector)
        self._registry = amnesia.registry
        self._snapshot = snapshot
        self._judge = snapshot.judge()
        space = amnesia.settings.namespace
        own = [t for t in snapshot.targets if t.namespace in (space, GLOBAL)]
        self._targets = {target.id: target for target in own}
        self._salt = self._registry.salt()
        self._store = self._told(connector.address)
        self._stones = Stones.of(
            self._registry, own, connector.address if connector.keeps_ids else ""
        )
        self._notes = Notes(self._registry, self._store, self._targets, self._stones, actor)
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
        except StoreFailed as error:
            report.error = f"the store failed ({error})"
        finally:
            if not dry_run:
                self._notes.end(self._report)
            report.seconds = perf_counter() - begun
        return report

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────

    def _scan(self) -> list[Decision]:
        """What is to go, of all records."""
        self._report.unread, self._read = [], 0
        found: list[Decision] = []
        connector = self._connector
        every = self._targets.values()
        queries = [] if connector.is_scanned else self._queries(every, facts=True)
        if not connector.is_scanned and any(t.sealed for t in every):
            self._report.unread.append(Unread("-", "a sealed target is not named to its search"))
        waiting = self._asked.records(queries)
        while group := list(islice(waiting, _BATCH)):
            self._report.unread += [self._marked(one) for one in group if isinstance(one, Unread)]
            records = [one for one in group if isinstance(one, Record)]
            decisions = self._judged(records)
            self._keep_one(decisions)
            found += [d for d in decisions if d.action is not Action.KEEP]
            self._read += len(records)
            self._advance(self._read)
        return [self._allowed(decision) for decision in found]

    def _marked(self, unread: Unread) -> Unread:
        """What was not read, whose name is shown as a mark where it tells of a target."""
        told = self._judge.found(words_of(unread.id))
        return replace(unread, id=self._mark(unread.id)) if told else unread

    def _judged(self, records: Sequence[Record]) -> list[Decision]:
        """What becomes of records, together where that can be; one that holds what cannot be read
        is said."""
        try:
            return decide(records, self._judge, self._stones)
        except CorpusError as error:
            if len(records) == 1:
                unread = self._marked(Unread(records[0].id, str(error)))
                if unread not in self._report.unread:  # a search may bring it up again
                    self._report.unread.append(unread)
                return []
            return [decision for record in records for decision in self._judged([record])]

    def _keep_one(self, decisions: Sequence[Decision]) -> None:
        """Show the connector a record that stays, by which it may test an embedder."""
        if self._connector.kept is None:
            stays = (d.record for d in decisions if d.action is Action.KEEP and d.record.text)
            self._connector.kept = next(stays, None)

    def _allowed(self, decision: Decision) -> Decision:
        """A decision that the store can follow."""
        told, connector = decision.action, self._connector
        if told is Action.REWRITE and not connector.can_rewrite:
            return replace(decision, action=Action.REMOVE)
        if told is Action.REMOVE and not connector.can_delete and decision.new is not None:
            return replace(decision, action=Action.REWRITE)
        return decision

    def _queries(self, targets: Iterable[ForgetTarget], *, facts: bool = False) -> list[str]:
        """What a store is asked for targets: their names, their identifiers and what they are; and
        the facts, where a search is all that there is. A sealed one is named to no search, which
        may embed the question elsewhere."""
        told = (
            text
            for t in targets
            if not t.sealed
            for text in (
                *t.names,
                *(i.value for i in t.identifiers),
                t.description,
                *(f.text for f in t.facets if facts),
            )
        )
        return list(dict.fromkeys(text for text in told if text.strip()))

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────

    def _plan(self, found: Sequence[Decision]) -> None:
        for decision in found:
            self._count(decision, removed=decision.action is Action.REMOVE)

    def _work(self, found: list[Decision]) -> None:
        before = set(self._notes.touched_before())
        if not found and self._notes.is_unfinished():
            self._asked.settle()
        left = found
        for again in range(_PASSES):
            if not left:
                break
            self._notes.begin(left)
            self._apply(left)
            self._asked.settle()
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
            with self._asked.changing():
                for decision in found[start : start + size]:
                    done.append((decision, self._change(decision)))
            for decision, removed in done:
                if decision.record.id not in self._connector.undone:
                    self._count(decision, removed=removed)

    def _change(self, decision: Decision) -> bool:
        """Do what was decided; whether the record was removed."""
        if decision.action is Action.REWRITE and decision.new is not None:
            if self._asked.rewrite(decision.record, decision.new):
                return False
            self._report.without_vector += 1
        self._asked.delete(decision.record)
        return True

    def _count(self, decision: Decision, *, removed: bool) -> None:
        report = self._report
        report.removed += removed
        report.rewritten += not removed
        report.gone.append((self._shown(decision), "remove" if removed else "rewrite"))
        for target in decision.targets:
            counts = report.targets.setdefault(target, Counts())
            counts.removed += removed
            counts.rewritten += not removed

    def _leave(self, decision: Decision) -> None:
        name = self._shown(decision)
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
            answered = self._asked.search(query)
            if answered is None:
                return
            self._report.searches += 1
            telling = [d for d in self._judged(answered) if d.action is not Action.KEEP]
            self._report.found += bool(telling)
            for decision in telling:
                self._leave(decision)

    # ── Names ────────────────────────────────────────────────────────────────────────────────────

    def _told(self, address: str) -> str:
        """An address for reports and the trail; where it tells of a target, a mark of it."""
        if not self._judge.found(words_of(address)):
            return address
        scheme, _, rest = address.partition(":")
        return f"{scheme}:{self._mark(rest)}"

    def _shown(self, decision: Decision) -> str:
        """A record's id for reports; where it tells of a target, a mark of it."""
        name = decision.record.id
        return self._mark(name) if decision.told_by is ToldBy.ID else name

    def _mark(self, name: str) -> str:
        """What stands for a name: the same each time, and not to be found by trying names, since
        the registry's salt is in it."""
        told = name.encode("utf-8", "replace")
        return f"#{hmac.new(self._salt.encode(), told, 'sha256').hexdigest()[:12]}"
