"""Write how often words are written with a small letter, from tables of two packages.

    pip download --no-deps spacy-lookups-data==1.0.5 pyspellchecker==0.9.1
    python benchmarks/build_casing.py spacy_lookups_data-*.whl pyspellchecker-*.whl

The first (MIT) has the logarithms of how often each form of a word was met in a million forms of
running text; those for English, German and Spanish keep capitals. Of the commonest words of each
language those are written that are often enough small, each with the highest share of the three,
in ninths: what is always written with a capital is a name and stands in no list of words.

German writes its nouns with a capital. There those are words that end several other words, which
begin with a word ("Rückspiegel", "Wasserspiegel"), as names hardly do; they count as if they were
always written small.

The second (MIT) has the words of a dictionary for French, Italian, Portuguese and Dutch with how
often each was met, without capitals: the commonest count as written small two times in three.

Folding takes the marks away: "mané" is "mane" then. Of the words that have any, also less common
ones, those that are everyday words without them are written to a list of their own, as they are
spelt, so that a name is told from a word by its marks.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from amnestic.tools.reading import fold_word, is_common

DATA = Path(__file__).parents[1] / "src/amnestic/tools/reading/data"
TARGET, MARKED = DATA / "small_letters.txt", DATA / "marked_words.txt"
LANGUAGES = ("en", "de", "es")
MOST = {"en": 30_000, "de": 20_000, "es": 20_000}
COMPOUNDS, VOCABULARY = 5, 200_000
SHORTEST = 4
OTHERS, OF_OTHERS, USUAL = ("fr", "it", "pt", "nl"), 6_000, 6
SPELT, EVERYDAY, OFTEN = 40_000, 6_000, 3
LEAST = 2
STEPS = 9
LICENCE = """\
# the packages spacy-lookups-data 1.0.5, Copyright (c) 2019 ExplosionAI GmbH, and pyspellchecker
# 0.9.1, Copyright (c) 2018-2021 Tyler Barrus, both under the MIT License.
"""
HEAD = f"""\
# How often a word is written small, in ninths, chosen by benchmarks/build_casing.py from tables of
{LICENCE}"""
MARKED_HEAD = f"""\
# Words with marks that folding takes away, chosen by benchmarks/build_casing.py from tables of
{LICENCE}"""


def shares(table: dict[str, float], most: int) -> dict[str, int]:
    """The share of small letters of the commonest words, in ninths."""
    whole: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for form, logarithm in table.items():
        if form.isalpha() and len(form) > 1:
            whole[form.lower()] += math.exp(logarithm)
            if form.islower():
                small[form] += math.exp(logarithm)
    return {word: round(STEPS * small[word] / all_) for word, all_ in whole.most_common(most)}


def german_nouns(table: dict[str, float]) -> dict[str, int]:
    """The words that end several others of which the beginning is a word as well."""
    whole: Counter[str] = Counter()
    for form, logarithm in table.items():
        if form.isalpha() and len(form) > 1:
            whole[form.lower()] += math.exp(logarithm)
    known = [word for word, _ in whole.most_common(VOCABULARY)]
    usual = {word for word in known[: MOST["en"]] if len(word) >= SHORTEST}
    ended: Counter[str] = Counter()
    for word in known:
        for cut in range(SHORTEST, len(word) - 2):
            begun, end = word[:cut], word[cut:]
            if end in usual and (begun in usual or (begun[-1] in "sn" and begun[:-1] in usual)):
                ended[end] += 1
    often = set(known[: MOST["de"]])
    return {w: STEPS for w, count in ended.items() if count >= COMPOUNDS and w in often}


def cased_tables(wheel: zipfile.ZipFile) -> Iterator[dict[str, int]]:
    """The words of the languages whose capitals are known, each with its share of small letters."""
    for language in LANGUAGES:
        name = f"spacy_lookups_data/data/{language}_lexeme_prob.json.gz"
        table = json.loads(gzip.decompress(wheel.read(name)))
        nouns = german_nouns(table) if language == "de" else {}
        yield {**shares(table, MOST[language]), **nouns}


def plain_tables(wheel: zipfile.ZipFile) -> Iterator[list[str]]:
    """The words of the other languages, the commonest first."""
    for language in OTHERS:
        counts = json.loads(
            gzip.decompress(wheel.read(f"spellchecker/resources/{language}.json.gz"))
        )
        yield [word for word, _ in Counter(counts).most_common(SPELT)]


def is_word(form: str) -> bool:
    """Whether a form is made of letters, and no single one."""
    return form.isalpha() and len(form) > 1


def main() -> None:
    """Write the lists and say how long they are."""
    highest: dict[str, int] = {}
    spelt: set[str] = set()
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        for table in cased_tables(wheel):
            spelt |= {word for word, share in table.items() if share >= OFTEN}
            for word, share in table.items():
                folded = fold_word(word)
                highest[folded] = max(share, highest.get(folded, 0))
    with zipfile.ZipFile(sys.argv[2]) as wheel:
        for words in plain_tables(wheel):
            spelt.update(filter(is_word, words))
            for folded in map(fold_word, filter(is_word, words[:OF_OTHERS])):
                highest[folded] = max(USUAL, highest.get(folded, 0))
    lines = [
        " ".join([str(step), *sorted(w for w, share in highest.items() if share == step)])
        for step in range(STEPS, LEAST - 1, -1)
    ]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    marked = {
        unicodedata.normalize("NFC", word)
        for word in spelt
        if not word.isascii() and (folded := fold_word(word)) != word and len(folded) == len(word)
        and (highest.get(folded, 0) >= OFTEN or is_common(folded, EVERYDAY))
    }  # fmt: skip
    by_letter = [" ".join(w) for _, w in groupby(sorted(marked), key=lambda word: word[0])]
    MARKED.write_text(MARKED_HEAD + "\n".join(by_letter) + "\n", encoding="utf-8")
    print(f"{sum(len(line.split()) - 1 for line in lines)} words to {TARGET.name}")
    print(f"{len(marked)} words to {MARKED.name}")


if __name__ == "__main__":
    main()
