"""What a sentence can begin without: a phrase, a side clause, the first of two clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise, takewhile, zip_longest

from amnestic.tools.prose.grammar import has_verb, is_verb
from amnestic.tools.prose.scanning import ALSO, OF, PARTICIPLE, WORD, WOULD, Cut, Scan, capital
from amnestic.tools.prose.wellformed import stands_alone
from amnestic.types import Span

__all__ = ["clauses", "first_verbs", "opening"]

_SPACE = re.compile(r"\s+(?=[^\W\d_*“\"„«])")
_COMMAS = re.compile(r"[,;:]\s")
_REACH = 4
_MOST = 8
_FEW = 6  # words in which something is named, if it is
_THINGS = frozenset("it them they".split())
_THE = {  # what stands before something known, by language
    "en": frozenset("the this that these those".split()),
    "de": frozenset("der die das dieser diese dieses".split()),
    "fr": frozenset("le la les ce cet cette ces".split()),
    "es": frozenset("el la los las este esta estos estas".split()),
    "it": frozenset("il lo la i gli le questo questa questi queste".split()),
    "nl": frozenset("de het deze dit die dat".split()),
    "pt": frozenset("o a os as este esta estes estas".split()),
}
_OTHERS = frozenset(
    "other others anderen autre autres otro otra otros otras altro altra altri altre andere outro "
    "outra outros outras".split()
)
_EITHER = frozenset("or nor oder ou ni o u oppure né of noch nem".split())


def opening(scan: Scan) -> Iterator[Cut]:
    """A phrase or side clause with which the sentence begins."""
    g = scan.grammar
    if not scan.words(scan.body):
        return
    for end in scan.commas()[:_REACH]:
        if any(_is_main(scan, piece) for piece in scan.body[:end].split(",")[1:]):
            break
        phrase, rest = scan.body[:end], scan.body[end + 1 :].lstrip()
        if scan.covers(0, end) and _may_open(scan, phrase, rest):
            yield Cut(Span(0, end + 1), capital(_turned(scan, rest)))
    if scan.words(scan.body)[0] in g.places or scan.compares(scan.body):
        yield from _unmarked_opening(scan)


def _is_main(scan: Scan, piece: str) -> bool:
    """Whether a piece between commas is what the sentence mainly says."""
    return bool(scan.words(piece)) and has_verb(piece, scan.grammar) and not scan.opens(piece)


def _may_open(scan: Scan, phrase: str, rest: str) -> bool:
    g = scan.grammar
    words, following = scan.words(phrase), scan.words(rest)
    if (
        not words
        or not following
        or any(phrase.lower().lstrip("*_ ").startswith(r) for r in g.reports)
    ):
        return False
    if following[0] in g.joins | g.contrasts | g.relates - g.articles:
        return False
    compares = scan.compares(phrase)
    if compares:
        return not ALSO.search(rest)
    if words[0] in g.conditions:
        return not (WOULD.search(rest) or _means_what_goes(scan, rest))
    if words[0] in g.opens and has_verb(phrase, g):
        own = len(words) > 1 and scan.hot.start <= len(phrase.partition(" ")[0]) + _REACH * 4
        return not (own and (following[0] in g.pronouns | g.owns or _means_what_goes(scan, rest)))
    return words[0] in g.places and not has_verb(phrase, g) and not _is_scope(scan)


def _means_what_goes(scan: Scan, rest: str) -> bool:
    """Whether what stands behind a side clause speaks of somebody or something before it names
    anything: "if Osk calls, tell him so". Whose coat "each took his coat" tells by itself."""
    g = scan.grammar
    for i, match in enumerate(islice(WORD.finditer(rest), _FEW)):
        word = match.group().lower()
        if word in g.articles or match.group()[0].isupper():
            return False
        if word in (g.persons | _THINGS) - g.owns or (not i and word in g.owns - g.speakers):
            return True
    return False


def _is_scope(scan: Scan) -> bool:
    """Whether the sentence begins by saying in what leaks, or where in it, all the rest holds."""
    g, words = scan.grammar, scan.words(scan.body[: scan.hot.start])
    further = [word for word in words[1:] if word in g.places - OF]
    return bool(words) and words[0] in g.scopes and not further


def _unmarked_opening(scan: Scan) -> Iterator[Cut]:
    """ "Under coach Osk he won …", "Unter Trainer Osk gewann er …"."""
    for match in _SPACE.finditer(scan.body, scan.hot.end):
        word = WORD.match(scan.body, match.end())
        if word is None or "," in scan.body[: match.start()]:
            return
        rest = scan.body[match.end() :]
        first = word.group().lower()
        subject = first in scan.grammar.pronouns or (
            first in scan.grammar.articles and match.start() == scan.hot.end
        )
        phrase = scan.body[: match.start()]
        reports = any(phrase.lower().startswith(r) for r in scan.grammar.reports)
        if reports or _is_scope(scan):
            return
        if subject and not scan.grammar.verb_second:
            yield Cut(Span(0, match.end()), capital(rest))
            return
        follows = match.start() == scan.hot.end and not has_verb(phrase, scan.grammar)
        if scan.grammar.verb_second and follows and is_verb(word.group(), scan.grammar):
            turned = _turned(scan, rest)
            if turned != rest:
                yield Cut(Span(0, match.end()), capital(turned))
            return


def _turned(scan: Scan, rest: str) -> str:
    """ "gewann er drei Titel" as "er gewann drei Titel"."""
    if not scan.grammar.verb_second:
        return rest
    match = re.match(
        r"(?P<verb>[^\W\d_]+)\s+(?P<subject>(?:(?:der|die|das|ein|eine|de|het|een)\s+)?"
        r"(?:[^\W\d_A-ZÄÖÜ]\w*\s+)?[A-ZÄÖÜ][\w-]*(?:\s+[A-ZÄÖÜ][\w-]*)*(?=\s+[a-zäöü\d])|\w+)",
        rest,
    )
    if match is None or not is_verb(match["verb"], scan.grammar) or match["verb"][0].isupper():
        return rest
    subject = match["subject"]
    lone = not subject[0].isupper() and " " not in subject
    if lone and subject.lower() not in scan.grammar.pronouns:
        return rest
    return f"{subject} {match['verb']}{rest[match.end() :]}"


def first_verbs(scan: Scan) -> Iterator[Cut]:
    """ "Hill met Osk and sang": the first of two things that one subject does."""
    g = scan.grammar
    joins = "|".join(sorted(map(re.escape, g.joins - _EITHER)))
    joint = re.compile(rf",?\s(?:{joins})\s(?:(?:then|later)\s)?")
    for match in islice(joint.finditer(scan.body, scan.hot.end), _MOST):
        word = WORD.match(scan.body, match.end())
        if word is None or not is_verb(word.group(), g):
            continue
        if word.group()[0].isupper() or _shares_helper(scan, word.group()):
            continue
        for at in _verb_starts(scan):
            if not _COMMAS.search(scan.body, at, match.start()):
                yield scan.cut(at, match.end())


def _shares_helper(scan: Scan, verb: str) -> bool:
    """Whether a second verb is one only with the helping verb of the first: "was made and sold"."""
    helped = any(word in scan.grammar.helps for word in scan.words(scan.body[: scan.hot.start]))
    return helped and verb not in scan.grammar.helps and bool(PARTICIPLE.fullmatch(verb))


def _verb_starts(scan: Scan) -> Iterator[int]:
    """Where the verb of the first clause stands, right behind its subject."""
    words = list(WORD.finditer(scan.body, 0, scan.hot.start))
    for before, word in pairwise(words):
        subject, g = before.group(), scan.grammar
        name = subject[0].isupper() and subject.lower() not in g.small
        named = name or subject.lower() in g.pronouns or word.group() in g.helps
        if "," in scan.body[before.end() : word.start()]:
            continue
        clause = scan.body[: before.start()].rpartition(",")
        opens = g.opens | g.conditions | (g.relates if clause[1] else g.relates - g.articles)
        side = any(word in opens for word in scan.words(clause[2]))
        if named and not side and word.group()[0].islower() and is_verb(word.group(), scan.grammar):
            yield word.start()
            return


def clauses(scan: Scan) -> Iterator[Cut]:
    """A clause with which the sentence begins, where one with its own subject follows."""
    g = scan.grammar
    words = "|".join(
        sorted(map(re.escape, (g.joins | g.contrasts) - _EITHER), key=len, reverse=True)
    )
    marks = rf"(?:;|,)\s*(?:(?:{words})\s+)?|\s+(?:{words})\s+"
    for match in islice(re.compile(marks).finditer(scan.body, scan.hot.end), _MOST):
        if not scan.is_outside(match.start()):
            continue
        mark = match.group().strip()
        if mark == ",":
            continue
        rest = _unconnected(scan, scan.body[match.end() :])
        own = _is_clause(scan, rest) if mark == ";" else stands_alone(rest, g)
        own = own or (mark == ";" and _is_case(scan, rest))
        if own and _does_something(scan) and _is_of_one(scan, rest, match.start()):
            continue  # "Osk is hard to date; the vaults were dug in winter": its vaults
        if own and (mark == ";" or has_verb(scan.body[: match.start()], g)):
            yield Cut(Span(0, match.end()), capital(rest), by_itself=True)


def _does_something(scan: Scan) -> bool:
    """Whether what leaks is a name, and the subject with which the sentence begins, or whose it
    is."""
    g = scan.grammar
    before, named = scan.body[: scan.hot.start], scan.body[scan.hot.start : scan.hot.end]
    words = [match.group() for match in WORD.finditer(named)]
    is_name = any(word[0].isupper() and word.lower() not in g.small for word in words)
    is_name = is_name and not has_verb(named, g)
    return is_name and g.places.isdisjoint(scan.words(before)) and not has_verb(before, g)


def _is_of_one(scan: Scan, clause: str, at: int) -> bool:
    """Whether a clause behind another, which ends `at`, begins with something known, "the vaults":
    no name or new thing or one that a name tells, "the vaults of Tavel", nor others, nor what was
    told of before, nor one more of several of which the same is told."""
    words = [match.group() for match in WORD.finditer(clause)]
    first = words[0].lower() if words else ""
    subject = [*takewhile(lambda word: not is_verb(word.lower(), scan.grammar), words[1:])]
    is_named = any(word[0].isupper() and not word.isupper() for word in subject)  # no "API"
    if is_named and not scan.grammar.nouns_are_capital:
        return False
    if _OTHERS.intersection(map(str.lower, words[1:2])):
        return False
    the = first in _THE[scan.grammar.code] or first.startswith(("l'", "l’"))
    if not the or _is_known(scan, clause):
        return False
    told = {word for word in scan.words(scan.body[:at]) if is_verb(word, scan.grammar)}
    return told.isdisjoint(set(scan.words(clause)) - scan.grammar.helps)


def _is_known(scan: Scan, clause: str) -> bool:
    """Whether what a clause begins with, behind its article, was told of before: a thing that is
    known from what stays is not known as that of whom the sentence tells."""
    g = scan.grammar
    words = [match.group().lower() for match in WORD.finditer(clause)]
    noun: list[str] = []
    for word, after in zip_longest(words[1:], words[2:], fillvalue=""):
        does = is_verb(word, g) and not (word.endswith("s") and is_verb(after, g))
        if word in g.small | g.helps or (noun and does):
            break
        noun.append(word)
    return bool(noun) and all(word in scan.known for word in noun)


def _is_clause(scan: Scan, piece: str) -> bool:
    """Whether a piece behind a semicolon is no more than a further thing that was done."""
    words = scan.words(piece)
    first = WORD.search(piece)
    told = first is not None and first.group()[0].islower() and is_verb(words[0], scan.grammar)
    return bool(words) and has_verb(piece, scan.grammar) and not told


def _is_case(scan: Scan, piece: str) -> bool:
    """Whether a piece behind a semicolon is one more of the cases of which the sentence tells: "if
    it rains, …; if it snows, …"."""
    first, told = scan.words(scan.body)[:1], scan.words(piece)[:1]
    return first == told and first[0] in scan.grammar.conditions and ", " in piece


def _unconnected(scan: Scan, clause: str) -> str:
    for phrase in scan.grammar.connects:
        match = re.match(rf"{re.escape(phrase)},?\s+", clause, re.IGNORECASE)
        if match:
            return clause[match.end() :]
    return clause
