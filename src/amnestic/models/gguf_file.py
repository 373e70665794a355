"""What the head of a GGUF file says of the model in it, read without loading the model.

The format is llama.cpp's: a magic word, a table of typed values, a table of tensors. Only the head
is read, and no byte of it is believed further than the file is long.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from amnestic.exceptions import ModelNotFoundError

__all__ = ["GgufHead", "find_gguf", "read_head"]

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_FIXED = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_BLOCKS = {  # of each kind of weights: how many stand in a block, and its bytes
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 40), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 29: (256, 56), 30: (1, 2), 34: (256, 54),
    35: (256, 66), 39: (32, 17),
}  # fmt: skip
_ALIGNMENT = 32
# Whole numbers and doubles: the engine ends the whole process when it is to compute with them.
_NOT_WEIGHTS = (24, 25, 26, 27, 28)
_CONTROL_TYPES = (3, 4)  # control tokens, and those that a checkpoint's makers added
_SHARD = re.compile(r"-\d{5}-of-\d{5}\.gguf$")
_FIRST_SHARD = re.compile(r"-00001-of-\d{5}\.gguf$")


@dataclass(frozen=True, slots=True)
class GgufHead:
    """What is needed of a model before it is loaded.

    `reads_tools` says whether the chat template has a place for tools. `control_tokens` are the
    words that mean something to the model beyond their letters: turns, ends, tools. Text of a
    conversation must not hold them.
    """

    architecture: str
    context: int
    has_template: bool
    reads_tools: bool
    control_tokens: frozenset[str]


def find_gguf(path: Path, spec: str) -> Path:
    """The GGUF file at `path`: the file itself, or the one model in a folder.

    Raises `ModelNotFoundError` where there is none, and where a folder holds several.
    """
    if path.is_file():
        return path
    if not path.is_dir():
        raise ModelNotFoundError(f"model {spec!r}: there is no file {str(path)!r}")
    every = sorted(path.glob("*.gguf"))
    models = [p for p in every if not _SHARD.search(p.name) or _FIRST_SHARD.search(p.name)]
    if not models:
        raise ModelNotFoundError(f"model {spec!r}: {str(path)!r} holds no .gguf file")
    if len(models) > 1:
        names = ", ".join(p.name for p in models[:4])
        raise ModelNotFoundError(
            f"model {spec!r}: {str(path)!r} holds {len(models)} models ({names}): name one"
        )
    return models[0]


@lru_cache(maxsize=4)
def read_head(path: Path, spec: str) -> GgufHead:
    """Read the head of the file at `path`; `spec` is what a user called it, for messages.

    Raises `ModelNotFoundError` for a file that is no GGUF file, is cut short, or holds no chat
    model.
    """
    try:
        if not path.stat().st_size:
            raise ValueError("it is empty")
        with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as data:
            values = _Reader(data).values()
    except (OSError, ValueError, struct.error) as error:
        raise ModelNotFoundError(
            f"model {spec!r}: {path.name!r} is not a whole GGUF file "
            f"({error.strerror if isinstance(error, OSError) else error}): fetch it again"
        ) from None
    architecture = values.get("general.architecture")
    if not isinstance(architecture, str):
        raise ModelNotFoundError(f"model {spec!r}: {path.name!r} does not say what it is")
    template = str(values.get("tokenizer.chat_template") or "")
    head = GgufHead(
        architecture,
        int(values.get(f"{architecture}.context_length") or 0),
        bool(template),
        "tools" in template,
        frozenset(_control_tokens(values)),
    )
    if not head.has_template:
        raise ModelNotFoundError(
            f"model {spec!r} has no chat template, so it is not a chat model: "
            "use an instruction-tuned file"
        )
    return head


def _control_tokens(values: dict[str, Any]) -> Iterator[str]:
    tokens = values.get("tokenizer.ggml.tokens") or ()
    kinds = values.get("tokenizer.ggml.token_type") or ()
    for token, kind in zip(tokens, kinds, strict=False):
        if kind in _CONTROL_TYPES and token.strip():
            yield token


class _Reader:
    """Reads values one behind the other; a length that points past the end is an error."""

    def __init__(self, data: mmap) -> None:
        self._data = data
        self._at = 0

    def values(self) -> dict[str, Any]:
        if self._take(4) != _MAGIC:
            raise ValueError("it does not begin as one")
        version, tensors, count = self._unpack("<IQQ")
        if version not in _VERSIONS:
            raise ValueError(f"version {version} of the format is not known")
        values = {}
        for _ in range(count):
            key = self._string()
            values[key] = self._value(*self._unpack("<I"))
        self._check_tensors(tensors, int(values.get("general.alignment") or _ALIGNMENT))
        return values

    def _check_tensors(self, count: int, alignment: int) -> None:
        """Whether the tensors are of kinds that can be computed with, and all of them there."""
        farthest = 0
        for _ in range(count):
            self._string()
            (dimensions,) = self._unpack("<I")
            weights = prod(self._unpack(f"<{dimensions}Q"))
            kind, offset = self._unpack("<IQ")
            if kind in _NOT_WEIGHTS:
                raise ValueError(f"it holds weights of type {kind}, which no engine computes with")
            many, size = _BLOCKS.get(kind, (1, 0))
            farthest = max(farthest, offset + weights // many * size)
        begin = -(-self._at // alignment) * alignment
        if begin + farthest > len(self._data):
            raise ValueError("it is cut short")

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            return self._unpack(f"<{_format(kind)}")[0]
        inner, count = self._unpack("<IQ")
        if inner == _STRING:
            return [self._string() for _ in range(count)]
        return self._unpack(f"<{count}{_format(inner)}")

    def _string(self) -> str:
        (length,) = self._unpack("<Q")
        return self._take(length).decode("utf-8", "replace")

    def _unpack(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(form, self._take(struct.calcsize(form)))

    def _take(self, length: int) -> bytes:
        end = self._at + length
        if end > len(self._data):
            raise ValueError("it is cut short")
        piece = self._data[self._at : end]
        self._at = end
        return piece


def _format(kind: int) -> str:
    if kind not in _FIXED:
        raise ValueError(f"a value of the unknown type {kind}")
    return _FIXED[kind]
