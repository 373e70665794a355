"""Labels of entries, "Day 2", "Option B", by which a text speaks of an entry that went."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from dataclasses import dataclass, field

__all__ = ["Labels"]

_LABEL = re.compile(
    r"[\s>#*_+•-]*(?:\d{1,3}[.)]\s+)?[*_]*(?P<word>[^\W\d_]{2,20})[ \t]+(?P<which>\d{1,3}|[A-Z])"
    r"(?=[*_]*(?:[ \t]*[:.)(,]|[ \t]+[–—-]|\s*$))"
)
_MONTHS = frozenset(name.lower() for name in (*calendar.month_name, *calendar.month_abbr) if name)
_OF = r"[ \t]+(?:of|von|des|de|du|del|di|van)\b"  # "section 2 of the law"
_MOST = 64
_SERIES = 2  # labels of one word


@dataclass(slots=True)
class Labels:
    """The labels of what was read so far, and of what of that went. A word and a number are a label
    where several entries have that word.

    >>> labels = Labels()
    >>> labels.note("**Day 1:** a walk", stays=True)
    >>> labels.note("**Day 2:** the Osk mill", stays=False)
    >>> [*map(labels.call_gone, ("On day 2 it may rain.", "On day 1 it may rain.", "A day."))]
    [True, False, False]
    """

    _gone: dict[tuple[str, str], re.Pattern[str]] = field(default_factory=dict)
    _kept: set[tuple[str, str]] = field(default_factory=set)
    _series: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, piece: str, *, stays: bool) -> None:
        """Note a piece of the text that stays or goes; nothing where it begins with no label."""
        match = _LABEL.match(piece)
        if match is None or match["word"].lower() in _MONTHS:
            return
        label = (match["word"].lower(), match["which"])
        self._series[label[0]].add(label[1])
        if stays:
            self._kept.add(label)
            return
        self._kept.discard(label)  # its name stood there before what was said of it went
        if len(self._gone) < _MOST:
            called = rf"(?<!\w)(?i:{re.escape(label[0])})[ \t]+{label[1]}(?![\w%]|[.,:/]\d|{_OF})"
            self._gone[label] = re.compile(called)

    def call_gone(self, sentence: str) -> bool:
        """Whether a sentence speaks of an entry that went by its label."""
        return any(
            label not in self._kept
            and len(self._series[label[0]]) >= _SERIES
            and called.search(sentence)
            for label, called in self._gone.items()
        )
