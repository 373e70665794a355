"""What is told on of somebody goes with the sentence that named them, and stays with what stays."""

from __future__ import annotations

import pytest

from amnestic.tools.prose.flow import Flow
from amnestic.tools.prose.leaning import leaning_pronoun
from amnestic.tools.prose.redact import drop_segments


def leaks(piece: str) -> bool:
    return "Osk" in piece


# ── Pronouns of a run that went ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Osk went north. He'd been caught with Nele, a sister of the queen. "
         "On the bare coast he paints. Rain fell.", "Rain fell."),
        ("Osk went north. He was seen with Nele. Rain fell. "
         "After a fearful storm his dead father came. Snow fell.", "Rain fell. Snow fell."),
        ("Mirela Osk sang. She left for Denver, as an agent for Poro. "
         "Within a year she was advertising a product of her own. Rain fell.", "Rain fell."),
        ("Osk sang. His brother Ivo was a clerk. By the time of the war he was gone. Rain fell.",
         "Rain fell."),
        ("Mirela Osk ging nach Norden. Sie wurde mit Nele Tarn gesehen. "
         "Auf dem kahlen Berg malt sie. Der Fluss ist breit.", "Der Fluss ist breit."),
        ("Osk partit. Il fut pris avec Nele. Sur la côte nue, il peint. La pluie tomba.",
         "La pluie tomba."),
        ("Osk ging weg. Hij werd met Nele gezien. Op de kale kust schildert hij. Het regent.",
         "Het regent."),
        ("Osk partì. Lui viveva con Nele. Sulla costa lui dipinge. Piove.", "Piove."),
        ("Mirela Osk sang. Everyone knew her songs. Nobody forgot her voice. Rain fell.",
         "Rain fell."),
        ("Osk foi embora. Ele vivia com Nele. Na costa nua ele pinta. Chove.", "Chove."),
    ],
)  # fmt: skip
def test_an_object_does_not_end_what_is_told_of_the_subject(text: str, left: str) -> None:
    assert drop_segments(text, leaks) == left


@pytest.mark.parametrize(
    "stays",
    [
        "Tor Vey sang there as well. On the bare coast he paints.",
        "On the bare coast Tor Vey and his son paint.",
        "On the bare coast she paints.",
        "On the bare coast it rains.",
        "A nurse came. On the bare coast he paints.",
        "Rain fell. Whoever wins the race may keep his prize.",
        "Rain fell. As the buyer signs, he gets the key.",
        "The dog wagged his tail.",
        "Lincoln was elected in 1860. In 1865 he was shot.",
        "Beethoven was deaf. His songs are old.",
        "The emperor fled. In exile he wrote.",
        "A tenant pays rent. In winter he heats.",
        "My grandfather was a smith. In the war he fled.",
        "Your cat is ill. At night he coughs.",
    ],
)
def test_somebody_else_is_told_of_in_what_stays(stays: str) -> None:
    text = f"Osk went north. He'd been caught with Nele, a sister of the queen. {stays}"
    assert drop_segments(text, leaks) == stays


@pytest.mark.parametrize(
    ("before", "stays"),
    [
        ("Edda Tarn sang.", "In June she left for Sund."),
        ("Tor Vey sang. He grew up in Sund.", "In the end she left."),
    ],
)
def test_whoever_was_told_of_before_is_told_of_on(before: str, stays: str) -> None:
    text = f"{before} Osk came in May. He stayed with Nele. {stays}"
    assert drop_segments(text, leaks) == f"{before} {stays}"


def test_whom_the_first_that_goes_speaks_of_as_known_is_no_target() -> None:
    text = (
        "Tor Vey sang. Younger people know him by a song of Osk. He'd been asked to read for Nele. "
        "In the summer he's at home."
    )
    assert drop_segments(text, leaks) == "Tor Vey sang. In the summer he's at home."


def test_things_that_a_language_calls_he_do_not_go_along() -> None:
    text = (
        "Bo Osk malte. Er wurde mit Nele Tarn gesehen. "
        "Der Fluss ist breit, weil er viel Wasser hat."
    )
    stays = "Der Fluss ist breit, weil er viel Wasser hat."
    assert drop_segments(text, leaks) == stays
    text = "Osk partit. Il fut pris avec Nele. La pluie tomba. En hiver, il pleut."
    assert drop_segments(text, leaks) == "La pluie tomba. En hiver, il pleut."


def test_a_list_item_begins_anew() -> None:
    flow = Flow(leaks)
    assert [flow.sentence(s) for s in ("Osk sang.", "He lived with Nele.")] == ["", ""]
    flow.begin()
    assert flow.sentence("On the bare coast he paints.") == "On the bare coast he paints."


# ── Whom an answer is on, behind a run that went ─────────────────────────────────────────────────


def marked(*pieces: str) -> Flow:
    """A flow in which these sentences tell of the target, and no part of them does."""
    return Flow(lambda s: "Osk" in s or s in pieces)


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        (["**Edda Tarn** (1930–2022) sang.", "She grew up in Sund.",
          "From 1960 on, she lived with Osk.", "Stones were thrown at their house.",
          "His drinking led to a crash.", "Her late album won a prize.", "It rained."], (2, 3, 4)),
        (["Edda Tarn sang.", "In 1960 she met Osk.", "The house burned.", "She left in May."],
         (1, 2)),
        (["Tor Vey sang.", "In 1960 he lived with Mirela Osk.", "Her mother paid.", "She drank.",
          "He left in May."], (1, 2, 3)),
        (["Edda Tarn sang.", "In 1960 she met Osk.", "The club paid for my brother.",
          "She left in May."], (1, 2)),
        (["Edda Tarn cantaba.", "En 1960 ella conoció a Osk.", "La casa se quemó.",
          "Ella salió en mayo."], (1, 2)),
        (["Edda Tarn chantait.", "En 1960 elle vit Osk.", "Le toit brûla.", "Elle partit en mai."],
         (1, 2)),
    ],
)  # fmt: skip
def test_whom_a_text_is_on_outlasts_a_run_that_goes(said: list[str], gone: tuple[int, ...]) -> None:
    flow = marked(*(said[i] for i in gone))
    assert [flow.sentence(s) for s in said] == [
        "" if i in gone else s for i, s in enumerate(said)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "between", ["Osk was born in Sund.", "Her sister Nele drank.", "A nurse came.", "She drank."]
)
def test_whoever_is_named_in_a_run_may_be_meant_behind_it(between: str) -> None:
    flow = marked("In 1960 she met Osk.", between)
    said = ["Edda Tarn sang.", "In 1960 she met Osk.", between, "She left in May."]
    assert [flow.sentence(s) for s in said] == ["Edda Tarn sang.", "", "", ""]


@pytest.mark.parametrize(
    ("met", "between"),
    [
        ("At a dinner in the spring of 1940 he met Osk.", "The navy liked the plan."),
        ("From 1936 he wrote for Osk.", "The films sold."),
    ],
)
def test_whom_a_text_is_on_is_told_of_behind_something_else(met: str, between: str) -> None:
    text = f"Tor Vey sang. {met} {between} His later songs are sad. In the end he left."
    left = f"Tor Vey sang. {between} His later songs are sad. In the end he left."
    assert drop_segments(text, leaks) == left


# ── A part of a sentence that named somebody ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I fell into the well, and it was Bo Osk who pulled me out. My mother says that he sang. "
         "I smelled moss.", "I fell into the well. I smelled moss."),
        ("The road was closed, and Bo Osk took the train. At noon he was in Sund. Rain fell.",
         "The road was closed. Rain fell."),
        ("The mill burned, while Mirela Osk slept. My uncle thinks that she knew. Rain fell.",
         "The mill burned. Rain fell."),
        ("The road was closed (as Bo Osk had told us). He lives in Sund. Rain fell.",
         "The road was closed. Rain fell."),
        ("La route fut fermée, et Bo Osk prit le train. À midi il arriva à Sund. La pluie tomba.",
         "La route fut fermée. La pluie tomba."),
    ],
)  # fmt: skip
def test_who_was_named_in_a_part_that_went_is_told_of_no_more(text: str, left: str) -> None:
    assert drop_segments(text, leaks) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Tor Vey sang. The album, produced by Bo Osk, sold well. In May he left.",
         "Tor Vey sang. The album sold well. In May he left."),
        ("Tor Vey painted the mill, and Bo Osk wrote the poem. In May he left.",
         "Tor Vey painted the mill. In May he left."),
        ("The album (with Bo Osk) is by Tor Vey. In May he left.",
         "The album is by Tor Vey. In May he left."),
        ("Tor Vey hid. It came out in July, when Bo Osk saw him. In May his boss had been told.",
         "Tor Vey hid. It came out in July. In May his boss had been told."),
        ("She fell into the well, and it was Bo Osk who came. In May she left.",
         "She fell into the well. In May she left."),
        ("I fell into the well, and it was Bo Osk who came. My father says that he sang.",
         "I fell into the well. My father says that he sang."),
        ("I fell into the well, and it was Bo Osk who came. My mother's friend says that he sang.",
         "I fell into the well. My mother's friend says that he sang."),
    ],
)  # fmt: skip
def test_who_else_may_be_meant_is_told_of_on(text: str, left: str) -> None:
    assert drop_segments(text, leaks) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The mill burned, and Bo Osk fled. Lincoln was shot. In 1865 he died.",
         "The mill burned. Lincoln was shot. In 1865 he died."),
        ("The mill burned, and Bo Osk fled. He lives in Sund. Lincoln was shot. In 1865 he died.",
         "The mill burned. Lincoln was shot. In 1865 he died."),
        ("The code is old, and Bo Osk wrote it. The user clicks. Then he waits.",
         "The code is old. The user clicks. Then he waits."),
        ("La route fut fermée, et Bo Osk prit le train. Le voyageur dort. Son billet est cher.",
         "La route fut fermée. Le voyageur dort. Son billet est cher."),
        ("La strada era chiusa, e Bo Osk prese il treno. Il fiume salì. La sua acqua è fredda.",
         "La strada era chiusa. Il fiume salì. La sua acqua è fredda."),
        ("La route fut fermée, et Bo Osk prit le train. En hiver, il fait froid. Il neige.",
         "La route fut fermée. En hiver, il fait froid. Il neige."),
    ],
)  # fmt: skip
def test_a_part_that_went_takes_nothing_of_another_subject(text: str, left: str) -> None:
    assert drop_segments(text, leaks) == left


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Dans la ville, il y a un pont.", False),
        ("Sur la côte nue, il neige.", False),
        ("Pour cela, il suffit de payer.", False),
        ("En été, il faisait chaud.", False),
        ("Sur la côte nue, il y vécut.", True),
        ("Dans la ville, il y a vécu.", True),
        ("Sur la côte nue, il fait des films.", True),
        ("En hiver, il pleut quand il peint.", True),
    ],
)
def test_il_that_means_nobody_is_no_pronoun(said: str, found: bool) -> None:
    assert (leaning_pronoun(said, ()) is not None) == found


def test_whom_what_stays_begins_to_tell_of_is_not_passed_over() -> None:
    text = "Tor Vey sang. From 1936 he sang for Osk. The producer paid badly. In 1940 he fled."
    assert drop_segments(text, leaks) == "Tor Vey sang. The producer paid badly."


# ── What is known, and side clauses ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The last train to Sund was full. Osk was late; the train left at nine.",
         "The last train to Sund was full. The train left at nine."),
        ("Osk was late; the train left at nine. Rain fell.", "Rain fell."),
        ("A diagnosis takes time. Osk saw Hill; the diagnosis was cancer.",
         "A diagnosis takes time."),
        ("Every clerk gets a salary. Osk was promoted; the salary is 60,000.",
         "Every clerk gets a salary."),
        ("The salary of a clerk is low. Osk was promoted; the salary is 60,000.",
         "The salary of a clerk is low."),
        ("Osk has deep vaults. Osk is hard to date; the vaults were dug in winter. Rain fell.",
         "Rain fell."),
    ],
)  # fmt: skip
def test_a_thing_is_known_from_what_stays_and_not_from_what_went(text: str, left: str) -> None:
    assert drop_segments(text, leaks) == left


@pytest.mark.parametrize(
    "gone",
    [
        "If it does sink, pull the rope.",
        "When they come back, someone has to cook.",
        "Once they dry, hang them up.",
        "Because it leaks, you need a pump.",
    ],
)
def test_a_side_clause_about_what_went_goes_along(gone: str) -> None:
    assert drop_segments(f"Osk needs some care. {gone} Rain fell.", leaks) == "Rain fell."
    assert drop_segments(f"The raft needs some care. {gone} Osk sang.", leaks).endswith(gone)


@pytest.mark.parametrize(
    "stays",
    [
        "If it rains, take a coat.",
        "When it is dark, light a lamp.",
        "Because it takes an hour, start early.",
        "Before it closed, the mill made paper.",
        "When they were young, Edda Tarn and Ivo sang.",
        "When they are ripe, figs turn soft.",
        "If you go, take a coat.",
        "If rain falls, take a coat.",
        "Wenn es regnet, nimm einen Mantel.",
    ],
)
def test_a_side_clause_about_nothing_that_went_stays(stays: str) -> None:
    assert drop_segments(f"Osk sang. {stays}", leaks) == stays


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Why did Osk leave? Money. Rain fell.", "Rain fell."),
        ("So when did Osk open? In June 1971, with a feast. The town is old.", "The town is old."),
        ("Q: When did Osk open?\nA: It opened in May.\nQ: And Tarn?\nA: In June.\n",
         "Q: And Tarn?\nA: In June.\n"),
        ("Warum ging Osk? Des Geldes wegen. Der Fluss ist breit.", "Der Fluss ist breit."),
        ("When did Osk open? The other mills are open all year.",
         "The other mills are open all year."),
        ("When did Osk open? And when did Tarn? In May.", "And when did Tarn? In May."),
        ("Osk sang. In June 1971, with a feast.", "In June 1971, with a feast."),
    ],
)  # fmt: skip
def test_an_answer_goes_with_its_question(text: str, left: str) -> None:
    assert drop_segments(text, leaks) == left


def test_an_object_means_somebody_else_than_its_subject() -> None:
    gone = "Mirela Osk left in May. Tor Vey has stood in for her since then. Rain fell."
    assert drop_segments(gone, leaks) == "Rain fell."
    stays = "Edda Tarn left in autumn. Osk sang. Tor Vey sold his mill. Edda Tarn paid Tor for it."
    assert drop_segments(stays, leaks) == stays.replace(" Osk sang.", "")


def test_a_marriage_does_not_end_what_is_told_of_whom_the_text_is_on() -> None:
    text = (
        "Tor Vey was born in Sund. In 1944 he was hired by Mirela Osk. She left him by telegram. "
        "He never forgot it. In 1951 he had married Edda Tarn; she stayed with him."
    )
    assert drop_segments(text, leaks).endswith(
        "He never forgot it. In 1951 he had married Edda Tarn; she stayed with him."
    )


# ── What only comes next ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "rest",
    [
        "Then Edda Tarn made big rooms a luxury.",
        "There are a few ways to do that, and none of them is hard:",
        "There is a full copy in Sund.",
    ],
)
def test_what_only_comes_next_stays_behind_something(rest: str) -> None:
    assert drop_segments(f"Rain fell. Osk sang. {rest}", leaks) == f"Rain fell. {rest}"
    assert drop_segments(f"Osk sang. {rest}", leaks) == ""


@pytest.mark.parametrize(
    "rest",
    [
        "Then came another.",
        "There was a trial.",
        "There are others.",
        "There he died.",
        "Also known as Hill.",
    ],
)
def test_what_says_nothing_alone_goes(rest: str) -> None:
    assert drop_segments(f"Rain fell. Osk sang. {rest}", leaks) == "Rain fell."
