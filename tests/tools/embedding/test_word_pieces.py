"""Word pieces are those of `tokenizers`, whatever the text."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from amnestic.exceptions import ConfigurationError
from amnestic.tools.embedding.graph import SHIPPED, shipped_tokenizer
from amnestic.tools.embedding.tokenizing import ids_within
from amnestic.tools.embedding.word_pieces import CHARACTERS, WordPieces, _characters
from tests.tools.embedding.spoiling import cut, flip

WRITTEN = (SHIPPED / "tokenizer.json").read_text("utf-8")
NEVER_WORDS = {"Cs", "Cn", "Co"}
ODD = st.sampled_from(
    [
        "[SEP]",
        "[MASK]",
        "[cls]",
        "##ing",
        "e\u0301",
        "\u0301",
        "İ",
        "ß",
        "ﬀ",
        "中文",
        "한국",
        "≠",
        "\u200b",
        "\x00",
        "\ufffd",
        "\t\r\n",
        "\x85",
        "\x1c",
        "\u2028",
        "😀",
        "x" * 101,
        "Havránková's",
        "unaffable",
        "\u07fd",
        "\U0001e900",
    ]
)


@cache
def theirs() -> Any:
    """The tokenizer of the shipped encoder, by the library."""
    found = Tokenizer.from_str(WRITTEN)
    found.no_truncation()
    found.no_padding()
    return found


def test_every_character_is_what_the_library_takes_it_for() -> None:
    normalize = theirs().normalizer.normalize_str
    cut = theirs().pre_tokenizer.pre_tokenize_str
    assigned = [
        c
        for c in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(c) not in NEVER_WORDS and not 0xAC01 <= ord(c) < 0xD7A3
    ]
    for i in range(0, len(assigned), 512):
        text = " ".join(f"a{c}b" for c in assigned[i : i + 512])
        assert text.translate(_characters()).split() == [w for w, _ in cut(normalize(text))]


@given(st.lists(st.one_of(ODD, st.text(max_size=12)), max_size=8).map("".join))
def test_ids_places_and_words_are_those_of_the_library(text: str) -> None:
    ours, other = shipped_tokenizer().encode(text), theirs().encode(text)
    assert ours.ids == other.ids
    assert ours.offsets == other.offsets
    assert ours.word_ids == other.word_ids


@pytest.mark.parametrize("text", ["", "forget", "one two three four five", "[SEP] [SEP] [SEP] a b"])
@pytest.mark.parametrize("limit", [3, 5])
def test_a_long_text_is_cut_as_by_the_library(text: str, limit: int) -> None:
    library = Tokenizer.from_str(WRITTEN)
    library.enable_truncation(limit)
    library.no_padding()
    assert ids_within(WRITTEN, limit)(text) == library.encode(text).ids


@pytest.mark.parametrize(
    "change",
    [
        {"normalizer": None},
        {"normalizer": {"type": "BertNormalizer", "lowercase": False}},
        {"pre_tokenizer": {"type": "Whitespace"}},
        {"post_processor": None},
        {"added_tokens": [{"id": 0, "content": "[PAD]", "lstrip": True}]},
    ],
)
def test_another_kind_of_tokenizer_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="none of BERT's word pieces"):
        WordPieces(json.dumps({**json.loads(WRITTEN), **change}))


@pytest.mark.parametrize("written", ["", "[]", "null", "{}", '{"model": 3}'])
def test_what_is_no_tokenizer_is_refused(written: str) -> None:
    with pytest.raises(ConfigurationError, match="none of BERT's word pieces"):
        WordPieces(written)


@pytest.mark.parametrize(
    "lost", ["vocab", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word"]
)
def test_a_tokenizer_that_lacks_something_is_refused(lost: str) -> None:
    given = json.loads(WRITTEN)
    del given["model"][lost]
    with pytest.raises(ConfigurationError, match="none of BERT's word pieces"):
        WordPieces(json.dumps(given))


def test_a_tokenizer_of_another_kind_is_run_by_the_library() -> None:
    cased = json.loads(WRITTEN)
    cased["normalizer"]["lowercase"] = False
    assert ids_within(json.dumps(cased), 9)("Forget")[1] == 100  # no capitals in this vocabulary
    assert ids_within(WRITTEN, 9)("Forget") == [101, 5293, 102]


@pytest.mark.parametrize("spoil", [cut, flip, Path.unlink])
def test_a_damaged_table_of_characters_is_refused(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    table = tmp_path / "characters.json"
    table.write_bytes(CHARACTERS.read_bytes())
    spoil(table)
    with pytest.raises(ConfigurationError, match=r"table of characters.*install Amnestic again"):
        _characters(table)
