"""Write the table of given names from a wheel of `Faker` (MIT), which has them for some eighty
countries: what is no dependency of the package is only read here.

    pip download --no-deps faker==40.63.0
    python benchmarks/build_given_names.py faker-*.whl

Names of fewer than three letters, or in other scripts, are left out, as are those that are words
where few countries give them: often written small in some language ("will", "hope"), or known
better as something else than as the name that a single country gives ("boston").

Those that many countries give are written to a list of their own: so many people bear one that it
names nobody by itself ("michael"), while "napoleon" or "lincoln" is mostly one man.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from amnestic.tools.reading import fold_word, is_common, small_share

DATA = Path(__file__).parents[1] / "src/amnestic/tools/names/data"
TARGET, OFTEN = DATA / "given_names.txt", DATA / "often_given_names.txt"
HEAD = """# {what}, chosen by benchmarks/build_given_names.py from the tables of
# Faker {version} (github.com/joke2k/faker, MIT License).
"""
_SHORTEST = 3
_OFTEN_SMALL = 0.3
_KNOWN = 5_000
_MANY = 8
_WIDTH = 100


def _given(wheel: Path) -> Counter[str]:
    """The given names, folded, and how many countries give each."""
    sys.path.insert(0, str(wheel))
    package = importlib.import_module("faker.providers.person")
    found: Counter[str] = Counter()
    for module in pkgutil.iter_modules(package.__path__):
        provider = importlib.import_module(f"{package.__name__}.{module.name}").Provider
        found.update(set(_of_country(provider)))
    return found


def _of_country(provider: type) -> Iterator[str]:
    for attribute in dir(provider):
        names = getattr(provider, attribute)
        if attribute.startswith("first_name") and isinstance(names, (list, tuple, dict)):
            yield from (fold_word(name) for name in names if isinstance(name, str))


def _is_kept(name: str, countries: int) -> bool:
    if len(name) < _SHORTEST or not (name.isascii() and name.isalpha()):
        return False
    if small_share(name) >= _OFTEN_SMALL:
        return countries >= _MANY
    return countries > 1 or not is_common(name, _KNOWN)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("wheel", type=Path, help="the wheel of Faker")
    wheel = options.parse_args().wheel
    given = _given(wheel)
    version = wheel.name.split("-")[1]
    names = sorted(name for name, countries in given.items() if _is_kept(name, countries))
    _write(TARGET, HEAD.format(what="Given names", version=version), names)
    often = [name for name in names if given[name] >= _MANY]
    _write(OFTEN, HEAD.format(what="Given names of many countries", version=version), often)
    print(f"{len(names)} names, of which {len(often)} are given in many countries")


def _write(file: Path, head: str, names: list[str]) -> None:
    lines, line = [], ""
    for name in names:
        if len(line) + len(name) >= _WIDTH:
            lines.append(line)
            line = ""
        line += f" {name}" if line else name
    file.write_text(head + "\n".join([*lines, line]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
