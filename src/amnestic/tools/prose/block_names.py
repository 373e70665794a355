"""What a text calls a block of its own: "the table", "das Zitat"."""

from __future__ import annotations

__all__ = ["block_names", "list_names"]

_NAMES = {  # by the sign with which a block begins
    ">": "quote quotation passage zitat citation cita citazione citaat citação",
    "|": "table tabelle tableau tabla tabella tabel tabela",
    "`": "code snippet script",
    "~": "code snippet script",
}
_LISTS = frozenset(
    "list selection overview ranking timeline liste auswahl übersicht rangliste sélection aperçu "
    "classement lista selección resumen clasificación selezione panoramica classifica lijst "
    "selectie overzicht ranglijst seleção classificação".split()
)


def block_names(block: str) -> tuple[str, ...]:
    """The words by which a sentence behind a block means it, in small letters.

    >>> "table" in block_names("| Osk | 1961 |"), block_names("Osk sang.")
    (True, ())
    """
    return tuple(_NAMES.get(block.lstrip()[:1], "").split())


def list_names() -> frozenset[str]:
    """The words by which a sentence behind a list means all of it, in small letters.

    >>> "list" in list_names(), "mill" in list_names()
    (True, False)
    """
    return _LISTS
