"""What a sentence calls "the …" goes along with the only sentence that told of it."""

from __future__ import annotations

import pytest

from amnestic.tools.documents import cut


def without_osk(text: str) -> str:
    return cut(text, lambda piece: "Osk" in piece)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Osk brings a lantern. Rain is likely. Is the lantern bright?", "Rain is likely. "),
        ("- Osk: the lantern\n- Tarn: bread\n\nWho packs the lantern?\n", "- Tarn: bread\n"),
        (
            "Osk bringt eine Laterne mit. In Tavel regnet es wohl nicht. Hält die Laterne lange?",
            "In Tavel regnet es wohl nicht.",
        ),
        (
            "Osk dedicó su vida al faro de Sund. Tavel es un puerto. Hill volvió al faro en mayo.",
            "Tavel es un puerto. ",
        ),
        (
            "Osk ha portato una lanterna. Il porto di Sund è chiuso. Che cosa manca alla lanterna?",
            "Il porto di Sund è chiuso. ",
        ),
        (
            "Osk trouxe uma lanterna. O porto de Sund está fechado. O que não está na lanterna?",
            "O porto de Sund está fechado. ",
        ),
        ("Osk brings a lantern. Rain is likely. It is as the lantern was.", "Rain is likely. "),
    ],
)
def test_what_only_went_told_of_is_not_spoken_of(text: str, left: str) -> None:
    assert without_osk(text).strip() == left.strip()


@pytest.mark.parametrize(
    "left",
    [
        "Tarn has a lantern. Is the lantern bright?",  # told of by what stays
        "Rain is likely. A lantern is bright.",  # another one
        "Rain is likely. The lantern of the harbour is bright.",  # the sentence says which
        "Llueve. Pasa por aquí el primer día.",  # no thing
        "Rain is likely. There are no lantern days.",  # none, and not "the"
        "Tor Veldt administre le port pour la ville.",  # "pour" is no thing
    ],
)
def test_what_is_known_otherwise_stays(left: str) -> None:
    assert without_osk(f"Osk brings a lantern el primer minuto pour. {left}").strip() == left
