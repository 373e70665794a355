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
"""

from __future__ import annotations

import gzip
import json
import math
import sys
import zipfile
from collections import Counter
from pathlib import Path

from amnestic.tools.reading import fold_word

TARGET = Path(__file__).parents[1] / "src/amnestic/tools/reading/data/small_letters.txt"
LANGUAGES = ("en", "de", "es")
MOST = {"en": 30_000, "de": 20_000, "es": 20_000}
COMPOUNDS, VOCABULARY = 5, 200_000
SHORTEST = 4
OTHERS, OF_OTHERS, USUAL = ("fr", "it", "pt", "nl"), 6_000, 6
LEAST = 2
STEPS = 9
HEAD = """\
# How often a word is written small, in ninths, chosen by benchmarks/build_casing.py from tables of
# the packages spacy-lookups-data 1.0.5, Copyright (c) 2019 ExplosionAI GmbH, and pyspellchecker
# 0.9.1, Copyright (c) 2018-2021 Tyler Barrus, both under the MIT License.
"""


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


def main() -> None:
    """Write the list and say how long it is."""
    highest: dict[str, int] = {}
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        for language in LANGUAGES:
            name = f"spacy_lookups_data/data/{language}_lexeme_prob.json.gz"
            table = json.loads(gzip.decompress(wheel.read(name)))
            nouns = german_nouns(table) if language == "de" else {}
            for word, share in {**shares(table, MOST[language]), **nouns}.items():
                folded = fold_word(word)
                highest[folded] = max(share, highest.get(folded, 0))
    with zipfile.ZipFile(sys.argv[2]) as wheel:
        for language in OTHERS:
            counts = json.loads(
                gzip.decompress(wheel.read(f"spellchecker/resources/{language}.json.gz"))
            )
            for word, _ in Counter(counts).most_common(OF_OTHERS):
                if word.isalpha() and len(word) > 1:
                    folded = fold_word(word)
                    highest[folded] = max(USUAL, highest.get(folded, 0))
    lines = [
        " ".join([str(step), *sorted(w for w, share in highest.items() if share == step)])
        for step in range(STEPS, LEAST - 1, -1)
    ]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{sum(len(line.split()) - 1 for line in lines)} words to {TARGET.name}")


if __name__ == "__main__":
    main()
