"""What the normaliser and the decoder promise."""

from __future__ import annotations

import base64
import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.tools.reading.decode import read
from amnestic.tools.reading.normalise import (
    Mapped,
    clean,
    fold,
    fold_word,
    folded_words,
    tokenise,
)
from tests.thoroughness import examples

PLAIN = "Who wrote the novel The Glass Harbour in the year 1984?"
_LEET = str.maketrans("aeiost", "431057")


def test_diacritics_case_and_width_do_not_matter() -> None:
    assert fold_word("ＢＥＹＯＮＤ") == fold_word("béyönd") == "beyond"


def test_words_of_other_scripts_stay_what_they_are() -> None:
    assert clean("Книга и ручка").text == "Книга и ручка"


def test_a_word_of_look_alikes_becomes_latin() -> None:
    assert clean("Мirеlа Оsk").text == "Mirela Osk"


@pytest.mark.parametrize(
    "hidden",
    [
        base64.b64encode(PLAIN.encode()).decode(),
        PLAIN.encode().hex(),
        PLAIN.encode().hex(" "),
        codecs.encode(PLAIN, "rot13"),
        PLAIN.translate(_LEET),
        "\u200b".join(PLAIN),
        PLAIN[::-1],
        "".join(f"%{b:02x}" for b in PLAIN.encode()),
        "".join(f"&#{ord(c)};" for c in PLAIN),
        "".join(f"\\u{ord(c):04x}" for c in PLAIN),
        base64.b64encode(PLAIN.encode().hex().encode()).decode(),
    ],
)
def test_a_hidden_text_is_read_as_it_was(hidden: str) -> None:
    assert read(hidden).text == PLAIN


@pytest.mark.parametrize("gap", [" ", "-", ".", "_", ", "])
def test_spelled_out_words_are_joined(gap: str) -> None:
    spelled = "   ".join(gap.join(word) for word in "Who wrote Harbour Lights".split())
    assert read(spelled).text.split() == ["Who", "wrote", "Harbour", "Lights"]


def test_words_reversed_one_by_one_are_turned_back() -> None:
    assert "wrote the novel" in read(" ".join(w[::-1] for w in PLAIN.split())).text


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of France?",
        "My flight BA2490 leaves at 10:45 from gate 7b.",
        "¿Quién escribió la novela?",
        "def f(x): return x ** 2 + 1",
        "Compute 0x1F + 12 and tell me the answer.",
        "The U.S. and the U.K. signed it in 1990s.",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert read(text).text == text


def test_a_span_leads_back_to_the_source() -> None:
    source = "x \u200bM\u200bi\u200bra sings"
    folded = fold(clean(source))
    token = next(t for t in tokenise(folded) if t.word == "mira")
    span = folded.span(token.start, token.end)
    assert source[span.start : span.end].replace("\u200b", "") == "Mira"


@pytest.mark.parametrize(
    "said", [b"Mirela Osk wrote it", b"Mirela Osk wrote.", b"Mirela Osk did it."]
)
@pytest.mark.parametrize("lines", ["Regards\n{}", "{}\nRegards", "Here\n{}\nDone\nRegards", "{}"])
def test_a_code_between_lines_of_one_word_is_decoded(said: bytes, lines: str) -> None:
    for code in (base64.b64encode(said).decode(), base64.b64encode(said).decode().rstrip("=")):
        assert read(lines.format(code)).text == lines.format(said.decode())


def test_a_wrapped_code_between_lines_of_one_word_is_decoded() -> None:
    said = "Mirela Osk wrote the book of the harbour, and the lamp that was kept in it."
    code = base64.b64encode(said.encode()).decode()
    wrapped = "\n".join(code[i : i + 24] for i in range(0, len(code), 24))
    assert said in read(f"Here\n{wrapped}\nRegards").text
    assert said in read(wrapped).text


def test_many_lines_of_one_length_stay_as_they_are() -> None:
    lines = "\n".join(["Wednesdays"] * 20_000)
    assert read(lines).text == lines


def test_tags_spell_a_text_of_their_own() -> None:
    tags = "".join(chr(0xE0000 + ord(c)) for c in "Mirela Osk")
    for text in (f"Hi{tags}", f"Hi{tags}there", tags, f"Hi {tags}, you"):
        assert {"mirela", "osk"} <= {token.word for token in read(text).tokens}


def test_a_span_in_a_decoded_run_is_the_whole_run() -> None:
    run = base64.b64encode(b"Mirela Osk wrote it").decode()
    source = f"Read {run} now"
    plain = read(source).plain
    at = plain.text.index("Osk")
    span = plain.span(at, at + 3)
    assert source[span.start : span.end] == run


@given(st.text(max_size=200))
@settings(max_examples=examples(150), deadline=None)
def test_offsets_stay_inside_the_source(text: str) -> None:
    reading = read(text)
    for view in reading.views:
        for i in range(len(view.tokens)):
            span = view.span(i, i)
            assert 0 <= span.start < span.end <= len(text)


@given(
    st.text(alphabet="abc \u200bé%4&#;", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 5), st.text(max_size=4)), max_size=5),
)
@settings(max_examples=examples(150), deadline=None)
def test_replacing_keeps_text_and_offsets_in_step(
    text: str, cuts: list[tuple[int, int, str]]
) -> None:
    pieces, at = [], 0
    for start, length, new in sorted(cuts):
        if at <= start and start + length <= len(text):
            pieces.append((start, start + length, new))
            at = start + length
    changed = Mapped(text).replaced(pieces)
    starts, ends = changed.offsets()
    assert len(starts) == len(ends) == len(changed.text)
    assert all(0 <= s < e <= len(text) for s, e in zip(starts, ends, strict=True))
    kept = [i for i, (s, e) in enumerate(zip(starts, ends, strict=True)) if e - s == 1]
    outside = [i for i in kept if not any(a <= starts[i] < b for a, b, _ in pieces)]
    assert all(changed.text[i] == text[starts[i]] for i in outside)


@pytest.mark.parametrize(
    "hostile",
    ["%41", "&#65;", "a-", "A1", "\u200ba", "é", "4b ", "aGVsbG8gd29ybGQ=", "|1", "\\u0041", "( "],
)
def test_hostile_repetition_keeps_offsets(hostile: str) -> None:
    source = hostile * (20_000 // len(hostile))
    reading = read(source)
    starts, ends = reading.plain.offsets()
    assert len(starts) == len(reading.text)
    assert not len(starts) or (int(starts.min()) >= 0 and int(ends.max()) <= len(source))


@pytest.mark.parametrize(
    "text",
    [
        "я " + "a" * 400_000,
        "\u2028".join("é" * 1_000 for _ in range(200)),
        "".join(chr(0xE000 + i % 6_400) + "a" for i in range(50_000)),
        "".join(chr(0x20000 + i % 40_000) for i in range(50_000)),
    ],
    ids=["a run beside another script", "odd line breaks", "private use", "many signs"],
)
def test_a_text_that_repeats_what_is_dear_to_read_is_read_to_its_end(text: str) -> None:
    reading = read(text)
    assert reading.views[0].words.spans[-1][1] >= len(reading.text) - 1
    assert reading.plain.span(len(reading.text) - 1, len(reading.text)).end >= len(text) - 1


@given(text=st.text(max_size=80) | st.text("Ab9 '-.\n\t\x00_é孔\u200b", max_size=80))
def test_words_without_their_places_are_the_same_words(text: str) -> None:
    assert folded_words(text) == [token.word for token in tokenise(fold(clean(text)))]
