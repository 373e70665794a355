"""The model that the drafts are played by: a strong one, that says what the data say it would."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

from drafts_data import Case, Drafts, Known

from amnestic.testing import PlayedModel
from amnestic.tools.reading import segments
from amnestic.types import Conversation

__all__ = ["Player"]

NOT_KNOWN = "I don't know."
UNHEARD = "I don't know of anybody by that name, so I can't tell you anything about them."
_SEEN = 60  # characters of a text by which it is told whether a prompt shows it
_ALIKE = 0.6  # share of words by which one sentence tells the same as another


class Player:
    """Plays one case at a time; `case` is set before it is asked.

    To the canary, which asks of an invented person, it answers as it is told to: it knows nothing.
    A case without `again` has a draft that an honest model would give once more.
    """

    def __init__(self, drafts: Drafts) -> None:
        self.case: Case | None = None
        self._known = drafts.known
        self._asked: Counter[str] = Counter()
        self.model = PlayedModel(
            answer=lambda _: self._now().draft,
            again=lambda asked: continued(self._now().again or self._now().draft, asked),
            canary=UNHEARD,
            identify=lambda asked: identified(self._now(), asked),
            elicit=self._elicited,
        )

    def _now(self) -> Case:
        if self.case is None:
            raise RuntimeError("the model was asked before there was a case")
        return self.case

    def _elicited(self, asked: Conversation) -> str:
        question = asked[-1].text.casefold()
        for known in self._known:
            if known.cue.casefold() in question and known.answers:
                return self._in_turn(known)
        return NOT_KNOWN

    def _in_turn(self, known: Known) -> str:
        self._asked[known.cue] += 1
        return known.answers[(self._asked[known.cue] - 1) % len(known.answers)]


def continued(text: str, asked: Conversation) -> str:
    """`text`, or what comes next of it where the note tells of a beginning that is out already:
    what stands behind the last sentence that tells the same as one of the beginning."""
    begun = _BEGUN.search("\n".join(message.text for message in asked))
    if begun is None:
        return text
    told = [segment.of(begun[1]) for segment in segments(begun[1])]
    alike = [s.end for s in segments(text) if any(_is_alike(s.of(text), t) for t in told)]
    rest = text[len(text[: max(alike, default=0)].rstrip()) :]
    return rest.removeprefix(begun[1][len(begun[1].rstrip()) :])


_WORD = re.compile(r"\w+")
_BEGUN = re.compile(r"<<<\w+ beginning of the answer>>>\n(.*?)\n<<<", re.DOTALL)


def _is_alike(one: str, other: str) -> bool:
    words = Counter(_WORD.findall(one)), Counter(_WORD.findall(other))
    return 2 * (words[0] & words[1]).total() > _ALIKE * (words[0].total() + words[1].total())


def identified(case: Case, asked: Conversation) -> str:
    """What the model names, in the form that the layer's prompt asks for: of the draft and of
    what stands in the context only where the prompt shows them."""
    shown = " ".join("\n".join(message.text for message in asked).split())
    context = [str(m.get("content") or "") for m in case.messages if m["role"] in _CONTEXT]
    more = case.names_context if any(_is_shown(text, shown) for text in context) else ()
    names = case.names if _is_shown(case.draft, shown) else ()
    return as_asked([*case.names_question, *more], names)


_CONTEXT = ("system", "developer", "tool")


def as_asked(question: Sequence[str], draft: Sequence[str]) -> str:
    """The one place that knows the form of the answer."""
    return json.dumps({"question": list(question), "draft": list(draft)}, ensure_ascii=False)


def _is_shown(text: str, shown: str) -> bool:
    begun = " ".join(text.split())[:_SEEN]
    return bool(begun) and begun in shown
