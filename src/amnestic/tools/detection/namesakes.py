"""People who are called like a target: "Lewis Hamilton" is no musical, "Gustave Eiffel" no tower,
and "Kimbal Musk" is another one than whom a list has as "Musk"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from amnestic.tools.detection.found_names import Rule, has_capital, rule_of, with_others
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit, is_given_name
from amnestic.tools.protocols import Context
from amnestic.tools.reading import fold_word, folded_words, language_of, stem
from amnestic.types import TargetKind

__all__ = ["without_namesakes"]

_WHEN_OR_WHERE = frozenset(  # before months and places, which are given names besides
    "in at on near since until till during before after throughout across around within from to "
    "im am um seit bis vor nach bei ab aus en à au depuis jusque avant après dans a desde hasta "
    "antes durante da dal fino dopo prima em desde até".split()
)
_THINGS = frozenset({TargetKind.WORK, TargetKind.ORGANISATION, TargetKind.PLACE, TargetKind.TOPIC})


def without_namesakes(
    windows: Sequence[Window],
    asked: Window | None,
    context: Context,
    profile_of: Callable[[str], TargetProfile | None],
) -> list[Window]:
    """The windows of a text, in which a thing's name that is a person's surname there names it no
    longer.

    A name of one word behind a given name is that person's. So it is in the rest of an answer, too,
    where the question is about that person alone, of whom nothing known of the thing tells; but for
    firms, which are called after who founded them. A part of a person's name that is an alias, too,
    is somebody else's behind another given name.

    Args:
        windows: the pieces of the text.
        asked: the question that it answers.
        context: what it stands in.
        profile_of: what is known of a target, by its id.

    """
    said = [*windows, *([] if asked is None else [asked])]
    told: dict[str, Rule] = {}
    for target_id in {t for window in windows for t in window.hits}:
        profile = profile_of(target_id)
        if profile is None:
            continue
        if profile.target.kind is TargetKind.PERSON and (own := _parts_alone(profile)):
            told[target_id] = partial(_is_of_another, profile=profile, parts=own)
            continue
        if not _is_thing(profile):
            continue
        people = [name for window in said for name in _people_in(window, profile)]
        often = frozenset(name for name in people if people.count(name) > 1)
        of_other = asked is not None and _asks_of(asked, profile, often)
        is_other = partial(_is_surname, often=often)
        rule = rule_of(target_id, windows, context, is_other, asks_of_other=of_other)
        if rule is not None:
            told[target_id] = rule
    return with_others(windows, told) if told else list(windows)


def _asks_of(asked: Window, profile: TargetProfile, often: frozenset[str]) -> bool:
    """Whether a question is about a person of that name, of whom nothing known of the thing tells:
    a firm's founder does not hide the firm."""
    if profile.target.kind is TargetKind.ORGANISATION:
        return False
    hits = asked.hits.get(profile.target.id, ())
    given = [asked.passage.reading.tokens[h.first - 1].word for h in hits if h.first]
    people = bool(hits) and all(_is_surname(asked, h, often) for h in hits)
    return people and not any(_is_known(name, profile) for name in given)


def _parts_alone(profile: TargetProfile) -> frozenset[str]:
    """The aliases that are a word of the person's name, as "Musk" is beside "Elon Musk"."""
    whole = {*folded_words(profile.target.subject)}
    aliases = map(folded_words, profile.target.aliases)
    return frozenset(words[0] for words in aliases if len(words) == 1 < len(whole)) & whole


def _is_of_another(
    window: Window, hit: NameHit, profile: TargetProfile, parts: frozenset[str]
) -> bool:
    """Whether such an alias stands behind a given name that is none of the person's."""
    given = _given_before(window, hit)
    own = window.passage.reading.tokens[hit.first].word
    return bool(given) and own in parts and not any(given in f.words for f in profile.forms)


def _is_thing(profile: TargetProfile) -> bool:
    """Whether the target is told to be a thing: what is only guessed to be one may be somebody who
    is called by one name. Who is called by a given name alone has no other before it."""
    target = profile.target
    if target.kind_guessed:
        return False
    if target.kind is TargetKind.PERSON:
        return is_given_name(fold_word(target.subject))
    return target.kind in _THINGS


def _people_in(window: Window, profile: TargetProfile) -> Iterator[str]:
    """The given names right before the target's name in a piece of text."""
    for hit in window.hits.get(profile.target.id, ()):
        given = _given_before(window, hit)
        if given and not any(given in form.words for form in profile.forms):
            yield given


def _given_before(window: Window, hit: NameHit) -> str:
    """The given name right before a name of one word, behind no word that says when or where."""
    if not hit.first or not has_capital(window, hit):
        return ""
    reading = window.passage.reading
    given, own = reading.tokens[hit.first - 1], reading.tokens[hit.first]
    between = reading.views[0].folded.text[given.end : own.start]
    if between != " " or not given.capital or not is_given_name(given.word):
        return ""
    ahead = reading.tokens[hit.first - 2].word if hit.first > 1 else ""
    return "" if ahead in _WHEN_OR_WHERE else given.word


def _is_surname(window: Window, hit: NameHit, often: frozenset[str]) -> bool:
    """Whether a given name stands right before a name of one word, and both are one name: in
    English nothing else would stand there, elsewhere a name goes on or comes again."""
    given = _given_before(window, hit)
    if not given:
        return False
    reading = window.passage.reading
    behind = reading.tokens[hit.last + 1 : hit.last + 2]
    gap = reading.views[0].folded.text[reading.tokens[hit.last].end :][:1]
    goes_on = gap == " " and any(token.capital for token in behind)
    return goes_on or given in often or language_of(reading.source) == "en"


def _is_known(given: str, profile: TargetProfile) -> bool:
    """Whether what is known of the target has the given name, and no exception has."""
    excepted = any(given in words.weights for words in profile.exceptions)
    return stem(given) in profile.postings and not excepted
