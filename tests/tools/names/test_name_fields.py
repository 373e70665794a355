"""Which parts of names that stand apart are one name, and which belong to several people."""

from __future__ import annotations

import pytest

from amnestic.tools.names.forms import Strength, forms_of
from amnestic.tools.names.matcher import NameMatcher
from amnestic.tools.reading import read
from amnestic.types import ForgetTarget, TargetKind


def _found(name: str, text: str, kind: TargetKind = TargetKind.PERSON) -> bool:
    matcher = NameMatcher()
    matcher.add("t", forms_of(ForgetTarget(id="t", subject=name, kind=kind)))
    return any(hit.strength >= Strength.TOLD for hit in matcher.find(read(text)))


# ── One record ───────────────────────────────────────────────────────────────────────────────────

# {g} and {s} are the parts of the target's name.
_ONE_RECORD = [
    '{{"first":"{g}","last":"{s}"}}',
    '{{"last":"{s}","first":"{g}"}}',
    '{{"id":3,"last_name":"{s}","city":"Lund","first_name":"{g}"}}',
    '[{{"first":"Sofia","last":"Rossi"}},{{"first":"{g}","last":"{s}"}}]',
    '[{{"last":"Rossi","first":"Sofia"}},{{"last":"{s}","first":"{g}"}}]',
    '{{"name":"{g}","surname":"{s}"}}',
    '{{"first":"{g} Aldo","last":"{s}"}}',
    "First name: {g}\nLast name: {s}",
    "Last name: {s}\nFirst name: {g}",
    "First name: {g}\nBorn: 1961\nLast name: {s}",
    "First name: Sofia\nLast name: Rossi\n\nFirst name: {g}\nLast name: {s}",
    "First name: {g}\n\nLast name: {s}",
    "Vorname: {g}, Nachname: {s}",
    "His name was {g}. His surname was {s}.",
    "The first name is {g} and the second name is {s}.",
    "<p><first>{g}</first><last>{s}</last></p>",
    "| First | Last | City |\n|---|---|---|\n| {g} | {s} | Lund |",
    "| First | Born | Last |\n|---|---|---|\n| {g} | 1961 | {s} |",
    "| Last | First |\n|---|---|\n| Rossi | Sofia |\n| {s} | {g} |",
    "first,last\nSofia,Rossi\n{g},{s}",
    "first,year,last\n{g},1961,{s}",
    "last,first,city\n{s},{g},Lund",
    "city,first,last,trade\nLund,{g},{s},Weaver",
    "{g},{s}",
    "1,{g},{s},Lund",
    "{g}\t{s}\t1961",
    "{s}, {g}",
    "See {s}, {g} (1961).",
    "{s}, {g} Aldo (1961). A book.",
    "Rossi, Sofia; {s}, {g}; Ito, Kim",
    "The author is {g}\n{s}, who was born in Lund.",
    '["{g}","{s}"]',
    "Played by {g} {s}, Sofia Rossi and Kim Ito.",
    "VALUES ('{g}', '{s}', 1961)",
]


@pytest.mark.parametrize("name", ["Tavrin Oskelly", "Emma Clark"])
@pytest.mark.parametrize("form", _ONE_RECORD)
def test_parts_in_one_record_are_the_name(form: str, name: str) -> None:
    given, surname = name.split()
    assert _found(name, form.format(g=given, s=surname))


@pytest.mark.parametrize(
    "text",
    [
        '{"a":"Tavrin","b":"Oskelly"}',
        "Let x='Tavrin' and y='Oskelly'.",
        "VALUES ('Tavrin', 1994, 'Oskelly')",
        "Tavrin,1994,Oskelly",
        "Oskelly, T.",
        "Oskelly, T. S. (1961)",
        "Oskelly / Tavrin",
        "Oskelly, Tavrin, and Berg, Ada",
    ],
)
def test_a_telling_name_needs_no_labels(text: str) -> None:
    assert _found("Tavrin Oskelly", text)


# ── Several people ───────────────────────────────────────────────────────────────────────────────

_SEVERAL_PEOPLE = [
    '[{{"first":"{g}","last":"Hendricks"}},{{"first":"Walter","last":"{s}"}}]',
    '[{{"last":"Hendricks","first":"{g}"}},{{"last":"{s}","first":"Walter"}}]',
    '[{{"first":"Walter","last":"{s}"}},{{"first":"{g}","last":"Hendricks"}}]',
    '[{{"last":"{s}","first":"Walter"}},{{"last":"Hendricks","first":"{g}"}}]',
    '[{{"first":"{g}","last":"Hendricks"}},{{"last":"{s}","first":"Walter"}}]',
    '[{{"last":"Hendricks","first":"{g}"}},{{"first":"Walter","last":"{s}"}}]',
    '{{"first":"{g}","last":"Hendricks"}}\n{{"first":"Walter","last":"{s}"}}',
    '[{{"a":"{g}","b":"Hendricks"}},{{"a":"Walter","b":"{s}"}}]',
    '[{{"name":"{g}","surname":"Hendricks"}},{{"name":"Walter","surname":"{s}"}}]',
    '[{{"name":"{g} Hendricks"}},{{"name":"Walter {s}"}}]',
    '[["{g}","Hendricks"],["Walter","{s}"]]',
    '[["Walter","{s}"],["{g}","Hendricks"]]',
    '["Walter {s}","{g} Hendricks","Kim Ito"]',
    "First name: {g}\nLast name: Hendricks\n\nFirst name: Walter\nLast name: {s}",
    "Last name: Hendricks\nFirst name: {g}\nLast name: {s}\nFirst name: Walter",
    "Last name: {s}\nFirst name: Walter\n\nLast name: Hendricks\nFirst name: {g}",
    "<p><last>Hendricks</last><first>{g}</first></p><p><last>{s}</last><first>Walter</first></p>",
    "<p><first>{g}</first><last>Hendricks</last></p><p><first>Walter</first><last>{s}</last></p>",
    "Walter,{s}\n{g},Rossi",
    "first,last\nWalter,{s}\n{g},Rossi",
    "last,first\nHendricks,{g}\n{s},Walter",
    "Hendricks,{g}\n{s},Walter",
    "first,year,last\n{g},1961,Hendricks\nWalter,1970,{s}",
    "Walter,{s},{g},Rossi",
    "Hendricks,{g},{s},Walter",
    "Walter\t{s}\n{g}\tRossi",
    "| First | Last |\n|---|---|\n| Walter | {s} |\n| {g} | Rossi |",
    "| Last | First |\n|---|---|\n| Rossi | {g} |\n| {s} | Walter |",
    "| Pair |  |\n|---|---|\n| Walter {s} | {g} Rossi |",
    "| Name | Note |\n|---|---|\n| Walter {s} | a friend |\n| {g} Rossi | a foe |",
    "The members are Walter {s}, {g} Ramirez and Kim Ito.",
    "The members are Kim Ito, Walter {s}, {g} Ramirez, and Sofia Rossi.",
    "Members: Walter {s}; {g} Ramirez; Kim Ito.",
    "Members: Walter {s} / {g} Ramirez / Kim Ito.",
    "Members: Walter {s} | {g} Ramirez | Kim Ito.",
    "Walter {s} and {g} Ramirez met Kim Ito.",
    "Walter {s} & {g} Ramirez",
    "Walter {s} or {g} Ramirez",
    "{g} Ramirez, Walter {s}",
    "{g} Ramirez / Walter {s}",
    "{g} Ramirez & Walter {s}",
    "{g} Ramirez\nWalter {s}",
    "- Walter {s}\n- {g} Ramirez\n- Kim Ito",
    "Walter {s}\n{g} Ramirez\nKim Ito",
    "1. Walter {s}\n2. {g} Ramirez\n3. Kim Ito",
    "Starring Walter {s}, {g} Ramirez, Kim Ito, Sofia Rossi and Ada Berg.",
    "W. {s}, {g} Ramirez",
    "Ramirez, {g}; {s}, Walter",
    "Roster: Hendricks {g}, {s} Walter, Ito Kim.",
    "{g} Ramirez met Ada {s}.",
    "Her name is {g} Ramirez. Her rival's surname is {s}.",
    "The first was {g} Ramirez and the last was {s}.",
]


@pytest.mark.parametrize("name", ["Tavrin Oskelly", "Emma Clark", "Donald Johnson"])
@pytest.mark.parametrize("form", _SEVERAL_PEOPLE)
def test_parts_of_several_people_are_not_the_name(form: str, name: str) -> None:
    given, surname = name.split()
    assert not _found(name, form.format(g=given, s=surname))
