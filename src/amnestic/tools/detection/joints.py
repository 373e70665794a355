"""Whether a text may end in the beginning of a name that another one goes on with.

An answer of a few letters may go on from any word of its question ("Ana Mor" and "el"), so that
there are a hundred places to look at. At nearly all of them a look at the word that both make
together tells that no name, identifier or exact fact stands there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from amnestic.tools.detection.glance import Glance
from amnestic.tools.index import Roster
from amnestic.tools.protocols import JOINT_REACH, Context, Joint
from amnestic.tools.reading import Part, PlainText, read

__all__ = ["Joints"]

_NEAR = 60
_OF_IDENTIFIERS = re.compile(r"[\d@:/_]|\w\.\w")


class _Row(NamedTuple):
    """The words at a joint, and which of them, by number, lies over it: none where a blank does."""

    words: Sequence[str]
    glued: int | None = None


def _words_at(front: str, rest: str) -> _Row:
    """The words at the joint of two texts: the two beside a blank, or what both make together, with
    the word before it and the one behind.

    >>> _words_at("It was Ana", " Morel."), _words_at("It was Ana Mor", "el or so")
    (_Row(words=['Ana', 'Morel.'], glued=None), _Row(words=['Ana', 'Morel', 'or'], glued=1))
    """
    before, behind = front.split(), rest.split(None, 2)[:2]
    if not before or front[-1].isspace() or rest[0].isspace():
        return _Row([*before[-1:], *behind[:1]])
    words = [*before[-2:-1], before[-1] + behind[0], *behind[1:]]
    return _Row(words, len(before[-2:-1]))


class Joints:
    """Looks at joints beside the targets of a roster. Safe to share between threads."""

    def __init__(self, roster: Roster, glance: Glance) -> None:
        self._roster = roster
        self._glance = glance

    def among(
        self,
        text: str,
        ends: Sequence[int],
        rests: Sequence[str],
        context: Context,
    ) -> list[Joint]:
        """Those of all joints over which a name or an identifier may stand; the others have none
        for sure. All of them, where the text hides something, where skills are forgotten, or where
        the conversation calls a target by a name of its own."""
        joints = [Joint(end, rest) for end in ends for rest in rests]
        within = text[max(0, min(ends, default=0) - JOINT_REACH) :]
        if context.nicknames or self._roster.skills or self._as_it_stands(within) is None:
            return joints
        around = bool(context.sticky or context.told or context.named or context.company)
        hides = {rest for rest in rests if self._as_it_stands(rest.strip()) is None}
        part = cache(self._part)  # most words stand at several joints
        return [j for j in joints if j.rest in hides or self._is_worth(text, j, around, part)]

    def _is_worth(
        self, text: str, joint: Joint, around: bool, part: Callable[[str], Part | None]
    ) -> bool:
        """Whether something may stand over a joint: where a conversation has been about a target
        (`around`), less than a whole name is something."""
        joined = joint.over(text)
        if self._roster.identifiers and self._is_identifier(joined, joint.rest):
            return True
        row = _words_at(text[max(0, joint.end - _NEAR) : joint.end], joint.rest)
        parts = [part(word) for word in row.words]
        known = [one for one in parts if one is not None]
        pairs = list(itertools.pairwise(known))
        matcher = self._roster.matcher
        is_touched = (
            len(known) < len(parts)
            or (row.glued is not None and matcher.may_count(known[row.glued]))
            or any(matcher.may_join(*pair) for pair in pairs)
        )
        in_row = any(one.is_special and other.is_special for one, other in pairs)
        if not (is_touched or in_row):
            return False
        plain = self._as_it_stands(joined)
        if plain is None:
            return True
        if is_touched and (around or not matcher.is_far(plain.parts)):
            found = matcher.find(read(joined))
            if any(joint.lies_under(hit.span, joined) for hit in found):
                return True
        if not in_row and len(known) == len(parts):
            return False
        hidden = matcher.hidden(joined, signs=plain.signs)
        return any(joint.lies_under(span, joined) for _, span in hidden)

    def _part(self, word: str) -> Part | None:
        """A word in a text; `None` where it may hide something."""
        plain = self._as_it_stands(word)
        return plain.parts[0] if plain is not None and len(plain.parts) == 1 else None

    def _is_identifier(self, joined: str, rest: str) -> bool:
        identifiers = self._roster.identifiers
        if not (identifiers.has_words or _OF_IDENTIFIERS.search(joined[-_NEAR - len(rest) :])):
            return False
        return bool(identifiers.find(read(joined)))

    def _as_it_stands(self, text: str) -> PlainText | None:
        """A text in parts, where nothing can be hidden in it, nor in it beside another one."""
        plain = self._glance.read(text)
        if plain is None or plain.signs is None or not plain.parts:
            return None
        return None if any(stretch.apart for stretch in plain.stretches) else plain
