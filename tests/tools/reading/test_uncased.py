"""Words that a pattern has found without regard to case are looked up as it took them."""

from __future__ import annotations

import re
import string
import sys
from datetime import UTC, datetime

import pytest

from amnestic.agents.requests.expiry import take_expiry
from amnestic.tools.names import facts_in
from amnestic.tools.reading import letter_runs, read, spellings, uncased

ODD = [("s", "ſ"), ("S", "ſ"), ("i", "İ"), ("i", "ı"), ("k", "\u212a"), ("K", "\u212a")]


def test_every_letter_that_stands_for_one_of_ascii_becomes_it() -> None:
    letter = re.compile("[a-z]", re.IGNORECASE)
    found = [c for c in map(chr, range(sys.maxunicode + 1)) if letter.fullmatch(c)]
    assert set(found) > set(string.ascii_letters)
    for c in found:
        assert re.fullmatch(uncased(c), c, re.IGNORECASE)
        assert uncased(c) in string.ascii_lowercase


@pytest.mark.parametrize(("plain", "odd"), ODD)
def test_a_text_with_odd_letters_is_read(plain: str, odd: str) -> None:
    spelt = "alpha bravo echo golf india kilo oscar romeo Sierra tango".replace(plain, odd)
    assert "abegikorst" in {run.letters for run in letter_runs(spelt)}
    assert read(spelt).text == "ABEGIKORST"
    sums = "100 quid, 300 dollari, 100 francs, 100 POUNDS".replace(plain, odd)
    keys = ["amount:gbp:100.00", "amount:usd:300.00", "amount:chf:100.00", "amount:gbp:100.00"]
    assert [fact.key for fact in facts_in(sums)] == keys
    spellings(
        read("write to osk at tavel dot org, chiocciola punto minus slash".replace(plain, odd))
    )


@pytest.mark.parametrize(("plain", "odd"), ODD)
@pytest.mark.parametrize(
    "time",
    [
        "for six months",
        "for two weeks",
        "until Sunday",
        "until Friday",
        "until the end of this quarter",
        "until Christmas",
        "until 5 August 2027",
    ],
)
def test_a_time_with_odd_letters_is_read(time: str, plain: str, odd: str) -> None:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    told = take_expiry(f"Forget Mirela Osk {time}.", now)
    assert told.date is not None
    assert take_expiry(f"Forget Mirela Osk {time.replace(plain, odd)}.", now).date == told.date
