"""What the alias automaton promises."""

from __future__ import annotations

import codecs
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.tools.names.forms import Strength, forms_of
from amnestic.tools.names.matcher import NameMatcher
from amnestic.tools.reading import read
from amnestic.types import ForgetTarget, TargetKind
from tests.thoroughness import examples


def _target(name: str, kind: TargetKind = TargetKind.PERSON) -> ForgetTarget:
    return ForgetTarget(id=name, subject=name, kind=kind)


def _matcher(*names: str) -> NameMatcher:
    matcher = NameMatcher()
    for name in names:
        matcher.add(name, forms_of(_target(name)))
    return matcher


def _found(matcher: NameMatcher, text: str) -> set[tuple[str, Strength]]:
    return {(h.target_id, h.strength) for h in matcher.find(read(text))}


@pytest.mark.parametrize(
    "text",
    [
        "Who is Mirela Osk?",
        "MIRELA OSK's novels",
        "Osk, Mirela (1954)",
        "#MirelaOsk",
        "mirela-osk",
        "M i r e l a   O s k",
        "M.i.r.e.l.a O.s.k",
        "Mir\u200bela O\u00adsk",
        "M1r3l4 0sk wrote it",
        "Tell me of " + codecs.encode("Mirela Osk", "rot13") + " please",
        "Tell me of " + "Mirela Osk"[::-1] + " please",
        "Mirella Osk",
    ],
)
def test_a_whole_name_is_found_however_it_is_written(text: str) -> None:
    assert ("Mirela Osk", Strength.FULL) in _found(_matcher("Mirela Osk"), text)


@pytest.mark.parametrize("text", ["Mirela Tarn", "the osk", "Oskar Mirel", "mire la", ""])
def test_somebody_else_is_not_the_whole_name(text: str) -> None:
    found = _found(_matcher("Mirela Osk"), text)
    assert ("Mirela Osk", Strength.FULL) not in found


def test_a_name_of_words_that_everybody_uses_needs_its_capitals() -> None:
    matcher = _matcher("Will Young")
    assert ("Will Young", Strength.FULL) in _found(matcher, "Did Will Young sing?")
    assert ("Will Young", Strength.FULL) not in _found(matcher, "where will young people live")


@pytest.mark.parametrize("name", ["Stephen King", "Anne Rice", "Neil Young", "Kate Bush"])
def test_a_persons_name_is_one_in_small_letters_too(name: str) -> None:
    given, surname = name.lower().split()
    for text in (f"{given} {surname} did it", f"{surname}, {given}", f"x/{given}_{surname}.html"):
        assert (name, Strength.FULL) in _found(_matcher(name), text)


def test_a_hit_says_where_it_stands() -> None:
    text = "It was Mirela Osk, they say."
    (hit,) = [h for h in _matcher("Mirela Osk").find(read(text)) if h.strength is Strength.FULL]
    assert text[hit.span.start : hit.span.end] == "Mirela Osk"


def test_a_removed_target_leaves_nothing_behind() -> None:
    matcher = _matcher("Mirela Osk", "Bodo Osk")
    matcher.remove("Mirela Osk")
    assert {t for t, _ in _found(matcher, "Mirela Osk and Bodo Osk, OskMirela")} == {"Bodo Osk"}
    matcher.remove("Bodo Osk")
    assert not matcher._root
    indexes = (matcher._condensed, matcher._spelling, matcher._shifts, matcher._sounds)
    assert not any(map(len, indexes))


def test_adding_again_replaces() -> None:
    matcher = _matcher("Mirela Osk")
    matcher.add("Mirela Osk", forms_of(_target("Zeb Quill")))
    assert not _found(matcher, "Mirela Osk")


@given(st.lists(st.sampled_from(["Ada Venn", "Bo Venn", "Ada Lark", "Lark"]), max_size=12))
@settings(max_examples=examples(60), deadline=None)
def test_any_order_of_changes_ends_as_if_built_afresh(changes: list[str]) -> None:
    matcher, present = NameMatcher(), set()
    for name in changes:
        if name in present:
            matcher.remove(name)
            present.discard(name)
        else:
            matcher.add(name, forms_of(_target(name)))
            present.add(name)
    text = "Ada Venn met Bo Venn and Ada Lark; Lark left."
    assert _found(matcher, text) == _found(_matcher(*sorted(present)), text)


def test_readers_are_not_disturbed_by_changes() -> None:
    matcher = _matcher("Mirela Osk")
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            matcher.add("Mirela Tarn", forms_of(_target("Mirela Tarn")))
            matcher.remove("Mirela Tarn")

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(300):
            assert ("Mirela Osk", Strength.FULL) in _found(matcher, "Mirela Osk came")
    finally:
        stop.set()
        thread.join()


def test_a_name_that_stays_is_found_while_its_target_changes() -> None:
    matcher, stop = NameMatcher(), threading.Event()
    osk = _target("Mirela Osk").model_copy(update={"aliases": ("Zeb Quill",)})
    versions = [forms_of(osk), forms_of(_target("Mirela Osk"))]
    matcher.add("t", versions[0])

    def churn() -> None:
        while not stop.is_set():
            for forms in versions:
                matcher.add("t", forms)

    every = sys.getswitchinterval()
    thread = threading.Thread(target=churn)
    sys.setswitchinterval(1e-6)
    thread.start()
    try:
        for _ in range(300):
            assert ("t", Strength.FULL) in _found(matcher, "Mirela Osk came")
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(every)


_ALIASES = ("Ada Venn", "Venn", "Ad Avenn", "the Lark of Venn", "Chaplin Venn")


@given(st.lists(st.sets(st.sampled_from(_ALIASES)), max_size=6))
@settings(max_examples=examples(60), deadline=None)
def test_a_target_that_changes_leaves_nothing_of_what_it_was(versions: list[set[str]]) -> None:
    matcher = _matcher("Bo Lark")
    for aliases in versions:
        target = _target("Bo Lark").model_copy(update={"aliases": tuple(sorted(aliases))})
        matcher.add("Bo Lark", forms_of(target))
        afresh = NameMatcher()
        afresh.add("Bo Lark", forms_of(target))
        for text in (*_ALIASES, "Bo Lark", "adavenn, bolark", "Бо Ларк и Чаплин Венн"):
            assert _found(matcher, text) == _found(afresh, text), text
    matcher.remove("Bo Lark")
    assert not matcher._root
    indexes = (matcher._condensed, matcher._spelling, matcher._shifts, matcher._sounds)
    assert not any(map(len, indexes))


@pytest.mark.parametrize(
    "piece",
    [
        "Osk, Mirela\n",
        "Osk, Mirela James\n",
        "Osk, Mirela; ",
        "| Mirela | 1954 | Osk |\n",
        "Mirela,1954,Osk\n",
        "Mirela\t1954\tOsk\t",
        "first name: Mirela (Osk)\n",
        '{"given": "Mirela", "surname": "Osk"}, ',
    ],
)
def test_a_name_on_each_of_very_many_rows_is_found_up_to_the_last(piece: str) -> None:
    text = "given,year,surname\n" + piece * 3_000
    last = max(hit.span.end for hit in _matcher("Mirela Osk").find(read(text)))
    assert last >= len(text) - len(piece)


def test_what_stands_in_every_row_is_read_by_the_head_of_its_table() -> None:
    head = "given;year;surname\n"
    rows = "".join(f"{given};{year};Osk\n" for year in range(50) for given in ("Mirela", "Bodo"))
    hits = _matcher("Mirela Osk").find(read(head + rows))
    whole = [hit for hit in hits if hit.strength is Strength.FULL]
    assert len(whole) == 2 * 50
