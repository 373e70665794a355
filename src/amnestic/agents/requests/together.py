"""Who is meant by "them": everybody that a sentence names side by side, where a wish is for them.

"Ana Morel, her husband Tor Hagen and their son Jory Hagen moved away. You never met this family"
asks for three; a reader that sees the first name alone keeps a third of what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from amnestic.agents.requests.further_asked import is_joined, with_subject
from amnestic.agents.requests.mentions import Mention, mentions_in
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.seeing import SURE
from amnestic.tools.reading import Segment
from amnestic.tools.tagging import Span, Tagged

__all__ = ["says_them", "with_all_of_them"]

_A_NAME = 3
_KNOWN = 0.75
_THEM = re.compile(  # closed classes: pronouns and words for several people together
    r"\b(?:them|they|these\s+people|those\s+people|both|all\s+(?:of\s+them|two|three|four|five)|"
    r"(?:this|that|the)\s+(?:whole\s+)?(?:family|couple|pair|trio)|the\s+(?:two|three|four|five)(?:\s+of\s+them)?|"
    r"beiden?|ihnen|diese(?:r)?\s+(?:familie|leute|paar)|alle\s+(?:zwei|drei|vier)|"
    r"les\s+(?:deux|trois|quatre)|eux|cette\s+famille|ce\s+couple|"
    r"amb[oa]s|l[oa]s\s+(?:dos|tres|cuatro)|ell[oa]s|esta\s+familia|esta\s+pareja|"
    r"entramb[ei]|tutt[ei]\s+e\s+(?:due|tre)|loro|questa\s+famiglia|questa\s+coppia|"
    r"hen|alle\s+drie|deze\s+familie|dit\s+(?:paar|stel))\b",
    re.I,
)
_COMMA = re.compile(
    r"\s*,\s*(?:(?:and|und|et|y|e|en)\s+)?(?:(?:his|her|their|seine?|ihre?|deren|son|sa|leurs?|sus?|suo|sua|"
    r"zijn|haar|hun)\s+(?:[^\W\d_][\w-]*\s+){1,2})?",
    re.I,
)


def with_all_of_them(seen: Tagged) -> Tagged:
    """A tagged text in which everybody is asked for who is named side by side with a subject, where
    the wish is for several by a pronoun and names nobody.

    >>> kinds = (1.0,) + (0.0,) * 11
    >>> text = "Ana Morel, her husband Tor Hagen and their cat moved away. Forget them."
    >>> spans = (Span(0, 9, "subject", 0.9, kinds), Span(59, 65, "wish", 0.9, of=0))
    >>> found = with_all_of_them(Tagged(text, spans, (1.0, 0.0, 0.0)))
    >>> [found.text_of(s) for s in found.labelled("subject")]
    ['Ana Morel', 'Tor Hagen']
    """
    if not any(_is_for_them(seen, piece) for piece in segments(seen.text)):
        return seen
    for piece in segments(seen.text):
        if _asks(seen, piece):
            continue
        for name in list(_beside(seen, piece)):
            seen = _with_sure(seen, name)
    return seen


def says_them(sentence: str) -> bool:
    """Whether a sentence has a word for several people together.

    >>> says_them("Forget them."), says_them("Forget Ana Morel.")
    (True, False)
    """
    return _THEM.search(sentence) is not None


def _with_sure(seen: Tagged, name: Span) -> Tagged:
    """A tagged text in which a name is surely one of the subjects, if it was one or not, or a
    piece of it was."""
    held = [s for s in seen.labelled("subject") if s.start < name.end and name.start < s.end]
    if all(name.start <= s.start and s.end <= name.end for s in held) and not any(
        (s.start, s.end) == (name.start, name.end) for s in held
    ):
        return with_subject(seen, name.start, name.end, SURE)
    spans = (replace(s, certainty=max(s.certainty, SURE)) if s in held else s for s in seen.spans)
    return replace(seen, spans=tuple(spans))


def _asks(seen: Tagged, piece: Segment) -> bool:
    return any(piece.start <= s.start < piece.end for s in seen.labelled("wish"))


def _is_for_them(seen: Tagged, piece: Segment) -> bool:
    """Whether a sentence asks for several, and names nobody."""
    said = piece.of(seen.text)
    named = any(m.score >= _A_NAME for m in mentions_in(said))
    subject = any(piece.start <= s.start < piece.end for s in seen.labelled("subject"))
    return _asks(seen, piece) and not (named or subject) and _THEM.search(said) is not None


def _beside(seen: Tagged, piece: Segment) -> Iterator[Span]:
    """The names of a sentence that stand side by side with its first subject, and that no reader
    knows for anything else."""
    subjects = [s for s in seen.labelled("subject") if piece.start <= s.start < piece.end]
    if not subjects:
        return
    end = subjects[0].end
    for mention in mentions_in(piece.of(seen.text)):
        start, stop = _place(seen, piece, mention)
        if start < end or mention.score < _A_NAME:
            continue
        between = seen.text[end:start]
        if not (is_joined(seen.text, end, start) or _COMMA.fullmatch(between)):
            return
        end = stop
        spans = [s for s in seen.spans if s.start < stop and start < s.end]
        if not any(s.label != "subject" and s.certainty >= _KNOWN for s in spans):
            yield Span(start, stop, "subject", SURE)


def _place(seen: Tagged, piece: Segment, mention: Mention) -> tuple[int, int]:
    start = seen.text.find(mention.name, piece.start + mention.start)
    return start, start + len(mention.name)
