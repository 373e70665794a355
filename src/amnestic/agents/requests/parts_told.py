"""Names that stand in a record or in a list of all that belongs to a subject: they are told of it.

"Vantor Seeds: fee 900 euros, contact Ana Morel" asks for nobody but the client, and "Forget ABBA.
The band, the songs, Mamma Mia!, all of it." for nothing but the band.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amnestic.agents.requests.descriptions import Description
from amnestic.agents.requests.once import segments
from amnestic.tools.tagging import Span, Tagged

__all__ = ["ALL_OF_IT", "parts_told"]

_FIELD = re.compile(  # the fields of a record that name somebody else
    r"(?:^|[,;:(]|\s[-–—])\s*(?P<field>(?:contact(?:\s+person)?|emergency\s+contact|next\s+of\s+kin|lead|manager|"
    r"supervisor|agent|handler|attn|c/o|represented\s+by|handled\s+by|account\s+manager|case\s*worker|"
    r"ansprechpartner(?:in)?|kontakt|vertreten\s+durch|sachbearbeiter(?:in)?|contacto|responsable|contact|"
    r"référent|referente|contatto|contactpersoon)[.:]?\s+)$",
    re.I,
)
ALL_OF_IT = re.compile(
    r"\b(?:all\s+of\s+(?:it|that|this)|the\s+(?:whole\s+)?lot|the\s+whole\s+thing|everything\s+about\s+it|"
    r"alles\s+davon|das\s+alles|tout\s+(?:ça|cela)|todo\s+eso|tutto\s+(?:quanto|questo|ciò)|dat\s+allemaal)\b",
    re.I,
)
"""Words that sum up a list of all that belongs to a subject."""


def parts_told(seen: Tagged, subjects: Sequence[Span]) -> Iterator[tuple[Description, int]]:
    """The words that hold such names, each with the place of the subject that they tell of.

    Args:
        seen: a tagged text.
        subjects: its subjects.
    """
    for i, span in enumerate(subjects[1:], 1):
        field = _FIELD.search(seen.text[: span.start])
        if field is not None and subjects[i - 1].end <= field.start("field"):
            yield Description(field.start("field"), span.end), 0
    for piece in segments(seen.text):
        before = [i for i, s in enumerate(subjects) if s.end <= piece.start]
        if len(before) == 1 and ALL_OF_IT.search(piece.of(seen.text)):
            yield Description(piece.start, piece.end), before[0]
