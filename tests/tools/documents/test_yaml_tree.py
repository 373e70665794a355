"""YAML is read with the places of its values, whatever it holds and however deep it goes."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import yaml  # type: ignore[import-untyped]

from amnestic.tools.documents import yaml_tree
from amnestic.tools.documents.json_tree import MAX_DEPTH, JsonArray, JsonNode, JsonScalar
from amnestic.tools.documents.yaml_text import redact_yaml
from amnestic.tools.documents.yaml_tree import read_yaml

TEXTS = (
    "name: Osk\ntowns:\n- Tavel\n- Ost\n",
    "näme: Ősk\ntówns: [Tável, 'Öst']\n",
    "name: \U0001f600 Osk \U0001f680\ntowns: [\U0001f600, Ost]\nlast: x\n",
    "名: 太郎\n町: [東京, 大阪]\n",
    "\ufeffname: Osk\ntown: Tavel\n",
    "name: Osk\r\ntowns:\r\n- Tavel\r\n- Ost\r\n",
    "name: Osk\u2028town: Tavel\n",
    "note: |\n  two\n  lines\n\nnext: >-\n  p\n  q\nlast: 3\n",
    "# a comment\nname: Osk # another\ntowns:\n  # inside\n  - Ost\n\n# end\n",
    "a:\nb: \nc:\n- \n- x\nd: {}\ne: []\n",
    "---\nname: !!str 1\nage: &x 3\n...\n",
    "a: null\nb: ~\nc: yes\nd: 0x1F\ne: 'null'\nf: !!null x\n",
)


@pytest.fixture
def without_libyaml(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PyYAML as it is where it was built without libyaml."""
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    yaml_tree._loader.cache_clear()
    yield
    yaml_tree._loader.cache_clear()


def scalars(node: JsonNode) -> Iterator[JsonScalar]:
    if isinstance(node, JsonScalar):
        yield node
    elif isinstance(node, JsonArray):
        for item in node.items:
            yield from scalars(item)
    else:
        for member in node.members:
            yield from scalars(member.value)


@pytest.mark.parametrize("text", TEXTS)
def test_the_places_are_the_same_with_and_without_libyaml(
    text: str, request: pytest.FixtureRequest
) -> None:
    fast = read_yaml(text)
    request.getfixturevalue("without_libyaml")
    assert fast is not None
    assert fast == read_yaml(text)


@pytest.mark.parametrize("text", TEXTS[:7])
def test_a_plain_value_stands_where_the_tree_says(text: str) -> None:
    tree = read_yaml(text)
    assert tree is not None
    found = list(scalars(tree))
    assert found
    assert all(text[s.start : s.end].strip("'") == s.value for s in found)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\ufeffpoets:\n- Osk\n- Tarn\n", "\ufeffpoets:\n- Tarn\n"),
        ("poets:\n- \U0001f600 Osk\n- \U0001f600 Tarn\n", "poets:\n- \U0001f600 Tarn\n"),
        ("poets:\r\n- Osk\r\n- Tarn\r\n", "poets:\r\n- Tarn\r\n"),
        ("- name:\tOsk\n- name:\tTarn\n", "- name:\tTarn\n"),
    ],
)
def test_what_stays_keeps_its_characters(text: str, clean: str) -> None:
    assert redact_yaml(text, lambda said: "Osk" in said) == clean


def test_yaml_of_a_quarter_of_a_megabyte_keeps_its_form() -> None:
    text = "".join(f"- name: Tarn {i}\n  born: {1900 + i % 90}\n" for i in range(8000))
    tree = read_yaml(f"{text}- name: Osk\n")
    assert isinstance(tree, JsonArray)
    assert len(tree.items) == 8001


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("[\n", "]")]
)
def test_what_is_nested_too_deep_is_left_at_that_level(opening: str, closing: str) -> None:
    fits, too_deep = (f"{opening * d}x{closing * d}" for d in (MAX_DEPTH, MAX_DEPTH + 1))
    assert read_yaml(fits) is not None
    assert read_yaml(too_deep) is None


def test_no_more_of_a_text_is_read_than_to_the_level_that_is_too_deep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = []

    def parse(text: str, Loader: object) -> Iterator[SimpleNamespace]:
        for event in yaml_parse(text, Loader=Loader):
            given.append(event)
            yield event

    yaml_parse = yaml.parse
    monkeypatch.setattr(yaml, "parse", parse)
    assert read_yaml("- " * 900) is None
    assert len(given) < MAX_DEPTH + 10


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "a: *x\n",
        "a: 1\n---\nb: 2\n",
        "just words",
        "",
        "a: b: c\n",
        "[a]: 1\n",
        "a: \x07\n",
        "a: \ud800\n",
        "a: [1\n",
    ],
)
def test_what_cannot_be_read_with_certainty_is_no_tree(
    text: str, request: pytest.FixtureRequest
) -> None:
    assert read_yaml(text) is None
    request.getfixturevalue("without_libyaml")
    assert read_yaml(text) is None


@pytest.mark.usefixtures("without_libyaml")
def test_without_libyaml_only_a_shorter_text_is_read() -> None:
    assert read_yaml("- x\n" * 100) is not None
    assert read_yaml("- x\n" * 20_000) is None
