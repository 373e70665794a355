"""What a reading has of a request that is none of it: an article that opens the sentence, a thing
that belongs to another one, half a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from amnestic.agents.requests.belonging import goes_along
from amnestic.agents.requests.birth_names import is_birth_name
from amnestic.agents.requests.extents import with_noun_ahead
from amnestic.agents.requests.joining import letters, sentences_of
from amnestic.agents.requests.kind_words import kind_said_by
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.tools.prose import grammar_of
from amnestic.tools.reading import is_common, language_of
from amnestic.types import TargetKind

__all__ = ["tidied"]

_ARTICLE = re.compile(r"(?:Der|Die|Das|Den|Dem)\s+(?=[^\W\d_a-zäöüß])")
_OPENS = re.compile(r"(?:^|[.!?:\n]\s*)$")
_TITLED = frozenset({TargetKind.WORK, TargetKind.SKILL, TargetKind.RECORD})
_LAST = re.compile(r"(?P<word>[^\W\d_]+)[\s.]*$")
_DASH_LAST = re.compile(r"[\s–—-]+\.?$")
_TOLD_SMALL = re.compile(r"(?:the\s+)?(?P<what>[a-z]+(?:\s[a-z]+)?)\s(?P<name>[a-z]{3,})")
_OUTER = " .,;:!?"
_COMMON = 3_000  # "the video game industry" is no game
_FUNCTION = 60  # words so common that no sentence ends with one


def tidied(reading: RequestReading, text: str) -> RequestReading:
    """A reading without what only the shape of a request put there.

    Args:
        reading: what would be stored.
        text: the request.
    """
    targets = [
        _named(_without_article(_without_birth_name(target), text), text)
        for target in reading.targets
    ]
    found = tuple(_whole(target) for target in _without_belongings(targets, text))
    return reading if found == reading.targets else replace(reading, targets=found)


def _without_birth_name(target: Interpretation) -> Interpretation:
    """A surname that somebody was born with goes with the given name: "née Tarn" names nobody."""
    names = tuple(alias for alias in target.aliases if not is_birth_name(alias))
    return target if names == target.aliases else replace(target, aliases=names)


def _without_article(target: Interpretation, text: str) -> Interpretation:
    """ "Die Orvanta AG bitte vergessen": the article has its capital from where it stands. That of
    a title may be its own."""
    article = _ARTICLE.match(target.subject)
    if article is None or target.kind in _TITLED or language_of(text) != "de":
        return target
    at = text.find(target.subject)
    if at < 0 or not _OPENS.search(text[:at]):
        return target
    lead = article.group()
    aliases = (alias.removeprefix(lead) for alias in target.aliases)
    subject = target.subject.removeprefix(lead)
    return replace(
        target,
        subject=subject,
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != subject)),
        description=target.description.replace(target.subject, subject),
    )


def _named(target: Interpretation, text: str) -> Interpretation:
    """A target by all of its name ("la tour Orlo"), and without the noun that says what it is where
    it is told in small letters ("the card game poker")."""
    if target.kind not in (TargetKind.PLACE, TargetKind.TOPIC):
        return target
    name = target.subject
    at = text.find(name)
    if at >= 0 and " " not in name:
        name = text[with_noun_ahead(text, at) : at + len(name)]
    small = _TOLD_SMALL.fullmatch(name)
    if small and kind_said_by(small["what"]) and not is_common(small["name"], _COMMON):
        name = small["name"]
    if name == target.subject:
        return target
    return replace(
        target, subject=name, description=target.description.replace(target.subject, name)
    )


def _without_belongings(targets: list[Interpretation], text: str) -> Iterator[Interpretation]:
    """The targets without those that are only told as what belongs to the one before them, "Osk and
    her scandal", which is told of that."""
    taken: Interpretation | None = None
    for target in targets:
        if taken is not None and (piece := _belongs(taken, target, text)):
            told = f"{taken.subject}: {piece}."
            taken = replace(taken, description=f"{taken.description} {told}".strip())
            continue
        if taken is not None:
            yield taken
        taken = target
    if taken is not None:
        yield taken


def _belongs(owner: Interpretation, target: Interpretation, text: str) -> str | None:
    """The words on something of one word, which is nobody, that say whose it is."""
    names = (owner.subject, *owner.aliases)
    end = max(at + len(name) if (at := text.find(name)) >= 0 else -1 for name in names)
    other = text.find(target.subject)
    if target.kind is TargetKind.PERSON or " " in target.subject or min(end, other - end) < 0:
        return None
    between = text[end:other]
    if target.subject[:1].isupper() and _WITH_ROLE.search(between) and language_of(text) != "de":
        return None  # "Osk and its subsidiary Tarn"
    joint = re.match(r"\s*\S+\s+", between)
    if joint is None or not goes_along(joint.group(), f"{between[joint.end() :]}{target.subject}"):
        return None
    return " ".join(f"{between[joint.end() :]}{target.subject}".split())


def _whole(target: Interpretation) -> Interpretation:
    """A target without sentences that end open, "Orlo is the sinking of the.", or that say only
    whose something is or on which ground it is asked for: "Her.", "GDPR Art. 17." """
    told = sentences_of(target.description)
    kept = [_DASH_LAST.sub(".", s) if _DASH_LAST.search(s.rstrip(".")) else s for s in told]
    kept = [s for s in kept if not _ends_open(s) and not _says_nothing(s, target.legal_basis)]
    return target if kept == told else replace(target, description=" ".join(kept))


def _says_nothing(sentence: str, ground: str) -> bool:
    grammar, words = grammar_of(sentence), sentence.casefold().strip(_OUTER).split()
    bare = len(words) == 1 and words[0] in (grammar.pronouns | grammar.owns | grammar.persons)
    return bare or (bool(ground) and letters(sentence) == letters(ground))


def _ends_open(sentence: str) -> bool:
    last = _LAST.search(sentence)
    word = last["word"] if last else ""
    return word.islower() and word != "her" and is_common(word, _FUNCTION) and word in _JOINS


_WITH_ROLE = re.compile(  # whose, and what it is
    r"\b(?:his|her|its|their|son|sa|su|suo|sua|zijn|haar|hun)\s+(?:[a-zß-ÿ][\w-]*\s+){1,3}$"
)
_JOINS = frozenset(
    "the a an of in on at by for from with and or to der die das den dem des ein eine von mit und "
    "für zu im am de du la le les des et à pour el los las y en para con il lo gli e di da "
    "per".split()
)
