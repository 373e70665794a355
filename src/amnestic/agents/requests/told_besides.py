"""What a request tells of its only target besides what either reader took: it is told of it, too.

A reader that passes over half a sentence keeps half of what was asked. Where one target is named,
what stands in the sentences that ask for it or tell of it and is of no other use is a fact.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from amnestic.agents.requests.identifiers import Found, identifiers_in
from amnestic.agents.requests.joining import letters
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.once import segments
from amnestic.agents.requests.readings import Interpretation, RequestReading, whether_stays
from amnestic.agents.requests.tails import without_tail
from amnestic.agents.requests.told_facts import by_itself
from amnestic.tools.names import ADDRESSES, identifier_of, is_often_small
from amnestic.tools.prose import grammar_of
from amnestic.tools.reading import Segment, language_of, read, words_in
from amnestic.tools.tagging import Span, Tagged
from amnestic.types import Identifier, IdentifierType, TargetKind

__all__ = ["with_told_besides"]

_LONGEST = 2_000  # a text that goes on for longer tells of more than its target
_A_NAME = 2  # the score of what is probably one
_RARE = 0.8  # weight of a word that tells something
_LONG_NUMBER = 2
_FEWEST_WORDS = 2
_OUTER = ' \t\n,;:.!?()–—-"“”„«»'
_CUT = re.compile(  # a full stop within a sentence is one of "Dr.", a comma within a number its own
    r"[;()\n]|[,:](?!\d)|(?<!\d)[,:]|\s[–—-]\s|(?<=[!?])\s|\s(?:and|und|et|y|ed?|en)\s"
)
_WORD = re.compile(r"[^\W\d_]+")
_OF_USE = ("wish", "subject", "alias")
_AHEAD = 60
_LIVES = re.compile(  # closed: where somebody lives, as forms and letters say it
    r"\b(?:liv(?:es?|ed|ing)|resid(?:es?|ed|ing|ent)|home|moved|address|wohn(?:t|te|haft)|adresse|anschrift|"
    r"habite|domicil\w*|vive|vivía|dirección|domicilio|abita|indirizzo|woont|woonde|adres)\b[^.;\n]*$",
    re.I,
)
_NAME_ON = re.compile(r"[ ][^\W\d_a-zß-ÿ]")


def with_told_besides(reading: RequestReading, seen: Tagged) -> RequestReading:
    """A reading whose only target has all that the request tells of it.

    Args:
        reading: what would be stored.
        seen: the text with what each of its words is to the request.
    """
    if len(reading.targets) != 1 or len(seen.text) > _LONGEST:
        return reading
    (target,) = reading.targets
    sentences = list(_sentences_of(target, reading, seen))
    left = _left_in(target, seen, sentences)
    facts = dict.fromkeys(f for piece in left if (f := _as_fact(piece, target.subject)))
    grown = replace(
        target,
        description=" ".join((target.description, *facts)).strip(),
        identifiers=(*target.identifiers, *_identifiers_in(target, seen, sentences)),
    )
    return replace(reading, targets=(grown,))


def _sentences_of(
    target: Interpretation, reading: RequestReading, seen: Tagged
) -> Iterator[tuple[Segment, list[Span]]]:
    """The sentences that ask for the target or tell of it, with what is tagged in them."""
    stays = [letters(kept) for kept in target.exceptions]
    stays += [
        letters(seen.text_of(s)) for s in seen.labelled("keep") if _is_doubted(s, reading, seen)
    ]
    for piece in segments(seen.text):
        spans = [s for s in seen.spans if s.start < piece.end and s.end > piece.start]
        sentence = piece.of(seen.text)
        is_meant = _asks_for(target, spans, seen) if spans else _is_of(target, sentence)
        if is_meant and not any(kept in letters(sentence) for kept in stays):
            yield piece, spans


def _asks_for(target: Interpretation, spans: Iterable[Span], seen: Tagged) -> bool:
    """Whether what is tagged in a sentence names no others alone."""
    named = [letters(seen.text_of(s)) for s in spans if s.label == "subject"]
    own = letters(" ".join((target.subject, *target.aliases)))
    return not named or any(n in own or letters(target.subject) in n for n in named)


def _left_in(
    target: Interpretation, seen: Tagged, sentences: Iterable[tuple[Segment, list[Span]]]
) -> Iterator[str]:
    """The pieces of sentences that tell something and stand in nothing that would be stored."""
    held = {*words_in(read(" ".join(_stored(target)))).weights}
    labels = (*_OF_USE, "until") if target.expires else _OF_USE
    for piece, spans in sentences:
        used = [s for s in spans if s.label in labels]
        for said in _without(seen.text, piece.start, piece.end, used):
            bare = without_tail(f"X {said.strip(_OUTER)}").removeprefix("X").strip(_OUTER)
            if _tells(bare, held):
                yield bare


def _identifiers_in(
    target: Interpretation, seen: Tagged, sentences: Iterable[tuple[Segment, list[Span]]]
) -> list[Identifier]:
    """The identifiers in sentences that are not among the target's; no date that may be an end."""
    own = (i.value for i in target.identifiers)
    held = letters(" ".join((target.subject, *own, *target.exceptions)))
    taken = seen.labelled("until", "keep")
    places = [(piece.start, piece.end) for piece, _ in sentences]
    lives = _addresses_in(seen.text) if target.kind is TargetKind.PERSON else ()
    return [
        found.identifier
        for found in (*identifiers_in(seen.text), *lives)
        if any(start <= found.start < end for start, end in places)
        and found.identifier.type is not IdentifierType.DATE
        and letters(found.identifier.value) not in held
        and not any(s.start < found.end and s.end > found.start for s in taken)
    ]


def _addresses_in(text: str) -> Iterator[Found]:
    """The postal addresses where somebody lives: a number and words with capitals, behind a word
    that says so. No "12 years on the road", no race of 2024, and no office."""
    for match in (m for pattern in ADDRESSES for m in pattern.finditer(text)):
        capitals = all(word[:1].isupper() for word in _WORD.findall(match.group()))
        lives = _LIVES.search(text, max(0, match.start() - _AHEAD), match.start())
        if capitals and lives and not _NAME_ON.match(text, match.end()):
            yield Found(identifier_of(match.group(), "address"), match.start(), match.end())


def _is_of(target: Interpretation, sentence: str) -> bool:
    """Whether a sentence in which no word was of any use tells of the target by a pronoun: of
    somebody else, where it names them first."""
    grammar = grammar_of(sentence)
    thirds = grammar.persons | ((grammar.pronouns | grammar.owns) - grammar.speakers)
    hers = next((w for w in _WORD.finditer(sentence) if w.group().casefold() in thirds), None)
    before = sentence if hers is None else sentence[: hers.start()]
    own = letters(" ".join((target.subject, *target.aliases)))
    named = (m.name for m in mentions_in(before) if m.score >= _A_NAME)
    return hers is not None and all(letters(name) in own for name in named)


def _is_doubted(span: Span, reading: RequestReading, seen: Tagged) -> bool:
    """Whether it is said that a piece may be meant to stay."""
    return whether_stays(seen.text_of(span)) in (*reading.unread, *reading.doubts)


def _stored(target: Interpretation) -> Sequence[str]:
    told = [target.subject, *target.aliases, target.description, target.reason, target.scope]
    told.append(target.legal_basis)
    return [*told, *(i.told for i in target.identifiers)]


def _without(text: str, start: int, end: int, spans: Sequence[Span]) -> Iterator[str]:
    """The pieces of a sentence between the words that are of use to the request."""
    at = start
    for span in sorted(spans, key=lambda s: s.start):
        yield from _CUT.split(text[at : max(at, span.start)])
        at = max(at, span.end)
    yield from _CUT.split(text[at:end])


def _tells(piece: str, held: Container[str]) -> bool:
    """Whether a piece of a sentence tells something new: a name, a number or a rare word, and no
    word alone."""
    if len(piece.split()) < _FEWEST_WORDS and not any(map(str.isdigit, piece)):
        return False
    words = words_in(read(piece))
    new = {word: weight for word, weight in words.weights.items() if word not in held}
    if any(len(number) >= _LONG_NUMBER for number in words.numbers & new.keys()):
        return True
    english = language_of(piece) == "en"  # of whose words it is known how rare they are
    return any(w >= _RARE and (english or not is_often_small(word)) for word, w in new.items())


def _as_fact(piece: str, subject: str) -> str:
    told = by_itself(piece, subject)
    return (
        f"{told}."
        if told != piece or letters(subject) in letters(piece)
        else f"{subject}: {piece}."
    )
