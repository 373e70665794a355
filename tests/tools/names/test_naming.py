"""A listed name is matched as a name: whole, and never by a word that it happens to share."""

from __future__ import annotations

import pytest

from amnestic.tools.names import NameMatcher, forms_of, is_name_of, is_only_a_name
from amnestic.tools.reading import read
from amnestic.types import ForgetTarget, TargetKind


def listed(name: str, subject: str, kind: TargetKind, *aliases: str) -> bool:
    matcher = NameMatcher()
    target = ForgetTarget(id="t", subject=subject, kind=kind, aliases=aliases)
    matcher.add("t", forms_of(target))
    reading = read(name)
    return any(is_name_of(hit, reading) for hit in matcher.find(reading))


@pytest.mark.parametrize(
    ("name", "subject", "kind", "aliases"),
    [
        ("Maren Ilvasti", "Maren Ilvasti", TargetKind.PERSON, ()),
        ("Ilvasti", "Maren Ilvasti", TargetKind.PERSON, ()),
        ("Maren Ilvasti (composer)", "Maren Ilvasti", TargetKind.PERSON, ()),
        ("the dispute of Maren Ilvasti", "Maren Ilvasti", TargetKind.PERSON, ()),
        ("Die Salzuhr", "The Salt Clock", TargetKind.WORK, ("Die Salzuhr",)),
        ("The Salt Clock (1988 film)", "The Salt Clock", TargetKind.WORK, ()),
        ("Rose", "Rose", TargetKind.WORK, ()),
    ],
)
def test_full_names_aliases_and_telling_surnames_are_names(name, subject, kind, aliases):
    assert listed(name, subject, kind, *aliases)


@pytest.mark.parametrize(
    ("name", "subject", "kind"),
    [
        ("Maren", "Maren Ilvasti", TargetKind.PERSON),
        ("Jonas Ilvasti", "Maren Ilvasti", TargetKind.PERSON),
        ("Ilvasti Museum", "Maren Ilvasti", TargetKind.PERSON),
        ("Harris", "Nora Harris", TargetKind.PERSON),
        ("Richard Harris", "Nora Harris", TargetKind.PERSON),
        ("50", "50 Cent", TargetKind.PERSON),
        ("Clock", "The Salt Clock", TargetKind.WORK),
        ("Rose Garden", "Rose", TargetKind.WORK),
    ],
)
def test_first_names_plain_words_and_other_people_are_not(name, subject, kind):
    assert not listed(name, subject, kind)


@pytest.mark.parametrize(("word", "only"), [("ilvasti", True), ("clock", False), ("1988", False)])
def test_what_is_only_a_name_is_in_no_dictionary_and_no_number(word, only):
    assert is_only_a_name(word) is only
