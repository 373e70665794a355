"""Identifiers are found as their type may be written, and nothing that only looks like one."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import threading
from collections.abc import Collection

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn

from amnestic.tools.names.identifier_index import IdentifierIndex
from amnestic.tools.names.identifiers import identifier_of
from amnestic.tools.reading import read
from amnestic.types import Identifier, IdentifierType

MAIL = identifier_of("bob@example.com", "e-mail")
NUMBER = identifier_of("48213-K", "customer no.")
ORDER = identifier_of("order_2024_001", "order")
CARD = identifier_of("4111 1111 1111 1111", "card")
IBAN = identifier_of("DE89 3704 0044 0532 0130 00")
PHONE = identifier_of("+44 20 7946 0018", "phone")
HOME_PHONE = identifier_of("(212) 555-0123", "phone")
UUID = identifier_of("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
IPV4, IPV6 = identifier_of("10.20.30.40"), identifier_of("2001:db8::8a2e:370:7334")
URL = identifier_of("https://www.tavel.example/people/osk")
PLACE = identifier_of("14 Quill Lane, Port Tavel", "address")
HAUS = identifier_of("Lindenstraße 27, 50674 Köln", "Adresse")
TOKEN = identifier_of("sk_live_9fQ2xLm47Zp", "API key")
PHRASE = identifier_of("correct horse battery staple", "passphrase")
PIN = identifier_of("4711", "PIN")
SHORT = identifier_of("1234", "customer no.")
BORN = identifier_of("12 March 1961", "born")


def found(identifier: Identifier, text: str, company: Collection[str] = ()) -> list[str]:
    """What is found of one identifier in a text, as it is written there."""
    index = IdentifierIndex()
    index.add("t", [identifier])
    return [text[h.span.start : h.span.end] for h in index.find(read(text), company)]


@pytest.mark.parametrize(
    ("address", "written", "others"),
    [
        ("Storgata 12, 0155 Oslo", ["Storgata 12", "storgata 12 , 0155 OSLO", "Storgata 012"],
         ["Storgata 120, 0155 Oslo", "Storgata 12, 5011 Bergen"]),
        ("12 rue de la Paix, 75002 Paris", ["12, rue de la Paix"], ["12 rue de la Gare"]),
        ("3 rue de l’Église-Neuve, 75002 Paris", ["3 rue de l'Église Neuve"], ["13 rue de l'Ile"]),
        ("Via Roma 10, 00184 Roma", ["Via Roma, 10"], ["Via Roma 10, 20121 Milano"]),
        ("Keizersgracht 123 B, 1015 CJ Amsterdam", ["Keizersgracht 123"], ["Keizersgracht 124"]),
        ("Rua Augusta 100, Lisboa", ["Rua Augusta, 100"], ["Rua Augusta 1000"]),
        ("Vasagatan 11\n111 20 Stockholm", ["Vasagatan 11"], ["Vasagatan 1"]),
    ],
)  # fmt: skip
def test_an_address_is_one_in_any_country_by_how_it_is_built(
    address: str, written: list[str], others: list[str]
) -> None:
    identifier = identifier_of(address)
    assert identifier.type is IdentifierType.ADDRESS
    assert all(found(identifier, f"Send it to {text} today.") for text in (*written, address))
    assert not any(found(identifier, f"Send it to {text} today.") for text in others)


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("014 Quill Lane, Port Tavel", "14 Quill Lane"),
        ("14 Quill Lane, Port Tavel", "0014 Quill Ln."),
        ("Lindenstraße 007, 50674 Köln", "Lindenstr. 7"),
        ("Lindenstraße 7, 01067 Dresden", "Lindenstraße 07, 01067 Dresden"),
        ("192.168.010.001", "192.168.10.1"),
        ("192.168.10.1", "192.168.010.001"),
        ("2001:db8::7", "2001:0db8:0000::0007"),
    ],
)
def test_zeros_ahead_of_a_number_in_an_address_tell_nothing(address: str, other: str) -> None:
    identifier = identifier_of(address)
    assert identifier.type in (IdentifierType.ADDRESS, IdentifierType.IP)
    assert found(identifier, f"It goes to {other} now.")
    for longer in (
        re.sub(r"\d+", r"\g<0>0", other, count=1),
        re.sub(r"\d+", r"1\g<0>", other, count=1),
    ):
        assert not found(identifier, f"It goes to {longer} now.")


@pytest.mark.parametrize(
    "value",
    [
        "Order 12, Batch 7",
        "1,200 euros",
        "4711, 4712",
        "Case 12, 2024",
        "12, Osk",
        "A 1, B 2",
        "Case 12, 2024 Berlin",
    ],
)
def test_what_is_not_built_like_an_address_is_none(value: str) -> None:
    assert identifier_of(value).type is IdentifierType.NUMBER


@pytest.mark.parametrize("value", ["P.O. Box 1234, Tavel", "Lot 7 -- bay (3)", "§ 12 / a, b 4"])
def test_a_number_is_found_as_it_was_told_whatever_stands_in_it(value: str) -> None:
    identifier = identifier_of(value)
    assert identifier.type is IdentifierType.NUMBER
    assert found(identifier, f"It says {value.upper()}.", {"t"}) == [value.upper()]
    other = re.sub(r"\d+", r"\g<0>9", value)
    assert not found(identifier, f"It says {other}.", {"t"})


@pytest.mark.parametrize(
    ("value", "label", "kind"),
    [
        ("bob@example.com", "", "email"),
        ("https://tavel.example/osk", "", "url"),
        ("+44 20 7946 0018", "", "phone"),
        ("555-0199", "phone", "phone"),
        ("078-05-1120", "SSN", "number"),
        ("078-05-1120", "", "phone"),
        ("DE89 3704 0044 0532 0130 00", "", "iban"),
        ("DE89 3704 0044 0532 0131 00", "IBAN", "number"),
        ("4111-1111-1111-1111", "", "card"),
        ("4111-1111-1111-1112", "card", "number"),
        ("4111 1111 1111 1111", "member no.", "number"),
        ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "", "uuid"),
        ("010.020.030.040", "", "ip"),
        ("2001:db8::7", "", "ip"),
        ("12 March 1961", "", "date"),
        ("7. Oktober 1974", "geboren", "date"),
        ("14 Quill Lane, Port Tavel", "", "address"),
        ("Lindenstraße 27, 50674 Köln", "", "address"),
        ("hunter-22", "password", "credential"),
        ("C01X00T47", "passport", "number"),
        ("48213-K", "customer no.", "number"),
    ],
)
def test_a_value_is_typed_by_its_form_its_checksum_and_its_label(
    value: str, label: str, kind: str
) -> None:
    assert identifier_of(value, label).type.value == kind


@pytest.mark.parametrize(
    ("identifier", "written"),
    [
        (MAIL, "BOB@Example.com"),
        (MAIL, "bob+news@example.com"),
        (MAIL, "bob [at] example [dot] com"),
        (MAIL, "bob at example dot com"),
        (MAIL, "bob (ät) example (punkt) com"),
        (MAIL, "bob＠example．com"),
        (MAIL, "bob @ example . com"),
        (MAIL, "moc.elpmaxe@bob"),
        (NUMBER, "48213K"),
        (NUMBER, "48213–k"),
        (NUMBER, "48213_K"),
        (NUMBER, "4 8 2 1 3 K"),
        (NUMBER, "４８２１３-K"),
        (NUMBER, "٤٨٢١٣-K"),
        (NUMBER, "48\u200b213-K"),
        (NUMBER, "four eight two one three dash K"),
        (NUMBER, "vier acht zwei eins drei K"),
        (NUMBER, "K-31284"),
        (ORDER, "ORDER-2024-001"),
        (ORDER, "order 2024 001"),
        (CARD, "4111111111111111"),
        (CARD, "4111-1111-1111-1111"),
        (IBAN, "DE89370400440532013000"),
        (IBAN, "de89 3704-0044-0532-0130 00"),
        (PHONE, "020 7946 0018"),
        (PHONE, "+44 (0)20 7946-0018"),
        (PHONE, "00442079460018"),
        (HOME_PHONE, "+1 212 555 0123"),
        (HOME_PHONE, "+12125550123"),
        (UUID, "6BA7B8109DAD11D180B400C04FD430C8"),
        (IPV4, "010.020.030.040"),
        (IPV6, "2001:0DB8:0:0:0:8a2e:0370:7334"),
        (URL, "http://tavel.example:80/people/osk/?utm_source=x#top"),
        (URL, "tavel.example/people/osk"),
        (PLACE, "14 QUILL LN"),
        (PLACE, "Quill Lane 14"),
        (HAUS, "Lindenstr. 27"),
        (HAUS, "27 Lindenstrasse"),
        (TOKEN, "sk_live_9fQ2x\n   Lm47Zp"),
        (PHRASE, "correct horse battery staple"),
    ],
)
def test_an_identifier_is_found_in_each_of_its_forms(identifier: Identifier, written: str) -> None:
    assert found(identifier, written) == [written]
    assert found(identifier, f"They say: {written}, and no more.") == [written]


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        (MAIL, "bob@example.com.uk"),
        (MAIL, "xbob@example.com"),
        (MAIL, "jim.bob@example.com"),
        (MAIL, "bob@example.community"),
        (MAIL, "bob@sub.example.com"),
        (MAIL, "Bob looked at an example on a dot com page."),
        (NUMBER, "148213-K"),
        (NUMBER, "48213-KL"),
        (NUMBER, "48213-K-7"),
        (NUMBER, "7-48213-K"),
        (NUMBER, "48214-K"),
        (ORDER, "order_2024_0011"),
        (ORDER, "reorder_2024_001"),
        (CARD, "41111111111111112"),
        (CARD, "4111 1111 1111 1111 1111"),
        (CARD, "4111 1111 1111 1112"),
        (IBAN, "DE89 3704 0044 0532 0130 005"),
        (PHONE, "+44 20 7946 00181"),
        (PHONE, "+43 20 7946 0018"),
        (PHONE, "+20 7946 0018"),
        (UUID, "6ba7b810-9dad-11d1-80b4-00c04fd430c9"),
        (IPV4, "10.20.30.401"),
        (IPV4, "110.20.30.40"),
        (IPV4, "10.20.30.40.5"),
        (URL, "https://tavel.example/people/oskar"),
        (URL, "https://nottavel.example/people/osk"),
        (URL, "https://tavel.example/people"),
        (PLACE, "114 Quill Lane"),
        (PLACE, "14 Tranquill Lane"),
        (HAUS, "Lindenstraße 27, 10115 Berlin"),
        (TOKEN, "SK_LIVE_9FQ2XLM47ZP"),
        (TOKEN, "sk_live_9fQ2xLm47Zpp"),
        (TOKEN, "sk_live_9fQ2xLm47Zp-2"),
        (PHRASE, "the correct horse, the battery and the staple"),
    ],
)
def test_a_neighbour_is_not_found(identifier: Identifier, text: str) -> None:
    assert found(identifier, text) == []
    assert found(identifier, f"It is {text} that they meant.") == []


@pytest.mark.parametrize(
    "text",
    [
        "#48213-K",
        "No.48213-K",
        "KdNr48213K",
        "customer_48213-K.pdf",
        "/customers/48213-K/orders",
        '{"id": "48213-K"}',
        "a=1&id=48213-K&b=2",
        "お客様番号48213-Kの件",
        "رقم العميل 48213-K",
        "<td>48213-K</td>",
        "48213-K's",
    ],
)
def test_an_identifier_is_found_wherever_it_stands(text: str) -> None:
    assert [re.sub(r"\W", "", w) for w in found(NUMBER, text)] == ["48213K"]


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "https://api.tarn.org/v1?key={}&n=2",
        "git clone https://x:{}@git.tarn.org/a.git",
        'token = "{}"',
        "token: '{}'  # production",
        '{{"key": "{}"}}',
        "API_KEY={}",
    ],
)
def test_a_token_is_found_in_code_headers_and_addresses(text: str) -> None:
    assert found(TOKEN, text.format(TOKEN.value)) == [TOKEN.value]


@pytest.mark.parametrize("value", [MAIL.value, NUMBER.value, TOKEN.value])
def test_an_encoded_identifier_is_found_where_its_code_stands(value: str) -> None:
    codes = base64.b64encode(value.encode()).decode(), value.encode().hex()
    for code in (*codes, "".join(f"%{byte:02X}" for byte in value.encode())):
        assert found(identifier_of(value, "key" * (value == TOKEN.value)), f"so: {code}.") == [code]


# ── Weak ones ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        (PIN, "The PIN is 4711."),
        (PIN, "4711 is the PIN"),
        (SHORT, "customer 1234 called"),
        (SHORT, "Kundennummer: 1234"),
        (SHORT, "cliente n.º 1234"),
        (identifier_of("swordfish", "password"), "Mot de passe : swordfish. Password: swordfish"),
    ],
)
def test_a_weak_value_is_found_beside_its_label(identifier: Identifier, text: str) -> None:
    assert identifier.value in found(identifier, text)


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        (PIN, "4711 comes from Cologne."),
        (PIN, "The PIN is 47110."),
        (PIN, "It has 4711 rooms. The PIN is secret."),
        (SHORT, "order 1234 has left"),
        (SHORT, "customer 12345"),
        (BORN, "She was born on 12 March 1961."),
        (identifier_of("swordfish", "password"), "They caught a swordfish."),
    ],
)
def test_a_weak_value_alone_is_nobodys(identifier: Identifier, text: str) -> None:
    assert found(identifier, text) == []


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        (PIN, "It is 4711."),
        (SHORT, "He is number 1234 there."),
        (BORN, "on 1961-03-12"),
        (BORN, "le 12 mars 1961"),
        (BORN, "am 12.03.1961"),
        (BORN, "1961年3月12日"),
    ],
)
def test_a_weak_value_counts_in_the_company_of_its_target(
    identifier: Identifier, text: str
) -> None:
    assert len(found(identifier, text, {"t"})) == 1
    assert found(identifier, text, {"another"}) == []


# ── Any formatting ───────────────────────────────────────────────────────────────────────────────


@st.composite
def cards(draw: st.DrawFn) -> str:
    body = draw(st.text("0123456789", min_size=14, max_size=14))
    number = "4" + body
    return number + luhn.calc_check_digit(number)


@given(cards(), st.data())
def test_a_card_is_found_in_any_groups_and_not_in_a_longer_number(
    number: str, data: st.DataObject
) -> None:
    card = identifier_of(number, "card")
    assert card.type is IdentifierType.CARD
    cuts = data.draw(st.sets(st.integers(1, len(number) - 1), max_size=6))
    mark = data.draw(st.sampled_from(" -./"))
    written = "".join(mark * (i in cuts) + digit for i, digit in enumerate(number))
    assert found(card, f"Charge {written} please.") == [written]
    more = data.draw(st.text("0123456789", min_size=1, max_size=4))
    assert found(card, f"Charge {number}{more} please.") == []
    assert found(card, f"Charge {more}{number} please.") == []


@given(st.from_regex(r"[A-Z]{2,3}-[0-9]{4,6}", fullmatch=True), st.sampled_from("-_ ./"))
def test_a_number_with_letters_is_found_with_another_mark(value: str, mark: str) -> None:
    number = Identifier(value=value, label="case no.")
    written = value.replace("-", mark)
    assert found(number, f"(see {written.lower()})") == [written.lower()]
    assert found(number, f"(see {written}0)") == []
    assert found(number, f"(see {written[:-1]})") == []


@given(st.from_regex(r"[a-z]{2,8}[0-9]{0,2}", fullmatch=True), st.from_regex(r"[a-z]{2,8}"))
def test_an_address_is_found_in_itself_alone(local: str, other: str) -> None:
    mail = identifier_of(f"{local}@tavel.example.org")
    assume(re.fullmatch(r"[a-z]{2,8}", other))
    assert found(mail, f"<{local.upper()}+{other}@tavel.example.org>")
    for neighbour in (f"{other}{local}@tavel.example.org", f"{local}@tavel.example.org.{other}"):
        assert found(mail, f"<{neighbour}>") == []


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    index = IdentifierIndex()
    every = [MAIL, NUMBER, CARD, IBAN, PHONE, UUID, IPV4, IPV6, URL, PLACE, TOKEN, PHRASE, BORN]
    index.add("t", every)
    for hit in index.find(read(text), {"t"}):
        assert 0 <= hit.span.start < hit.span.end <= len(text)


# ── The index ────────────────────────────────────────────────────────────────────────────────────


def test_what_is_taken_out_is_found_no_more_and_nothing_stays_behind() -> None:
    index = IdentifierIndex()
    index.add("a", [MAIL, NUMBER, PLACE, PIN, PHRASE])
    index.add("b", [NUMBER])
    index.add("a", [CARD])
    text = read(f"{MAIL.value}, {NUMBER.value}, 14 Quill Lane, {CARD.value}, PIN 4711")
    assert sorted(h.target_id for h in index.find(text)) == ["a", "b"]
    index.remove("a")
    index.remove("b")
    index.remove("nobody")
    assert index.find(text) == []
    kept = (index._owners, index._codes, index._begins, index._numbers, index._held)
    assert not any(kept)
    assert not any(index._kinds.values())


def test_one_value_may_be_that_of_several_targets() -> None:
    index = IdentifierIndex()
    index.add("a", [NUMBER])
    index.add("b", [Identifier(value="48213 K", label="file")])
    assert sorted(h.target_id for h in index.find(read("48213-K"))) == ["a", "b"]


@pytest.mark.parametrize(
    "piece",
    ["1", "-", "1-", "1 ", "1.", "a@", "a.", "aa@a.", ".", ":", "1:", "+1", "00", "14 Quill ",
     "%31", "(", "[at]", " at a dot ", "one ", "48213-", "www.a", "12 March "],
)  # fmt: skip
def test_a_long_hostile_text_comes_to_an_end(piece: str) -> None:
    index = IdentifierIndex()
    index.add("t", [MAIL, NUMBER, CARD, IBAN, PHONE, UUID, IPV4, IPV6, URL, PLACE, TOKEN, BORN])
    assert index.find(read(piece * (50_000 // len(piece)))) == []


def test_checksums_are_not_loaded_before_a_value_may_have_one() -> None:
    code = (
        "import sys; from amnestic.tools.names import identifier_of; "
        "identifier_of('QX-20417', 'case'); print('stdnum' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_an_identifier_that_stays_is_found_while_its_target_changes() -> None:
    index, stop = IdentifierIndex(), threading.Event()
    index.add("t", [NUMBER, MAIL])

    def churn() -> None:
        while not stop.is_set():
            index.add("t", [NUMBER])
            index.add("t", [NUMBER, MAIL])

    every = sys.getswitchinterval()
    thread = threading.Thread(target=churn)
    sys.setswitchinterval(1e-6)
    thread.start()
    try:
        for _ in range(300):
            assert index.find(read("It is 48213-K."))
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(every)
    index.add("t", [MAIL])
    assert not index.find(read("It is 48213-K."))
    index.remove("t")
    assert len(index) == 0
    assert not any(map(len, (index._owners, index._codes, index._begins)))


STREET = identifier_of("ul. Lipowa 8, 31-123 Kraków", "address")
NATIONAL = identifier_of("PL61 1090 1014 0000 0712 1981 2874", "IBAN")
PERSONAL = identifier_of("811218-9876", "personal number")
LONG = identifier_of("44051401359", "PESEL")
DEVICE = identifier_of("00:1B:44:11:3A:B7", "MAC address")
NICK = identifier_of("tarn.osk", "user name")


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        (STREET, "Lipowa 8, Kraków"),
        (STREET, "She moved to ulica Lipowa 8 in May."),
        (NATIONAL, "konto 61 1090 1014 0000 0712 1981 2874"),
        (PERSONAL, "född 19811218-9876"),
        (PERSONAL, "8112189876"),
        (LONG, "PESEL: 440514 01359"),
        (DEVICE, "001b.4411.3ab7 joined the network"),
        (DEVICE, "00-1b-44-11-3a-b7 joined the network"),
        (NICK, "@tarn.osk posted a picture"),
        (NICK, "https://social.example/users/tarn.osk/posts"),
        (identifier_of("tarn_osk77@ven-hafen.example"), "tarn_osk77(a)ven-hafen.example"),
        (
            identifier_of("tarn_osk77@ven-hafen.example"),
            "tarn underscore osk77 at ven minus hafen dot example",
        ),
    ],
)
def test_a_value_is_found_as_its_type_is_written_elsewhere(
    identifier: Identifier, text: str
) -> None:
    assert found(identifier, text)


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        (STREET, "ul. Lipowa 8, 80-001 Gdańsk is a bakery."),
        (STREET, "Lipowa 88, Kraków"),
        (NATIONAL, "konto 61 1090 1014 0000 0712 1981 2875"),
        (PERSONAL, "18811218-9876 is an order"),
        (LONG, "Parts 440514 01359 are sold out."),
        (DEVICE, "001b.4411.3ab8 joined the network"),
        (NICK, "@tarn.oskar posted a picture"),
        (NICK, "The Tarn.Osk is a lake on that map"),
    ],
)
def test_a_neighbour_of_such_a_value_is_let_be(identifier: Identifier, text: str) -> None:
    assert not found(identifier, text)


def test_what_stands_without_a_gap_is_no_postal_address() -> None:
    assert DEVICE.type is IdentifierType.NUMBER
