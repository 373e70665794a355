"""Whether a target is one that can hold."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from amnestic.agents.requests import refuse_broad
from amnestic.exceptions import InvalidRequestError
from amnestic.types import ForgetTarget

__all__ = ["checked", "keeps_itself", "without_further_names_kept"]

_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")


def checked(target: ForgetTarget) -> ForgetTarget:
    """The target, if it is one that can hold; raises `InvalidRequestError` where it has no name or
    a name that matches nearly everything (`TargetTooBroadError`), an id that cannot stand in a path
    or a URL, a time that is over, or where its own name shall stay.

    >>> checked(ForgetTarget(id="", subject="Ana Morel")).subject
    'Ana Morel'
    """
    if not re.search(r"\w", target.subject):
        raise InvalidRequestError("`subject` of a target: it has to have a name")
    if target.id and not _ID.fullmatch(target.id):
        raise InvalidRequestError(
            "`id` of a target: letters, digits and `.`, `_`, `-` make an id, 200 at most"
        )
    for name in (target.subject, *target.aliases, *target.translations, *target.terms):
        refuse_broad(name)
    if target.expires is not None and target.expires <= datetime.now(UTC):
        raise InvalidRequestError(
            f"the expiry {target.expires:%Y-%m-%d %H:%M} is in the past; give a later one or none"
        )
    if keeps_itself(target):
        raise InvalidRequestError(
            "`exceptions` of a target: one of them is its own name or identifier, which would be "
            "forgotten and stay; say which of the two"
        )
    return target


def keeps_itself(target: ForgetTarget) -> bool:
    """Whether what stays of a target is a name or an identifier that it is told by, so that it
    would hold nothing back.

    >>> ana = ForgetTarget(id="", subject="Ana Morel", exceptions=("ana  morel.",))
    >>> keeps_itself(ana), keeps_itself(ana.model_copy(update={"exceptions": ("her concerts",)}))
    (True, False)
    """
    return bool(_own(target))


def without_further_names_kept(target: ForgetTarget) -> ForgetTarget:
    """A target as older versions stored it, whose exceptions hold another name or an identifier of
    it: without those, and with it said that they do not hold. Its first name is left among them.

    >>> ana = ForgetTarget(id="", subject="Ana Morel", aliases=("Anita",), exceptions=("Anita",))
    >>> mended = without_further_names_kept(ana)
    >>> mended.exceptions, mended.unread
    ((), ("'Anita' does not stay: it is a name or an identifier of what is forgotten",))
    """
    gone = [told for told in _own(target) if _words(told) != _words(target.subject)]
    if not gone:
        return target
    said = (
        f"{told!r} does not stay: it is a name or an identifier of what is forgotten"
        for told in gone
    )
    return target.model_copy(
        update={
            "exceptions": tuple(told for told in target.exceptions if told not in gone),
            "unread": tuple(dict.fromkeys((*target.unread, *said))),
        }
    )


def _own(target: ForgetTarget) -> list[str]:
    """The exceptions that are a name or an identifier of the target."""
    names = {*map(_words, (target.subject, *target.aliases, *target.translations))}
    numbers = {_one(identifier.value) for identifier in target.identifiers}
    return [
        told
        for told in target.exceptions
        if (_words(told) and _words(told) in names) or (_one(told) and _one(told) in numbers)
    ]


def _words(text: str) -> str:
    """A text without its case and punctuation. Vowel signs stay, which tell names apart in many
    scripts, and so do signs as in "C++"."""
    whole = unicodedata.normalize("NFC", text).casefold()
    told = (
        c if c.isalnum() or c == "#" or unicodedata.category(c)[0] in "MS" else " " for c in whole
    )
    return " ".join("".join(told).split())


def _one(identifier: str) -> str:
    """An identifier without its case and what stands around it: a dot or a dash tells another."""
    return identifier.casefold().strip(" \t\n.,;:!?\"'“”„‘’«»()<>")
