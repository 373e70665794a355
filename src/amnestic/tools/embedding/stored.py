"""A sentence encoder as it is kept: an int8 graph, its tokenizer, and a stamp with their hashes.

What is read is checked: a file that is damaged, cut short or another one is not an encoder.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Pooling", "Stored", "read_stored", "restamp", "sha256_of", "write_stamp"]


@dataclass(frozen=True, slots=True)
class Pooling:
    """How token states become one vector."""

    mode: str
    max_tokens: int
    dimension: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A checked encoder, in memory: the graph, its SHA-256, the tokenizer's JSON, how to pool."""

    graph: bytes
    sha256: str
    tokenizer: str
    pooling: Pooling
    identity: str


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits.

    >>> import os
    >>> sha256_of(Path(os.devnull))[:12]
    'e3b0c44298fc'
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_stored(home: Path) -> Stored | None:
    """The encoder in the folder `home`; `None` where it is not there whole and unharmed."""
    try:
        stamp = json.loads((home / "stamp.json").read_text("utf-8"))
        graph = (home / "model.onnx").read_bytes()
        tokenizer = (home / "tokenizer.json").read_bytes()
        sha256 = hashlib.sha256(graph).hexdigest()
        whole = (
            stamp["graph"] == sha256 and stamp["tokenizer"] == hashlib.sha256(tokenizer).hexdigest()
        )
        pooling, identity = Pooling(**stamp["pooling"]), str(stamp["identity"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Stored(graph, sha256, tokenizer.decode("utf-8"), pooling, identity) if whole else None


def write_stamp(home: Path, identity: str, pooling: Pooling) -> None:
    """Write the stamp of the graph and the tokenizer that lie in `home`."""
    stamp = {
        "identity": identity,
        "graph": sha256_of(home / "model.onnx"),
        "tokenizer": sha256_of(home / "tokenizer.json"),
        "pooling": asdict(pooling),
    }
    (home / "stamp.json").write_text(json.dumps(stamp), "utf-8")


def restamp(home: Path) -> None:
    """Write the stamp in `home` anew, for a graph that was changed there."""
    stamp = json.loads((home / "stamp.json").read_text("utf-8"))
    write_stamp(home, stamp["identity"], Pooling(**stamp["pooling"]))
