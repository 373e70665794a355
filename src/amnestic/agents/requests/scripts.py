"""Requests in scripts that are hardly read without a model: what is not sure is asked back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.agents.requests.agreeing import agreed
from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.seeing import SURE, Seen
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError

__all__ = ["ask_where_script_is_strange"]

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_ASKED = (
    "a request in this script is hardly read without a chat model{}; write 'Please forget …' with "
    "the name as it is written, or set AMNESTIC_AGENT_MODEL"
)


def ask_where_script_is_strange(
    text: str, seen: Seen, known: RequestReading | ForgetRequestError
) -> None:
    """Raise `NeedsClarificationError` for a text that is mostly in another script than Latin, where
    the two readers do not read the same names and the tagger is not sure of its own."""
    own = [c for c in text if c.isalpha()]
    if not own or sum(_LATIN.match(c) is not None for c in own) * 2 > len(own):
        return
    if isinstance(known, RequestReading) and _agree(seen, known):
        return
    whole = seen.sure >= SURE and not any(_is_mixed(t.subject) for t in seen.targets)
    if seen.targets and seen.outcome == "ok" and whole:
        return
    names = " and ".join(repr(t.subject) for t in seen.targets[:3])
    meant = f": is {names} meant, and all of it?" if names else ""
    raise NeedsClarificationError(_ASKED.format(meant))


def _agree(seen: Seen, known: RequestReading) -> bool:
    """Whether the tagger sees no name that the grammar does not have."""
    return bool(known.targets) and _names(agreed(seen, known).targets) <= _names(known.targets)


def _names(targets: Sequence[Interpretation]) -> set[str]:
    return {letters(t.subject) for t in targets}


def _is_mixed(name: str) -> bool:
    """Whether words of two scripts are taken for one name."""
    cased = [c for c in name if c.isalpha()]
    return len({_LATIN.match(c) is not None for c in cased}) > 1
