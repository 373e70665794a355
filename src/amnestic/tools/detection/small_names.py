"""Names in small letters: behind an article or a number they are nouns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from amnestic.tools.detection.found_names import as_other, is_one_word, is_spoken_of, with_told
from amnestic.tools.detection.next_to import DEFINITE, INDEFINITE, word_before
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit, Strength
from amnestic.tools.protocols import Context
from amnestic.tools.reading import fold_word, is_common, language_of

__all__ = ["as_answered", "without_nouns"]

_READ = 2_000  # characters by which a language is known
_GLUED = re.compile(r"[@#/_-]$|\w\.$"), re.compile(r"[@#/_-]|\.\w")
"""What joins words in addresses, links and file names, where nothing has a capital."""
_COMMON = 170  # words that are no nouns, whatever stands before them
_NORDIC = frozenset("en ett et den det min mitt din ditt".split())


def without_nouns(
    text: str,
    windows: Sequence[Window],
    asked: Window | None,
    context: Context,
    profile_of: Callable[[str], TargetProfile | None],
) -> list[Window]:
    """The windows of a text, in which a name of one word that has a capital is a noun where it has
    none and an article or a number stands before it ("the halyard", "3 tesla"). Written small
    elsewhere in the same text it is weak then: one sense per discourse. People of other countries
    say "the Merkel", and many write no capitals at all, which alone makes no noun of a name.

    What the question, the text or the conversation names with a capital is no other thing for
    being written small; and what its answer only uses as a noun was none in the question
    (`as_answered`).

    Args:
        text: all of the text.
        windows: its pieces, as far as they were read.
        asked: the question that it answers.
        context: what it stands in.
        profile_of: what is known of a target, by its id.

    """
    said = [*windows, *([] if asked is None else [asked])]
    language = ""
    small: dict[str, TargetProfile] = {}
    for target_id in {t for window in windows for t in window.hits}:
        profile = profile_of(target_id)
        places = [(w, h) for w in windows for h in w.hits.get(target_id, ())]
        if profile is None or not any(_is_small(w, h, profile) for w, h in places):
            continue
        language = language or language_of(text[:_READ])
        if any(_is_noun(w, h, language) for w, h in places) and not (
            is_spoken_of(said, target_id, context)
            or any(_is_capital(h) for w in said for h in w.hits.get(target_id, ()))
        ):
            small[target_id] = profile

    def told(window: Window, hit: NameHit, profile: TargetProfile) -> NameHit:
        if not _is_small(window, hit, profile):
            return hit
        return as_other(hit) if _is_noun(window, hit, language) else _weak(hit)

    return [
        with_told(
            window,
            {
                target_id: [told(window, hit, small[target_id]) for hit in found]
                for target_id, found in window.hits.items()
                if target_id in small
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
    return is_one_word(hit) and not hit.capital and hit.strength >= Strength.TOLD


def _are_weak(target_id: str, windows: Sequence[Window]) -> bool:
    """Whether a target's name stands in a text, and small wherever it does."""
    found = [h for w in windows for h in w.hits.get(target_id, ())]
    return bool(found) and all(not h.capital and h.strength < Strength.TOLD for h in found)


def _weak(hit: NameHit) -> NameHit:
    return hit._replace(strength=Strength.SURNAME)


def _is_small(window: Window, hit: NameHit, profile: TargetProfile) -> bool:
    """Whether a name of one word that is told with a capital stands without one, in prose."""
    if not is_one_word(hit) or hit.capital or hit.strength < Strength.SURNAME:
        return False
    word = window.passage.reading.tokens[hit.first].word
    names = (name for name in profile.target.names if fold_word(name) == word)
    told = next(names, "")
    source, span = window.passage.reading.source, hit.span
    ahead, behind = source[max(0, span.start - 2) : span.start], source[span.end : span.end + 2]
    return told[:1].isupper() and not (_GLUED[0].search(ahead) or _GLUED[1].match(behind))


def _is_capital(hit: NameHit) -> bool:
    return is_one_word(hit) and hit.capital and hit.strength >= Strength.TOLD


def _is_noun(window: Window, hit: NameHit, language: str) -> bool:
    """Whether an article or a number stands before a name in small letters, and no noun behind it,
    as far as English tells: "the tesla deal" has one of its own."""
    if not is_one_word(hit) or hit.capital:
        return False
    before = word_before(hit, window)
    articles = DEFINITE[0] | INDEFINITE[0] if language == "en" else INDEFINITE[1] | _NORDIC
    if not (before.isdigit() or before == "one" or before in articles):
        return False
    reading = window.passage.reading
    behind = reading.tokens[hit.last + 1 : hit.last + 2]
    between = reading.views[0].folded.text[reading.tokens[hit.last].end :][:1]
    has_noun = any(not t.capital and not is_common(t.word, _COMMON) for t in behind)
    return not (has_noun and between == " " and language == "en")
