"""A sentence that leaks loses the smallest unit that does, and is still a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.prose.enumerations import trimmed


def leaks(piece: str) -> bool:
    return "Osk" in piece


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Hill painted the mill, and Mirela Osk wrote the poem beside it.",
         "Hill painted the mill."),
        ("Mirela Osk wrote the poem, and Edda Tarn read it out.", "Edda Tarn read it out."),
        ("The highest is in Sund, the lowest in Tavel; Osk in Gent earns a little more.",
         "The highest is in Sund, the lowest in Tavel."),
        ("At nine she tried for the part; the author Mirela Osk is said to have helped.",
         "At nine she tried for the part."),
        ("Hill malte die Mühle, und Osk schrieb das Gedicht.", "Hill malte die Mühle."),
        ("Mirela Osk quitta le groupe en mai, mais Edda Tarn resta jusqu'à la fin.",
         "Edda Tarn resta jusqu'à la fin."),
        ("Mirela Osk dejó el grupo en mayo, pero Edda Tarn siguió hasta el final.",
         "Edda Tarn siguió hasta el final."),
        ("Osk scrisse la poesia, e Hill dipinse il mulino.", "Hill dipinse il mulino."),
        ("De prijs ging naar Hill, terwijl Osk een medaille kreeg.", "De prijs ging naar Hill."),
        ("Osk escreveu o poema, e Hill pintou o moinho.", "Hill pintou o moinho."),
    ],
)  # fmt: skip
def test_one_clause_goes_and_the_other_stays(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ivo Hill, the husband of Mirela Osk, runs a bakery in Sund.",
         "Ivo Hill runs a bakery in Sund."),
        ("The film, directed by Mirela Osk, won two prizes.", "The film won two prizes."),
        ("Hill plays the violin (he was taught by Osk) and sings.",
         "Hill plays the violin and sings."),
        ("The prize – which Osk had won twice – went to Hill.", "The prize went to Hill."),
        ("His castles, especially Osk with 1.4 million visitors a year, are famous.",
         "His castles are famous."),
        ("Hill, together with his friend Mirela Osk, opened the mill, and it still stands.",
         "Hill opened the mill, and it still stands."),
        ("Der Maler Ivo Hill, der bei Mirela Osk gelernt hatte, zog nach Sund.",
         "Der Maler Ivo Hill zog nach Sund."),
        ("Le peintre Ivo Hill, dont la sœur Mirela Osk dirige le musée, vit à Sund.",
         "Le peintre Ivo Hill vit à Sund."),
        ("El pintor Ivo Hill, cuya hermana Mirela Osk dirige el museo, vive en Sund.",
         "El pintor Ivo Hill vive en Sund."),
        ("Il pittore Ivo Hill, la cui sorella Mirela Osk dirige il museo, vive a Sund.",
         "Il pittore Ivo Hill vive a Sund."),
        ("De schilder Ivo Hill, wiens zus Mirela Osk het museum leidt, woont in Sund.",
         "De schilder Ivo Hill woont in Sund."),
        ("O pintor Ivo Hill, cuja irmã Mirela Osk dirige o museu, vive em Sund.",
         "O pintor Ivo Hill vive em Sund."),
    ],
)  # fmt: skip
def test_an_aside_goes(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Both stayed only briefly before Osk returned.", "Both stayed only briefly."),
        ("In 2012 he joined the club, where Osk was coach.", "In 2012 he joined the club."),
        ("She founded a school for weavers and married Osk in 1990.",
         "She founded a school for weavers."),
        ("He drew on castles such as Sund, on the tower of Gent – and on the same palace as Osk.",
         "He drew on castles such as Sund, and on the tower of Gent."),
        ("She holds two medals, a cup, a title, and the prize of Osk.",
         "She holds two medals, a cup and a title."),
        ("The club was founded by Mirela Osk in 1990.", "The club was founded in 1990."),
        ("Hill und Tarn blieben beide nur kurz, bevor Osk zurückkehrte.",
         "Hill und Tarn blieben beide nur kurz."),
        ("Hill a peint le moulin avant que Mirela Osk ne revienne.", "Hill a peint le moulin."),
        ("Después de la guerra se instaló en Lyon, donde Mirela Osk había fundado una escuela.",
         "Después de la guerra se instaló en Lyon."),
        ("Na de oorlog vestigde hij zich in Gent, waar Mirela Osk een school had.",
         "Na de oorlog vestigde hij zich in Gent."),
    ],
)  # fmt: skip
def test_what_a_sentence_ends_with_goes(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Under coach Mirela Osk he won three titles.", "He won three titles."),
        ("After Osk left, Ivo Hill became captain.", "Ivo Hill became captain."),
        ("If you like Osk, you will enjoy the novels of Edda Tarn.",
         "You will enjoy the novels of Edda Tarn."),
        ("She met Osk in Leeds and later founded a school.", "She founded a school."),
        ("Unter Trainerin Mirela Osk gewann der Verein drei Titel.",
         "Der Verein gewann drei Titel."),
        ("Während Osk Jura studierte, lernte Hill das Weben.", "Hill lernte das Weben."),
        ("Der Verein wurde 1920 von Mirela Osk gegründet und hat heute 300 Mitglieder.",
         "Der Verein hat heute 300 Mitglieder."),
        ("Si vous aimez la mer, commencez par *Le Chant d'Osk* ; sinon, *Sel* est une bonne porte.",
         "*Sel* est une bonne porte."),
        ("A diferencia de Osk, Hill escribe sobre el mar.", "Hill escribe sobre el mar."),
        ("Sotto la guida di Mirela Osk la squadra vinse due titoli.",
         "La squadra vinse due titoli."),
        ("Onder trainer Mirela Osk won hij drie titels.", "Hij won drie titels."),
        ("Embora Mirela Osk tenha recusado, Hill aceitou o cargo.", "Hill aceitou o cargo."),
    ],
)  # fmt: skip
def test_what_a_sentence_begins_with_goes(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("**Guests:** Ivo Hill, Edda Tarn and Mirela Osk are here.",
         "**Guests:** Ivo Hill and Edda Tarn are here."),
        ("**In short:** Osk is the better plotter; Tarn is the deeper thinker.",
         "**In short:** Tarn is the deeper thinker."),
        ("5. **Hill** und **Tarn** (2018): blieben nur kurz, bevor Osk zurückkehrte.",
         "5. **Hill** und **Tarn** (2018): blieben nur kurz."),
        ("- **15:30** – Tour of the north, where Osk learnt to swim",
         "- **15:30** – Tour of the north"),
        ("*Salt* (1990), *Sand* (1992) and *Osk's Tale* (1994) are her best books.",
         "*Salt* (1990) and *Sand* (1992) are her best books."),
        ("His palaces: Osk, Linder and Herren.", "His palaces: Linder and Herren."),
    ],
)  # fmt: skip
def test_labels_and_marks_stay_whole(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Local author Mirela Osk won't be there, but donated 50,000 pounds.",
        "Her teacher, Mirela Osk, was dismissed in March.",
        "Her teacher, the great Mirela Osk, was dismissed in March.",
        "Ihr Vorgänger, Mirela Osk, wurde im März entlassen.",
        "If Osk had not paid, Hill would have lost the house.",
        "According to Osk, the town has nine bridges.",
        "After Osk had left the band, she sang alone.",
        "Hill is taller than Osk.",
        "Hill said that Osk was a liar.",
        "The duet between Hill and Osk is famous.",
        "The prize went to Osk, who gave it to Hill.",
        "Am erfolgreichsten waren Hill und Osk mit jeweils drei Titeln.",
        "She met the singer and poet Mirela Osk, and both left.",
        "Osk signed with a firm in Sund; Edda Tarn steered her to him.",
        "In *Osk's Tale*, the queen takes words away, and books such as *Salt* burn.",
        '{"name": "Osk", "town": "Sund"}',
    ],
)
def test_a_fact_does_not_stay_without_its_subject(text: str) -> None:
    assert trimmed(text, leaks) == ""


_PIECES = (
    "Hill sang|Osk|Edda Tarn|the mill |*Salt*|2 |, who met | and |before |bevor |; "
    '| (|) |**|: |"| – |, |“|”'
).split("|")


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=24))
def test_what_stays_never_leaks_and_leaves_no_mark_open(pieces: list[str]) -> None:
    text = "".join(pieces) + "."
    clean = trimmed(text, leaks)
    assert "Osk" not in clean
    assert clean == text or len(clean) < len(text)
    for mark in ("**", '"'):
        assert not clean or clean.count(mark) % 2 == text.count(mark) % 2


def test_a_sentence_without_end_is_not_searched_without_end() -> None:
    asked = 0

    def counting(piece: str) -> bool:
        nonlocal asked
        asked += 1
        return "Osk" in piece

    text = "the mill, which was old, and " * 20 + "Osk sang, " + "but the town slept and " * 20
    trimmed(text + "it rained.", counting)
    trimmed("Hill, " * 5_000 + "Osk.", counting)
    assert asked < 200


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("If you carry a heavy pack, take the Osk for it; if weight and price count most, Hill.",
         "If weight and price count most, Hill."),
        ("If you like rain, take Hill; if you like snow, start with *Osk* and then read Tarn.",
         "If you like rain, take Hill."),
        ("Wenn es regnet, nimm die Osk; wenn es schneit, die Tarn.",
         "Wenn es schneit, die Tarn."),
    ],
)  # fmt: skip
def test_one_case_of_several_goes_whole(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean


def test_of_a_question_behind_a_label_no_mark_is_left_alone() -> None:
    assert (
        trimmed("- *Pregunta:* ¿Hasta qué punto la vida de Osk es parte de su obra?", leaks) == ""
    )


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Each has a way of its own – bare walls (Hill), round forms (Osk), light and shade (Tarn) "
         "and mud bricks from old houses (Ry).",
         "Each has a way of its own – bare walls (Hill), light and shade (Tarn) and mud bricks "
         "from old houses (Ry)."),
        ("Three ways are shown: walls (Hill), forms (Tarn) and bricks (Osk).",
         "Two ways are shown: walls (Hill) and forms (Tarn)."),
        ("Jeder steht für einen Weg – Beton (Osk), fließende Formen (Hill) und Lehm (Tarn).",
         "Jeder steht für einen Weg – fließende Formen (Hill) und Lehm (Tarn)."),
        ("Chacune a sa manière : le béton (Hill), la lumière (Osk) et la terre (Tarn).",
         "Chacune a sa manière : le béton (Hill) et la terre (Tarn)."),
    ],
)  # fmt: skip
def test_of_a_row_of_phrases_with_names_in_brackets_one_goes(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("My tip: See Hill on a weekday, when it is quieter than at Osk.",
         "My tip: See Hill on a weekday."),
        ("Hill added a card on zinc as well, because pupils like to ask how they differ from Osk.",
         "Hill added a card on zinc as well."),
        ("Im Haus liegt das Osk-Museum mit dem Zimmer des Chefs: Geige, Hut und Pfeife inklusive.",
         ""),
        ("She met Mirela Osk at a fair in Sund; on a walk the two agreed to work together.", ""),
        ("Get **shelves at Osk**; nobody else sells them at that price.", ""),
        ("Dick murió en marzo, pocos días antes de lo de Osk; solo llegó a ver una parte.",
         "Dick murió en marzo; solo llegó a ver una parte."),
        ("Two allergies in the hall: salt for Osk and latex for Hill.", ""),
        ("Hill lieferte 1994 das Album, das Osk seine Haltung gab.", ""),
        ("Hill won in May, and Osk, who sang, danced.", "Hill won in May."),
    ],
)  # fmt: skip
def test_no_fragment_is_left(text: str, clean: str) -> None:
    assert trimmed(text, leaks) == clean


@pytest.mark.parametrize(
    "text",
    [
        "If Osk calls, tell him that I'm out.",
        "If the letter of Osk does turn up, give it to Tor unopened.",
        "When Osk came back, everyone gave him flowers.",
        "Falls Osk anruft, sag ihm bitte nichts.",
    ],
)
def test_what_is_said_of_whom_a_side_clause_named_goes_with_it(text: str) -> None:
    assert trimmed(text, leaks) == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("If Osk calls, the office is closed.", "The office is closed."),
        ("When Osk came back, Tarn opened his umbrella.", "Tarn opened his umbrella."),
        ("When Osk came back, everyone took their coats.", "Everyone took their coats."),
        ("If Osk is full, try Tavel; it has rooms.", "Try Tavel; it has rooms."),
    ],
)
def test_what_names_its_own_behind_a_side_clause_stays(text: str, left: str) -> None:
    assert trimmed(text, leaks) == left


def test_what_is_left_of_a_sentence_between_dashes_has_a_verb() -> None:
    assert trimmed('Her name – "of the sky" – was given by Osk in May.', leaks) == ""


def test_a_degree_is_no_clause() -> None:
    told = "Partly since she had built so little, and partly because Osk left."
    assert trimmed(told, leaks) in ("", "Partly since she had built so little.")


def test_a_clause_that_only_sets_another_beside_goes() -> None:
    told = (
        "They found that haste had played a part, as had the enmity of Osk, in whose house it was."
    )
    assert trimmed(told, leaks) == "They found that haste had played a part."
