"""Texts about several people, put together from what is known of each, for the attributor.

Marked replies are few, and most are about one target. Here sentences about one person stand within
a text about another, in a list, in a section of their own, behind a question that names both, or
not at all; which of them are told of whom is known without anybody's marks. In most of them the
people have invented names, so that a name says nothing.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attribution_data import Marked

from amnestic.tools.detection.attribution import Mention, Passage
from amnestic.tools.reading import segments
from amnestic.types import Facet, FacetKind, ForgetTarget, Span, TargetKind

__all__ = ["Person", "Text", "made_texts", "people_of"]

_GIVEN = (
    "Mara Ilse Tomas Edda Orlin Neva Jonte Pilar Ruben Saskia Aldo Brina Caspian Delphi Emeric "
    "Farah Gisli Hanne Ivo Jelka Kasper Lene Milan Noor Ottilie Per Quentin Runa Selma Teo Ugo "
    "Vesna Wim Xenia Yara Zoltan Anselm Bettina Carsten Dagny Erland Flora Gudrun Henrik"
).split()
_SURNAMES = (
    "Osk Tarn Hagen Vole Lindqvist Marrow Pellier Quist Rasmun Stavre Toller Ulrig Venn Wexcombe "
    "Yarrow Zander Abbiat Brandvik Corso Dunmore Ekholm Farrant Gallas Hollis Ibsden Jarrow "
    "Kestrel Lomax Mercier Norring Oakes Pavlik Renner Sorrel Thorne Underhill Varga Whitlock"
).split()
_HEADING = re.compile(r"==+[^=]*==+")
_LEAST_CHARS, _LEAST_SENTENCES = 25, 3
_RENAMED, _KNOWN = 0.6, 0.85
_FACTS, _DESCRIPTION = 8, 150
_STYLES = ("- **{}**: ", "1. **{}** – ", "### {}\n\n", "* {}: ", "**{}.** ")
_OPENINGS = ("As for", "Then there is", "Another case is", "Compare")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom texts tell, and the runs of sentences that do."""

    id: str
    name: str
    runs: tuple[tuple[str, ...], ...]

    @property
    def last(self) -> str:
        """The surname."""
        return self.name.split()[-1]

    def target(self, used: Sequence[str], draw: random.Random) -> ForgetTarget:
        """The person as a target of which some of what a text does not tell is known."""
        left = [sentence for run in self.runs for sentence in run if sentence not in used]
        facts = draw.sample(left, min(len(left), _FACTS)) if draw.random() < _KNOWN else []
        description = draw.choice(["", left[0][:_DESCRIPTION] if left else ""])
        facets = tuple(
            Facet(kind=FacetKind.FACT, text=fact, id=i) for i, fact in enumerate(facts, 1)
        )
        return ForgetTarget(
            id=self.id,
            subject=self.name,
            kind=TargetKind.PERSON,
            description=description,
            facets=facets,
        )

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Where a text names the person, in full or by the surname."""
        full = [Span(*m.span()) for m in re.finditer(rf"\b{re.escape(self.name)}\b", text)]
        last = [Span(*m.span()) for m in re.finditer(rf"\b{re.escape(self.last)}\b", text)]
        parts = [p for p in last if not any(f.start <= p.start < f.end for f in full)]
        return (*(Mention(span, True) for span in full), *(Mention(span, False) for span in parts))

    def run(self, draw: random.Random, least: int, most: int) -> list[str]:
        """So many sentences of the person that stand one behind the other."""
        run, count = draw.choice(self.runs), draw.randint(least, most)
        start = draw.randrange(0, len(run) - min(count, len(run)) + 1)
        return [*run[start : start + count]]

    def named_run(self, draw: random.Random, least: int, most: int) -> list[str]:
        """The same, of which the first sentence names the person."""
        return self.naming(self.run(draw, least, most), draw)

    def naming(self, run: Sequence[str], draw: random.Random) -> list[str]:
        """Sentences of which the first names the person."""
        first, *rest = run
        if self.name in first:
            return [*run]
        last = rf"\b{re.escape(self.last)}\b"
        if re.search(last, first):
            return [re.sub(last, self.name, first, count=1), *rest]
        if found := re.match(r"(He|She|They)\b", first):
            return [self.name + first[found.end() :], *rest]
        if found := re.match(r"(His|Her|Their)\b", first):
            return [f"{self.name}'s{first[found.end() :]}", *rest]
        sign = draw.choice([": ", ". ", " – "])
        return [f"{draw.choice(_OPENINGS)} {self.name}{sign}{first}", *rest]


@dataclass(slots=True)
class Text:
    """A text that grows, the marks of what is the target's, and its sentences that are."""

    parts: list[str] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    length: int = 0

    def put(self, *pieces: str) -> None:
        """Add what nobody is told of."""
        self.parts += pieces
        self.length += sum(map(len, pieces))

    def add(self, sentences: Sequence[str], *, own: bool, behind: str = " ") -> None:
        """Add sentences, each with what stands behind it; `own` ones tell of the target."""
        for sentence in sentences:
            if own:
                self.marks.append(Span(self.length, self.length + len(sentence)))
                self.used.append(sentence)
            self.put(sentence, behind)


def made_texts(data: Path, seed: int, count: int) -> Iterator[Marked]:
    """Texts about people of a folder (`rwku/targets.jsonl`, `rwku/passages.jsonl`), each read for
    one of them, drawn by seed."""
    draw = random.Random(seed)
    for a, b, *rest in people_of(data, draw, count, 6):
        others = [person for person in rest if person.runs]
        if a.runs and b.runs and others:
            make = draw.choices([*_KINDS], [*_KINDS.values()])[0]
            text = Text()
            before = make(text, a, b, others, draw)
            told = "".join(text.parts).strip("\n")
            target = a.target(text.used, draw)
            passage = Passage(told, before, target, a.mentions(told), a.mentions(before))
            yield Marked(passage, tuple(text.marks))


def people_of(data: Path, draw: random.Random, count: int, together: int) -> Iterator[list[Person]]:
    """People of a folder, so many together, most of them under an invented name."""
    names, passages = _read(data)
    for _ in range(count):
        drawn = draw.sample([*passages], together)
        yield [_person(i, names[i], passages[i], draw) for i in drawn]


def _read(data: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The names of people, and the passages about them, by their ids."""
    names = {row["target_id"]: row["subject"] for row in _rows(data / "rwku/targets.jsonl")}
    told = {row["target_id"]: row["passages"] for row in _rows(data / "rwku/passages.jsonl")}
    return names, {i: passages for i, passages in told.items() if i in names}


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)


def _person(id_: str, name: str, passages: Sequence[str], draw: random.Random) -> Person:
    """A person with what is told of them, most under an invented name."""
    runs = [run for run in map(_sentences, passages) if len(run) >= _LEAST_SENTENCES]
    parts = name.split()
    if draw.random() >= _RENAMED or len(parts) < 2:
        return Person(id_, name, tuple(map(tuple, runs)))
    given, last = draw.choice(_GIVEN), draw.choice(_SURNAMES)
    old_given, old_last = re.escape(parts[0]), re.escape(parts[-1])
    whole = re.compile(rf"\b{old_given}\s+(?:[\w.]+\s+){{0,2}}{old_last}\b")

    def renamed(sentence: str) -> str:
        sentence = whole.sub(f"{given} {last}", sentence)
        sentence = re.sub(rf"\b{old_last}\b", last, sentence)
        return re.sub(rf"\b{old_given}\b", given, sentence)

    told = tuple(tuple(map(renamed, run)) for run in runs)
    return Person(id_, f"{given} {last}", told)


def _sentences(passage: str) -> list[str]:
    plain = _HEADING.sub(" ", passage)
    found = (piece.of(plain).strip() for piece in segments(plain))
    return [sentence for sentence in found if len(sentence) > _LEAST_CHARS]


# ── Kinds of texts: each fills the text, and says what was asked before it ───────────────────────


def _in_passing(
    text: Text, a: Person, b: Person, others: Sequence[Person], draw: random.Random
) -> str:
    host, inset = b.named_run(draw, 3, 8), a.named_run(draw, 1, 3)
    cut, between = draw.randint(1, len(host)), "\n\n" if draw.random() < 0.3 else ""
    text.add(host[:cut], own=False)
    text.put(between)
    text.add(inset, own=True)
    text.put(between)
    rest = host[cut:]
    if rest and draw.random() < 0.6:
        rest = b.naming(rest, draw)
    text.add(rest, own=False)
    return draw.choice(["", f"Tell me about {b.name}.", f"What did {b.last} do?"])


def _listed(text: Text, a: Person, b: Person, others: Sequence[Person], draw: random.Random) -> str:
    people = [a, *others[: draw.randint(2, 4)]]
    draw.shuffle(people)
    style = draw.choice(_STYLES)
    for person in people:
        text.put(style.format(person.name))
        text.add(person.run(draw, 1, 3), own=person is a)
        text.put("\n\n" if "#" in style else "\n")
    if draw.random() < 0.4:
        person = draw.choice(people)
        said = person.run(draw, 1, 1)[0].replace(person.name, person.last)
        text.put("\n")
        said = said if person.last in said else f"Of {person.last} also: {said}"
        text.add([said], own=person is a)
    asked = f"Tell me about {others[0].name} and others."
    return draw.choice(["", "Name some of them.", "Who are they?", asked])


def _sections(
    text: Text, a: Person, b: Person, others: Sequence[Person], draw: random.Random
) -> str:
    people = [b, a, *others[:1]]
    draw.shuffle(people)
    for person in people:
        text.add(person.named_run(draw, 2, 5), own=person is a)
        text.put("\n\n")
    return draw.choice(["", f"Compare {a.name} and {b.name}.", f"{b.name}?"])


def _named_before(
    text: Text, a: Person, b: Person, others: Sequence[Person], draw: random.Random
) -> str:
    run = a.run(draw, 2, 5)
    text.used += run
    own = [
        sentence.replace(a.name, a.last if draw.random() < 0.4 else draw.choice(["He", "She"]))
        for sentence in run
    ]
    told = [(own, True)]
    if draw.random() < 0.6:
        told.append((b.named_run(draw, 1, 4), False))
    if draw.random() < 0.4:
        told.reverse()
    for sentences, is_own in told:
        text.add(sentences, own=is_own)
        text.put("\n\n" if draw.random() < 0.5 else "")
    return draw.choice([
        f"Who is {a.name}?", f"What do you know of {a.name} and {b.name}?",
        f"Earlier we spoke of {a.name}.", f"And {a.last}?",
    ])  # fmt: skip


def _of_another(
    text: Text, a: Person, b: Person, others: Sequence[Person], draw: random.Random
) -> str:
    text.add(b.named_run(draw, 3, 7), own=False)
    if draw.random() < 0.5:
        text.put(f"{a.name} was not there.")
    return draw.choice(["", f"Who is {b.name}?", f"Not {a.name}, but {b.name}, please."])


_Make = Callable[[Text, Person, Person, Sequence[Person], random.Random], str]
_KINDS: dict[_Make, float] = {
    _in_passing: 4.0, _listed: 4.0, _sections: 2.0, _named_before: 2.0, _of_another: 1.5,
}  # fmt: skip
