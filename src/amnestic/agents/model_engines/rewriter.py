"""The rewriter's model engine: the draft as someone would write it who never heard of a target."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from amnestic.agents.contracts import Case
from amnestic.agents.ledger import OutOfCalls, current_ledger
from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.agents.model_engines.answers import RewriteAnswer
from amnestic.agents.model_engines.cards import cards_of
from amnestic.agents.model_engines.falling_back import or_locally
from amnestic.agents.model_engines.judge import Judge, Task
from amnestic.agents.model_engines.long_drafts import part_of
from amnestic.agents.model_engines.probing import Ability
from amnestic.agents.roles import Rewriter
from amnestic.prompts.blocks import restore
from amnestic.prompts.loader import Prompts, Rendered
from amnestic.tools.documents import is_json, keeps_form
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Detector
from amnestic.tools.reading import language_of, segments

__all__ = ["ModelRewriter"]

_LONGEST = 12_000  # characters of a draft that a model rewrites; of longer ones a part
_PASSAGES = 12
_REJECTED = 6
_BEGUN = 1_000  # characters of what the caller has already that say how an answer goes on
_VARIETY = {"temperature": 0.8}
_SCAFFOLD = re.compile(r"<<<|‹‹‹|\bsubject \d+\b|\bend of draft\b|\"candidates\"", re.IGNORECASE)


class ModelRewriter:
    """Asks a model for the candidates in one structured call, or, of a model that cannot answer in
    a given form, in several plain calls at once.

    A candidate that is empty, is the draft itself, is in another language, has lost the form of a
    JSON answer, is far longer than the draft or holds pieces of the prompt is dropped. Where the
    model gives fewer than were asked for, or nothing at all, the local engine's candidates fill up;
    the critic and the detectors judge all alike. The critic's call is kept for it, unless all that
    it missed in the round before was use or naturalness.
    """

    def __init__(
        self,
        local: Rewriter,
        detector: Detector,
        judge: Judge,
        model: AgentModel,
        prompts: Prompts,
    ) -> None:
        self._local = local
        self._detector = detector
        self._judge = judge
        self._model = model
        self._prompt = prompts["rewriter"]

    async def rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        """At most `count` candidates."""
        if len(case.text) > _LONGEST:
            return await self._in_part(case, count)
        asked = or_locally("rewriter", self._by_model(case, count), list)
        local, given = await asyncio.gather(self._locally(case, count), asked)
        return tuple(dict.fromkeys((*given[:count], *local)))[:count]

    async def _in_part(self, case: Case, count: int) -> tuple[str, ...]:
        """Candidates for a long draft: the part that leaks is rewritten. Where there is no such
        part, the local engine does it alone, and the receipt says so."""
        part = part_of(case, _LONGEST)
        if part is None:
            current_ledger().leave_out()
            return await self._locally(case, count)
        return tuple(map(part.rejoined, await self.rewrite(part.case, count)))

    async def _locally(self, case: Case, count: int) -> tuple[str, ...]:
        local = await self._local.rewrite(case, count)
        if not is_json(case.text):
            return local
        return tuple(text for text in local if keeps_form(text, case.text, case.schema))

    async def _by_model(self, case: Case, count: int) -> list[str]:
        spare = self._model.calls_left - _kept_for_the_critic(case)
        if spare < 1:
            raise OutOfCalls
        ability = await self._judge.ability()
        inputs, in_form = await self._inputs(case, count), ability is not Ability.PLAIN
        prompt = self._prompt.render(**inputs, structured=in_form)
        plain = min(count, spare)
        given = await (self._structured(prompt) if in_form else self._plainly(inputs, plain))
        return [text for text in _usable(given, case) if not prompt.is_recited_in(text)]

    async def _inputs(self, case: Case, count: int) -> dict[str, object]:
        ids = [f.target_id for f in case.findings]
        cards = await offload(cards_of, self._detector, ids)
        spans = sorted({(s.start, s.end) for f in case.findings for s in f.spans})[:_PASSAGES]
        return {
            "question": case.verdict.question,
            "begun": case.begun[-_BEGUN:].strip(),
            "draft": case.text,
            "targets": list(cards.values()),
            "quotes": [case.text[start:end] for start, end in spans],
            "sentences": _sentences_around(case.text, spans),
            "rejected": list(case.rejected[:_REJECTED]),
            "reasons": list(case.reasons[:_REJECTED]),
            "count": count,
        }

    async def _structured(self, prompt: Rendered) -> list[str]:
        answer = await self._judge.judge(Task("rewriter", prompt, RewriteAnswer))
        return answer.candidates

    async def _plainly(self, inputs: dict[str, object], count: int) -> list[str]:
        prompts = [self._prompt.render(**inputs, structured=False) for _ in range(count)]
        asked = (self._model.ask("rewriter", p.conversation, _VARIETY) for p in prompts)
        async with self._model.in_time():
            return [draft.text for draft in await asyncio.gather(*asked)]


def _kept_for_the_critic(case: Case) -> int:
    return 0 if case.round and not current_ledger().doubted else 1


def _sentences_around(text: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    """For each span the sentences and lines in which it stands."""
    pieces = segments(text)
    around = [[s for s in pieces if s.start < end and start < s.end] for start, end in spans]
    return [text[p[0].start : p[-1].end].strip() if p else "" for p in around]


def _usable(candidates: Iterable[str], case: Case) -> list[str]:
    restored = (restore(text.strip(), case.text) for text in candidates)
    return [text for text in dict.fromkeys(restored) if _is_usable(text, case)]


def _is_usable(text: str, case: Case) -> bool:
    if not text or text == case.text.strip() or len(text) > 2 * len(case.text) + 200:
        return False
    if _SCAFFOLD.search(text) and not _SCAFFOLD.search(case.text):
        return False
    if is_json(case.text):
        return keeps_form(text, case.text, case.schema)
    return language_of(text) == language_of(case.text) or len(text) < 40
