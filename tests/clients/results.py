"""What the last run of each client found: the file that docs/clients.md is made from.

Nothing but the standard library is imported, so that `python docs/refresh.py` can use it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

__all__ = ["DOORS", "FILE", "FORMS", "QUESTIONS", "Results", "forms_of", "page", "read", "write"]

FILE = Path(__file__).parent / "results.json"
FORMS = ("plain", "streamed", "tools", "structured")
DOORS = ("proxy", "wrapped")
QUESTIONS = ("clear", "near")

Results: TypeAlias = Mapping[str, Mapping[str, Any]]
"""By client: its `versions`, by package; its `cells`, by what it was asked for, and by door and
question (`proxy, near`) why one does not pass, or `null`; and `absent`, by form, why there is no
such cell."""

_HEAD = """# Real clients

{made}

Client libraries as their makers ship them, behind `amnestic serve` and, where they take a client of
OpenAI's or a LangChain model, with a wrapped one. Each is asked two questions in each of its forms.
*Clear*, far from every target: it gives the very words, arguments and objects that it gives when it
asks the upstream itself. *Near*, about the target: the call succeeds, the client's own parser reads
what comes, and nothing that the client gives holds a word of the target
([how](../tests/clients/README.md)). `make test-clients` runs them all and writes this page.

"""


def read() -> Results:
    """What is kept."""
    found: Results = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    return found


def write(results: Results) -> None:
    """Keep a run's."""
    FILE.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


def forms_of(asked: str) -> tuple[str, ...]:
    """The forms that a cell is of, by its name.

    >>> forms_of("responses, structured streamed")
    ('streamed', 'structured')
    >>> forms_of("two turns")
    ('plain',)
    """
    signs = {"streamed": ("streamed",), "tools": ("tool", "agent"), "structured": ("structured",)}
    found = [form for form, words in signs.items() if any(word in asked for word in words)]
    return tuple(found) or ("plain",)


def page(made: str, results: Results) -> str:
    """`docs/clients.md`, which says of itself how it is `made`."""
    whys = list(dict.fromkeys(_whys(results)))
    rows = [_row(client, told, whys) for client, told in results.items()]
    parts = [_HEAD.format(made=made), _table(("client", "version", *FORMS), rows)]
    if whys:
        parts.append("\n" + "".join(f"{n}. {why}\n" for n, why in enumerate(whys, 1)))
    parts.append("\n## Every cell\n")
    for client, told in results.items():
        parts.append(f"\n### {client}\n\n{_cells(told, whys)}")
    return "".join(parts)


def _whys(results: Results) -> Iterator[str]:
    for told in results.values():
        for marks in told["cells"].values():
            yield from (why for why in marks.values() if why)
        yield from told["absent"].values()


def _row(client: str, told: Mapping[str, Any], whys: Sequence[str]) -> tuple[str, ...]:
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    return (client, versions, *(_told(told, form, whys) for form in FORMS))


def _told(told: Mapping[str, Any], form: str, whys: Sequence[str]) -> str:
    """How many cells of a form pass, by question, and the numbers of the reasons of others."""
    if form in told["absent"]:
        return f"none{_notes([told['absent'][form]], whys)}"
    cells = [marks for asked, marks in told["cells"].items() if form in forms_of(asked)]
    parts = []
    for question in QUESTIONS:
        found = [w for marks in cells for at, w in marks.items() if at.endswith(f", {question}")]
        passed = found.count(None)
        count = f"{passed}" if passed == len(found) else f"{passed} of {len(found)}"
        parts.append(f"{question} {count}{_notes(found, whys)}")
    return ", ".join(parts)


def _notes(found: Sequence[str | None], whys: Sequence[str]) -> str:
    numbers = sorted({whys.index(why) + 1 for why in found if why})
    return "".join(f" ({n})" for n in numbers)


def _cells(told: Mapping[str, Any], whys: Sequence[str]) -> str:
    heads = [f"{door}, {question}" for door in DOORS for question in QUESTIONS]
    heads = [head for head in heads if any(head in marks for marks in told["cells"].values())]
    rows = [
        (asked, *(_mark(marks, head, whys) for head in heads))
        for asked, marks in told["cells"].items()
    ]
    return _table(("asked for", *heads), rows)


def _mark(marks: Mapping[str, str | None], head: str, whys: Sequence[str]) -> str:
    if head not in marks:
        return "–"
    return "passes" if marks[head] is None else f"not{_notes([marks[head]], whys)}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
