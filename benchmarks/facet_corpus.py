"""Made-up targets for the search benchmark: invented people, 20 sentences about each.

Facets of one target lie close together and many targets share a trade, a town or a prize, which
is what real lists look like to an index, and what random vectors do not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

FACETS_PER_TARGET = 20


def _words(text: str) -> list[str]:
    return text.split()


def _phrases(text: str) -> list[str]:
    return text.split("|")


_SYLLABLES = _words(
    "ba bel bor cal cor dan del dor el far fen gal gor hal hin jor kal kel lan lor mar mel mor nal "
    "nor ol par per quil ran rel ros sal sel tal tor ul val ven vor wen wil yar zel"
)
_ENDINGS = _words("a an ard as el en er ia in is o on or os um us wick ton by ham ley ric")
_TRADES = _words(
    "novelist painter surgeon chemist sailor violinist architect baker botanist judge sculptor "
    "gardener grandmaster astronomer weaver poet engineer actor swimmer historian potter farmer "
    "economist singer teacher pilot filmmaker jeweller goalkeeper composer"
)
_TOPICS = _words(
    "lighthouses glaciers clockwork orchids bridges comets dyes storms mosaics beetles rivers "
    "archives ferns markets radio volcanoes silk granite whales windmills ink theatre fog salt "
    "trams honey marble canals owls lace"
)
_PLACES = _phrases(
    "a fishing village|the capital|a mountain valley|a mill town|an island|the old harbour|"
    "a border town|the northern plains|a university town|a river delta"
)
_TEMPLATES = (
    "{name}",
    "{last}",
    "{name} is a {trade} known for work on {topic}.",
    "{name} was born in {year} in {town}, {place}.",
    "{name} studied {topic} at the University of {town}.",
    "The {trade} {name} won the {prize} Prize in {year}.",
    "{first} {last} is married to {other}.",
    "{name} wrote the book '{title}' about {topic}.",
    "{name} moved to {town} after the war and opened a {place_word} there.",
    "{other} was {first}'s teacher and later a rival.",
    "As a child, {first} {last} lost a brother to a storm near {town}.",
    "{name} founded the {prize} Institute for {topic} in {town}.",
    "{name}'s best known work, '{title}', was finished in {year}.",
    "{name} owns a collection of {topic} and two boats.",
    "In {year} {name} left the {prize} Company over a quarrel about {topic}.",
    "{name} speaks four languages and plays the {instrument}.",
    "Who is {name}?",
    "Which {trade} from {town} wrote '{title}'?",
    "Who won the {prize} Prize in {year}?",
    "What is {first} {last} known for?",
)


def _word(rng: random.Random) -> str:
    return (rng.choice(_SYLLABLES) + rng.choice(_SYLLABLES) + rng.choice(_ENDINGS)).capitalize()


def targets(count: int, seed: int = 7) -> Iterator[tuple[str, list[str]]]:
    """`count` targets, each as its name and its facets' texts."""
    rng = random.Random(seed)
    for _ in range(count):
        first, last = _word(rng), _word(rng)
        words = {
            "name": f"{first} {last}",
            "first": first,
            "last": last,
            "other": f"{_word(rng)} {_word(rng)}",
            "trade": rng.choice(_TRADES),
            "topic": rng.choice(_TOPICS),
            "town": _word(rng),
            "place": rng.choice(_PLACES),
            "prize": _word(rng),
            "title": f"The {rng.choice(_TOPICS).capitalize()} of {_word(rng)}",
            "place_word": rng.choice(("school", "workshop", "bakery", "clinic", "theatre")),
            "instrument": rng.choice(("cello", "flute", "organ", "harp", "drums")),
            "year": str(rng.randrange(1850, 2020)),
        }
        yield words["name"], [template.format(**words) for template in _TEMPLATES]


def questions(count: int, of: int, seed: int = 11) -> list[str]:
    """Questions as users ask them: half about targets among the first `of`, half about others."""
    rng = random.Random(seed)
    chosen = set(rng.sample(range(of), min(count // 2, of)))
    asked = []
    for i, (name, facets) in enumerate(targets(of)):
        if i in chosen:
            asked.append(f"Can you tell me {rng.choice(('more about', 'the story of'))} {name}?")
            asked.append(f"I read this somewhere: {facets[rng.randrange(2, 16)]} Is that true?")
    while len(asked) < count:
        topic, trade = rng.choice(_TOPICS), rng.choice(_TRADES)
        asked.append(f"How does a {trade} explain {topic} to children?")
    rng.shuffle(asked)
    return asked[:count]
