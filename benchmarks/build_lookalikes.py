"""Write the letters that look like Latin ones from Unicode's table of confusables (UTS 39).

    python benchmarks/build_lookalikes.py [--check]

The package confusable-homoglyphs carries the table. Of it stay the single letters that look like
one of a to z: compatibility forms are left to NFKC, digits and signs to leetspeak and to what they
are in their own script.
"""

from __future__ import annotations

import argparse
import string
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from confusable_homoglyphs.confusables import confusables_data

TARGET = Path(__file__).parents[1] / "src/amnestic/tools/reading/data/lookalikes.txt"
HEAD = """\
# Latin letters and what looks like them, chosen by benchmarks/build_lookalikes.py from Unicode's
# confusables (UTS 39, Unicode License v3) in the package confusable-homoglyphs 3.3.1 (MIT).
"""


def chosen() -> dict[str, str]:
    """What looks like each Latin letter, in order of code points.

    >>> table = chosen()
    >>> "\\u0430" in table["a"], "\\u0967" in "".join(table.values())
    (True, False)
    """
    table: dict[str, str] = {}
    for char, letter in sorted(_pairs()):
        table[letter] = table.get(letter, "") + char
    return dict(sorted(table.items()))


def _pairs() -> Iterator[tuple[str, str]]:
    for char, others in confusables_data.items():
        letters = {o["c"] for o in others} & set(string.ascii_letters)
        plain = len(char) == 1 and unicodedata.normalize("NFKC", char) == char
        if letters and plain and not char.isascii() and unicodedata.category(char)[0] == "L":
            yield char, _cased(char, min(letters))


def _cased(char: str, letter: str) -> str:
    """A capital I looks like a small L, and is meant as what it is."""
    return "I" if letter == "l" and unicodedata.category(char) != "Ll" else letter


def main() -> None:
    """Write the table, or say whether it is the one that would be written."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="only say whether the file is new")
    check = options.parse_args().check
    text = HEAD + "".join(f"{letter} {chars}\n" for letter, chars in chosen().items())
    if check:
        sys.exit(0 if TARGET.read_text("utf-8") == text else "lookalikes.txt is not what is built")
    TARGET.write_text(text, "utf-8")
    print(f"{sum(map(len, chosen().values()))} letters")


if __name__ == "__main__":
    main()
