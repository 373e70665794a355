"""Code that names a target: a general word takes the name's place, or the code goes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.tools.documents.records import Leaks

__all__ = ["general_in_code", "redact_code"]

_COMMENT = re.compile(r"\s*(?:#|//|--|%|;|\*|/\*|<!--)")
_WORD = "someone"


def redact_code(code: str, language: str, leaks: Leaks, names: Sequence[str]) -> str:
    """`code` with a general word in the place of `names` and without the comments that leak;
    nothing where it leaks still, since code with other lines missing is broken code.

    >>> leaks = lambda s: "Osk" in s or "1961" in s
    >>> redact_code("# by Osk\\nprint('Osk')\\n", "python", leaks, ["Osk"])
    "# by someone\\nprint('someone')\\n"
    >>> redact_code("born = {'Osk': 1961}\\n", "python", leaks, ["Osk"])
    ''
    """
    general = general_in_code(code, names)
    lines = general.splitlines(keepends=True)
    clean = "".join(x for x in lines if not (_COMMENT.match(x) and leaks(x)))
    return "" if not clean.strip() or leaks(clean) or any(map(leaks, lines_of(clean))) else clean


def lines_of(code: str) -> list[str]:
    """The lines of `code` in which something stands."""
    return [line for line in code.splitlines() if line.strip()]


def general_in_code(code: str, names: Sequence[str]) -> str:
    """`code` with a general word in the place of each of `names`, whatever their case."""
    wanted = sorted({n.strip() for n in names if n.strip()}, key=len, reverse=True)
    if not wanted:
        return code
    either = "|".join(re.escape(name) for name in wanted)
    return re.sub(rf"(?:{either})(?:['’]s\b)?", _WORD, code, flags=re.IGNORECASE)
