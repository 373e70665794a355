"""Write the table of short names: what of `nicknames` (Apache-2.0) stands for one name only.

    python benchmarks/build_short_names.py [--check]

That table has 2,691 pairs, gathered from genealogies: "erin" for Aaron, "bill" for Robert, "king"
for Kingston. A false pair makes two people one, so only those stay whose short name

* is made of the long one ("becca" of "rebecca") and no other spelling of it ("sara" of "sarah"),
* leads no life of its own: it has no short names but those of the long name,
* stands for few names, and
* is no common word, nor better known than the long name.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from nicknames import name_triplets

from amnestic.tools.reading import rank

TARGET = Path(__file__).parents[1] / "src/amnestic/tools/names/data/short_names.txt"
HEAD = """# Long and short given names, chosen by benchmarks/build_short_names.py from the table of
# the package nicknames 1.0.1 (github.com/carltonnorthern/nicknames, Apache License 2.0).
"""
_ENDING = re.compile(r"(?:ie|ey|ee|y|i|e)$")
_DOUBLE = re.compile(r"(.)\1$")
_SHORTEST = 3
_MOST_NAMES = 4
_COMMON = 1500


def chosen() -> Iterator[tuple[str, str]]:
    """The pairs that stay, long name first, in order.

    >>> pairs = set(chosen())
    >>> ("rebecca", "becca") in pairs, ("aaron", "erin") in pairs, ("arthur", "art") in pairs
    (True, False, False)
    """
    given = ((t.name1, t.name2) for t in name_triplets())
    pairs = sorted({(long, short) for long, short in given if (long + short).isalpha()})
    names = Counter(short for _, short in pairs)
    shorts: dict[str, set[str]] = defaultdict(set)
    for long, short in pairs:
        shorts[long].add(short)
    for long, short in pairs:
        own = shorts.get(short, set()) - shorts[long] - {long}
        follows = 2 * len(own) < len(shorts.get(short, ())) or short not in shorts
        if (
            follows
            and names[short] <= _MOST_NAMES
            and _is_made_of(long, short)
            and not _is_spelling_of(long, short)
            and not _is_better_known(long, short)
        ):
            yield long, short


def _is_made_of(long: str, short: str) -> bool:
    return len(short) >= _SHORTEST <= len(_stem(short)) and _stem(short) in long


def _is_spelling_of(long: str, short: str) -> bool:
    cut = len(long) - len(_stem(short))
    return not short.startswith(long) and cut < (3 if len(short) >= len(long) else 2)


def _stem(name: str) -> str:
    return _DOUBLE.sub(r"\1", _ENDING.sub("", name))


def _is_better_known(long: str, short: str) -> bool:
    known, of_long = rank(short), rank(long)
    if known is None:
        return False
    return known < _COMMON or of_long is None or of_long > known


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="only say whether the file is new")
    check = options.parse_args().check
    text = HEAD + "".join(f"{long} {short}\n" for long, short in chosen())
    if check:
        sys.exit(0 if TARGET.read_text("utf-8") == text else "short_names.txt is not what is built")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, "utf-8")
    print(f"{text.count(chr(10)) - HEAD.count(chr(10))} pairs")


if __name__ == "__main__":
    main()
