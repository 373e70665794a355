"""What a model says of a subject, as facts and names that deserve the name.

In: answers of a chat model. Out: statements that say by themselves whom they are about and that are
not said of everybody, and other names of the subject; and the questions to ask, by kind.
"""

from __future__ import annotations

from amnestic.agents.elicitation.namesakes import tells_of_a_namesake
from amnestic.agents.elicitation.other_names import names_listed, other_names
from amnestic.agents.elicitation.questions import (
    MAX_QUESTIONS,
    NEIGHBOURS,
    aspects_of,
    names_questions,
    others_question,
)
from amnestic.agents.elicitation.statements import (
    Said,
    said_of_everybody,
    statements_in,
    telling_words,
)
from amnestic.agents.elicitation.subjects import Subject

__all__ = [
    "MAX_QUESTIONS",
    "NEIGHBOURS",
    "Said",
    "Subject",
    "aspects_of",
    "names_listed",
    "names_questions",
    "other_names",
    "others_question",
    "said_of_everybody",
    "statements_in",
    "telling_words",
    "tells_of_a_namesake",
]
