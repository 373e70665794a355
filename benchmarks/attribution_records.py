"""Records of several people, and sentences that tell of two, for the attributor's last epoch.

In a table, in CSV, in cards of keys and values a row is told of whom it names, and what stands
above and below it of others. A sentence may tell of one person before its semicolon and of another
behind it. As in `attribution_made`, whose each word is needs nobody's marks.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attribution_data import Marked
from attribution_made import Person, Text, people_of

from amnestic.tools.detection.attribution import Passage
from amnestic.types import Facet, FacetKind, ForgetTarget

__all__ = ["record_texts"]

_PLACES = (
    "Lisbon Oslo Antwerp Hamburg Leeds Porto Graz Turin Malmo Gdansk Dublin Utrecht Basel Lyon "
    "Cork Tartu Ghent Bergen Seville Brno Riga Bath York Nantes Parma"
).split()
_ROLES = (
    "supervisor clerk engineer nurse driver analyst teacher welder architect curator cook editor "
    "surveyor accountant technician manager librarian porter"
).split()
_TEAMS = ("Sales", "Night shift", "Support", "Legal", "Warehouse", "Research", "Ward 3", "Line B")
_STATES = ("open", "closed", "paid", "overdue", "on leave", "new", "pending", "renewed", "moved")
_MONTHS = ("January", "March", "May", "June", "July", "October")
_JOINTS = ("; ", ", while ", " – ", ", and ", ", whereas ", " (")
_NAME = "name"
_LISTED, _NAMED_FIRST, _DESCRIBED, _DESCRIPTION = 0.85, 0.8, 0.5, 200
_SHARED, _CLAUSE_LAST, _GOES_ON = 0.4, 0.75, 0.3

_Draw = Callable[[random.Random], str]
_COLUMNS: dict[str, _Draw] = {
    "city": lambda draw: draw.choice(_PLACES),
    "role": lambda draw: draw.choice(_ROLES),
    "team": lambda draw: draw.choice(_TEAMS),
    "salary": lambda draw: f"{draw.randint(28, 98)},{draw.randint(0, 999):03d}",
    "born": lambda draw: str(draw.randint(1920, 2005)),
    "score": lambda draw: f"{draw.randint(0, 40)}:{draw.randint(0, 40)}",
    "status": lambda draw: draw.choice(_STATES),
    "id": lambda draw: f"{draw.choice('ABKTRX')}-{draw.randint(100, 9999)}",
    "share": lambda draw: f"{draw.randint(1, 60)} %",
    "date": lambda draw: f"{draw.randint(1, 28)} {draw.choice(_MONTHS)} {draw.randint(1960, 2025)}",
}


def record_texts(data: Path, seed: int, count: int) -> Iterator[Marked]:
    """Texts about people of a folder (as `made_texts`), each read for one of them."""
    draw = random.Random(seed)
    for people in people_of(data, draw, count, 7):
        a, *others = [person for person in people if person.runs]
        if len(others) < 2:
            continue
        others = others[: draw.randint(2, 5)]
        text = Text()
        if draw.random() < _SHARED:
            before, facts = _shared(text, a, others[0], draw), []
        else:
            before, facts = _records(text, a, others, draw)
        told = "".join(text.parts).strip("\n")
        target = _with(a.target(text.used, draw), facts, draw)
        passage = Passage(told, before, target, a.mentions(told), a.mentions(before))
        yield Marked(passage, tuple(text.marks))


def _with(target: ForgetTarget, facts: Sequence[str], draw: random.Random) -> ForgetTarget:
    """A target of which what its record says is known as well."""
    first = len(target.facets) + 1
    told = (Facet(kind=FacetKind.FACT, text=fact, id=first + i) for i, fact in enumerate(facts))
    about = " ".join(facts)[:_DESCRIPTION] if facts and draw.random() < _DESCRIBED else ""
    changed = {"facets": (*target.facets, *told), "description": about or target.description}
    return target.model_copy(update=changed)


def _records(
    text: Text, a: Person, others: Sequence[Person], draw: random.Random
) -> tuple[str, list[str]]:
    keys = draw.sample([*_COLUMNS], draw.randint(2, 4))
    keys.insert(draw.randint(0, 1) if draw.random() < _NAMED_FIRST else len(keys), _NAME)
    listed = [a, *others] if draw.random() < _LISTED else [*others]
    draw.shuffle(listed)
    rows = [(person, _row(person, keys, draw)) for person in listed]
    own = next((row for person, row in rows if person is a), _row(a, keys, draw))
    if draw.random() < 0.5:
        text.put(draw.choice(["Here is the table:\n\n", "As asked:\n\n", "**Overview**\n\n"]))
    draw.choices([_table, _csv, _cards], [4, 1, 1.5])[0](text, a, keys, rows, draw)
    text.put("\n")
    for person, row in draw.sample(rows, min(len(rows), draw.randint(0, 3))):
        key = draw.choice([key for key in keys if key != _NAME])
        who = draw.choice([person.name, person.last])
        said = draw.choice([
            f"{who} has {key} {row[key]}.", f"For {key}, {who} stands at {row[key]}.",
            f"The entry {row[key]} is that of {who}.",
        ])  # fmt: skip
        text.add([said], own=person is a)
    if draw.random() < 0.5:
        text.put(draw.choice(["The list is sorted as it came.", "The highest stands first."]))
    asked = draw.choice([
        "", "Put them in a table.", "Who earns most?", "Summarise the list.",
        f"Tell me about {others[0].name}.", "Please tidy up my notes.",
    ])  # fmt: skip
    return asked, [f"{a.name}: {key} {own[key]}." for key in keys if key != _NAME]


def _row(person: Person, keys: Sequence[str], draw: random.Random) -> dict[str, str]:
    row = {key: _COLUMNS[key](draw) for key in keys if key != _NAME}
    return row | {_NAME: draw.choice([person.name, person.name, person.last])}


_Rows = Sequence[tuple[Person, dict[str, str]]]


def _table(text: Text, a: Person, keys: Sequence[str], rows: _Rows, draw: random.Random) -> None:
    text.put(f"| {' | '.join(map(str.title, keys))} |\n|{'---|' * len(keys)}\n")
    for person, row in rows:
        text.add([f"| {' | '.join(row[key] for key in keys)} |"], own=person is a, behind="\n")
    if draw.random() < 0.4:
        cells = ("**Total**" if key == _NAME else "" for key in keys)
        text.put(f"| {' | '.join(cells)} |\n")


def _csv(text: Text, a: Person, keys: Sequence[str], rows: _Rows, draw: random.Random) -> None:
    text.put("```csv\n", ",".join(keys), "\n")
    for person, row in rows:
        cells = (f'"{row[key]}"' if "," in row[key] else row[key] for key in keys)
        text.add([",".join(cells)], own=person is a, behind="\n")
    text.put("```\n")


def _cards(text: Text, a: Person, keys: Sequence[str], rows: _Rows, draw: random.Random) -> None:
    sign = draw.choice(["", "- "])
    for person, row in rows:
        text.add([f"{sign}{key.title()}: {row[key]}" for key in keys], own=person is a, behind="\n")
        text.put("\n")


def _shared(text: Text, a: Person, b: Person, draw: random.Random) -> str:
    """A text about one person, of which one sentence tells of the other as well."""
    host = b.named_run(draw, 3, 7)
    place = draw.randrange(len(host))
    for i, sentence in enumerate(host):
        if i != place:
            text.add([sentence], own=False)
            continue
        own = a.run(draw, 1, 1)
        text.used += own
        clause, joint = a.naming(own, draw)[0].rstrip(" ."), draw.choice(_JOINTS)
        own_first = draw.random() >= _CLAUSE_LAST
        if own_first:
            text.add([f"{clause}; "], own=True, behind="")
            text.add([f"{sentence.rstrip(' .')}."], own=False)
        else:
            text.add([sentence.rstrip(" .")], own=False, behind="")
            text.add([f"{joint}{clause}{')' if joint == ' (' else ''}"], own=True, behind=". ")
        if draw.random() < _GOES_ON:
            more = a.run(draw, 1, 1)[0].replace(a.name, draw.choice(["He", "She"]))
            text.add([more], own=True)
    return draw.choice(["", f"Tell me about {b.name}.", f"What did {b.last} do?"])
