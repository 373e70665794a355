"""What of the words beside a target is stored: statements on it.

A text is told of its only target whole, and much of a text tells nothing of anybody: why somebody
writes ("I have had enough"), what stays, until when, how wholly ("completely, pls"), half a clause.
Stored as facts such words would be looked for in the replies about others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from amnestic.agents.requests.joining import letters, sentences_of
from amnestic.agents.requests.kind_words import kind_said_by
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.oneself import writer
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.target_kind import kind_named
from amnestic.tools.prose import Grammar, grammar_of, has_verb, is_verb
from amnestic.tools.tagging import Tagged
from amnestic.types import TargetKind

__all__ = ["with_statements_alone"]

_A_NAME = 2  # the score of what is probably one
_OTHER_USE = ("wish", "until", "scope")
_HALF = 0.5
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\w+")
_SAID_OF = re.compile(r"(?:is|are)\s+(?:an?\s+)?", re.I)
_LIKELY, _SURE = 0.75, 0.9
_CALLED = re.compile(r"\s+(?:(?:also|better|formerly)\s+)?(?:known|called|named)(?:\s+as)?[.]?$")
_OUTER = " \t\n,;:.!?–—-"


def with_statements_alone(
    reading: RequestReading, seen: Tagged, sender: str = ""
) -> RequestReading:
    """A reading of which each target holds statements on it and no other words. Of what is left
    out, what names somebody is said to be unread.

    Args:
        reading: what would be stored.
        seen: the text with what each of its words is to the request.
        sender: who signed it; whoever asks for oneself tells of the target with every "I".

    >>> told = "Ana Morel is a painter. We fell out. Ana Morel completely."
    >>> ana = Interpretation("Ana Morel", TargetKind.PERSON, told)
    >>> text = "Forget Ana Morel completely, a painter. We fell out."
    >>> found = with_statements_alone(RequestReading((ana,)), Tagged(text, (), (1.0, 0.0, 0.0)))
    >>> found.targets[0].description
    'Ana Morel is a painter.'
    """
    targets, unread = [], list(reading.unread)
    oneself = letters(writer(seen.text, sender))
    for target in reading.targets:
        told = _rejoined(sentences_of(target.description))
        closed = [c for sentence in told if (c := _ended(_closed(sentence), target))]
        is_own = oneself in (letters(name) for name in _names(target))
        meant = [s for s in closed if _is_statement(s, target, seen, is_own=is_own)]
        kept = _once(meant, target)
        left = " ".join(s for s in told if s not in kept)
        held = letters(" ".join((*_names(target), *target.exceptions, *kept, *unread)))
        names = (m.name for m in mentions_in(left) if m.score >= _A_NAME)
        own = [letters(name) for name in _names(target)]
        unread += [
            name
            for name in names
            if letters(name) not in held and not any(o in letters(name) for o in own)
        ]
        targets.append(target if kept == told else replace(target, description=" ".join(kept)))
    return replace(reading, targets=tuple(targets), unread=tuple(dict.fromkeys(unread)))


def _rejoined(sentences: Sequence[str]) -> list[str]:
    """The sentences, those joined that only a full stop within a bracket parts."""
    whole: list[str] = []
    for sentence in sentences:
        if whole and whole[-1].count("(") > whole[-1].count(")"):
            whole[-1] += f" {sentence}"
        else:
            whole.append(sentence)
    return whole


def _closed(sentence: str) -> str:
    """A sentence without a bracket that nothing closes."""
    at = sentence.rfind("(")
    if at >= 0 and ")" not in sentence[at:]:
        sentence = sentence[:at].rstrip(_OUTER) + "."
    sentence = _CALLED.sub(".", sentence)  # of which the name has been taken
    return sentence if _TOKEN.search(sentence) else ""


def _is_statement(sentence: str, target: Interpretation, seen: Tagged, *, is_own: bool) -> bool:
    if _holds_identifier(sentence, target):
        return True
    said, is_led = _predicate(sentence, target)
    grammar = grammar_of(said)
    words = [word.casefold() for word in _WORD.findall(said)]
    if _is_bare(said, words, grammar):
        return False
    if _is_marked(said, seen, ("fact",), _SURE):
        return True
    if words and words[0] in grammar.contrasts and not any(map(str.isdigit, said)):
        return False  # a number stays: rather too much is told than an address lost
    if _is_marked(said, seen, _OTHER_USE, _LIKELY) or _stays(said, target):
        return False
    if is_own and not grammar.speakers.isdisjoint(words):
        return True
    return _is_on(said, grammar) if is_led else _tells_of(sentence, target, grammar)


def _holds_identifier(sentence: str, target: Interpretation) -> bool:
    return any(i.value in sentence for i in target.identifiers)


def _names(target: Interpretation) -> list[str]:
    return sorted((target.subject, *target.aliases), key=len, reverse=True)


def _predicate(sentence: str, target: Interpretation) -> tuple[str, bool]:
    """What is said in a sentence without the name that opens it, and whether one does."""
    for name in _names(target):
        if sentence.casefold().startswith(name.casefold()):
            return sentence[len(name) :].strip(_OUTER), True
    return sentence.strip(_OUTER), False


def _is_bare(said: str, words: Sequence[str], grammar: Grammar) -> bool:
    """Whether nothing is said but small words, or one word that is no noun: "completely"."""
    if any(map(str.isdigit, said)):
        return False
    telling = [word for word in words if len(word) > 1 and word not in grammar.common]
    if len(words) == 1 and said.islower():
        return kind_said_by(said) is None and kind_named(said) is None
    return not telling and (not words or said.islower())


def _ended(sentence: str, target: Interpretation) -> str:
    """A sentence without the words with which it breaks off, which no clause ends with: "our former
    bookkeeper, reached at"."""
    said, _ = _predicate(sentence, target)
    words, grammar = said.split(), grammar_of(said)
    open_words = grammar.small - grammar.persons
    left = len(words)
    while left and words[left - 1].islower() and words[left - 1] in open_words:
        left -= 1
    if left == len(words):
        return sentence
    return sentence[: sentence.rindex(said)] + " ".join(words[:left]).rstrip(_OUTER) + "."


def _is_marked(said: str, seen: Tagged, labels: Sequence[str], certainty: float) -> bool:
    """Whether most of the words are of one of some uses to the request."""
    bare = _SAID_OF.sub("", said, count=1) if _SAID_OF.match(said) else said
    at = seen.text.find(bare)
    if not bare or at < 0:
        return False
    used: set[int] = set()
    for span in seen.labelled(*labels):
        if span.certainty >= certainty:
            used |= {*range(max(at, span.start), min(at + len(bare), span.end))}
    return len(used) > _HALF * len(bare)


def _stays(said: str, target: Interpretation) -> bool:
    """Whether most of the words are what stays."""
    words = letters(said)
    return any(
        k in words and len(k) > _HALF * len(words) for k in map(letters, target.exceptions) if k
    )


def _is_on(said: str, grammar: Grammar) -> bool:
    """Whether what stands behind a name is said of it, and opens no clause of whoever writes."""
    bare = _SAID_OF.sub("", said, count=1) if _SAID_OF.match(said) else said
    words = [word.casefold() for word in _WORD.findall(bare)]
    if not words or words[0] not in grammar.speakers:
        return True
    is_owned = words[0] not in grammar.pronouns
    return (is_owned and not has_verb(bare, grammar)) or _points(words, grammar)


def _points(words: Iterable[str], grammar: Grammar) -> bool:
    """Whether a pronoun may mean the target."""
    thirds = grammar.persons | ((grammar.pronouns | grammar.owns) - grammar.speakers)
    return any(word in thirds for word in words)


def _tells_of(sentence: str, target: Interpretation, grammar: Grammar) -> bool:
    """Whether a sentence that does not open with the name tells of it: by the name, a pronoun, a
    thing of its own ("the flat"), or without a subject of its own."""
    folded = sentence.casefold()
    words = [word.casefold() for word in _WORD.findall(sentence)]
    if any(name.casefold() in folded for name in _names(target)) or not words:
        return True
    if words[0] in grammar.speakers:
        thing = target.kind is not TargetKind.PERSON
        return _points(words, grammar) if thing else not grammar.persons.isdisjoint(words)
    if _points(words, grammar):
        return True
    if grammar.drops_subjects or words[0] in grammar.articles or is_verb(words[0], grammar):
        return True
    is_name = all(word[:1].isupper() for word in _WORD.findall(sentence))
    return not is_name and not has_verb(
        sentence, grammar
    )  # no name of another, without a word on it


def _once(told: Sequence[str], target: Interpretation) -> list[str]:
    """The sentences without those of which another has every word."""
    own = {word for name in _names(target) for word in _TOKEN.findall(name.casefold())}
    sets = [{w for w in _TOKEN.findall(s.casefold()) if w not in own} - _COPULA for s in told]
    numbers = tuple(f"{i.told}." for i in target.identifiers)

    def is_said_in(i: int, k: int) -> bool:
        if sets[i] == sets[k]:  # the fuller wording, or the first of two
            return (len(told[k]), -k) > (len(told[i]), -i)
        return sets[i] < sets[k]

    every = range(len(told))
    return [
        sentence
        for i, sentence in enumerate(told)
        if (numbers and sentence.endswith(numbers))
        or not any(is_said_in(i, k) for k in every if k != i)
    ]


_COPULA = frozenset(("is", "are", "a", "an", "the"))
