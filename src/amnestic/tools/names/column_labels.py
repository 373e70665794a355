"""What the head of a column or the label of a field says of a name: given name or surname."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["LABELS_OF_GIVEN", "LABELS_OF_SURNAME", "kind_of_head"]

LABELS_OF_GIVEN = frozenset(
    "first firstname given givenname forename christian fname prenom vorname nombre nome voornaam "
    "imya имя 名".split()
)
LABELS_OF_SURNAME = frozenset(
    "last lastname second surname family familyname lname nom nachname apellido apellidos cognome "
    "sobrenome achternaam фамилия 姓".split()
)
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1024)  # a table's rows ask for the same few heads
def kind_of_head(cell: str | None) -> str | None:
    """What a column holds whose head is `cell`: `"given"`, `"surname"`, or `None`.

    >>> kind_of_head(" first name "), kind_of_head("family"), kind_of_head("city")
    ('given', 'surname', None)
    """
    words = _WORD.findall(cell or "")
    if any(word in LABELS_OF_SURNAME for word in words):
        return "surname"
    return "given" if any(word in LABELS_OF_GIVEN for word in words) else None
