"""What only a piece that went has told of does not come again as something known."""

from __future__ import annotations

import pytest

from amnestic.tools.documents import cut
from amnestic.tools.prose import dangling

ALBUMS = """Records to start with:

- **Edda Tarn – *Lantern Days* (1982).** Slow songs.
- **Mirela Osk – *Salt* (1976).** Two long tracks.
- **Ivo Hill – *Mill Road* (1990).** Bright and quick.

**Where to begin?** {}
"""


def osk(piece: str) -> bool:
    return "Osk" in piece


def left_of(text: str, *, known: str = "", people: tuple[str, ...] = ("Mirela Osk",)) -> str:
    names = ["Mirela Osk", "Osk"]
    once = cut(text, osk, names=names)
    again = dangling(text, once, names, people, known)
    return once if again is None else cut(text, lambda s: osk(s) or again(s), names=names)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("If you like quiet, take Tarn first; if you want to dance, take *Salt* and then Hill.",
         "If you like quiet, take Tarn first."),
        ("*Lantern Days* is the best of the lot, while *Salt* is the best to dance to.",
         "*Lantern Days* is the best of the lot."),
        ("Begin with “Salt”. Streams of all records are easy to find.",
         "Streams of all records are easy to find."),
        ("In the evening Tarn is best. Ivo Hill played in Mirela's band before.",
         "In the evening Tarn is best."),
    ],
)  # fmt: skip
def test_what_went_is_not_spoken_of_as_known(told: str, left: str) -> None:
    assert left_of(ALBUMS.format(told)).endswith(f"**Where to begin?** {left}\n")


@pytest.mark.parametrize(
    "told",
    [
        "With *Mill Road*, and salt on your lips.",  # another title, and an everyday word
        "With Tarn's own *Salt*, which is louder.",  # another's, of the same name
        "With *Salt* (Ry, 2001), a book about the sea.",
        "With *Salt* by Una Ry.",
        "Ask Mirela Ry, who sells all of them.",  # another person
    ],
)
def test_what_is_told_of_anew_stays(told: str) -> None:
    assert left_of(ALBUMS.format(told)).endswith(f"**Where to begin?** {told}\n")


def test_what_the_question_or_something_kept_has_told_of_stays() -> None:
    text = ALBUMS.format("Begin with *Salt*.")
    assert left_of(text, known="Is Salt a good record?").endswith("Begin with *Salt*.\n")
    told = text.replace("Slow songs.", "Slow songs, one of them named *Salt*.")
    assert left_of(told).endswith("Begin with *Salt*.\n")


def test_a_product_goes_with_its_maker() -> None:
    text = (
        "**Hill Line (about €140)**\nClosely woven.\n\n**Osk Xantor 3L (about €180)**\nThe classic."
        "\n\n## Which one?\nIf you carry a lot, take the Xantor; if the price counts most, Hill. "
        "On a budget the Hill will do.\n"
    )
    assert left_of(text, people=()).endswith(
        "\n\n## Which one?\nIf the price counts most, Hill. On a budget the Hill will do.\n"
    )


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("Many feel that Wu should have shared it. Rain fell.", "Rain fell."),
        ("Edda Wu should have shared it. Rain fell.", "Edda Wu should have shared it. Rain fell."),
    ],
)
def test_a_last_name_is_whose_whom_the_text_calls_so(told: str, left: str) -> None:
    text = f"In May Hill asked. Mirela Wu took up the challenge. {told}\n"
    once = text.replace("Mirela Wu took up the challenge. ", "")
    again = dangling(text, once, ["Mirela Wu"], ["Mirela Wu"], "")
    assert (cut(once, again) if again else once).endswith(f"In May Hill asked. {left}\n")


def test_a_person_who_is_named_beside_a_target_stays() -> None:
    text = "**Osk** beat Joe Marrow in *Tavel*. Marrow retired. He lives in Tavel.\n"
    assert dangling(text, "Marrow retired. He lives in Tavel.", ["Osk"], ["Osk"], "") is None


def test_a_title_stays_in_a_row_of_a_table_that_lost_another_cell() -> None:
    text = (
        "| | *Mill Road* | *Salt* by Osk |\n|---|---|---|\n| Year | 1990 | 1976 |\n\n"
        "**Advice:** for Osk, *Salt*; for others, *Mill Road*. Read on.\n"
    )
    left = "| | *Mill Road* |\n|---|---|\n| Year | 1990 |\n\n**Advice:** Read on.\n"
    assert dangling(text, left, ["Osk"], [], "") is None
