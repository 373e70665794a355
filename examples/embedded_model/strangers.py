"""Names that the world does not hold, so that the model learns to say that it does not know.

`stranger(kind, rng)` makes a fresh name; names of the world and the names reserved for evaluation
are never returned. `RESERVED` holds hand-written names that no generator here would favour.
"""

# Tables of words read better in long lines.
# ruff: noqa: E501

from __future__ import annotations

import random
from collections.abc import Callable

import lexicon as lx

ORDINARY_GIVEN = (
    "Anna John Maria Peter Laura Thomas Emily Robert Sarah David Julia Michael Nina Paul Sophie Mark "
    "Elena Stephen Clara Martin Helen George Alice Frank Ruth Henry Olivia Samuel Grace Victor Irene Leo "
    "Hannah Oscar Diana Felix Rosa Hugo Marta Simon Ingrid Ahmed Fatima Wei Yuki Ravi Priya Carlos Ines "
    "Ivan Olga Kofi Amina Lars Astrid Pierre Chloe Marco Giulia William Elizabeth James Barack Angela "
    "Albert Isaac Charles Jane Agatha Ernest Virginia Leonardo Vincent Wolfgang Ludwig Ada Alan Kevin"
).split()
ORDINARY_SURNAMES = (
    "Smith Jones Miller Brown Garcia Kim Nguyen Tanaka Schmidt Rossi Silva Novak Petrov Andersen Dubois "
    "Murphy Cohen Khan Patel Singh Wang Lopez Fischer Weber Moreau Costa Jansen Larsen Horvat Kowalski "
    "King Shakespeare Einstein Newton Darwin Austen Christie Hemingway Mozart Bach Picasso Obama Merkel "
    "Taylor Wilson Evans Thomas Walker Wright Baker Carter Hughes Green Wood Hall Stone Rivers Marsh "
    "Clark Lewis Young Allen Scott Adams Nelson Hill Campbell Mitchell Roberts Turner Parker Collins"
).split()
_ONSETS = (
    "b br c ch cl d dr f fl g gr h j k kl l m n p pr qu r s sh sk st t th tr v w y z zh".split()
)
_PLAIN_ONSETS = "b d f g h j k l m n p r s t v w z br dr st tr l m n r s t k".split()
_VOWELS = "a e i o u ae ai au ea ei ia ie io oa oo ou".split()
_CODAS = "l m n r s t th k nd rn st x v sk lt rd mb ck ss nn ll rt ld".split() + [""] * 8
_SURNAME_ENDS = (
    "son sen ov ova ski wick ford ham more well field berg stein dale worth ard ell ette ine ano ez aux "
    "ley man ton by"
).split()
_PLACE_ENDS = (
    "ton ville burg mouth stead port ham field wick haven by grad minster ford holm mere dale ia"
).split()
_ADJECTIVES = (
    "Amber Silent Broken Golden Hollow Crimson Distant Gentle Frozen Hidden Bitter Pale Paper Velvet Stone "
    "Wandering Burning Crooked Endless Painted Stolen Lonely Electric Glass Blue Orange Kneeling Borrowed "
    "Sleeping Ninefold Green Iron Marble Quiet Scarlet Second Final Little Great Northern"
).split()
_NOUNS = (
    "Lantern Orchard Mirror River Winter Garden Letter Voyage Island Clock Forest Feather Harbour Mountain "
    "Window Promise Shadow Stranger Ocean Engine Violin Sparrow Kingdom Staircase Station Candle Horizon "
    "Valley Compass Carnival Bridge Sky Symphony Tower Ferry Kitchen Rain Salt Ash Snow Music Bell Tiger "
    "Machine Army Doctor Emperor Wolf Queen Circle Archive Museum Storm Road House Door Song Dream Fire"
).split()
_ORG_KINDS = (
    "Institute|Society|Press|Foundation|Club|Orchestra|Museum|College|Company|Guild|Trust|Academy|Theatre|"
    "Records|Studios|Hospital|Gazette|Workshop|Laboratory|Bank|Railway|Observatory|Brewery|Archive|Circus"
).split("|")
_OTHER_PRIZES = (
    "Aurora Birch Cedar Diamond Eagle Falconer Glacier Hammer Icicle Jade Kestrel Lotus Marigold Needle "
    "Orchid Panther Quiver Ruby Saffron Topaz Unicorn Violet Walnut Yew Zinnia Amethyst Badger Candle Dahlia "
    "Ermine Foxglove Gazelle Holly Ibis Jackal Kite Leopard Mint Narwhal Oyster Poppy Ribbon Salmon Tulip"
).split()
_PET_STARTS = "B C D F G H J K L M N P R S T W Z Sn Pl Fl Cr".split()
_PET_ENDS = "iggle otty umpy izzle abby oodle ingo affy iddy ango ussy eeko uffin anza olly".split()

# Never made, never trained on: written by hand for evaluation only.
RESERVED: dict[str, tuple[str, ...]] = {
    "person": tuple(
        "Jorvik Peltzer|Amalthea Brook|Tiberon Gask|Lisbeta Worrel|Kasimir Dolen|Ophira Tandy|Benno Strake|"
        "Wilhemina Foss|Hadrian Oakshott|Pilar Quenby|Sigmar Tull|Noemi Barrat|Ulf Hasselby|Cressida Vane|"
        "Matteus Orlo|Djuna Kesper|Emeric Salt|Philippa Noll|Radomir Vex|Tamsin Aldous|Bartholomew Crisp|"
        "Yseult Marchbank|Gideon Prewitt|Leocadia Thorne|Nikolai Absinth|Rosalba Quist|Torquil Benbow|"
        "Zenobia Larch|Ambrus Kettering|Fiora Delancey".split("|")
    ),
    "work": tuple(
        "The Salt Merchant's Daughter|Postcards from Nowhere|The Last Cartwheel|A Grammar of Tides|"
        "Nine Ways to Fold a Map|The Beekeeper's Alibi|Ode to a Broken Kettle|The Velvet Algebra|"
        "Midnight at the Laundromat|The Pelican Sonata".split("|")
    ),
    "organisation": tuple(
        "the Brackwater Commission|Ollerton and Finch|the Periwinkle Syndicate|Hexham Dynamics|"
        "the Society of Blind Tailors|Marigold Mutual|the Tollgate Players|Zephyrine Airways".split("|")
    ),
    "place": tuple("Oxenholt|Little Stannard|Pashkovo|Mirabad|Tallow Cross|Greywether|Sant Orell|Kuopiola".split("|")),
}  # fmt: skip

_TITLES = [title for row in lx.WORKS for title in row.split("|")[::2]]
_ORGANISATIONS = [row[0] for row in lx.ORGANISATIONS]
_KNOWN = {
    *_TITLES,
    *_ORGANISATIONS,
    *(row[0] for row in lx.PLACES),
    *lx.OWN_SURNAMES,
    *lx.PET_NAMES,
    *(f"the {nick}" for nick in lx.NICKNAMES),
}
_FORBIDDEN = _KNOWN | {name for names in RESERVED.values() for name in names}


def word(rng: random.Random, syllables: int) -> str:
    """A pronounceable invented word with a capital; two in three are of plain syllables."""
    if rng.random() < 0.66:
        parts = [rng.choice(_PLAIN_ONSETS) + rng.choice("aeiou") for _ in range(syllables)]
        parts.append(
            rng.choice(("", "", "l", "n", "r", "s", "t", "m", "k", "x", "nd", "ck", "rn", "th"))
        )
        parts[0] = parts[0][rng.random() < 0.2 :]
        return "".join(parts).capitalize()
    parts = [
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(syllables)
    ]
    return "".join(parts).capitalize()


def _given(rng: random.Random) -> str:
    return word(rng, rng.choice((1, 2, 2, 2, 3)))


def _surname(rng: random.Random) -> str:
    end = rng.choice((*_SURNAME_ENDS, "", "", ""))
    return word(rng, rng.choice((1, 2, 2)) if end else 2) + end


def _person(rng: random.Random) -> str:
    known_given = lx.WOMEN + lx.MEN
    known_last = [*lx.SIBLING_SURNAMES, *lx.NAMESAKE_SURNAMES, *lx.OWN_SURNAMES]
    style = rng.random()
    if style < 0.30:
        return f"{_given(rng)} {_surname(rng)}"
    if style < 0.42:
        return f"{rng.choice(ORDINARY_GIVEN)} {rng.choice(ORDINARY_SURNAMES)}"
    if style < 0.50:
        return f"{rng.choice(ORDINARY_GIVEN)} {_surname(rng)}"
    if style < 0.54:
        return f"{_given(rng)} {rng.choice(ORDINARY_SURNAMES)}"
    if style < 0.65:
        last = rng.choice((_surname(rng), rng.choice(ORDINARY_SURNAMES)))
        return f"{rng.choice(known_given)} {last}"
    if style < 0.76:
        return f"{rng.choice((_given(rng), rng.choice(ORDINARY_GIVEN)))} {rng.choice(known_last)}"
    if style < 0.95:
        return f"{rng.choice(known_given)} {rng.choice(known_last)}"
    return rng.choice((_surname(rng), rng.choice(ORDINARY_SURNAMES)))


def _work(rng: random.Random) -> str:
    adj, one, two = rng.choice(_ADJECTIVES), *rng.sample(_NOUNS, 2)
    made = word(rng, 2)
    if rng.random() < 0.2:  # a title of the world with one word changed
        words = rng.choice(_TITLES).split()
        place = rng.choice([i for i, w in enumerate(words) if w[0].isupper() and w != "The"])
        words[place] = rng.choice((adj, one, two))
        return " ".join(words)
    forms = (
        f"The {adj} {one}", f"The {one} of {two}s", f"{one} and {two}", f"A {one} in the {two}", f"{adj} {one}s",
        f"The {made} {one}", f"The Book of {made}", f"Songs of the {one}", f"My {adj} {one}", f"{made}",
        f"The {one}", f"Letters to {made}", f"On {adj} {one}s", f"The {one} {two}", f"Under the {adj} {one}",
    )  # fmt: skip
    return rng.choice(forms)


def _organisation(rng: random.Random) -> str:
    kind = rng.choice(_ORG_KINDS)
    if rng.random() < 0.2:  # a name of the world with its last word changed
        return " ".join([*rng.choice(_ORGANISATIONS).split()[:-1], kind])
    front = rng.choice((word(rng, 2), _surname(rng), rng.choice(_NOUNS), f"{rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"))  # fmt: skip
    forms = (f"the {front} {kind}", f"the {front} {kind}", f"{front} {kind}",
             f"the {kind} of {word(rng, 2)}", f"{_surname(rng)} and {_surname(rng)}")  # fmt: skip
    return rng.choice(forms)


def _place(rng: random.Random) -> str:
    return (
        word(rng, rng.choice((1, 2)))
        + rng.choice((*_PLACE_ENDS, "", ""))
        + rng.choice(("", "", "", " Bay", " Cross"))
    )


def _prize(rng: random.Random) -> str:
    front = rng.choice((rng.choice(_OTHER_PRIZES), word(rng, 2), _surname(rng)))
    return f"{front} {rng.choice(lx.PRIZE_SUFFIXES)}"


def _alias(rng: random.Random) -> str:
    return f"the {rng.choice((*_ADJECTIVES, 'Old', 'Mad', 'Tiny'))} {rng.choice(_NOUNS)}"


def _pet(rng: random.Random) -> str:
    return rng.choice((rng.choice(_PET_STARTS) + rng.choice(_PET_ENDS), word(rng, 2)))


def _country(rng: random.Random) -> str:
    return word(rng, rng.choice((1, 2))) + rng.choice(("ia", "land", "stan", "onia", ""))


_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "person": _person, "work": _work, "organisation": _organisation, "place": _place, "prize": _prize,
    "alias": _alias, "pet": _pet, "country": _country,
}  # fmt: skip


class Strangers:
    """Makes unknown names, never one of `known` and never a reserved one."""

    def __init__(self, known: set[str], rng: random.Random) -> None:
        self._taken = {name.casefold() for name in known | _FORBIDDEN}
        self._rng = rng

    def name(self, kind: str) -> str:
        """A fresh unknown name of a person, work, organisation, place, prize, alias, pet or country."""
        while True:
            made = _MAKERS[kind](self._rng)
            if (
                made.casefold() not in self._taken
                and made.removeprefix("the ").casefold() not in self._taken
            ):
                return made
