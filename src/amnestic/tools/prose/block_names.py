"""What a text calls a block of its own: "the table", "das Zitat"."""

from __future__ import annotations

__all__ = ["block_names"]

_NAMES = {  # by the sign with which a block begins
    ">": "quote quotation passage zitat citation cita citazione citaat citação",
    "|": "table tabelle tableau tabla tabella tabel tabela",
    "`": "code snippet script",
    "~": "code snippet script",
}


def block_names(block: str) -> tuple[str, ...]:
    """The words by which a sentence behind a block means it, in small letters.

    >>> "table" in block_names("| Osk | 1961 |"), block_names("Osk sang.")
    (True, ())
    """
    return tuple(_NAMES.get(block.lstrip()[:1], "").split())
