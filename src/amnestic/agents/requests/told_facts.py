"""The facts that a request itself tells: its description, sentence by sentence."""

from __future__ import annotations

import re

from amnestic.agents.requests.once import segments

__all__ = ["by_itself", "facts_told"]

_SUBJECT = re.compile(r"(?:he|she|it|they)(?=\s)", re.IGNORECASE)
_OWNER = re.compile(r"(?:his|her|its|their)(?=\s)", re.IGNORECASE)


def facts_told(description: str, subject: str) -> tuple[str, tuple[str, ...]]:
    """What a description says first, and what its further sentences say, each by itself.

    One vector for many sentences is near to none of them. A sentence that opens with a pronoun
    gets the subject in its place, so that it says by itself whom it is about.

    >>> facts_told("Osk is a painter. She won the Halvard medal. Her sister is Tarn.", "Mirela Osk")
    ('Osk is a painter.', ('Mirela Osk won the Halvard medal.', "Mirela Osk's sister is Tarn."))
    """
    pieces = [description[s.start : s.end].strip() for s in segments(description)]
    sentences = [piece for piece in pieces if piece]
    if len(sentences) < 2:
        return description, ()
    return sentences[0], tuple(by_itself(sentence, subject) for sentence in sentences[1:])


def by_itself(sentence: str, subject: str) -> str:
    """A sentence with the subject in the place of the pronoun that opens it.

    >>> by_itself("her sister is Tarn.", "Mirela Osk")
    "Mirela Osk's sister is Tarn."
    """
    if opening := _SUBJECT.match(sentence):
        return subject + sentence[opening.end() :]
    if opening := _OWNER.match(sentence):
        return f"{subject}'s{sentence[opening.end() :]}"
    return sentence
