"""The leak detector: names, meanings and words of a text, weighed against every target near it."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from amnestic.config import Settings
from amnestic.tools.detection.assessing import assessments_of, scored_of
from amnestic.tools.detection.attributing import Attributing
from amnestic.tools.detection.attribution import Attributor
from amnestic.tools.detection.calibration import DEFAULT_ALPHA, Thresholds
from amnestic.tools.detection.calls import Call, digest_of
from amnestic.tools.detection.company import in_company
from amnestic.tools.detection.convergence import TOGETHER, Converging
from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.detection.joints import Joints
from amnestic.tools.detection.measures import Measure, Scored
from amnestic.tools.detection.nearness import Nearness, near_targets, nearness_of
from amnestic.tools.detection.sieve import Sieve
from amnestic.tools.detection.spelt import with_spelt
from amnestic.tools.detection.weighing import Weigher
from amnestic.tools.detection.weights import TextKind, Weights, shipped_weights
from amnestic.tools.detection.wholes import Wholes, is_whole
from amnestic.tools.detection.whose import decided
from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.names import is_name_of
from amnestic.tools.protocols import Context, Embedder, Joint, Near, Verifier
from amnestic.tools.reading import language_of, read
from amnestic.types import Assessment, ForgetTarget, Policy, holds_in

__all__ = ["LeakDetector"]

_KEPT_VERDICTS = 4096
_TOLD_ENOUGH = 1.0  # weight of a target of which a session may be told nothing more
_LOWEST = -20.0
_READ_FOR_LANGUAGE = 2_000
_log = logging.getLogger("amnestic")
_Verdict = tuple[tuple[Assessment, ...], tuple[Nearness, ...]]


class LeakDetector:
    """Judges texts against the targets in an index (design.md §5); implements `Surveyor`.

    A full name or declared alias, also a hidden one, is a leak. Everything else is weighed by the
    fitted scorers and cut into bands by conformal thresholds. A score of one half is where
    `balanced` splits the uncertain band. Safe to share between threads; a change of the index is
    in force for the next call.

    Args:
        index: the facets of the targets in force.
        embedder: the embedder that the index was made with.
        settings: `alpha` bounds the share of retained texts over the leak threshold; `policy` says
            whether what is hardly uncertain counts, and is worth the verifier's time.
        weights: fitted scorers and calibration; those of the package unless given.
        verifier: reads what the scorers leave uncertain; that of the package unless given.
        attributor: says of replies that name a target which of their pieces tell of it; without
            one each piece tells of whom it shows by itself.
        decides: whether no model is asked about what is hardly uncertain.
    """

    def __init__(
        self,
        index: FacetIndex,
        embedder: Embedder,
        settings: Settings | None = None,
        weights: Weights | None = None,
        verifier: Verifier | None = None,
        attributor: Attributor | None = None,
        *,
        decides: bool = False,
    ) -> None:
        self._index = index
        self._roster = Roster(index, embedder)
        self._gauge = Gauge(self._roster, embedder)
        self._sieve = Sieve(self._roster, self._gauge.reader, self._gauge.glance, embedder)
        self._joints = Joints(self._roster, self._gauge.glance)
        self._weights = weights or shipped_weights()
        self._strict = settings is not None and settings.policy is Policy.STRICT
        parts = self._weights, self._gauge.pair, self._is_strict, verifier
        self._weigher = Weigher(*parts, decides=decides)
        pieces = self._gauge.reader.pieces
        self._attributing = Attributing(self._roster, pieces, attributor) if attributor else None
        self._alpha = settings.alpha if settings is not None else DEFAULT_ALPHA
        if self._weights.calibration.embedder not in ("", embedder.identity):
            _log.warning(
                "the calibration was made with another embedder: bands are not calibrated; "
                "fit again with `python benchmarks/detection.py fit`"
            )
        self._retained: tuple[tuple[str, str], ...] = ()
        self._calibrated = -1
        self._verdicts: OrderedDict[tuple[int, bytes], _Verdict] = OrderedDict()
        self._turn = threading.Lock()
        self._thresholds: Mapping[TextKind, Thresholds] = self._weights.thresholds(self._alpha)

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        """Judge what a question or instruction asks for."""
        return self._vetted(text, context, by_words=True)[0]

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        """Judge what a text tells, as an answer to `question` where that is not empty."""
        return self._audited(text, question, context, by_words=True)[0]

    def names_one(self, text: str, question: str, context: Context) -> bool:
        """Whether names alone tell that an `audit` of the same is certain (`NameTeller`)."""
        if not text.strip() or not self.refresh():
            return False
        return self._gauge.names_one(text, question, context)

    def joints(
        self, text: str, ends: Sequence[int], rests: Sequence[str], context: Context
    ) -> list[Joint]:
        """The joints over which a name or an identifier may stand (`JointTeller`)."""
        return self._joints.among(text, ends, rests, context) if self.refresh() else []

    def near(self, text: str, question: str, context: Context) -> tuple[Near, ...]:
        """The targets near a text and its question, the likest first."""
        asked, told = self._vetted(question, context), self._audited(text, question, context)
        foreign = any(n.known for n in (*asked[1], *told[1])) and _is_foreign(question or text)
        return near_targets(asked[1], told[1], foreign=foreign)

    def named(self, name: str, context: Context) -> tuple[str, ...]:
        """The targets that a name, standing by itself, is a name of."""
        if not name.strip() or not self.refresh():
            return ()
        reading = read(name)
        named = (h for h in self._roster.matcher.find(reading) if is_name_of(h, reading))
        hits = (*named, *self._roster.identifiers.find(reading))
        found = ((h.target_id, self._roster.target(h.target_id)) for h in hits)
        own = (i for i, target in found if target and holds_in(target.namespace, context.namespace))
        return tuple(dict.fromkeys(own))

    def sift(self, texts: Sequence[str], context: Context) -> list[bool]:
        """Which of many texts may tell of a target; the others cost a look at their words."""
        return self._sieve.sift(texts, context) if self.refresh() else [False] * len(texts)

    def calibrate(self, retained: Sequence[tuple[str, str]]) -> None:
        """Hold the bound on further retained texts, given as `(question, reply)`.

        They join those of the package in the conformal calibration of answers, and are scored
        again whenever the list changes, since new facets give them new scores. An empty sequence
        goes back to the package's calibration alone.
        """
        with self._turn:
            self._retained = tuple(retained)
            self._calibrated = -1
            self._thresholds = self._weights.thresholds(self._alpha)
            self._verdicts.clear()

    def target(self, target_id: str) -> ForgetTarget:
        """The target with this id that is in force, or was until a moment ago; raises
        `TargetNotFoundError`."""
        return self._roster.lately(target_id) or self._index.target(target_id)

    def _is_far(self, question: str, context: Context) -> bool:
        """Whether a question is far by its words alone; under `strict` what it means counts too."""
        is_read = self._strict or not question.strip()
        return not is_read and self._gauge.is_far_question(question, context)

    def _vetted(self, text: str, context: Context, *, by_words: bool = False) -> _Verdict:
        if not text.strip() or not self.refresh():
            return (), ()
        if by_words and self._is_far(text, context):
            return (), ()
        return self._kept(
            ("vet", text, "", context),
            lambda: self._judged(text, self._gauge.question(text, context), context),
        )

    def _audited(
        self, text: str, question: str, context: Context, *, by_words: bool = False
    ) -> _Verdict:
        if not text.strip() or not self.refresh():
            return (), ()
        if by_words and self._is_far(question, context) and self._gauge.glance.is_far_answer(text):
            return self._spelt(text, ((), ()), context)
        asked = question if question.strip() else ""

        def judge() -> _Verdict:
            if not asked and not context.reply and self._gauge.is_far(text, context):
                return self._spelt(text, ((), ()), context)
            converging = Converging(text)
            scored = self._scored(self._told(text, asked, context), context, converging)
            told = self._with_attributed(text, asked, context, scored, converging)
            return self._spelt(text, (told, _nearness(scored)), context)

        return self._kept(("audit", text, asked, context), judge)

    def _spelt(self, text: str, verdict: _Verdict, context: Context) -> _Verdict:
        return with_spelt(text, verdict[0], context, self._roster), verdict[1]

    def _told(self, text: str, asked: str, context: Context) -> list[Measure]:
        if asked:
            return self._gauge.answer(text, asked, context)
        return self._gauge.statement(text, context)

    def _kept(self, call: Call, judge: Callable[[], _Verdict]) -> _Verdict:
        """The verdict on the same call while the list has not changed, else a new one.

        Kept by digest: neither texts nor drafts stay behind.
        """
        key = (self._roster.generation, digest_of(call))
        with self._turn:
            known = self._verdicts.get(key)
            if known is not None:
                self._verdicts.move_to_end(key)
                return known
        found = judge()
        with self._turn:
            self._verdicts[key] = found
            while len(self._verdicts) > _KEPT_VERDICTS:
                self._verdicts.popitem(last=False)
        return found

    def refresh(self) -> bool:
        """Make ready what has changed, as each text does; whether any target is in force."""
        self._roster.refresh()
        if self._retained and self._calibrated != self._roster.generation:
            self._recalibrate()
        return len(self._roster) > 0

    def _recalibrate(self) -> None:
        generation, retained = self._roster.generation, self._retained
        scores = []
        for question, reply in retained:
            measures = self._gauge.answer(reply, question, Context())
            rows = [m for m in measures if m.kind is TextKind.ANSWER and not m.named]
            found = self._weigher.weighed(rows, self._thresholds, careful=True)
            scores.append(max((raw for _, raw in found), default=_LOWEST))
        calibration = self._weights.calibration.with_retained(TextKind.ANSWER, scores)
        weights = replace(self._weights, calibration=calibration)
        self._thresholds = weights.thresholds(self._alpha)
        self._calibrated = generation

    def _judged(self, text: str, measures: Sequence[Measure], context: Context) -> _Verdict:
        scored = self._scored(measures, context, Converging(text))
        return assessments_of(scored), _nearness(scored)

    def _with_attributed(
        self,
        text: str,
        asked: str,
        context: Context,
        scored: Sequence[Scored],
        converging: Converging,
    ) -> tuple[Assessment, ...]:
        """What is found in a text, once a reader of the whole has said whose its pieces are.

        It has no say in what several facts tell together, of those whom a conversation calls by
        other names, or where a session has been told as much of a target as it may be.
        """
        whole = Wholes(converging, asked, self._roster.profile) if is_whole(context) else None

        def found_in(rows: Sequence[Scored]) -> tuple[Assessment, ...]:
            one_by_one = converging.told(assessments_of(rows), self._roster.profile)
            return one_by_one if whole is None else whole.told(one_by_one, rows)

        found = found_in(scored)
        reader = self._attributing
        read = [] if reader is None else reader.read(text, asked, context, scored)
        if reader is None or not read:
            return found
        together = {a.target_id for a in found if any(e.name == TOGETHER for e in a.evidence)}
        renamed = {*context.persona, *context.speakers, *context.nicknames, *context.called}
        strict = {o.target_id for o in read if self._strict or self._is_strict(o.target_id)}
        enough = {t for t, weight in context.sticky.items() if weight >= _TOLD_ENOUGH}
        left, told = decided(scored, read, reader.limits, together | renamed | strict | enough)
        return tuple(sorted((*found_in(left), *told), key=lambda a: -a.score))

    def _scored(
        self, measures: Sequence[Measure], context: Context, converging: Converging
    ) -> list[Scored]:
        careful, told = self._strict or in_company(context), context.told
        drafted = frozenset() if context.drafts is None else context.drafts.targets
        attributed = context.named - drafted  # the attributor is asked of what is uncertain of them

        def wary_of(target_id: str) -> bool:
            profile = self._roster.profile(target_id)
            converges = profile is not None and bool(converging.spans(profile))
            return target_id in attributed or converges

        weighed = self._weigher.weighed(
            measures, self._thresholds, careful=careful, told=told, wary_of=wary_of
        )
        return scored_of(weighed, self._thresholds, told)

    def _is_strict(self, target_id: str) -> bool:
        target = self._roster.target(target_id)
        return target is not None and target.policy is Policy.STRICT


def _is_foreign(text: str) -> bool:
    return language_of(text[:_READ_FOR_LANGUAGE]) != "en"


def _nearness(scored: Sequence[Scored]) -> tuple[Nearness, ...]:
    return nearness_of((one.measure, one.score) for one in scored)
