"""Whether a text may end in the beginning of a name that another one goes on with.

An answer of a few letters may go on from any word of its question ("Ana Mor" and "el"), so that
there are a hundred places to look at. At nearly all of them a look at the word that both make
together tells that no name, identifier or exact fact stands there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from amnestic.tools.detection.glance import Glance
from amnestic.tools.index import Roster
from amnestic.tools.protocols import JOINT_REACH, Context, Joint
from amnestic.tools.reading import PlainText, read

__all__ = ["Joints"]

_NEAR = 60
_OF_IDENTIFIERS = re.compile(r"[\d@:/_]|\w\.\w")


class _Seen(NamedTuple):
    """What is told of a word beside a joint at a glance: whether it may be of a name, or one of a
    row of codes. Of what may hide something either is so."""

    is_touched: bool
    is_special: bool


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
        around = context.sticky or context.told or context.named or context.company
        behind = {rest: self._seen(rest) for rest in rests}
        return [j for j in joints if self._is_worth(text, j, behind[j.rest], bool(around))]

    def _is_worth(self, text: str, joint: Joint, behind: _Seen, around: bool) -> bool:
        """Whether something may stand over a joint: where a conversation has been about a target
        (`around`), less than a whole name is something."""
        joined = joint.over(text)
        if self._roster.identifiers and self._is_identifier(joined, joint.rest):
            return True
        front = text[max(0, joint.end - _NEAR) : joint.end].split()
        if not joint.rest[0].isspace():
            ahead = behind = self._seen(f"{front.pop() if front else ''}{joint.rest}")
        else:
            ahead = self._seen(front[-1]) if front else _Seen(is_touched=False, is_special=False)
        in_row = behind.is_special and bool(front) and self._seen(front[-1]).is_special
        if not (in_row or (ahead.is_touched and behind.is_touched)):
            return False
        plain = self._as_it_stands(joined)
        if plain is None:
            return True
        matcher = self._roster.matcher
        if around or not matcher.is_far(plain.parts):
            spans = [hit.span for hit in matcher.find(read(joined))]
            if any(joint.lies_under(span, joined) for span in spans):
                return True
        hidden = matcher.hidden(joined, signs=plain.signs) if in_row else ()
        return any(joint.lies_under(span, joined) for _, span in hidden)

    def _seen(self, text: str) -> _Seen:
        """What the first word of a text may be beside what stands before it: whatever stands over a
        joint has it, and one of a row of codes stands behind another."""
        plain = self._as_it_stands(text.strip())
        if plain is None:
            return _Seen(is_touched=True, is_special=True)
        first = plain.parts[:1]
        return _Seen(self._roster.matcher.may_count(first), first[0].is_special)

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
