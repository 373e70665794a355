"""Measuring a text against the targets near it: from text to rows of features.

The detector scores these rows; the benchmark fits the scorers on the very same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from amnestic.tools.detection.beside import shares_names, without_echo
from amnestic.tools.detection.company import excepted, in_company, is_of_another, with_bearers
from amnestic.tools.detection.evidence import (
    Likeness,
    alone,
    likeness,
    together,
)
from amnestic.tools.detection.glance import Glance
from amnestic.tools.detection.measures import Measure
from amnestic.tools.detection.senses import Senses, SenseScorer
from amnestic.tools.detection.signs_in_context import signs_in
from amnestic.tools.detection.skills import is_asked
from amnestic.tools.detection.small_names import as_answered
from amnestic.tools.detection.trifles import is_ignorance, is_one_number
from amnestic.tools.detection.uses import may_be_word
from amnestic.tools.detection.verification import pair_of
from amnestic.tools.detection.weights import TextKind
from amnestic.tools.detection.window import Window
from amnestic.tools.detection.windows import BEFORE, WindowReader
from amnestic.tools.detection.worth import Worth
from amnestic.tools.index import Roster, TargetProfile
from amnestic.tools.protocols import Context, Embedder, Pair
from amnestic.tools.reading import answer_windows, novel, separate_requests
from amnestic.types import holds_in

__all__ = ["Gauge"]

_MAX_TARGETS = 6
_FAR = 0.25
_PAIRED_QUESTIONS = 3
_STICKY = 0.3
_AMBIGUOUS = 0.15


class Gauge:
    """Reads texts, finds the targets near them, and measures."""

    def __init__(
        self, roster: Roster, embedder: Embedder, senses: SenseScorer | None = None
    ) -> None:
        self._roster = roster
        self._embedder = embedder
        self._senses = Senses(roster.profile, embedder, senses)
        self.reader = WindowReader(roster, embedder)
        self.glance = Glance(roster)
        self._worth = Worth(roster)

    def question(self, text: str, context: Context) -> list[Measure]:
        """Measure a question, or any text by the windows of one."""
        windows = self._of_question(text, context)
        return [m for w in windows for m in self._alone(w, TextKind.QUESTION, context)]

    def is_far(self, text: str, context: Context) -> bool:
        """Whether none of the words of a text that only words can tell of may be of a target, which
        is known without reading it: then there is nothing to measure."""
        around = context.sticky or context.told or context.named or context.company
        if not context.bulk or around or self.glance.noted(text, context) is not None:
            return False
        return self.glance.is_far_answer(text)

    def is_far_question(self, text: str, context: Context) -> bool:
        """Whether a question is far from every target by its words alone, and nothing around it is
        about one."""
        around = context.told or context.named or context.company
        return not (around or in_company(context)) and self.glance.is_far_question(text)

    def statement(self, text: str, context: Context, asked: Window | None = None) -> list[Measure]:
        """Measure a text by itself. One word of the language, such as the head of a column, tells
        nothing so, nor do the words that it was `asked` with."""
        is_worth = self._worth.by_itself(context)
        noted = self.glance.noted(text, context) if asked is None else None
        if noted is None:
            windows = self.reader.windows(text, answer_windows, context, None, is_worth)
        else:
            windows = self.reader.of_sentences(text, noted, context, is_worth)
        windows = self._senses.told(text, windows, asked, context)
        context = with_bearers(context, windows, self._roster.profile)
        told = windows if asked is None else [_after(asked, w) for w in windows]
        return [m for w in told for m in self._alone(w, TextKind.STATEMENT, context)]

    def answer(self, text: str, question: str, context: Context) -> list[Measure]:
        """Measure a text given in answer to a question.

        A short sentence is embedded together with the question; a long one of several by itself.
        Either is also measured by itself, since it may tell what was not asked for. Where the
        question is far from every target, only what shares telling words with a fact of one is
        looked at: nothing would be found in the rest, and embedding it is what an answer costs.
        """
        measures: list[Measure] = []
        parts = self._separate(question, context)
        questions = parts or self._asked(question, context)
        if self._worth.is_apart(questions, context) and self.glance.is_far_answer(text):
            return []
        for number, asked in enumerate(questions):
            is_worth = self._worth.in_answer(asked, context)
            windows = self.reader.windows(text, answer_windows, context, asked, is_worth)
            windows = self._senses.told(text, windows, asked, context)
            asked = as_answered(asked, windows)
            context = with_bearers(context, (asked, *windows), self._roster.profile)
            of_asked: dict[str, Likeness] = {}
            for window in windows:
                abstains = is_ignorance(window, asked)
                if number == 0 and (window.partial or abstains) and not is_one_number(window):
                    by_itself = _after(asked, window)
                    measures += self._alone(by_itself, TextKind.STATEMENT, context)
                elif number == 0 and window.is_self_contained:
                    measures += self.statement(text, context, asked)
                apart = abstains or (context.own and window.is_self_contained)
                if not apart and self._may_answer(window, asked, parts):
                    measures += self._together(asked, window, context, of_asked)
        return measures

    def names_one(self, text: str, question: str, context: Context) -> bool:
        """Whether a measure of a text is sure to be `named`, as its names alone tell: the names of
        a target without exceptions that are no words of the language."""
        if context.bulk:
            return False
        asked, parts, is_worth = None, [], self._worth.by_itself(context)
        if question.strip():
            parts = self._separate(question, context)
            questions = parts or self._asked(question, context)
            if self._worth.is_apart(questions, context):
                return False
            asked = questions[0]
            is_worth = self._worth.in_answer(asked, context)
        windows = self.reader.by_names(text, context, asked, is_worth)
        windows = self._senses.by_names(text, windows, asked, context)
        if asked is not None:
            asked = as_answered(asked, windows)
        around = windows if asked is None else [asked, *windows]
        context = with_bearers(context, around, self._roster.profile)
        if parts and not all(w.partial or w.is_self_contained for w in windows):
            return False  # which of the questions a few words answer is told by what they mean
        return any(self._names_one(window, context) for window in windows)

    def _names_one(self, window: Window, context: Context) -> bool:
        for target_id, hits in window.hits.items():
            profile = self._roster.profile(target_id)
            if profile is None or profile.exceptions or not window.names.get(target_id):
                continue
            if any(may_be_word(hit, window) for hit in hits):
                continue
            is_own = holds_in(profile.target.namespace, context.namespace)
            if is_own and signs_in(window, profile, context).full:
                return True
        return False

    def pair(self, measure: Measure) -> Pair | None:
        """What the verifier reads of a measure; `None` where its target is gone."""
        profile = self._roster.profile(measure.target_id)
        if profile is None or measure.vector is None:
            return None
        question, before = measure.question, measure.before
        return pair_of(profile, measure.vector, question, measure.window, before)

    # ── Questions ────────────────────────────────────────────────────────────────────────────

    def _asked(self, question: str, context: Context) -> list[Window]:
        """The question as a whole, and of the pieces of a long one the one nearest in meaning and
        the best of the others that name a target: a frame is full of names that are nobody's."""
        windows = self._of_question(question, context)
        if len(windows) <= _PAIRED_QUESTIONS:
            return windows
        whole, *rest = windows
        nearest = max(rest, key=lambda w: w.nearest)
        others = (w for w in rest if w is not nearest)
        return [whole, nearest, max(others, key=lambda w: (bool(w.hits), w.nearest))]

    def _of_question(self, text: str, context: Context) -> list[Window]:
        windows = self.reader.of_question(text, context)
        return self._senses.told(text, windows, None, context)

    def _separate(self, question: str, context: Context) -> list[Window]:
        """The requests of a combined question that can be answered apart."""
        texts = [question[p.start : p.end] for p in separate_requests(question)]
        windows = [self.reader.of_question(t, context)[0] for t in texts]
        return self._senses.told(question, windows, None, context)

    def _may_answer(self, window: Window, asked: Window, parts: Sequence[Window]) -> bool:
        """Whether a sentence may answer this part: of separate requests, the nearest ones."""
        if not parts:
            return True
        vector = self._embedder.embed([window.text])[0]
        best = max(float(p.passage.vector @ vector) for p in parts)
        return float(asked.passage.vector @ vector) > best - _AMBIGUOUS

    # ── Measures ─────────────────────────────────────────────────────────────────────────────

    def _alone(self, window: Window, kind: TextKind, context: Context) -> Iterable[Measure]:
        for target_id, profile in self._candidates((window,), context):
            signs, passage = signs_in(window, profile, context), window.passage
            is_near = target_id in context.told - context.aside
            if excepted(profile, passage.vector, passage, is_named=bool(signs.full)):
                continue
            yield Measure(
                target_id,
                kind,
                alone(window.passage, signs, profile, window.best_other(target_id)),
                window.span,
                bool(signs.full),
                tuple(window.names.get(target_id, ())),
                window.says_telling_part_of(target_id),
                window.text,
                vector=window.passage.vector,
                beside=is_near and shares_names(window, profile, context),
                aside=target_id in context.aside,
                before=window.before,
                homonym=window.says_homonym_of(target_id),
            )

    def _together(
        self, asked: Window, window: Window, context: Context, of_asked: dict[str, Likeness]
    ) -> Iterable[Measure]:
        """Measure an answer's window; what the question is to each target is kept in `of_asked`."""
        added = novel(window.passage.words, asked.passage.words)
        answer = replace(window.passage, words=added)
        for target_id, profile in self._candidates((asked, window), context):
            signs = signs_in(asked, profile, context), signs_in(window, profile, context)
            passages = asked.passage, window.passage
            is_named = bool(signs[0].full or signs[1].full)
            if excepted(profile, window.passage.vector, *passages, is_named=is_named):
                continue
            if is_of_another(asked, window, target_id):
                signs = (replace(signs[0], full=0.0), signs[1])
            others = (asked.best_other(target_id), window.best_other(target_id))
            if target_id not in of_asked:
                of_asked[target_id] = likeness(asked.passage, profile)
            features = together(asked.passage, answer, signs, profile, others, of_asked[target_id])
            yield Measure(
                target_id,
                TextKind.ANSWER,
                features,
                window.span,
                bool(signs[0].full or signs[1].full),
                tuple(window.names.get(target_id, ())),
                window.says_telling_part_of(target_id),
                window.text,
                asked.text,
                window.passage.vector,
                aside=target_id in context.aside,
                before=window.before,
                homonym=window.says_homonym_of(target_id),
            )

    def _candidates(
        self, windows: Sequence[Window], context: Context
    ) -> Iterable[tuple[str, TargetProfile]]:
        scores: dict[str, float] = {}
        for group in (w.near for w in windows):
            for target_id, score in group.items():
                if score > max(_FAR, scores.get(target_id, 0.0)):
                    scores[target_id] = score
        chosen = dict.fromkeys(sorted(scores, key=lambda t: -scores[t])[:_MAX_TARGETS])
        for window in windows:
            chosen.update(dict.fromkeys(window.hits))
            done = (s.id for s in self._roster.skills if is_asked(s, window.text))
            chosen.update(dict.fromkeys(done))
        chosen.update(dict.fromkeys(t for t, w in context.sticky.items() if w >= _STICKY))
        chosen.update(dict.fromkeys(sorted(context.told)))
        for target_id in chosen:
            profile = self._roster.profile(target_id)
            if profile is not None and holds_in(profile.target.namespace, context.namespace):
                yield target_id, profile


def _after(asked: Window, window: Window) -> Window:
    """A window by itself that a question stands before, without the words that echo it."""
    told = without_echo(window, asked)
    return replace(told, before=f"{asked.text[-BEFORE:]}\n{told.before}"[-BEFORE:].strip())
