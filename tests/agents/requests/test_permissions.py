"""What may still be told is told in many forms; what only looks like one keeps nothing."""

from __future__ import annotations

import time

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.keeping import take_exceptions
from amnestic.agents.requests.permissions import permitted


@pytest.mark.parametrize(
    ("clause", "kept"),
    [
        ("but u can still say he was head of sales", "he was head of sales"),
        ("The bot may of course recommend her books.", "her books"),
        ("it's fine to talk about her recipes", "her recipes"),
        ("du darfst weiterhin sagen, dass er Arzt ist", "dass er Arzt ist"),
        ("sein Amt kannst du ruhig weiter nennen", "sein Amt"),
        ("tu peux quand même dire qu'il est maire", "qu'il est maire"),
        ("puoi continuare a citare i loro libri", "i loro libri"),
        ("Que es concejal lo puedes seguir diciendo.", "Que es concejal"),
        ("mas podes continuar a dizer que ele dirige o coro", "que ele dirige o coro"),
        ("je mag zijn rol nog gewoon noemen", "zijn rol"),
        ("De film mag je gerust noemen.", "De film"),
        ("możesz nadal mówić o jej książkach", "jej książkach"),
        ("Mijn naam mag wel gewoon", "Mijn naam"),
        ("History of locks, who invented what - all good.", "History of locks, who invented what"),
        ("The first two we have all read, so go wild.", "The first two we have all read"),
    ],
)
def test_what_may_still_be_told_stays(clause: str, kept: str) -> None:
    assert permitted(clause) == kept


@pytest.mark.parametrize(
    "clause",
    [
        "you can not mention her books",
        "du darfst seinen Namen nie nennen",
        "you can talk about him",
        "Can you mention her books?",
        "if you may mention her books",
        "everything you can mention",
        "todo lo que puedes decir",
        "you may only say that she left",
        "Forget Osk - ok",
        "Please do what you can.",
        "puedes borrar a Osk",
    ],
)
def test_what_only_looks_like_a_permission_is_none(clause: str) -> None:
    assert permitted(clause) is None


def test_a_permission_in_the_sentence_of_the_wish_is_cut_from_it() -> None:
    assert take_exceptions("Forget Osk and Tarn, and you may mention their books") == (
        "Forget Osk and Tarn,",
        ("their books",),
    )
    left, kept = take_exceptions("Das Buch soll weg, mein Name (Tor Hagen) darf aber fallen")
    assert (left, kept) == ("Das Buch soll weg", ("mein Name (Tor Hagen)",))


def test_a_permission_holds_for_all_that_are_named_together() -> None:
    text = "non parlare più di Tor Hagen né di sua moglie Mirela Osk. puoi citare i loro libri"
    targets = LocalInterpreter().read(text).targets
    assert [t.exceptions for t in targets] == [("i loro libri",)] * 2


@pytest.mark.parametrize("piece", ["a ", "you may still ", "the book, ", "sein Buch darfst du "])
def test_a_long_clause_is_gone_through_once(piece: str) -> None:
    begun = time.process_time()
    take_exceptions(piece * (8_000 // len(piece)))
    assert time.process_time() - begun < 2
