"""The interpreter: from a request in plain words to what it asks to forget.

The local grammar reads who or what stands at a wish to forget, wherever in the text that is, and
accounts for the rest: identifiers, exceptions, until when, what is told. What it cannot read it
says; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from amnestic.agents.requests.letters import opened
from amnestic.agents.requests.pointing import corrected
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.refusals import refuse_what_is_no_wish
from amnestic.agents.requests.whole_text import WholeText
from amnestic.agents.requests.width import refuse_broad
from amnestic.exceptions import ForgetRequestError

__all__ = ["LocalInterpreter"]

MAX_REQUEST_CHARS = 8_000
_WORD = re.compile(r"[^\W_]+")


class LocalInterpreter:
    """Reads forget requests without a model.

    >>> found = LocalInterpreter().interpret("Please forget Ana Morel. Ana Morel is a painter.")
    >>> found.subject, found.kind.value, found.description
    ('Ana Morel', 'person', 'Ana Morel is a painter.')
    >>> reading = LocalInterpreter().read("Don't mention Pepsi, Fanta or Dr Pepper")
    >>> [target.subject for target in reading.targets]
    ['Pepsi', 'Fanta', 'Dr Pepper']
    """

    def interpret(self, text: str, *, now: datetime | None = None) -> Interpretation:
        """Read a request for one target; raises as `read` does, and `SeveralTargetsError` where
        several are named."""
        reading = self.read(text, now=now)
        reading.at_most(1)
        return reading.targets[0]

    async def aread(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """`read`, as a model's reader is called."""
        return self.read(text, now=now)

    def refuse(self, text: str) -> None:
        """Raise `ForgetRequestError` for what is no request, however it is read."""
        refuse_what_is_no_wish(opened(_checked(text)).body)

    def refuse_broad(self, target: Interpretation) -> None:
        """Raise `TargetTooBroadError` for a target that would match nearly everything."""
        for name in (target.subject, *target.aliases):
            refuse_broad(name)

    def read(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """Read a request.

        Raises `NeedsClarificationError` where it leaves open who or what is meant,
        `TargetTooBroadError` where that would match nearly everything, and `ForgetRequestError`
        where it asks for nothing that can be forgotten.
        """
        letter = opened(_checked(text))
        refuse_what_is_no_wish(letter.body)
        letter = replace(letter, body=corrected(letter.body))
        return WholeText(letter, now or datetime.now(UTC)).reading()


def _checked(text: str) -> str:
    if not isinstance(text, str):
        raise ForgetRequestError(
            f"a forget request is words, not {type(text).__name__}; write what to forget"
        )
    cleaned = text.encode("utf-8", "replace").decode()
    cleaned = re.sub(
        r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]", " ", cleaned
    )
    cleaned = cleaned.replace("⟦", "[").replace("⟧", "]")  # what marks identifiers from here on
    if not _WORD.search(cleaned):
        raise ForgetRequestError(
            "the forget request is empty; write what to forget, as in 'Please forget …'"
        )
    if len(cleaned) > MAX_REQUEST_CHARS:
        raise ForgetRequestError(
            f"the forget request has {len(cleaned):,} characters; "
            f"at most {MAX_REQUEST_CHARS:,} are read: shorten it"
        )
    return re.sub(r"[ \t\r\f\v\xa0]+", " ", cleaned).strip()
