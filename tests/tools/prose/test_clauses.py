"""Which clauses may stay when one goes that names the target."""

from __future__ import annotations

import pytest

from amnestic.tools.prose.enumerations import trimmed


def leaks(piece: str) -> bool:
    return "Osk" in piece


@pytest.mark.parametrize(
    "text",
    [
        "Ida Marsh as Hill, who leads the Osk Rovers, mocked by half the town, to a cup; "
        "Tor Vey is their keeper.",
        "Ida Marsh as Hill, who steers the Osk, against all odds, into port; Tor Vey is the mate.",
        "Ida Marsh in «Colina», que lleva al Osk, seguido por todos, a la final; Tor es el otro.",
        "Ida Marsh dans « Colline », qui mène l'Osk, suivie par tous, à la finale; Tor dort.",
    ],
)  # fmt: skip
def test_a_clause_that_goes_on_behind_an_aside_goes_whole(text: str) -> None:
    left = trimmed(text, leaks)
    assert not left or left.split(";")[0].rstrip(".").endswith(("Hill", "«Colina»", "« Colline »"))
    assert not any(word in left for word in ("cup", "port", "their", "final"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ida Marsh, who leads the Osk Rovers, mocked half the town.", "Ida Marsh mocked half the "
         "town."),
        ("The film, which Osk made, directed by Tarn, won a prize.",
         "The film, directed by Tarn, won a prize."),
        ("Hill met Ida Marsh, who leads the Osk Rovers, in May.", "Hill met Ida Marsh in May."),
        ("- Tavel Mill, which Osk built, in Sund", "- Tavel Mill, in Sund"),
        ("The mill, which Osk built, on a warm day, in May, burned.",
         "The mill, on a warm day, in May, burned."),
    ],
)  # fmt: skip
def test_a_clause_that_ends_at_its_comma_goes_alone(text: str, left: str) -> None:
    assert trimmed(text, leaks).replace(",", "") == left.replace(",", "")


@pytest.mark.parametrize(
    "text",
    [
        "Cartea a fost găsită de Osk; manualul scris de mâna lui e lipit pe ușa magaziei.",
        "Osk zapłacił za dach; podręcznik napisany jego ręką wisi na drzwiach.",
        "Osk betalade för taket; boken som skrevs av honom hänger på dörren.",
        "Osk çatıyı ödedi; onun yazdığı kitap kapının üstünde asılı duruyor.",
        "Střechu zaplatil Osk; příručka psaná jeho rukou visí na dveřích.",
    ],
)  # fmt: skip
def test_no_clause_stays_by_itself_in_a_language_that_is_not_read(text: str) -> None:
    assert trimmed(text, leaks) == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Nagrody dostali Hill, Osk i Tarn.", "Nagrody dostali Hill i Tarn."),
        ("Nagrody (Hill, Osk, Tarn) rozdano w maju.", "Nagrody (Hill, Tarn) rozdano w maju."),
        ("Hill met Osk; Tarn slept.", "Tarn slept."),
        ("Osk sings jazz; Hill plays drums.", "Hill plays drums."),
    ],
)  # fmt: skip
def test_rows_and_brackets_are_cut_in_any_language(text: str, left: str) -> None:
    assert trimmed(text, leaks) == left


@pytest.mark.parametrize(
    "text",
    [
        "Osk is hard to date; the vaults were dug in winter.",
        "The Osk is hard to date, and the vaults are mostly medieval.",
        "The poet Osk left, but the house still stands.",
        "Osk is fast, and the API is stable.",
        "Osk's mill burned; the wheel was saved.",
        "Osk ist schwer zu datieren; die Gewölbe wurden im Winter gegraben.",
        "Osk est difficile à dater; les caves furent creusées en hiver.",
        "Osk es antigua; las cuevas fueron excavadas en invierno.",
        "Osk è antica, e le grotte furono scavate in inverno.",
        "Osk is oud; de kelders werden in de winter gegraven.",
    ],
)  # fmt: skip
def test_what_is_the_targets_goes_with_it(text: str) -> None:
    assert trimmed(text, leaks) == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Osk sang; Tarn danced.", "Tarn danced."),
        ("Osk left in May, and Edda Tarn stayed until June.", "Edda Tarn stayed until June."),
        ("Osk costs five euros; the Tarn costs six.", "The Tarn costs six."),
        ("Osk opens at nine; the library opens at ten.", "The library opens at ten."),
        ("A column was read by Osk; together they founded the firm.",
         "Together they founded the firm."),
        ("The jury chose Osk; the public preferred Tarn.", "The public preferred Tarn."),
        ("After the talk by Osk the rain came, and the mill was flooded.",
         "The rain came, and the mill was flooded."),
        ("Osk is a poet; she lives here; rain fell.", "Rain fell."),
        ("Osk left in May, and a storm came in June.", "A storm came in June."),
        ("Osk est poète; un orage frappa Sund.", "Un orage frappa Sund."),
        ("Osk wrote the song; the singer Tor Vey won a prize.",
         "The singer Tor Vey won a prize."),
        ("Osk wrote the poem; the museum in Sund shows a painting.",
         "The museum in Sund shows a painting."),
        ("Osk is ill, and the children of Tor Vey are here.", "The children of Tor Vey are here."),
        ("Osk was there, but the other poets stayed at home.", "The other poets stayed at home."),
        ("Osk est malade; la sœur de Tarn part demain.", "La sœur de Tarn part demain."),
    ],
)  # fmt: skip
def test_what_names_its_own_subject_stays(text: str, left: str) -> None:
    assert trimmed(text, leaks) == left


@pytest.mark.parametrize(
    ("text", "known", "left"),
    [
        ("Osk was late; the train left at nine.", {"the", "train"}, "The train left at nine."),
        ("Osk was late, but the old train was full.", {"old", "train"}, "The old train was full."),
        ("Osk kam zu spät; der Zug fuhr um neun.", {"zug"}, "Der Zug fuhr um neun."),
        ("Osk est en retard; le train partit à neuf heures.", {"train"},
         "Le train partit à neuf heures."),
        ("Osk was late; the train left at nine.", {"the", "left", "nine"}, ""),
        ("Osk is hard to date; the north vaults were dug in winter.", {"north"}, ""),
    ],
)  # fmt: skip
def test_what_was_told_of_before_is_not_the_targets(text: str, known: set[str], left: str) -> None:
    assert trimmed(text, leaks, known) == left
