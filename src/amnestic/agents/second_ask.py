"""The second ask: the wrapped model answers again, as one that never heard of the targets.

Whoever can write, writes: the model that made a leaking draft makes a better answer without the
target than any cut of the draft is (design.md §5). What it says is a candidate like any other.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from amnestic.agents.contracts import Again, Case, SecondScene
from amnestic.agents.fitness import Fitness
from amnestic.models.protocol import ChatBackend, LocalBackend, RestrictedBackend
from amnestic.models.purpose import asking_for
from amnestic.models.telemetry import observed
from amnestic.prompts.loader import Prompts, Rendered
from amnestic.tools.names import writings_of
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Detector
from amnestic.tools.reading import is_common, rank, settled_ends
from amnestic.types import Conversation, ForgetTarget, Generation, Message, Part, TargetKind

__all__ = ["SecondAsk"]

_NAMES = 8  # of each target
_NAME_CHARS = 80
_SUBJECTS = 12
_PASSAGES = 8
_PASSAGE_CHARS = 240
_MARKER = re.compile(r"<<<[0-9a-f]{8,}")
_IDENTIFYING = re.compile(r"[\d@]")
_WORD = re.compile(r"[^\W\d_]+")
_NAME_WORDS = 6  # a finding as short as that is a name, not a passage
_REASONS = 4
_FORBIDDEN = 50
_LEAST_TOKENS = 96  # of a small model's second answer, which may be twice as long as its draft
_CHARS_PER_TOKEN = 4
_TELLING = 4
_SURNAME = 3  # letters; what is shorter is "Jr."
_NEEDED = 200  # the commonest words, "will" and "may" among them
_NOT_AGAIN = frozenset(
    "n tools tool_choice parallel_tool_calls functions function_call logprobs top_logprobs stream "
    "stream_options web_search_options".split()
)


class SecondAsk:
    """Asks a wrapped model again under a note about what it has never heard of.

    Names are quoted and capped. To a model that runs elsewhere only those are told that stand in
    its draft or in the conversation, and with `elicited` the others that are no identifiers, though
    not of private records: of those only the model's own passages are quoted, and so it is of
    sealed targets for every model. Tools are off; the
    form that the caller asked for stays. A model that runs in this process, and is often too small
    to obey, decodes under restriction: the names cannot be written (the idea of GUARD, arXiv
    2505.13312).

    Args:
        detector: knows the targets.
        prompts: gives the prompts when the first is needed.
        fitness: which models obey such a note.
        elicited: whether new targets are named to the wrapped model anyway, when it is asked what
            it knows of them.
    """

    def __init__(
        self,
        detector: Detector,
        prompts: Callable[[], Prompts],
        fitness: Fitness,
        elicited: bool = True,
    ) -> None:
        self._detector = detector
        self._prompts = prompts
        self._fitness = fitness
        self._elicited = elicited

    def serves(self, backend: ChatBackend) -> bool:
        """Whether this model may be asked again: it can write, and has not been found unfit."""
        return self._fitness.may_ask(backend)

    def named(self, backend: ChatBackend) -> None:
        """Note that a model named a target under the note, or something close to its name although
        it could not write the name itself."""
        self._fitness.named(backend)

    def kept(self, backend: ChatBackend) -> None:
        """Note that a model's answer under the note was accepted."""
        self._fitness.kept(backend)

    async def ask(self, case: Case, scene: SecondScene) -> Again:
        """The model's whole answer, or what comes behind `scene.kept`; never raises what the model
        raises, but says why there is no answer."""
        note = await offload(self._note, case, scene)
        conversation = _under(scene.conversation, note.conversation[0].text)
        options = {k: v for k, v in scene.options.items() if k not in _NOT_AGAIN}
        obeys, again = await asyncio.gather(
            self._obeys(scene), self._answer(case, scene, conversation, options)
        )
        if obeys is False:
            return replace(again, text="", failure="the model does not keep to such a note")
        if again.text and self._recites(again.text):
            return replace(again, text="", failure="it recites the note")
        return replace(again, note=note.conversation[0].text, obeyed=bool(obeys))

    async def _obeys(self, scene: SecondScene) -> bool | None:
        """Whether a model keeps to such a note; nobody knows of one that decodes under restriction,
        and need not."""
        if isinstance(scene.backend, RestrictedBackend):
            return None
        return await self._fitness.check(scene.backend, self._prompts()["again"], scene.timeout)

    async def _answer(
        self, case: Case, scene: SecondScene, conversation: Conversation, options: Mapping[str, Any]
    ) -> Again:
        try:
            async with asyncio.timeout(scene.timeout):
                with asking_for("again"):
                    answer = self._given(case, scene, conversation, options)
                    given = await observed(scene.backend.name, answer)
        except TimeoutError:
            return Again(failure="it came too late")
        except Exception as error:  # noqa: BLE001 - a caller's model raises anything; the next writer serves
            return Again(failure=f"the model failed ({type(error).__name__})")
        text = given.choices[0].text if given.choices else ""
        begun = len(scene.kept) if text.startswith(scene.kept) else 0
        if not text[begun:].strip():
            return Again(usage=given.usage, failure="it was empty")
        if given.choices[0].finish_reason == "length" and case.finish_reason != "length":
            text = text[: max(settled_ends(text), default=0)]  # small models do not find an end
        if not text[begun:]:
            return Again(usage=given.usage, failure="it was cut short")
        return Again(text, usage=given.usage)

    async def _given(
        self, case: Case, scene: SecondScene, conversation: Conversation, options: Mapping[str, Any]
    ) -> Generation:
        if not isinstance(scene.backend, RestrictedBackend):
            return await scene.backend.generate(conversation, options)
        forbidden = await offload(self._forbidden, case)
        room = max(_LEAST_TOKENS, 2 * len(case.text) // _CHARS_PER_TOKEN)
        asked = options.get("max_tokens")
        limits = {"max_tokens": min(asked, room) if isinstance(asked, int) else room}
        begun = {"begun": scene.kept} if scene.kept else {}
        return await scene.backend.generate_without(
            conversation, {**options, **limits}, forbidden, **begun
        )

    def _forbidden(self, case: Case) -> list[str]:
        """The names and identifiers of the targets that were found, the rare words that name them
        alone, and people's surnames."""
        ids = dict.fromkeys(finding.target_id for finding in case.findings)
        targets = [self._detector.target(target_id) for target_id in ids]
        values = [w for t in targets for i in t.identifiers if i.is_strong for w in writings_of(i)]
        names = [*(n for t in targets for n in t.names), *values]
        parts = [w for n in names for w in _WORD.findall(n)]  # "Moby" of "Moby-Dick" tells it too
        telling = [w for w in parts if len(w) >= _TELLING and rank(w.lower()) is None]
        surnames = [w for t in targets if t.kind is TargetKind.PERSON for w in _surnames(t)]
        return list(dict.fromkeys((*names, *telling, *surnames)))[:_FORBIDDEN]

    def _recites(self, text: str) -> bool:
        """Whether a text holds a sentence of the note, or what marks where a block of it ends;
        what the note quotes of a draft may be said again."""
        bare = self._prompts()["again"].render(
            subjects=[], exceptions=[], passages=[], reasons=[], begun=""
        )
        return bool(_MARKER.search(text)) or bare.is_recited_in(text)

    # ── The note ─────────────────────────────────────────────────────────────────────────────

    def _note(self, case: Case, scene: SecondScene) -> Rendered:
        targets = [
            self._detector.target(i) for i in dict.fromkeys(f.target_id for f in case.findings)
        ]
        told = [(t, names) for t in targets[:_SUBJECTS] if (names := self._told(t, case, scene))]
        return self._prompts()["again"].render(
            subjects=[_named(*each) for each in told] or ["whatever the passages below tell of"],
            exceptions=[_quoted(e) for t, _ in told for e in t.exceptions],
            passages=_passages(case),
            reasons=list(case.reasons[:_REASONS]),
            begun="" if isinstance(scene.backend, RestrictedBackend) else scene.kept,
        )

    def _told(self, target: ForgetTarget, case: Case, scene: SecondScene) -> Sequence[str]:
        """The names and identifiers of a target that may be told to the wrapped model: elsewhere
        than here an e-mail address or a number only where it has been said. Of a sealed target
        nothing is."""
        if target.sealed:
            return ()
        values = [i.value for i in target.identifiers]
        known = dict.fromkeys((*target.names, *values))
        if isinstance(scene.backend, LocalBackend):
            return tuple(known)
        said = "\n".join((case.text, *(m.text for m in scene.conversation))).lower()
        heard = [name for name in known if name.lower() in said]
        if not self._elicited or target.kind is TargetKind.RECORD:
            return heard
        kept = {*values, *(n for n in known if _IDENTIFYING.search(n))} - {*heard}
        return [name for name in known if name not in kept]


def _surnames(target: ForgetTarget) -> Iterator[str]:
    """The last words of a person's names of several, though they are words besides ("Bell"): a
    small model that may not write the name puts another given name before them. Those that hardly a
    sentence can do without are left."""
    for name in target.names:
        words = [word for word in _WORD.findall(name) if len(word) >= _SURNAME]
        if len(words) > 1 and not is_common(words[-1].lower(), _NEEDED):
            yield words[-1]


def _named(target: ForgetTarget, names: Sequence[str]) -> str:
    first, *others = (_quoted(name) for name in names[:_NAMES])
    also = f", also known as {', '.join(others)}" if others else ""
    return f"{first}{also} ({target.kind.value})"


def _quoted(name: str) -> str:
    return json.dumps(name[:_NAME_CHARS], ensure_ascii=False)


def _passages(case: Case) -> list[str]:
    """What the audit found in the draft, without what is only a name."""
    spans = sorted({(s.start, s.end) for f in case.findings for s in f.spans})
    texts = (case.text[a:b].strip() for a, b in spans)
    told = [t[:_PASSAGE_CHARS] for t in texts if len(t.split()) > _NAME_WORDS]
    return list(dict.fromkeys(told))[:_PASSAGES]


def _under(conversation: Conversation, note: str) -> Conversation:
    """The conversation under a note: in its own first instruction where it has one, since many
    templates take one only."""
    if conversation and conversation[0].role in ("system", "developer"):
        first = conversation[0]
        return (replace(first, parts=(*first.parts, Part("text", note))), *conversation[1:])
    return (Message.of("system", note), *conversation)
