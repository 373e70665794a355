"""BERT's word pieces: the tokens that the shipped graphs read.

What `tokenizers` makes of a text with a `BertNormalizer`, a `BertPreTokenizer` and a `WordPiece`
model, and nothing else of it: that package brings a client of a hub of models along, 31 MB that the
core has no other use for. Which characters are parts of words, signs of their own or nothing was
settled when the graphs were trained, and Python's own idea of it changes with its version; so it is
a table (`benchmarks/build_characters.py` asks `tokenizers` for each character there is).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from amnestic.exceptions import ConfigurationError

__all__ = ["CHARACTERS", "Pieces", "WordPieces"]

CHARACTERS = Path(__file__).parent / "data" / "characters.json"
"""The table of characters."""

_SHA256 = "912b24392fa1826e6b822d9a9443253a4d0ad81f033ba3c85dbe3a35f1904ffc"
_KEPT_WORDS = 16_384
_NORMALIZER = {
    "type": "BertNormalizer",
    "clean_text": True,
    "handle_chinese_chars": True,
    "strip_accents": None,
    "lowercase": True,
}
_AROUND = ["SpecialToken", "Sequence", "SpecialToken"]
_FLAGS = ("single_word", "lstrip", "rstrip", "normalized")
_OTHER = "the tokenizer is none of BERT's word pieces: small letters, [CLS] before, [SEP] behind"
_WORD = re.compile(r"[^ ]+")

_Place = tuple[int, int, int]  # from where, to where, of which word


class Pieces:
    """The tokens of a text, the encoder's own first and last ones among them.

    Attributes:
        ids: the number of each in the vocabulary.
    """

    def __init__(self, ids: list[int], place: Callable[[], Iterator[_Place]]) -> None:
        self.ids = ids
        self._place = place

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Where each stands in the text; the encoder's own stand nowhere, `(0, 0)`."""
        return [(0, 0), *[(start, end) for start, end, _ in self._place()], (0, 0)]

    @property
    def word_ids(self) -> list[int | None]:
        """The number of the word that each is of, signs counted as words; the encoder's own are of
        none."""
        return [None, *[word for _, _, word in self._place()], None]


class WordPieces:
    """Cuts texts into the pieces of a vocabulary, as `tokenizers` does.

    Args:
        written: the tokenizer as `tokenizers` writes it; what it says of cutting and filling up is
            passed over.

    Raises `ConfigurationError` where it is another kind of tokenizer, or the table of characters is
    damaged.
    """

    def __init__(self, written: str) -> None:
        self._characters = _characters()
        try:
            self._take(_checked(written))
        except (LookupError, TypeError, ValueError, StopIteration) as error:
            raise ConfigurationError(_OTHER) from error
        self._cut = lru_cache(_KEPT_WORDS)(self._cut_anew)

    def _take(self, given: Any) -> None:
        model, ends = given["model"], given["post_processor"]["special_tokens"]
        first, _, last = given["post_processor"]["single"]
        self._first, self._last = (ends[t["SpecialToken"]["id"]]["ids"][0] for t in (first, last))
        self._vocabulary: dict[str, int] = dict(model["vocab"])
        self._prefix: str = model["continuing_subword_prefix"]
        self._unknown = [(self._vocabulary[model["unk_token"]], 0)]
        self._longest: int = int(model["max_input_chars_per_word"])
        self._special = {t["content"]: t["id"] for t in given["added_tokens"]}
        marks = sorted(map(re.escape, self._special), key=len, reverse=True)
        self._marked = re.compile("|".join(marks) or "(?!)")

    def encode(self, text: str) -> Pieces:
        """The pieces of a text. The names of the encoder's own tokens are read as these."""
        ids = [self._first]
        for part, special in self._parts(text):
            if special is not None:
                ids.append(special)
            else:
                for word in part.translate(self._characters).split():
                    ids += [piece for piece, _ in self._cut(word)]
        ids.append(self._last)
        return Pieces(ids, lambda: self._places(text))

    def _parts(self, text: str) -> Iterator[tuple[str, int | None]]:
        """The text around the names of special tokens, and those, each with its id."""
        done = 0
        for found in self._marked.finditer(text):
            yield text[done : found.start()], None
            yield found[0], self._special[found[0]]
            done = found.end()
        yield text[done:], None

    def _places(self, text: str) -> Iterator[_Place]:
        start, number = 0, 0
        for part, special in self._parts(text):
            if special is not None:
                yield start, start + len(part), number
                number += 1
            else:
                made = [self._characters[ord(c)] or "" for c in part]
                origins = [start + i for i, new in enumerate(made) for _ in new]
                for found in _WORD.finditer("".join(made)):
                    pieces = self._cut(found[0])
                    begins = [found.start() + at for _, at in pieces]
                    for begin, end in zip(begins, [*begins[1:], found.end()], strict=True):
                        yield origins[begin], origins[end - 1] + 1, number
                    number += 1
            start += len(part)

    def _cut_anew(self, word: str) -> Sequence[tuple[int, int]]:
        """The pieces of a word, the longest known beginning first: ids, and where each begins."""
        if len(word) > self._longest:
            return self._unknown
        found, start, prefix = [], 0, ""
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._vocabulary.get(prefix + word[start:end])
                if piece is not None:
                    break
            else:
                return self._unknown
            found.append((piece, start))
            start, prefix = end, self._prefix
        return found


def _checked(written: str) -> Any:
    try:
        given = json.loads(written)
        kinds = given["normalizer"], given["pre_tokenizer"]["type"], given["model"]["type"]
        single = [next(iter(part)) for part in given["post_processor"]["single"]]
        plain = not any(token[flag] for token in given["added_tokens"] for flag in _FLAGS)
    except (ValueError, LookupError, TypeError, StopIteration) as error:
        raise ConfigurationError(_OTHER) from error
    if kinds != (_NORMALIZER, "BertPreTokenizer", "WordPiece") or single != _AROUND or not plain:
        raise ConfigurationError(_OTHER)
    return given


class _Characters(dict[int, str | None]):
    """What becomes of each character, for `str.translate`: small letters without marks, and spaces
    around what is a word by itself. Filled as characters are met."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        super().__init__()
        self._gone, self._signs, self._symbols, self._spaces = (
            [bound for first, last in table[name] for bound in (first, last + 1)]
            for name in ("gone", "signs", "symbols", "spaces")
        )
        self._small: dict[str, str] = table["small"]

    def __missing__(self, code: int) -> str | None:
        made = self[code] = self._made(code)
        return made

    def _made(self, code: int) -> str | None:
        if _within(self._spaces, code):
            return " "
        if _within(self._gone, code):
            return None
        if chr(code) in self._small:
            return self._small[chr(code)]
        parts = unicodedata.normalize("NFD", chr(code))
        small = [d.lower() for d in parts if not _within(self._gone, ord(d))]
        made = "".join(f" {c} " if _within(self._signs, ord(c)) else c for c in "".join(small))
        return f" {made} " if _within(self._symbols, code) else made


def _within(bounds: Sequence[int], code: int) -> bool:
    """Whether a number lies in one of the ranges whose first numbers, and the numbers behind whose
    last ones, are `bounds`."""
    return bisect(bounds, code) % 2 == 1


@cache
def _characters(file: Path = CHARACTERS) -> _Characters:
    raw = file.read_bytes() if file.is_file() else b""
    if hashlib.sha256(raw).hexdigest() != _SHA256:
        raise ConfigurationError(
            f"the table of characters at `{file}` is missing, damaged or another one; install "
            "Amnestic again"
        )
    return _Characters(json.loads(raw))
