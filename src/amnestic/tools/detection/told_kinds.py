"""What a noun beside a name says that it is: "the town of Nokia" is no maker of phones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from amnestic.tools.detection.found_names import Rule, has_capital, rule_of, with_others
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit
from amnestic.tools.protocols import Context
from amnestic.tools.reading import roles_of
from amnestic.types import TargetKind

__all__ = ["without_other_kinds"]

_KINDS = {
    "company": frozenset({TargetKind.ORGANISATION}),
    "work": frozenset({TargetKind.WORK}),
    "place": frozenset({TargetKind.PLACE}),
    "music": frozenset({TargetKind.PERSON, TargetKind.ORGANISATION}),  # a band is told of as either
}
_PERSON = frozenset({TargetKind.PERSON})
_OF = frozenset("of de d di von".split())
_PARTS = frozenset("capital building castle".split())  # of what stands behind "of"
_TOLD = frozenset({TargetKind.PERSON, TargetKind.ORGANISATION, TargetKind.WORK, TargetKind.PLACE})


def without_other_kinds(
    windows: Sequence[Window],
    asked: Window | None,
    context: Context,
    profile_of: Callable[[str], TargetProfile | None],
) -> list[Window]:
    """The windows of a text, in which a name of one word that is said to be of another kind than
    the target ("the town of Nokia", "president Hamilton") names it no longer, there and, where the
    question says so, in all of its answer.

    Args:
        windows: the pieces of the text.
        asked: the question that it answers.
        context: what it stands in.
        profile_of: what is known of a target, by its id.

    """
    told: dict[str, Rule] = {}
    for target_id in {t for window in windows for t in window.hits}:
        profile = profile_of(target_id)
        if profile is None or profile.target.kind_guessed or profile.target.kind not in _TOLD:
            continue
        is_other = partial(_is_of_other_kind, kind=profile.target.kind)
        hits = [] if asked is None else asked.hits.get(target_id, [])
        of_other = asked is not None and bool(hits) and all(is_other(asked, h) for h in hits)
        rule = rule_of(target_id, windows, context, is_other, asks_of_other=of_other)
        if rule is not None:
            told[target_id] = rule
    return with_others(windows, told) if told else list(windows)


def _is_of_other_kind(window: Window, hit: NameHit, kind: TargetKind) -> bool:
    """Whether a noun in small letters right before a name, or before "of" in front of it where that
    is a place, says another kind."""
    if not hit.first or not has_capital(window, hit):
        return False
    reading = window.passage.reading
    tokens, text = reading.tokens, reading.views[0].folded.text
    at = hit.first - 1
    is_of = tokens[at].word in _OF and at > 0
    at -= is_of
    gaps = zip(tokens[at : hit.first], tokens[at + 1 : hit.first + 1], strict=True)
    noun = tokens[at]
    if noun.capital or any(text[a.end : b.start] not in (" ", "'") for a, b in gaps):
        return False
    kinds = frozenset[TargetKind]().union(*(_KINDS.get(r, _PERSON) for r in roles_of(noun.word)))
    if is_of and (kinds != _KINDS["place"] or noun.word in _PARTS):
        return False
    return bool(kinds) and kind not in kinds
