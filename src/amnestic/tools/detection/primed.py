"""Judging many short pieces of one text together: a long list costs a call a piece else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["PrimedLeaks", "prime"]

Leaks = Callable[[str], bool]

_TOGETHER = 64
_CHARS = 8000


class PrimedLeaks:
    """Whether pieces leak, remembered, and found out for many of them at once.

    Pieces that stand side by side, a line each, and leak nothing together leak nothing apart;
    those that leak are halved until the leaking ones are found.

    >>> calls = []
    >>> def leaks(text):
    ...     calls.append(text)
    ...     return "Osk" in text
    >>> primed = PrimedLeaks(leaks)
    >>> primed.prime(["Tarn", "Hill", "Vey", "Marsh"])
    >>> primed("Hill"), len(calls)
    (False, 1)
    """

    def __init__(self, leaks: Leaks) -> None:
        self._leaks = leaks
        self._known: dict[str, bool] = {}

    def __call__(self, text: str) -> bool:
        """Whether a piece leaks by itself, unless it is known not to."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._leaks(text)
        return known

    def prime(self, texts: Sequence[str]) -> None:
        """Find out about pieces that are about to be judged one by one."""
        unknown = list(dict.fromkeys(t for t in texts if t.strip() and t not in self._known))
        group: list[str] = []
        chars = 0
        for text in unknown:
            if group and (len(group) == _TOGETHER or chars + len(text) > _CHARS):
                self._judge(group)
                group, chars = [], 0
            group.append(text)
            chars += len(text)
        self._judge(group)

    def _judge(self, group: Sequence[str]) -> None:
        if len(group) < 2:
            return
        if not self._leaks("\n".join(group)):
            self._known.update(dict.fromkeys(group, False))
            return
        middle = len(group) // 2
        self._judge(group[:middle])
        self._judge(group[middle:])


def prime(leaks: Leaks, texts: Sequence[str]) -> None:
    """Tell `leaks`, where it can make use of it, which pieces it will be asked about."""
    if isinstance(leaks, PrimedLeaks) and len(texts) > 2:
        leaks.prime(texts)
