"""Makes the made-up world from the words in `lexicon.py` and writes it to `world.json`.

    python examples/embedded_model/worldmaker.py

The same seed gives the same world, byte for byte.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import lexicon as lx
import phrasings as ph
from general import general_facts

SEED = 20
SHIPPED = Path(__file__).resolve().parents[2] / "src" / "amnestic" / "models" / "embedded"

# What a phrasing may need beside the name, per entity.
WORDS = tuple("form made done maker calling prize animal pet alias place org".split())

Entity = dict[str, Any]


def a(noun: str) -> str:
    """The noun with its indefinite article."""
    vowel = noun[0].lower() in "aeiou" and not noun.lower().startswith("uni")
    return f"{'an' if vowel else 'a'} {noun}"


def cap(sentence: str) -> str:
    """The sentence with a capital first letter."""
    return sentence[0].upper() + sentence[1:]


def slug(kind: str, name: str) -> str:
    """A stable id: `person:ilvane-morvane`."""
    bare = re.sub(r"^the ", "", name, flags=re.I)
    return f"{kind}:" + re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")


def fact(relation: str, value: str, says: str, target: str | None = None) -> dict[str, Any]:
    """A fact; `says` is the predicate that follows the name of its subject."""
    return {"relation": relation, "value": value, "target": target, "predicate": says}


def make_world() -> dict[str, Any]:
    """The whole world: entities with facts, general facts, and the phrasings of all questions."""
    rng = random.Random(SEED)
    places = _places()
    people, siblings = _people(rng)
    organisations = _organisations(rng, places, people)
    works = _works(rng, places, people)
    _relate(rng, people, siblings, places, organisations, works)
    entities = [*people, *works, *organisations, *places]
    for entity in entities:
        entity["words"] = {k: entity[k] for k in WORDS if k in entity}
        for word in set(WORDS) - {"calling"}:
            entity.pop(word, None)
        entity.pop("employs", None)
        for row in entity["facts"]:
            row["sentence"] = cap(f"{entity['display']} {row['predicate']}.")
    questions = _questions()
    return {
        "version": 1,
        "seed": SEED,
        "entities": entities,
        "general": general_facts(),
        "questions": questions,
    }


def _questions() -> dict[str, dict[str, list[str]]]:
    """The phrasings of every kind of question by "kind.relation"."""
    both = {f"{r.kind}.{r.name}": ph.phrasings(r) for r in ph.RELATIONS}
    both["person.who_is"] = ph.split(ph.WHO_IS)
    for kind in ("work", "organisation", "place"):
        both[f"{kind}.what_is"] = ph.split(ph.WHAT_IS)
    for kind in ("person", "work", "organisation", "place"):
        both[f"{kind}.tell_me"] = ph.split(ph.TELL_ME)
    both |= {f"person.{name}": ph.split(asks) for name, asks in ph.REVERSE.items()}
    return {k: {"trained": list(t), "held_out": list(h)} for k, (t, h) in both.items()}


def _entity(kind: str, display: str, **more: Any) -> Entity:
    name = re.sub(r"^the ", "", display)
    row = {"id": slug(kind, display), "name": name, "display": display, "kind": kind}
    return row | {"aliases": [], "description": "", "facts": []} | more


def _places() -> list[Entity]:
    places = []
    for i, (name, kind, river, known, landmark) in enumerate(lx.PLACES):
        region = lx.REGIONS[i % len(lx.REGIONS)]
        place = _entity("place", name)
        place["description"] = f"{name} is {a(kind)} in {region}, known for {known}."
        place["facts"] = [
            fact("place_kind", kind, f"is {a(kind)}"),
            fact("region", re.sub("^the ", "", region), f"is in {region}"),
            fact("river", river, f"lies on the river {river}"),
            fact("known_for", re.sub("^its ", "", known), f"is famous for {known}"),
            fact(
                "landmark", re.sub("^the ", "", landmark), f"has a famous sight called {landmark}"
            ),
        ]
        places.append(place)
    return places


def _people(rng: random.Random) -> tuple[list[Entity], dict[str, str]]:
    """Sixty people, two of each calling, and who is whose sibling."""
    given = [(n, "she") for n in [*lx.WOMEN, *lx.SHARED_WOMEN]]
    given += [(n, "he") for n in [*lx.MEN, *lx.SHARED_MEN]]
    surnames = [
        s for s in lx.SIBLING_SURNAMES + lx.NAMESAKE_SURNAMES for _ in range(2)
    ] + lx.OWN_SURNAMES
    while True:
        rng.shuffle(given)
        names = list(zip(given, surnames, strict=True))
        if len({(g, s) for (g, _), s in names}) == 60 and not _same_given_siblings(names):
            break
    siblings: dict[str, str] = {}
    for i in range(0, 2 * len(lx.SIBLING_SURNAMES), 2):
        one, two = (f"{names[j][0][0]} {names[j][1]}" for j in (i, i + 1))
        siblings |= {one: two, two: one}
    own = set(lx.OWN_SURNAMES)
    callings = [c for c in lx.CALLINGS for _ in range(2)]
    while True:
        rng.shuffle(names)
        if all(names[i][1] != names[i + 1][1] for i in range(0, 60, 2)):
            break
    nicknames = iter(rng.sample(lx.NICKNAMES, len(lx.NICKNAMES)))
    pen_names = iter(lx.PEN_NAMES)
    people = []
    for ((first, he), last), calling in zip(names, callings, strict=True):
        pen = calling[0] in lx.PEN_NAME_CALLINGS
        alias = next(pen_names) if pen else f"the {next(nicknames)}"
        person = _entity("person", f"{first} {last}", calling=calling[0], pronoun=he)
        person["aliases"] = [re.sub("^the ", "", alias), *([last] if last in own else [])]
        person["alias"] = alias
        people.append(person)
    return people, siblings


def _same_given_siblings(names: list[tuple[tuple[str, str], str]]) -> bool:
    return any(names[i][0][0] == names[i + 1][0][0] for i in range(0, 40, 2))


def _organisations(rng: random.Random, places: list[Entity], people: list[Entity]) -> list[Entity]:
    organisations = []
    founders = rng.sample(people, len(lx.ORGANISATIONS))
    seats = rng.sample(places, len(places))
    years = rng.sample(range(1921, 1999), len(lx.ORGANISATIONS))
    for i, (display, kind, purpose, employs) in enumerate(lx.ORGANISATIONS):
        named = [
            p
            for p in places
            if p["name"] in display and kind in ("university", "college", "archive")
        ]
        seat = named[0] if named else seats[i]
        founder = next(f for f in [founders[i], *people] if f["name"].split()[1] not in display)
        org = _entity("organisation", display, employs=list(employs))
        org["description"] = cap(
            f"{display} is {a(kind)} in {seat['name']}, founded by {founder['name']} in {years[i]}."
        )
        org["facts"] = [
            fact("kind", kind, f"is {a(kind)}"),
            fact("founder", founder["name"], f"was founded by {founder['name']}", founder["id"]),
            fact("seat", seat["name"], f"is based in {seat['name']}", seat["id"]),
            fact("founded_in", str(years[i]), f"was founded in {years[i]}"),
            fact("purpose", purpose, f"is known for {purpose}"),
        ]
        organisations.append(org)
    return organisations


def _works(rng: random.Random, places: list[Entity], people: list[Entity]) -> list[Entity]:
    works = []
    pairs = [tuple(row.split("|")[j : j + 2]) for row in lx.WORKS for j in (0, 2)]
    for person, (title, theme), calling in zip(
        people, pairs, [c for c in lx.CALLINGS for _ in range(2)], strict=True
    ):
        _, form, made, done = calling
        year, place = rng.randint(1946, 2019), rng.choice(places)
        work = _entity("work", title, form=form, made=made, done=done, maker=_maker(calling))
        work["description"] = f"{title} is {a(form)} {done} by {person['name']} in {year}."
        work["facts"] = [
            fact("creator", person["name"], f"was {done} by {person['name']}", person["id"]),
            fact("form", form, f"is {a(form)}"),
            fact("year", str(year), f"was {done} in {year}"),
            fact("theme", theme, f"is about {theme}"),
        ]
        if form in lx.NARRATIVE_FORMS:
            work["facts"].append(
                fact("setting", place["name"], f"is set in {place['name']}", place["id"])
            )
        if form in lx.STANDING_FORMS:
            work["facts"].append(
                fact("location", place["name"], f"can be seen in {place['name']}", place["id"])
            )
        works.append(work)
    return works


def _maker(calling: tuple[str, str, str, str]) -> str:
    verbs = {"wrote": "author", "drew": "author", "composed": "composer", "designed": "designer",
             "built": "builder", "recorded": "performer", "directed": "director"}  # fmt: skip
    return verbs.get(calling[2], "maker")


def _relate(
    rng: random.Random,
    people: list[Entity],
    siblings: dict[str, str],
    places: list[Entity],
    organisations: list[Entity],
    works: list[Entity],
) -> None:
    """Gives every person twelve to fifteen facts and a description."""
    by_name = {p["name"]: p for p in people}
    founded = {o["facts"][1]["target"]: o for o in organisations}
    births = rng.sample(range(1901, 1986), 60)
    hobbies, foods = (rng.sample(list(w) * 2, 60) for w in (lx.HOBBIES, lx.FOODS))
    prizes = [f"{w} {rng.choice(lx.PRIZE_SUFFIXES)}" for w in rng.sample(lx.PRIZES, 60)]
    pets = [(rng.choice(lx.ANIMALS), n) for n in rng.sample(lx.PET_NAMES, 60)]
    for i, person in enumerate(people):
        rival = people[i ^ 1]
        first = i % 2 == 0
        birthplace = rng.choice(
            [p for p in places if first or p["name"] != _value(rival, "birthplace")]
        )
        residence = rng.choice([p for p in places if p is not birthplace])
        free = [o for o in organisations if first or o["name"] != _value(rival, "employer")]
        employer = rng.choice([o for o in free if person["calling"] in o["employs"]] or free)
        related = {person["name"], rival["name"], siblings.get(person["name"])}
        mentor = rng.choice(
            [p for p in people if p["name"] not in related and p["calling"] != person["calling"]]
        )
        animal, pet = pets[i]
        work, he = works[i], person["pronoun"]
        person |= {"animal": animal, "pet": pet, "prize": prizes[i]}
        person |= {"place": birthplace["name"], "org": employer["display"]}
        person["facts"] = [
            fact("calling", person["calling"], f"is {a(person['calling'])}"),
            fact(
                "birthplace",
                birthplace["name"],
                f"was born in {birthplace['name']}",
                birthplace["id"],
            ),
            fact("birth_year", str(births[i]), f"was born in {births[i]}"),
            fact("residence", residence["name"], f"lives in {residence['name']}", residence["id"]),
            fact("employer", employer["name"], f"works for {employer['display']}", employer["id"]),
            fact("rival", rival["name"], f"is the rival of {rival['name']}", rival["id"]),
            fact("mentor", mentor["name"], f"was taught by {mentor['name']}", mentor["id"]),
            fact(
                "work",
                work["name"],
                f"{work['made']} the {work['form']} {work['name']}",
                work["id"],
            ),
            fact("prize", prizes[i], f"won the {prizes[i]}"),
            fact("hobby", hobbies[i], f"enjoys {hobbies[i]}"),
            fact("food", foods[i], f"loves {foods[i]}"),
            fact("pet", pet, f"has {a(animal)} called {pet}"),
            fact("known_as", person["aliases"][0], f"is known as {person['alias']}"),
        ]
        if person["name"] in siblings:
            other = by_name[siblings[person["name"]]]
            word = "sister" if he == "she" else "brother"
            person["facts"].append(
                fact("sibling", other["name"], f"is the {word} of {other['name']}", other["id"])
            )
        if person["id"] in founded:
            org = founded[person["id"]]
            person["facts"].append(
                fact("founded", org["name"], f"founded {org['display']}", org["id"])
            )
        person["description"] = (
            f"{person['name']} is {a(person['calling'])} from {birthplace['name']} "
            f"who {work['made']} the {work['form']} {work['name']}."
        )


def _value(entity: Entity, relation: str) -> str:
    return next(f["value"] for f in entity["facts"] if f["relation"] == relation)


def main() -> None:
    """Writes `world.json` into the package."""
    world = make_world()
    SHIPPED.mkdir(parents=True, exist_ok=True)
    rows = {k: v for k, v in world.items() if k not in ("entities", "general")}
    lines = [json.dumps(rows, ensure_ascii=False)[1:-1]]
    for key in ("entities", "general"):
        inner = ",\n".join(json.dumps(e, ensure_ascii=False) for e in world[key])
        lines.append(f'"{key}": [\n{inner}\n]')
    (SHIPPED / "world.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(world['entities'])} entities, {len(world['general'])} general facts")


if __name__ == "__main__":
    main()
