"""A telephone number is told from the other numbers that are written in groups of digits."""

from __future__ import annotations

import subprocess
import sys

import pytest

from amnestic.tools.names.exact_facts import KnownFacts, facts_in, target_facts
from amnestic.tools.names.other_people import record_of
from amnestic.tools.names.phones import found_keys, is_phone, phone_keys
from amnestic.types import ForgetTarget

PHONES = (
    "+44 20 7946 0018",
    "+44 (0)20 7946 0018",
    "020 7946 0018",
    "07700 900461",
    "(0161) 496 0123",
    "+1 212 555 0123",
    "+1 (212) 555-0123",
    "(212) 555-0123",
    "212-555-0123",
    "212.555.0123",
    "1-800-555-0199",
    "+49 30 901820",
    "030 901820",
    "0171 1234567",
    "+49 (0)171 123 45 67",
    "+33 1 23 45 67 89",
    "01 23 45 67 89",
    "06.12.34.56.78",
    "+39 06 6982 1234",
    "06 6982 1234",
    "+34 612 345 678",
    "612 34 56 78",
    "+41 44 668 18 00",
    "044 668 18 00",
    "+43 1 5131234",
    "+31 20 624 1111",
    "020-6241111",
    "+48 22 694 50 00",
    "+45 33 12 34 56",
    "+47 22 12 34 56",
    "+46 8 506 350 00",
    "08-506 350 00",
    "+7 495 123-45-67",
    "8 (495) 123-45-67",
    "+81 3-1234-5678",
    "03-1234-5678",
    "+86 10 6552 9988",
    "138 1234 5678",
    "+91 98765 43210",
    "098765 43210",
    "+55 11 98765-4321",
    "(11) 98765-4321",
    "+61 2 9374 4000",
    "(02) 9374 4000",
    "0412 345 678",
    "+972 3-123-4567",
    "+90 212 555 12 12",
    "+82 2-312-3456",
    "02-312-3456",
    "00 49 30 901820",
    "0044 20 7946 0018",
    "+52 55 1234 5678",
    "+65 6123 4567",
    "+27 21 123 4567",
)
OTHERS = (
    "978-3-16-148410-0",
    "978 0 306 40615 7",
    "9780306406157",
    "0-306-40615-2",
    "3-16-148410-0",
    "4111 1111 1111 1111",
    "5500-0000-0000-0004",
    "3782 822463 10005",
    "4111111111111111",
    "6011 0009 9013 9424",
    "192.168.100.200",
    "10.120.130.14",
    "172.16.254.100",
    "203.0.113.195",
    "2024-11-28 06",
    "2024-11-28",
    "28.11.2024 06",
    "28-11-2024",
    "1961/03/12 08",
    "2019.10.05 14",
    "1732776642",
    "1732776642123",
    "20241128065042",
    "20241128 065042",
    "1234567890",
    "112-3456789-1234567",
    "4006381333931",
    "123456789012",
    "100 200 300 400",
    "1 000 000 000",
    "13.800.000.000",
    "3.1415926535",
    "2.718281828459",
    "1939-1945",
    "2010 2020 2030",
    "00012345678",
    "10.15.7.2021",
    "123-45-6789",
    "1000-2000-3000",
    "0000 0000 0000",
    "12-34-56 12345678",
    "1 2 3 4 5 6 7 8 9",
    "1.000.000,00",
    "151.2092955",
    "999999999999",
)


@pytest.mark.parametrize("written", PHONES)
def test_a_telephone_number_is_one_however_its_country_writes_it(written: str) -> None:
    assert is_phone(written)


@pytest.mark.parametrize("written", OTHERS)
def test_no_other_number_is_a_telephone_number(written: str) -> None:
    assert not is_phone(written)
    assert not [f for f in facts_in(f"See {written} for it.") if f.key.startswith("phone:")]


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("+44 20 7946 0018", "020 7946 0018"),
        ("+44 (0)20 7946 0018", "02079460018"),
        ("(212) 555-0123", "+1 212 555 0123"),
        ("(212) 555-0123", "2125550123"),
        ("+45 33 12 34 56", "33123456"),
        ("030 901820", "+49 30 901820"),
        ("+64 3 123 4567", "03 123 4567"),
        ("+39 06 6982 1234", "0669821234"),
        ("+65 6123 4567", "6123-4567"),
        ("4111 1111 1111 1111", "4111111111111111"),
        ("978-3-16-148410-0", "9783161484100"),
        ("112-3456789-1234567", "112 3456789 1234567"),
    ],
)
def test_a_number_that_was_told_is_found_in_any_spacing(told: str, written: str) -> None:
    keys = {fact.key for fact in facts_in(f"Hers is {told}.")}
    assert keys
    text = f"I have {written} here."
    assert {text[f.span.start : f.span.end] for f in facts_in(text, KnownFacts.of(keys))} == {
        written
    }


def test_an_extension_hides_no_number() -> None:
    for text in ("(212) 555-0123 ext. 45", "(212) 555-0123x45"):
        assert [f.key for f in facts_in(text)] == ["phone:125550123"]


@pytest.mark.parametrize("other", ["+44 20 7946 0019", "979460018", "12"])
def test_another_number_is_not_the_one_that_was_told(other: str) -> None:
    assert not set(phone_keys("+44 20 7946 0018")) & set(found_keys(other))


@pytest.mark.parametrize(
    ("fact", "is_record"),
    [("It is called at 020 7946 0018.", True), ("Its ISBN is 978-3-16-148410-0.", False)],
)
def test_a_number_that_nobody_can_dial_makes_no_private_record(fact: str, is_record: bool) -> None:
    target = ForgetTarget(id="t", subject="The Bell Book", description=fact)
    assert (record_of(target, *target_facts(target)) is not None) == is_record


def test_the_numbering_plans_are_not_read_to_look_for_what_was_told() -> None:
    code = (
        "import sys; from amnestic.tools.names import KnownFacts, facts_in\n"
        "known = KnownFacts.of({'phone:1'})\n"
        "assert not list(facts_in('Call 020 7946 0018 or 1732776642.', known))\n"
        "assert 'phonenumbers' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
