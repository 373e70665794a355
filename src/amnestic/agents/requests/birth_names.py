"""Names that people were born with: "née", "geb.", "born"."""

from __future__ import annotations

import re

__all__ = ["is_birth_name", "take_birth_names"]

_WORD = r"[A-ZÀ-ÞŁŚŻ][\w'’-]+"
_SMALL = r"(?:de|da|do|dos|das|di|du|del|della|der|den|la|le|van|von|zu|ten|ter|y|e)"
_BORN = re.compile(
    r"\s*[,;]?\s*\(?\s*(?<!\w)(?:née|né|nee|geb[.\u2024]|geborener?|born|nata|nato|nacid[oa]|nascid[oa]|z\s+domu)"
    rf"\s+(?P<name>{_WORD}(?:\s+{_WORD}){{0,3}})\s*(?:\)|,(?=\s)|(?=[.;)]|\s|$))"
)


def is_birth_name(name: str) -> bool:
    """Whether a name is one that somebody was born with, as it is told behind another.

    >>> is_birth_name("née Tarn"), is_birth_name("Renée Tarn")
    (True, False)
    """
    return bool(_BORN.fullmatch(name))


def take_birth_names(body: str) -> tuple[str, tuple[str, ...]]:
    """A phrase without the names that somebody was born with, and those names.

    A surname alone is everybody's of that name: it is told with the given names that stand before.

    >>> take_birth_names("Mirela Anna Osk, née Tarn, a poet")
    ('Mirela Anna Osk, a poet', ('Mirela Anna Tarn', 'Mirela Tarn'))
    >>> take_birth_names("Ana Osk de la Torre, née Tarn")[1]
    ('Ana Osk Tarn', 'Ana Tarn')
    >>> take_birth_names("Marilyn Monroe, born Norma Jeane Mortenson")
    ('Marilyn Monroe', ('Norma Jeane Mortenson',))
    """
    names: list[str] = []
    rest, at = "", 0
    for match in _BORN.finditer(body):
        found = _whole(match["name"], body[: match.start()])
        if found:
            names += found
            rest += body[at : match.start()]
            at = match.end()
    rest = (
        f"{rest}, {body[at:].lstrip(' ,')}" if at and body[at:].strip(" .,") else rest + body[at:]
    )
    return rest.strip(), tuple(names)


def _whole(born: str, before: str) -> list[str]:
    """A name as it was borne, with the given names of the name before."""
    if " " in born:
        return [born]
    given = _given_names(before)
    short = [f"{given[0]} {born}"] if len(given) > 1 else []
    return [f"{' '.join(given)} {born}", *short] if given else []


def _given_names(before: str) -> list[str]:
    """The given names of the last name of a text: those before its last word, or before the small
    words that a surname begins with."""
    found = re.search(
        rf"({_WORD}(?:\s+(?:{_WORD}|{_SMALL}))*\s+{_WORD})\s*$", before.rstrip(" ,;(")
    )
    words = found.group(1).split() if found else []
    small = next((i for i, word in enumerate(words) if word[0].islower()), len(words) - 1)
    return words[:small]
