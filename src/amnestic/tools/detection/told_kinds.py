"""What a noun beside a name says that it is: "the town of Nokia" is no maker of phones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from amnestic.tools.detection.found_names import (
    has_capital,
    is_one_word,
    is_spoken_of,
    with_others,
)
from amnestic.tools.detection.windows import Window
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
    told: dict[str, Callable[[Window, NameHit], bool]] = {}
    for target_id in {t for window in windows for t in window.hits}:
        profile = profile_of(target_id)
        kind = profile.target.kind if profile is not None else None
        if kind not in _TOLD or (profile is not None and profile.target.kind_guessed):
            continue

        def is_other(window: Window, hit: NameHit, kind: TargetKind | None = kind) -> bool:
            return _is_of_other_kind(window, hit, kind)

        if any(is_other(w, h) for w in windows for h in w.hits.get(target_id, ())):
            told[target_id] = is_other
        hits = [] if asked is None else asked.hits.get(target_id, [])
        if asked is not None and hits and all(is_other(asked, h) for h in hits):
            alone = not is_spoken_of(windows, target_id, context)
            told[target_id] = _is_alone if alone else is_other
    return with_others(windows, told) if told else list(windows)


def _is_alone(window: Window, hit: NameHit) -> bool:
    return is_one_word(hit)


def _is_of_other_kind(window: Window, hit: NameHit, kind: TargetKind | None) -> bool:
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
