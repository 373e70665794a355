"""Which lists stand under an item or a line, as a reader sees it."""

from __future__ import annotations

import pytest

from amnestic.tools.documents import cut, heads_in
from amnestic.tools.documents.markdown import read_markdown
from amnestic.tools.documents.nodes import Kind, Node


def shape(text: str) -> str:
    """Each block as a letter: a list with its items in brackets, what stands in an item in them."""

    def told(node: Node) -> str:
        inner = "".join(map(told, node.children))
        signs = {Kind.LIST: f"({inner})", Kind.ITEM: f"i{inner}", Kind.HEADING: "h"}
        if node.kind is Kind.PARAGRAPH:
            return ""
        return signs.get(node.kind, "?")

    tree = read_markdown(text)
    assert tree is not None
    return "".join(map(told, tree.children))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. A:\n- x\n- y\n2. B:\n- z\n", "(i(ii)i(i))"),
        ("1. A\n- x\n- y\n2. B\n- z\n", "(i(ii)i(i))"),
        ("1. **A**\n- x\n\n2. **B**\n- y\n", "(ih(i))(ih(i))"),
        ("1. A\n\n- x\n\n2. B\n\n- y\n", "(i(i))(i(i))"),
        ("- A\n1. x\n2. y\n- B\n1. z\n", "(i(ii)i(i))"),
        ("1. A\n   - x\n2. B\n- y\n", "(i(i)i(i))"),
        # a list that stands apart
        ("1. Mix it.\n2. Bake it.\n- Serves four\n", "(ii)(i)"),
        ("1. A\n2. B\n- x\n", "(ii)(i)"),
        ("1. A\n\n- x\n- y\n", "(i)(ii)"),
        ("1. A:\n\n- x\n\n2. B.\n", "(i)(i)(i)"),
        ("- a\n* b\n", "(i)(i)"),
        ("1. A\n\nText.\n\n- x\n", "(i)(i)"),
    ],
)
def test_points_at_the_margin_of_their_item(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A\n\n- x\n\nB\n\n- y\n", "h(i)h(i)"),
        ("A\n\n- x\n\nAnd more.\n", "(i)"),
        ("It rains.\n\n- x\n\nIt snows.\n\n- y\n", "(i)(i)"),
        ("A\n\n- x\n\nIt snows.\n\n- y\n", "(i)(i)"),
    ],
)
def test_lines_by_themselves_head_their_lists_where_there_are_several(
    text: str, expected: str
) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Poets:\n- Osk\n", ["Poets:"]),
        ("Here they are. Poets:\n- Osk\n", ["Here they are. Poets:"]),
        ("**1. Osk**\n- x\n", ["**1. Osk**"]),
        ("# Osk\n\n- x\n", ["Osk"]),
        ("1. Osk:\nx\ny\n2. Hill\n", ["Osk:"]),
        ("1. Osk\n2. Hill\n", []),
        ("Osk wrote it.\n\n- x\n", []),
        ("", []),
    ],
)
def test_what_heads_something(text: str, expected: list[str]) -> None:
    assert [text[head.line.start : head.line.end] for head in heads_in(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # what is below is of use without who made it up
            "Osk's pie\n\n- flour\n- salt\n\nSteps\n\n1. Peel.\n2. Bake.\n",
            "- flour\n- salt\n\nSteps\n\n1. Peel.\n2. Bake.\n",
        ),
        (
            "Lyon\n\n- Hill\n\nTavel (home of Osk)\n\n- Tarn\n",
            "Lyon\n\n- Hill\n\nTavel\n\n- Tarn\n",
        ),
        (
            "**Hill (taught by Osk)**\n- Salt\n\n**Tarn**\n- Mill\n",
            "**Hill**\n- Salt\n\n**Tarn**\n- Mill\n",
        ),
        ("Hill\n\n- Salt\n\nOsk (1899-1954)\n\n- Ash\n", "Hill\n\n- Salt\n"),
        ("Hill\n\n- Salt\n\nThe painter Osk\n\n- Ash\n", "Hill\n\n- Salt\n"),
    ],
)
def test_a_line_that_only_mentions_a_name_heads_its_list_still(text: str, expected: str) -> None:
    assert cut(text, lambda piece: "Osk" in piece) == expected
