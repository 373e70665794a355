"""People who are called like a thing: "Lewis Hamilton" is no musical, "Gustave Eiffel" no tower."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from amnestic.tools.detection.found_names import is_one_word, is_spoken_of, with_others
from amnestic.tools.detection.windows import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit, is_given_name
from amnestic.tools.protocols import Context
from amnestic.tools.reading import fold_word, stem
from amnestic.types import TargetKind

__all__ = ["without_namesakes"]

_THINGS = frozenset({TargetKind.WORK, TargetKind.ORGANISATION, TargetKind.PLACE, TargetKind.TOPIC})


def without_namesakes(
    windows: Sequence[Window],
    asked: Window | None,
    context: Context,
    profile_of: Callable[[str], TargetProfile | None],
) -> list[Window]:
    """The windows of a text, in which a thing's name that is a person's surname there names it no
    longer.

    A name of one word behind a given name is that person's. So it is in the rest of the text, too,
    as long as neither the given name is known of the target, whose founder may be meant, nor the
    thing is called by a longer name or has been spoken of.

    Args:
        windows: the pieces of the text.
        asked: the question that it answers.
        context: what it stands in.
        profile_of: what is known of a target, by its id.

    """
    said = [*windows, *([] if asked is None else [asked])]
    told: dict[str, Callable[[Window, NameHit], bool]] = {}
    for target_id in {t for window in said for t in window.hits}:
        profile = profile_of(target_id)
        if profile is None or not _is_thing(profile):
            continue
        people = [g for window in said for g in _given_before(window, profile)]
        if people:
            alone = not is_spoken_of(said, target_id, context)
            spreads = alone and not any(_is_known(given, profile) for given in people)
            told[target_id] = _is_alone if spreads else _is_surname
    return with_others(windows, told)


def _is_thing(profile: TargetProfile) -> bool:
    """What is only guessed to be a topic may be somebody who is called by one name; who is called
    by a given name alone has no other before it."""
    target = profile.target
    if target.kind is TargetKind.PERSON:
        return is_given_name(fold_word(target.subject))
    return target.kind in _THINGS and not (target.kind is TargetKind.TOPIC and target.kind_guessed)


def _given_before(window: Window, profile: TargetProfile) -> Iterator[str]:
    """The given names before the target's name in a piece of text."""
    for hit in window.hits.get(profile.target.id, ()):
        if _is_surname(window, hit):
            given = window.passage.reading.tokens[hit.first - 1].word
            if not any(given in form.words for form in profile.forms):
                yield given


def _is_alone(window: Window, hit: NameHit) -> bool:
    return is_one_word(hit)


def _is_surname(window: Window, hit: NameHit) -> bool:
    """Whether a given name stands right before a name of one word."""
    if not is_one_word(hit) or not hit.first or not hit.capital:
        return False
    reading = window.passage.reading
    given, own = reading.tokens[hit.first - 1], reading.tokens[hit.first]
    between = reading.views[0].folded.text[given.end : own.start]
    return between == " " and given.capital and is_given_name(given.word)


def _is_known(given: str, profile: TargetProfile) -> bool:
    """Whether what is known of the target has the given name, and no exception has."""
    excepted = any(given in words.weights for words in profile.exceptions)
    return stem(given) in profile.postings and not excepted
