"""The auditor's model engine: a judge for what the detectors leave uncertain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.contracts import VetVerdict
from amnestic.agents.ledger import current_ledger
from amnestic.agents.model_engines.cards import cards_of, target_card
from amnestic.agents.model_engines.cleared import clear, without_cleared
from amnestic.agents.model_engines.falling_back import or_locally
from amnestic.agents.model_engines.foreign import near_in_another_language
from amnestic.agents.model_engines.injection import speaks_to_agents
from amnestic.agents.model_engines.judge import Judge
from amnestic.agents.model_engines.passages import audit_task, told_of
from amnestic.agents.model_engines.verdict_cache import Told, VerdictCache
from amnestic.prompts.loader import Prompts
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Detector, Joint
from amnestic.types import Assessment, Band, Draft, Finding, stands_alone

__all__ = ["ModelAuditor"]

LONGEST = 12_000  # characters of a text that a judge sees whole
_MAX_TEXTS = 6


@dataclass(frozen=True, slots=True)
class _Suspect:
    """One text of a draft and one target that a detector is not easy about. `clearable` says
    whether a judge who finds nothing in it is to be believed."""

    choice: int
    channel: str
    text: str
    assessment: Assessment
    clearable: bool

    @property
    def where(self) -> tuple[int, str]:
        return (self.choice, self.channel)

    @property
    def is_suspected(self) -> bool:
        """Whether a detector is not easy about it; what is only near a target is not."""
        return self.assessment.band is not Band.CLEAN


class ModelAuditor:
    """Runs the detectors on every channel; only the uncertain band goes to a judge, in one call.

    What a detector is certain of is a finding, whatever a judge would say. A channel that leaks
    for certain is rewritten anyway, and what is uncertain in it is read by the policy, as is what
    the vetter's judge has settled for this question. A text that is too long to be shown whole, or
    that speaks to the judge, cannot be cleared; one in another language than English goes to the
    judge already where it is near a target. What a judge who gives no verdict was asked about
    is found; but a candidate that the local critic has accepted is read by the policy, as it does.
    So is everything in a request that has met a sealed target, which no judge is shown.
    Verdicts are remembered by the hash of the text.
    """

    def __init__(
        self,
        local: LocalAuditor,
        detector: Detector,
        judge: Judge,
        prompts: Prompts,
        cache: VerdictCache,
    ) -> None:
        self._local = local
        self._detector = detector
        self._judge = judge
        self._prompt = prompts["auditor"]
        self._cache = cache

    async def audit(self, choices: Sequence[Draft], verdict: VetVerdict) -> tuple[Finding, ...]:
        """Every leak of every channel."""
        if verdict.context.bulk:  # joints: letters count there, and no judge sees what was asked
            return await self._local.audit(choices, verdict)
        current_ledger().answers = max(current_ledger().answers, len(choices))
        suspects = await offload(self._suspects, choices, verdict)
        if current_ledger().sealed:
            return await self._local.audit(choices, verdict)
        findings = [_finding(s) for s in suspects if self._settled_as_leak(s, suspects, verdict)]
        open_ = [s for s in suspects if self._is_open(s, suspects, verdict)]
        if not open_:
            return tuple(findings)
        cards = await offload(cards_of, self._detector, [s.assessment.target_id for s in open_])
        unknown = [s for s in open_ if self._remembered(s, verdict, cards) is None]
        if unknown:
            asked = self._ask(unknown, choices, verdict, cards)
            findings += await or_locally(
                "auditor", asked, lambda: self._unjudged(unknown, choices, verdict)
            )
        for suspect in open_:
            told = self._remembered(suspect, verdict, cards)
            if told is not None and suspect not in unknown:
                _note(suspect, told[0])
                findings += [] if told[0] is None else [_told_finding(suspect, told[0])]
        return tuple(findings)

    async def joints(
        self, text: str, ends: Sequence[int], rests: Sequence[str], verdict: VetVerdict
    ) -> Sequence[Joint]:
        """The joints over which something may stand, as the detectors tell at a glance."""
        return await self._local.joints(text, ends, rests, verdict)

    # ── What the detectors say ───────────────────────────────────────────────────────────────

    def _suspects(self, choices: Sequence[Draft], verdict: VetVerdict) -> list[_Suspect]:
        found = [
            (i, channel, text, assessment)
            for i, draft in enumerate(choices)
            for channel, text in draft.told()
            for assessment in self._assessed(channel, text, verdict)
        ]
        if not found:
            return []
        steered = speaks_to_agents(verdict.question)
        clearable = {
            text: not steered and len(text) <= LONGEST and not speaks_to_agents(text)
            for _, _, text, _ in found
        }
        return [
            _Suspect(i, channel, text, assessment, clearable[text] and self._trusts(assessment))
            for i, channel, text, assessment in found
        ]

    def _assessed(self, channel: str, text: str, verdict: VetVerdict) -> tuple[Assessment, ...]:
        """What the detectors are not easy about, and what they may not have understood."""
        question = "" if stands_alone(channel) else verdict.question
        told = self._detector.audit(text, question, verdict.context)
        found = tuple(a for a in told if a.band is not Band.CLEAN)
        if channel == "beside":  # words that somebody counted on to be read stand elsewhere
            return found
        near = near_in_another_language(self._detector, text, question, verdict.context)
        known = {a.target_id for a in found}
        return (*found, *without_cleared(text, (a for a in near if a.target_id not in known)))

    def _trusts(self, assessment: Assessment) -> bool:
        """Whether what is known of the target does not itself speak to the judge."""
        return not speaks_to_agents(target_card(self._detector.target(assessment.target_id)))

    def _settled_as_leak(
        self, suspect: _Suspect, suspects: Sequence[_Suspect], verdict: VetVerdict
    ) -> bool:
        assessment = suspect.assessment
        if assessment.band is not Band.UNCERTAIN:
            return assessment.band is Band.LEAK
        if self._is_open(suspect, suspects, verdict):
            return False
        if not suspect.clearable:
            return True
        return assessment.target_id in _asked(verdict) or self._local.counts(assessment)

    def _is_open(
        self, suspect: _Suspect, suspects: Sequence[_Suspect], verdict: VetVerdict
    ) -> bool:
        """Whether a judge is to be asked."""
        if suspect.assessment.band is Band.LEAK:
            return False
        certain = {s.where for s in suspects if s.assessment.band is Band.LEAK}
        settled = suspect.assessment.target_id in verdict.judged or suspect.where in certain
        return suspect.clearable and not settled

    # ── What the judge says ──────────────────────────────────────────────────────────────────

    async def _ask(
        self,
        unknown: Sequence[_Suspect],
        choices: Sequence[Draft],
        verdict: VetVerdict,
        cards: Mapping[str, str],
    ) -> list[Finding]:
        texts = _texts_of(unknown, choices)
        shown = [s for s in unknown if s.text in texts and s.assessment.target_id in cards]
        unseen = [s for s in unknown if s not in shown]
        prompt = self._prompt.render(
            question=verdict.question, texts=texts, targets=list(cards.values())
        )
        targets = tuple(cards)
        pairs = [(texts.index(s.text), targets.index(s.assessment.target_id)) for s in shown]
        answer = await self._judge.judge(audit_task(prompt, pairs))
        told = told_of(answer, texts, targets)
        findings = [
            _finding(s) for s in unseen if s.is_suspected
        ]  # not cleared by what is not seen
        for suspect in shown:
            said = told.get((suspect.text, suspect.assessment.target_id))
            self._cache.remember(self._key(suspect, verdict, cards), said)
            _note(suspect, said)
            if said is not None:
                findings.append(_told_finding(suspect, said))
        return findings + _volunteered(told, shown, choices)

    async def _unjudged(
        self, unknown: Sequence[_Suspect], choices: Sequence[Draft], verdict: VetVerdict
    ) -> list[Finding]:
        accepted = current_ledger().accepted
        found = await self._local.audit(choices, verdict)
        counted = {(f.choice, f.channel, f.target_id) for f in found}
        return [
            _finding(s)
            for s in unknown
            if s.is_suspected
            if VerdictCache.key(s.text) not in accepted
            or (*s.where, s.assessment.target_id) in counted
        ]

    def _remembered(
        self, suspect: _Suspect, verdict: VetVerdict, cards: Mapping[str, str]
    ) -> tuple[Told | None] | None:
        if suspect.assessment.target_id not in cards:
            return None
        return self._cache.find(self._key(suspect, verdict, cards))

    def _key(self, suspect: _Suspect, verdict: VetVerdict, cards: Mapping[str, str]) -> bytes:
        target_id = suspect.assessment.target_id
        judged = (target_id, cards[target_id], verdict.question, suspect.text)
        return self._cache.key(verdict.context.namespace, self._judge.name, *judged)


def _note(suspect: _Suspect, said: Told | None) -> None:
    """Take what was judged for cleared: all of a text in which nothing was found, and what stands
    beside the quotes of one in which something was. A find without its place clears nothing."""
    if said is None or said.placed:
        clear(suspect.text, suspect.assessment.target_id, said.spans if said else ())


def _texts_of(unknown: Sequence[_Suspect], choices: Sequence[Draft]) -> list[str]:
    """What the judge is shown: the uncertain texts, and the other channels of the same choices."""
    beside = (
        text
        for i in dict.fromkeys(s.choice for s in unknown)
        for channel, text in choices[i].channels()
        if channel != "beside" and len(text) <= LONGEST
    )
    return list(dict.fromkeys((*(s.text for s in unknown), *beside)))[:_MAX_TEXTS]


def _asked(verdict: VetVerdict) -> frozenset[str]:
    """Targets that the question asks for, for certain."""
    return frozenset(
        a.target_id for p in verdict.parts for a in p.assessments if a.band is Band.LEAK
    )


def _volunteered(
    told: Mapping[tuple[str, str], Told], shown: Iterable[_Suspect], choices: Sequence[Draft]
) -> list[Finding]:
    """Leaks that no detector suspected; each needs a quote that stands in the text."""
    suspected = {(s.text, s.assessment.target_id) for s in shown}
    return [
        Finding(target, i, channel, said.kind, said.confidence, said.spans)
        for (text, target), said in told.items()
        if (text, target) not in suspected and said.spans
        for i, draft in enumerate(choices)
        for channel, own in draft.channels()
        if own == text
    ]


def _finding(suspect: _Suspect) -> Finding:
    a = suspect.assessment
    return Finding(
        a.target_id, suspect.choice, suspect.channel, a.kind, a.score, a.spans, a.evidence
    )


def _told_finding(suspect: _Suspect, said: Told) -> Finding:
    a = suspect.assessment
    return Finding(
        a.target_id,
        suspect.choice,
        suspect.channel,
        said.kind,
        said.confidence,
        said.spans or a.spans,
        a.evidence,
    )
