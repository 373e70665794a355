"""What a sentence says of another by the way, which is no fact about its own subject.

"The Ferry was painted by Edda Tarn, a smith from Yate." tells who painted The Ferry. That somebody
is a smith from Yate is said of Edda Tarn, and whoever answers with it speaks of her, or of any
other smith from Yate.
"""

from __future__ import annotations

import re

from amnestic.agents.elicitation.grammar import ARTICLES
from amnestic.agents.elicitation.subjects import Subject

__all__ = ["without_appositions"]

_NAME = r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*"
_BEHIND_A_NAME = re.compile(
    rf"(?<!\w)(?P<name>{_NAME}(?: {_NAME}){{0,5}})"
    rf"(?P<said>, (?:eine?[mnrs]? |(?:{ARTICLES}) (?=[a-zß-öø-ÿ]))[^,;:.!?]*)(?=[,.!?;]|$)"
)
_LISTED = re.compile(rf" (?:and|or|und|oder|et|ou|y|o|e|en|of) (?:{ARTICLES}) ")


def without_appositions(statement: str, subject: Subject) -> str:
    """A statement about `subject` without the nouns that stand behind the names of others.

    What stands under the name of the subject alone is left as it is, since it may begin with a
    place: "Mirela Osk: In Tavel, the painter founded a school."

    >>> from amnestic.types import TargetKind
    >>> ferry = Subject("The Ferry", TargetKind.WORK)
    >>> without_appositions("The Ferry was painted by Edda Tarn, a smith from Yate.", ferry)
    'The Ferry was painted by Edda Tarn.'
    >>> without_appositions("The Ferry, a picture, was painted by Edda Tarn.", ferry)
    'The Ferry, a picture, was painted by Edda Tarn.'
    """
    if statement.startswith(f"{subject.name}: "):
        return statement
    kept: list[str] = []
    at = 0
    for match in _BEHIND_A_NAME.finditer(statement):
        ahead = statement[: match.start()]
        told = match.group("said")
        if _LISTED.search(told):
            continue  # "the Halvards, the queen and the pope" are three
        said_of_another = not subject.names_itself(match.group("name"))
        if said_of_another and subject.names_itself(ahead) and not subject.names_itself(told):
            kept.append(statement[at : match.start("said")])
            at = match.end("said") + statement.startswith(",", match.end("said"))
    return "".join((*kept, statement[at:]))
