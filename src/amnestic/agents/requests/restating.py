"""Things that a request names twice in other words: "how to pick a lock" and "lock picking"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.requests.readings import Interpretation
from amnestic.tools.reading import folded_words, is_common
from amnestic.types import TargetKind

__all__ = ["said_once"]

_KINDS = (TargetKind.SKILL, TargetKind.TOPIC)
_EVERYDAY = 200  # words that say nothing of what is meant, by their rank
_STEM = 4


def said_once(targets: Sequence[Interpretation]) -> tuple[Interpretation, ...]:
    """The targets, skills and topics that are made of the same words as one: the shorter wording
    names it, the other is an alias.

    >>> picking = Interpretation("lock picking", TargetKind.SKILL)
    >>> one, = said_once([Interpretation("how to pick a lock", TargetKind.SKILL), picking])
    >>> one.subject, one.aliases
    ('lock picking', ('how to pick a lock',))
    """
    kept: list[Interpretation] = []
    for target in targets:
        same = next((i for i, k in enumerate(kept) if _is_same(k, target)), None)
        if same is None:
            kept.append(target)
        else:
            kept[same] = _joined(*sorted((kept[same], target), key=lambda t: len(t.subject)))
    return tuple(map(_without_itself, kept))


def _without_itself(target: Interpretation) -> Interpretation:
    """A target of which its own other wording was taken for what stays."""
    own = [e for e in target.exceptions if _is_same(target, replace(target, subject=e))]
    if not own:
        return target
    stays = tuple(e for e in target.exceptions if e not in own)
    aliases = tuple(dict.fromkeys((*target.aliases, *own)))
    return replace(target, exceptions=stays, aliases=aliases)


def _is_same(one: Interpretation, other: Interpretation) -> bool:
    if one.kind not in _KINDS or other.kind not in _KINDS:
        return False
    a, b = _telling(one.subject), _telling(other.subject)
    return len(a) > 1 and len(a) == len(b) and all(any(_alike(x, y) for y in b) for x in a)


def _telling(subject: str) -> set[str]:
    return {word for word in folded_words(subject) if not is_common(word, _EVERYDAY)}


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _STEM and long.startswith(short))


def _joined(short: Interpretation, long: Interpretation) -> Interpretation:
    told = dict.fromkeys(t for t in (short.description, long.description) if t)
    aliases = dict.fromkeys((*short.aliases, long.subject, *long.aliases))
    exceptions = dict.fromkeys((*short.exceptions, *long.exceptions))
    return replace(
        short,
        description=" ".join(told),
        aliases=tuple(aliases),
        exceptions=tuple(exceptions),
        expires=short.expires or long.expires,
    )
