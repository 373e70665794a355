"""Which names a text asks to forget, and how far each goes, by both readings of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from amnestic.agents.requests.joining import is_alike, is_in, is_new, joined, letters, sentences_of
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.seeing import LOST, SURE, Seen
from amnestic.agents.requests.target_kind import IS
from amnestic.types import TargetKind

__all__ = ["Agreed", "agreed"]

_STATES = re.compile(rf"\b{IS}\b")  # a name that is a statement: one fact shall go, not all of it
_DOUBTFUL = 0.6
"""Below this certainty a name that a grammar which read all of a text does not have is none."""

_WORD = re.compile(r"\w+")
_HOW = re.compile(r"(?:how|wie|comment|cómo|come|hoe|como|jak)\s", re.I)

_STYLED = re.compile(  # behind the name of a noble: ", Duke of Venn"
    r",\s+(?:the\s+)?(?:Duke|Duchess|Prince|Princess|Earl|Count|Countess|King|Queen|Baron|Baroness|Lord|Lady|"
    r"Marquess|Viscount|Archduke)\s+of\s"
)
_PLACED = re.compile(
    r"\s(?:in|at|on|near|by|from|off|outside|behind|opposite|bei|aus|im|am|à|en|cerca|presso|te)\s"
)  # where a thing is, which is no part of its name


@dataclass(frozen=True, slots=True)
class Agreed:
    """The targets of both readings, and names that only one of them has and that are left out."""

    targets: tuple[Interpretation, ...]
    left_out: tuple[str, ...] = ()


def agreed(seen: Seen, known: RequestReading) -> Agreed:
    """The tagger's targets, each as far as its name goes by both readings; without those that it is
    unsure of and a grammar which leaves nothing unread does not have; and with those that only such
    a grammar has, where the tagger does not know them for something else."""
    whole = not known.unread and not known.doubts
    out: dict[str, Interpretation] = {}
    left_out: list[str] = []
    numbers: list[tuple[Interpretation, Interpretation]] = []
    for i, target in enumerate(seen.targets):
        fits = [k for k in known.targets if _overlap(seen.text, target.subject, k.subject)]
        fits = fits or [k for k in known.targets if target.subject in k.aliases]
        if len(fits) == 1 and target.subject in fits[0].aliases:
            target = joined(fits[0], target)
        elif len(fits) == 1:
            target = _as_far_as_it_goes(seen, i, fits[0], whole=whole)
        elif not fits and known.pointed:
            left_out.append(target.subject)
            continue
        elif not fits and whole and (owner := _owner(target, known)):
            numbers.append((owner, target))
            continue
        elif not fits and whole and (_is_beside(seen, i, known) or _is_told(seen, i, known)):
            left_out.append(target.subject)
            continue
        out.setdefault(letters(target.subject), target)
    for i, target in enumerate(seen.targets):
        if seen.surenesses[i] < LOST and _is_another_cut(target, out.values()):
            out.pop(letters(target.subject), None)
            left_out.append(target.subject)
    for owner, number in numbers:
        for key, target in out.items():
            if _overlap(seen.text, target.subject, owner.subject):
                out[key] = _with_number(target, owner, number)
    stays = {_bare(k) for k, _ in seen.keeps if not any(is_in(k, words) for words in seen.kept)}
    listed = {_bare(t.subject) for t in known.targets} & stays
    elsewhere = letters(" ".join(c for c in seen.claimed if _bare(c) not in listed))
    held = {letters(t.subject) for t in known.targets}
    if whole and out.keys() <= held:
        kinds = {t.kind for t in out.values()}
        ends = {t.expires for t in out.values()}
        until = next(iter(ends)) if len(ends) == 1 else None
        for target in known.targets:
            if letters(target.subject) not in elsewhere:
                added = _like_the_others(target, kinds)
                added = replace(added, expires=added.expires or until)
                out.setdefault(letters(target.subject), added)
    asked = listed & {_bare(t.subject) for t in out.values()}  # what else is listed stays
    targets = tuple(_without(t, asked) for t in out.values())
    return Agreed(targets, tuple(left_out))


def _bare(name: str) -> str:
    """The letters of a name without the article before it."""
    return letters(re.sub(r"^the\s+", "", name.strip(), flags=re.I))


def _without(target: Interpretation, names: set[str]) -> Interpretation:
    """A target of which none of these names is an exception."""
    kept = tuple(e for e in target.exceptions if _bare(e) not in names)
    return target if kept == target.exceptions else replace(target, exceptions=kept)


def _as_far_as_it_goes(seen: Seen, i: int, known: Interpretation, *, whole: bool) -> Interpretation:
    """One target under the name that holds of two that overlap."""
    target, is_sure = seen.targets[i], seen.surenesses[i] >= SURE
    mine, its = letters(target.subject), letters(known.subject)
    if mine == its:
        return target
    if its in mine and its in map(letters, target.aliases):  # all that the grammar has
        return replace(joined(known, target), subject=target.subject)
    if whole and _STYLED.match(known.subject.removeprefix(target.subject)):
        return joined(known, target)
    if is_sure and _goes_on_as_a_wish(seen, target.subject, known.subject):
        told = known.description.replace(known.subject, target.subject)
        return replace(joined(replace(known, description=told), target), subject=target.subject)
    if its in mine and (name := _going_on(target, known.subject)):
        return replace(joined(known, target), subject=name) if is_sure or whole else target
    if _is_told_ahead(target, known):
        return replace(joined(known, target), subject=target.subject)
    if not is_sure:
        return joined(known, target)
    pieces = [t.subject for t in seen.targets if letters(t.subject) in its]
    is_torn = len(pieces) > 1 and not (_are_people(seen, pieces) or _are_skills(pieces))
    states = "," not in known.subject and _STATES.search(known.subject) is not None
    does = _HOW.match(known.subject) is not None and not _HOW.match(target.subject)
    does = does and target.kind is TargetKind.SKILL
    is_part = mine in its and (is_torn or states or does)
    is_kind = mine in its and _names_its_kind(target.subject, known.subject)
    is_less = its in mine or (mine not in its and _PLACED.search(target.subject) is not None)
    if whole and " " not in target.subject and _goes_on_as_a_name(target.subject, known.subject):
        return replace(joined(known, target), kind=known.kind, kind_guessed=known.kind_guessed)
    return joined(known, target) if whole and (is_part or is_kind or is_less) else target


def _goes_on_as_a_wish(seen: Seen, name: str, longer: str) -> bool:
    """Whether a longer name only adds words in small letters which say what to do with it, by a
    tagger that knows them for that: "Osk from memory"."""
    rest = longer.removeprefix(name)
    is_more = rest != longer and rest[:1].isspace() and rest.islower() and name != name.lower()
    words = _WORD.findall(rest.casefold())
    orders = (_WORD.findall(order.casefold()) for order in seen.orders)
    return is_more and any(order[: len(words)] == words for order in orders)


def _are_people(seen: Seen, names: Sequence[str]) -> bool:
    """Whether names that a grammar takes for one are full names of people."""
    kinds = {t.kind for t in seen.targets if t.subject in names}
    return kinds == {TargetKind.PERSON} and all(" " in name for name in names)


def _are_skills(names: Sequence[str]) -> bool:
    """Whether names that a grammar takes for one are each of something that is done."""
    return all(_HOW.match(name) for name in names)


def _is_told_ahead(target: Interpretation, known: Interpretation) -> bool:
    """Whether a full name has only more words before it in the grammar's reading: what somebody
    is, which some languages write with a capital."""
    is_full = target.kind is TargetKind.PERSON and " " in target.subject
    ahead = known.subject.removesuffix(f" {target.subject}")
    return is_full and ahead != known.subject and not ahead.endswith(",")


def _going_on(target: Interpretation, known: str) -> str:
    """The name of a thing from where the grammar says that it begins to where the tagger says that
    it ends, where it goes on behind what the grammar read: "the fire of 1987"."""
    at = target.subject.find(known)
    if at < 0 or target.kind is TargetKind.PERSON:
        return ""
    ahead, behind = target.subject[:at], target.subject[at + len(known) :]
    if not behind.strip() or behind[:1] not in " '’-" or _PLACED.match(behind):
        return ""
    return target.subject[at:] if ahead.islower() else target.subject


def _names_its_kind(name: str, longer: str) -> bool:
    """Whether a longer name only adds the word that says what it is: "the Ilvasti project"."""
    rest = longer.removeprefix(name)
    return rest != longer and re.fullmatch(r" [a-z]+", rest) is not None and " " not in name


def _goes_on_as_a_name(word: str, longer: str) -> bool:
    """Whether a longer name is a word and more that is written like it: "Will Keep"."""
    further = r"(?: (?:de|da|di|del|della|van|von|der|den|la|le|el|al|bin|ibn|[dl]['’])){0,3} ?"
    return (
        re.fullmatch(rf"{re.escape(word)}(?:{further}(?<=[ '’])[A-ZÀ-Þ][\w'’-]+)+", longer)
        is not None
    )


def _owner(target: Interpretation, known: RequestReading) -> Interpretation | None:
    """The target of the grammar whose identifier a record is."""
    if target.kind is not TargetKind.RECORD:
        return None
    values = {letters(target.subject), *(letters(i.value) for i in target.identifiers)}
    owners = (k for k in known.targets if values & {letters(i.value) for i in k.identifiers})
    return next((k for k in owners if k.kind is not TargetKind.TOPIC), None)


def _with_number(
    target: Interpretation, owner: Interpretation, number: Interpretation
) -> Interpretation:
    """A target with a number that the tagger takes for a thing of its own, and the grammar for the
    target's."""
    values = {letters(number.subject), *(letters(i.value) for i in number.identifiers)}
    held = [i.value for i in target.identifiers]
    own = [i for i in owner.identifiers if letters(i.value) in values and is_new(i.value, held)]
    return replace(target, identifiers=(*target.identifiers, *own))


def _is_beside(seen: Seen, i: int, known: RequestReading) -> bool:
    """Whether a name that the grammar does not have stands beside what is asked for: the tagger is
    unsure of it, and its wish is for one that the grammar has."""
    if seen.targets[i].kind is TargetKind.SKILL:
        return False  # "… and how to make it": the grammar takes it for words on the one before
    others = [k for k in range(len(seen.targets)) if k != i]
    fit = [k for k in others if any(is_alike(seen.targets[k], t) for t in known.targets)]
    if not fit:
        return False
    wished = seen.wished
    points = bool(wished) and i not in wished and any(k in wished for k in fit)
    return seen.surenesses[i] < (SURE if points else _DOUBTFUL)


def _is_another_cut(target: Interpretation, targets: Iterable[Interpretation]) -> bool:
    """Whether a name is another's with fewer or more words, and both are of one kind."""
    name = letters(target.subject)
    others = [t for t in targets if letters(t.subject) != name and t.kind is target.kind]
    return any(letters(t.subject) in name or name in letters(t.subject) for t in others)


def _is_told(seen: Seen, i: int, known: RequestReading) -> bool:
    """Whether a name stands only in what the grammar reads as told of another by its name ("Ana
    Morel wrote The Glass Harbour"), and the tagger is not sure of it, and lost in the text."""
    name = letters(seen.targets[i].subject)
    stated = [
        letters(sentence)
        for target in known.targets
        for sentence in sentences_of(target.description)
        if letters(target.subject) in letters(sentence)
    ]
    told = sum(sentence.count(name) for sentence in stated)
    is_lost = seen.surenesses[i] < SURE and seen.sure < LOST
    return is_lost and 0 < told >= letters(seen.text).count(name)


def _like_the_others(target: Interpretation, kinds: set[TargetKind]) -> Interpretation:
    """A target whose kind is guessed, of the kind of those that it is named with."""
    if target.kind_guessed and len(kinds) == 1:
        return replace(target, kind=next(iter(kinds)))
    return target


def _overlap(text: str, one: str, other: str) -> bool:
    """Whether two names are made of the same words of a text, or one of the other's letters."""
    if letters(one) in letters(other) or letters(other) in letters(one):
        return True
    a, b = text.find(one), text.find(other)
    return min(a, b) >= 0 and a < b + len(other) and b < a + len(one)
