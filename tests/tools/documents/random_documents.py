"""Random documents of every form, some of whose parts name a target, and what must hold of them
when those parts are cut out.

Each part holds a word of its own (`w17`), by which it is known again: the words that stay stand in
the order in which they stood, and between two that were neighbours no byte is another one.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import tomllib
import xml.dom.minidom
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from xml.parsers.expat import ExpatError

import yaml  # type: ignore[import-untyped]

from amnestic.tools.documents.cutting import cut
from amnestic.tools.documents.structured import redact_whole
from tests.tools.documents.random_markdown import Words, markdown, markdown_fault

__all__ = ["FORMS", "Form", "leaks"]

_WORD = re.compile(r"\bw\d+\b")
_KINDS = ("word", "word", "list", "map", "number")


def leaks(piece: str) -> bool:
    """Whether a piece names the target."""
    return "Osk" in piece


@dataclass(frozen=True, slots=True)
class Form:
    """A form: how a document of it is made, cut and checked (`None`: it holds)."""

    make: Callable[[Random], str]
    cut: Callable[[str], str]
    parses: Callable[[str], object]

    def fault(self, text: str) -> str | None:
        """What does not hold of a document that was cut; `None` where all does."""
        clean = self.cut(text)
        if leaks(clean):
            return "leaks"
        try:
            told = self.parses(clean)
        except (ValueError, SyntaxError, ExpatError, yaml.YAMLError) as error:
            return f"does not parse: {type(error).__name__}: {error}"
        return told if isinstance(told, str) else _moved(text, clean)


def _moved(text: str, clean: str) -> str | None:
    """What of the rest is no longer as it was; numbers of items may be others."""
    before, after = list(_WORD.finditer(text)), list(_WORD.finditer(clean))
    places = {match.group(): i for i, match in enumerate(before)}
    order = [places[match.group()] for match in after]
    if order != sorted(set(order)):
        return "out of order"
    for (i, j), a, b in zip(pairwise(order), after, after[1:], strict=False):
        given = text[before[i].end() : before[j].start()]
        left = clean[a.end() : b.start()]
        if j == i + 1 and "Osk" not in given and _unnumbered(given) != _unnumbered(left):
            return f"{given!r} became {left!r}"
    return None


def _unnumbered(piece: str) -> str:
    return re.sub(r"(?m)^(\W*)\d+([.)])", r"\1\2", piece)


# ── Data ─────────────────────────────────────────────────────────────────────────────────────────


def _value(words: Words, depth: int = 0, kinds: tuple[str, ...] = _KINDS) -> object:
    kind = words.random.choice(kinds)
    if kind == "list" and depth < 3:  # no bare numbers: they go with what stands beside their list
        return [_value(words, depth + 1, _KINDS[:-1]) for _ in words.many()]
    if kind == "map" and depth < 3:
        keys = words.random.sample(
            ["name", "town", "k", "items", "note"], words.random.randint(1, 4)
        )
        return {key: _value(words, depth + 1) for key in keys}
    return words.random.randint(0, 99) if kind == "number" else words.part()


def _data(random: Random) -> object:
    words = Words(random)
    return {"items": [_value(words, 1, _KINDS[:-1]) for _ in words.many()], "more": _value(words)}


def _json(random: Random) -> str:
    indent = random.choice((None, 2, 4))
    return json.dumps(_data(random), indent=indent, ensure_ascii=random.random() < 0.3)


def _yaml(random: Random) -> str:
    return str(yaml.safe_dump(_data(random), sort_keys=False, allow_unicode=True))


def _html(random: Random) -> str:
    words = Words(random)
    parts = []
    for _ in words.many(5):
        if random.random() < 0.5:
            parts.append(
                "<ul>" + "".join(f"<li>{_text(words)}</li>\n" for _ in words.many()) + "</ul>"
            )
        else:
            parts.append(f"<p>The {_text(words)}.<br/> The <b>{_text(words)}</b>.</p>")
    return "<div>\n" + "\n".join(parts) + "\n</div>"


def _xml(random: Random) -> str:
    words = Words(random)
    rows = [
        f'  <row id="{i}"><a>{_text(words)}</a><b>{_text(words)}</b></row>' for i in words.many(6)
    ]
    return "<rows>\n" + "\n".join(rows) + "\n</rows>\n"


def _text(words: Words) -> str:
    return words.part().replace("&", "&amp;")


def _parse_markup(clean: str) -> None:
    xml.dom.minidom.parseString(f"<all>{clean}</all>")


def _toml(random: Random) -> str:
    words = Words(random)
    lines = [f'title = "{words.part()}"', ""]
    for i in words.many():
        lines.append(random.choice((f"[part{i}]", "[[parts]]")))
        for key in ("name", "town", "k"):
            lines.append(f"{key} = {_toml_value(words)}")
        lines += ["# " + words.part()] * (random.random() < 0.3)
        lines.append("")
    return "\n".join(lines)


def _toml_value(words: Words) -> str:
    kind = words.random.choice(("word", "list", "long", "map", "lines"))
    if kind == "list":
        return "[" + ", ".join(f'"{words.part()}"' for _ in words.many()) + "]"
    if kind == "long":
        return "[\n" + "".join(f'  "{words.part()}",\n' for _ in words.many()) + "]"
    if kind == "map":
        return f'{{ a = "{words.part()}", b = "{words.part()}" }}'
    return f'"""\n{words.part()}\n[no] = head\n"""' if kind == "lines" else f"'{words.part()}'"


def _separated(delimiter: str) -> Callable[[Random], str]:
    def make(random: Random) -> str:
        words = Words(random)
        width = random.randint(2, 4)
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator=random.choice(("\n", "\r\n")))
        writer.writerow([f"key{i}" for i in range(width)])
        for _ in range(random.randint(2, 7)):
            writer.writerow([words.part() for _ in range(width)])
        return out.getvalue()

    return make


def _widths(delimiter: str) -> Callable[[str], str | None]:
    def parses(clean: str) -> str | None:
        rows = list(csv.reader(io.StringIO(clean), delimiter=delimiter))
        return "rows are ragged" if len({len(row) for row in rows}) > 1 else None

    return parses


def _python(random: Random) -> str:
    words = Words(random)
    lines = []
    for i in words.many(5):
        kind = random.choice(("function", "list", "map", "comment", "value"))
        if kind == "function":
            lines += [
                f"def f{i}(x):",
                f'    """The {words.part()}."""',
                "",
                f'    return x + "{words.part()}"',
                "",
            ]
        elif kind == "list":
            lines += ["many = [", *(f'    "{words.part()}",' for _ in words.many()), "]"]
        elif kind == "map":
            lines.append(
                "known = {" + ", ".join(f'"{words.part()}": {n}' for n in words.many()) + "}"
            )
        elif kind == "comment":
            lines += [f"# {words.part()}", "", f"y{i} = {i}  # {words.part()}"]
        else:
            lines.append(f"z{i} = '{words.part()}'")
    return "Code:\n\n```python\n" + "\n".join(lines) + "\n```\n\nThe end.\n"


def _parse_python(clean: str) -> str | None:
    if "```" not in clean:
        return None if clean == "The end.\n" else "something is left of the block"
    ast.parse(clean.partition("```python\n")[2].rpartition("```")[0])
    return None


def _cut(text: str) -> str:
    return cut(text, leaks, names=["Osk"])


def _whole(text: str) -> str:
    clean = redact_whole(text, leaks)
    return text if clean is None else clean


def _loaded(load: Callable[[str], object]) -> Callable[[str], None]:
    def parses(clean: str) -> None:
        load(clean)

    return parses


FORMS = {
    "markdown": Form(markdown, _cut, markdown_fault),
    "json": Form(_json, _whole, _loaded(json.loads)),
    "yaml": Form(_yaml, _whole, _loaded(yaml.safe_load)),
    "html": Form(_html, _whole, _parse_markup),
    "xml": Form(_xml, _whole, _parse_markup),
    "toml": Form(_toml, _whole, _loaded(tomllib.loads)),
    "csv": Form(_separated(","), _whole, _widths(",")),
    "tsv": Form(_separated("\t"), _whole, _widths("\t")),
    "python": Form(_python, _cut, _parse_python),
}
"""The forms by name."""
