"""Names in small letters: in a text that uses capitals they are likelier nouns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from amnestic.tools.detection.found_names import as_other, is_one_word, is_spoken_of, with_told
from amnestic.tools.detection.next_to import DEFINITE, INDEFINITE, word_before
from amnestic.tools.detection.windows import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit, Strength
from amnestic.tools.protocols import Context
from amnestic.tools.reading import fold_word, language_of

__all__ = ["as_answered", "without_nouns"]

_READ = 2_000  # characters by which a language is known
_GLUE = "@#/._-"  # in addresses, links and file names nothing has a capital
_OPENING = re.compile(r"(?:\A|\n[ \t]*\n|[.!?][ \t]+)[^\w\n|]*([^\W\d_])")
_MOSTLY = 0.8


def without_nouns(
    text: str,
    windows: Sequence[Window],
    asked: Window | None,
    context: Context,
    profile_of: Callable[[str], TargetProfile | None],
) -> list[Window]:
    """The windows of a text, in which a name of one word that has a capital is weak where it has
    none: in a text that uses capitals it is likelier a noun, in another it is not certain. Behind
    an English article it is a noun, and so is the same word elsewhere in the text, as "a normal
    bath" is none in Somerset; people of other countries say "the Merkel".

    What the question, the text or the conversation names with a capital is no other thing for
    being written small; and what its answer only writes small, in a text with capitals, was no name
    in the question (`as_answered`).

    Args:
        text: all of the text.
        windows: its pieces, as far as they were read.
        asked: the question that it answers.
        context: what it stands in.
        profile_of: what is known of a target, by its id.

    """
    said = [*windows, *([] if asked is None else [asked])]
    small = {
        target_id: profile
        for target_id in {t for window in windows for t in window.hits}
        if (profile := profile_of(target_id)) is not None
        if any(_is_small(w, h, profile) for w in windows for h in w.hits.get(target_id, ()))
        and not is_spoken_of(said, target_id, context)
        and not any(_is_capital(h) for w in said for h in w.hits.get(target_id, ()))
    }
    if not small:
        return list(windows)
    english, cased = language_of(text[:_READ]) == "en", _uses_capitals(text)
    told = dict.fromkeys(small, _weak if cased else _open)
    for target_id in small if english else ():
        if any(_has_article(w, h) for w in windows for h in w.hits.get(target_id, ())):
            told[target_id] = as_other
    return [
        with_told(
            window,
            {
                target_id: [
                    weaker(h) if _is_small(window, h, small[target_id]) else h for h in found
                ]
                for target_id, found in window.hits.items()
                if (weaker := told.get(target_id)) is not None
            },
        )
        for window in windows
    ]


def as_answered(asked: Window, windows: Sequence[Window]) -> Window:
    """A question, in which what is written small in it, and weak in all of its answer, is weak."""
    small = {
        target_id: [_weak(h) if _is_open(h) else h for h in found]
        for target_id, found in asked.hits.items()
        if any(map(_is_open, found)) and _are_weak(target_id, windows)
    }
    return with_told(asked, small)


def _is_open(hit: NameHit) -> bool:
    return is_one_word(hit) and not hit.capital and hit.strength is Strength.TOLD


def _are_weak(target_id: str, windows: Sequence[Window]) -> bool:
    """Whether a target's name stands in a text, and small wherever it does."""
    found = [h for w in windows for h in w.hits.get(target_id, ())]
    return bool(found) and all(not h.capital and h.strength < Strength.TOLD for h in found)


def _weak(hit: NameHit) -> NameHit:
    return hit._replace(strength=Strength.SURNAME)


def _open(hit: NameHit) -> NameHit:
    return hit._replace(strength=min(hit.strength, Strength.TOLD))


def _is_small(window: Window, hit: NameHit, profile: TargetProfile) -> bool:
    """Whether a name of one word that is told with a capital stands without one, in prose."""
    if not is_one_word(hit) or hit.capital or hit.strength < Strength.SURNAME:
        return False
    word = window.passage.reading.tokens[hit.first].word
    names = (name for name in profile.target.names if fold_word(name) == word)
    told = next(names, "")
    source, span = window.passage.reading.source, hit.span
    beside = source[max(0, span.start - 1) : span.start] + source[span.end : span.end + 1]
    return told[:1].isupper() and not any(c in _GLUE for c in beside)


def _is_capital(hit: NameHit) -> bool:
    return is_one_word(hit) and hit.capital and hit.strength >= Strength.TOLD


def _has_article(window: Window, hit: NameHit) -> bool:
    is_word = is_one_word(hit) and not hit.capital
    before = word_before(hit, window) if is_word else ""
    return before in DEFINITE[0] or before in INDEFINITE[0]


def _uses_capitals(text: str) -> bool:
    """Whether paragraphs and sentences begin with capitals: items and cells need none."""
    opens = [m.group(1) for m in _OPENING.finditer(text)]
    return bool(opens) and sum(map(str.isupper, opens)) >= _MOSTLY * len(opens)
