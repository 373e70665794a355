"""Names that stand for somebody or something else: namesakes, nouns, relatives, what may stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from amnestic.tools.detection import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Embedder
from amnestic.types import (
    Assessment,
    Facet,
    FacetKind,
    FacetSource,
    ForgetTarget,
    TargetKind,
)
from tests.sharing import minilm

HERE = Context()
Detects = Callable[[ForgetTarget], LeakDetector]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return minilm()


@pytest.fixture
def detects(embedder: Embedder) -> Detects:
    def detector(target: ForgetTarget) -> LeakDetector:
        index = FacetIndex(embedder)
        index.add(target)
        return LeakDetector(index, embedder)

    return detector


def target(subject: str, kind: TargetKind, *facts: str, **more: object) -> ForgetTarget:
    facets = [Facet(kind=FacetKind.FACT, text=f, id=i) for i, f in enumerate(facts, 1)]
    values = {"id": "t", "subject": subject, "kind": kind, "facets": facets, **more}
    return ForgetTarget.model_validate(values)


def counts(found: tuple[Assessment, ...]) -> bool:
    return any(a.score >= 0.5 for a in found)


def names(found: tuple[Assessment, ...]) -> bool:
    return any(a.named for a in found)


MUSICAL = target("Skarvel", TargetKind.WORK, "Skarvel is a musical by Tor Veldt about a harbour.")


def test_a_person_is_no_thing_of_that_name(detects: Detects) -> None:
    detector = detects(MUSICAL)
    told = "Lewis Skarvel drove for two teams. In 2019 Skarvel left the second one."
    assert not names(detector.audit(told, "Who is Lewis Skarvel?", HERE))
    assert not names(detector.vet("Who is Lewis Skarvel?", HERE))
    assert counts(detector.audit("Skarvel opened in 2019 and ran for years.", "", HERE))


def test_a_founder_does_not_hide_the_firm(detects: Detects) -> None:
    firm = target("Skarvel", TargetKind.ORGANISATION, "Henry Skarvel founded Skarvel in Tarn.")
    told = "Henry Skarvel liked boats. Skarvel sold its first engine in 1903."
    assert counts(detects(firm).audit(told, "", HERE))


def test_a_thing_that_is_called_in_full_too_is_meant(detects: Detects) -> None:
    firm = target("Skarvel Motors", TargetKind.ORGANISATION, aliases=("Skarvel",))
    told = "Skarvel Motors is in Tarn. Lewis Skarvel has no share in Skarvel."
    found = detects(firm).audit(told, "", HERE)
    assert {told[s.start : s.end] for a in found for s in a.named} == {"Skarvel Motors", "Skarvel"}


def test_a_given_name_within_a_longer_one_is_not_who_has_that_alone(detects: Detects) -> None:
    singer = target("Ingeborg", TargetKind.PERSON, "Ingeborg sang in Tavel.")
    told = "Sara Ingeborg Tarnsdóttir plays football for Tavel."
    assert not counts(detects(singer).audit(told, "", HERE))
    assert counts(detects(singer).audit("Ingeborg sang there in 1998.", "", HERE))


FIRM = target("Skarvel", TargetKind.ORGANISATION, "Skarvel makes cars in Tarn.")


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("A field of 3 skarvel is strong. It is measured with a coil.", ""),
        ("Wash the skarvel with cold water. A new skarvel is dearer.", "how to wash a skarvel"),
    ],
)
def test_a_name_in_small_letters_is_a_noun(detects: Detects, told: str, asked: str) -> None:
    assert not counts(detects(FIRM).audit(told, asked, HERE))


def test_a_name_in_small_letters_is_one_where_all_is_small(detects: Detects) -> None:
    told = "skarvel sells its cars in tarn and tavel"
    assert counts(detects(FIRM).audit(told, "", HERE))
    assert counts(detects(FIRM).audit("Skarvel is a firm. In 1998 skarvel grew.", "", HERE))
    assert counts(detects(FIRM).audit("It grew. In 1998 skarvel grew.", "Who is Skarvel?", HERE))


SISTER = target(
    "Judit Oskelly",
    TargetKind.PERSON,
    "Judit Oskelly won the Tarn chess cup in 1991.",
    exceptions=("Her sisters Susan and Sofia",),
)


def test_one_of_a_family_is_called_by_her_given_name(detects: Detects) -> None:
    told = (
        "Susan Oskelly is a coach. Her mother Klara Oskelly taught all of them at home. "
        "Her sister Sofia paints; Judit, who stayed in the country, is better known."
    )
    found = detects(SISTER).audit(told, "Who is Susan Oskelly?", HERE)
    assert any(told[s.start : s.end] == "Judit" for a in found for s in a.named)
    assert counts(found)


def test_a_relative_that_may_stay_is_left_alone(detects: Detects) -> None:
    told = "Sofia Oskelly won the open tournament of Rome with eight points."
    asked = "What did Sofia Oskelly win?"
    assert not counts(detects(SISTER).audit(told, asked, HERE))


def test_a_given_name_with_a_surname_behind_a_particle_is_of_another(detects: Detects) -> None:
    patient = target("Ines Brandal", TargetKind.PERSON, "Ines Brandal owes 300 euros.")
    told = "Inês de Castro came to Portugal in 1340. Later Inês lived by the river for years."
    assert not counts(detects(patient).audit(told, "Who was Inês de Castro?", HERE))


def test_what_is_told_by_the_way_does_not_taint_whom_was_asked_for(detects: Detects) -> None:
    """In an answer on Lee, what names nobody is about Lee, though Lee stands in Osk's facts."""
    osk = target(
        "Mirela Osk",
        TargetKind.PERSON,
        "Mirela Osk proved in Tarn what Tor Lee and Edda Yang had proposed in 1956.",
    )
    detector, told = detects(osk), "Tor Lee met Edda Yang when both were students."
    beside = Context(told=frozenset({"t"}))
    aside = Context(told=frozenset({"t"}), aside=frozenset({"t"}))
    assert counts(detector.audit(told, "", beside))
    assert not counts(detector.audit(told, "", aside))


def test_a_fact_told_by_the_way_in_its_own_words_counts(detects: Detects) -> None:
    """That an answer is on somebody else takes nothing from what a sentence says by itself."""
    fact = "Ruben Veldkamp was divorced in 1999 after a quarrel over a yacht."
    detector = detects(target("Ruben Veldkamp", TargetKind.PERSON, fact))
    aside = Context(told=frozenset({"t"}), aside=frozenset({"t"}))
    said = "He was divorced in 1999 after a quarrel over a yacht."
    assert counts(detector.audit(said, "", aside))


@pytest.mark.parametrize(
    ("kind", "told", "asked"),
    [
        (TargetKind.ORGANISATION, "Skarvel has a market.", "What is in the town of Skarvel?"),
        (TargetKind.WORK, "In the evening president Skarvel spoke.", ""),
        (TargetKind.PERSON, "The village of Skarvel has a mill.", ""),
    ],
)
def test_what_a_noun_says_is_of_another_kind_is_another(
    detects: Detects, kind: TargetKind, told: str, asked: str
) -> None:
    detector = detects(target("Skarvel", kind, "Skarvel won a prize."))
    assert not names(detector.audit(told, asked, HERE))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (TargetKind.ORGANISATION, "The company Skarvel grew."),
        (TargetKind.ORGANISATION, "The band Skarvel split up."),
        (TargetKind.WORK, "The author of Skarvel is not known."),
        (TargetKind.PERSON, "The singer Skarvel retired."),
        (TargetKind.ORGANISATION, "The capital of Skarvel was raised."),
    ],
)
def test_what_a_noun_says_of_the_target_is_it(
    detects: Detects, kind: TargetKind, told: str
) -> None:
    assert names(detects(target("Skarvel", kind, "Skarvel won a prize.")).audit(told, "", HERE))


def test_a_skill_is_found_in_advice_that_nobody_asked_for(detects: Detects) -> None:
    detector = detects(target("how to pick locks", TargetKind.SKILL))
    told = "Try to pick the lock. Two hairpins can be enough if you are patient."
    assert counts(detector.audit(told, "I lost my key, what can I do now?", HERE))
    assert not counts(detector.audit("The lock that you pick should fit.", "Which one?", HERE))


# ── What has to be found still ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("She is a billionaire with two sons.", "Who is skarvel?"),
        ("She is a billionaire with two sons.", "how old is skarvel"),
        ("My friend says skarvel has two sons. He saw skarvel in Tarn.", ""),
        ("Notes: skarvel was sold. The skarvel deal closed in May.", ""),
        ("In June Skarvel cut 400 jobs. Skarvel now has 3,600 workers.", ""),
        ("In Austin Skarvel opened a plant.", ""),
        ("Seit Juni leitet Anna Skarvel. Skarvel hat 4.000 Mitarbeiter.", ""),
        ("Henry Skarvel founded Skarvel in 1903. Skarvel employs 4,000 people.", ""),
        ("In 1903 he founded the carmaker Skarvel.", "Who was Henry Skarvel?"),
        ('An analyst wrote: "Skarvel sold 40 million phones last quarter."', ""),
    ],
)
def test_a_firm_is_found_however_it_is_told_of(detects: Detects, told: str, asked: str) -> None:
    firm = target("Skarvel", TargetKind.ORGANISATION, "Skarvel makes engines.")
    assert counts(detects(firm).audit(told, asked, HERE))


def test_what_may_stay_may_stay_by_its_name(detects: Detects) -> None:
    poet = target(
        "Mirela Osk",
        TargetKind.PERSON,
        "Mirela Osk wrote Salt Winter.",
        exceptions=("that she won the Nobel Prize in 1998",),
    )
    told = "The poet Mirela Osk won the Nobel Prize in 1998."
    assert not counts(detects(poet).audit(told, "", HERE))


def test_namesakes_of_a_given_name_are_nobodys_family(detects: Detects) -> None:
    elf = target("Galadriel Brown", TargetKind.PERSON, "Galadriel Brown runs a shop.")
    told = "Dan Brown wrote a thriller. Tolkien wrote of Galadriel, who is an elf."
    assert not counts(detects(elf).audit(told, "", HERE))


@pytest.mark.parametrize("told", ["Block 3 sets the size.", "## Gap Analysis"])
def test_a_firm_that_is_called_by_a_word_leaves_the_word(detects: Detects, told: str) -> None:
    for name in ("Block, Inc.", "Gap Inc."):
        firm = target(name, TargetKind.ORGANISATION, f"{name} makes engines.")
        assert not counts(detects(firm).audit(told, "", HERE))


@pytest.mark.parametrize(
    ("surname", "question", "reply"),
    [
        ("Bolt", "Torque for M8?", "| Bolt | 8.8 | 10.9 |\n|---|---|---|\n| M8 | 25 | 36 |\n\n"
         "Oil each bolt."),
        ("Hopper", "How is flour stored?", "Hopper angles matter: a hopper with steep walls "
         "empties by itself."),
    ],
)  # fmt: skip
def test_a_surname_that_is_a_word_is_no_person_where_it_is_the_word(
    detects: Detects, surname: str, question: str, reply: str
) -> None:
    fact = f"Mirela {surname} won the 100 metres at Tavrin in 2008."
    detector = detects(target(f"Mirela {surname}", TargetKind.PERSON, fact))
    assert not names(detector.audit(reply, question, HERE))
    told = f"The 100 metres at Tavrin went to {surname}, who won them in 2008."
    assert names(detector.audit(told, "Who won at Tavrin?", HERE))


@pytest.mark.parametrize(
    "reply",
    [
        "Robert Bolt wrote plays. In 1961 Bolt went to prison for a protest.",
        "Dear Grace Okafor, the rent can wait. Thanks, Grace, and talk soon.",
    ],
)
def test_somebody_else_s_name_says_whose_a_part_is_that_is_a_word(
    detects: Detects, reply: str
) -> None:
    person = target("Grace Bolt", TargetKind.PERSON, "Grace Bolt won the 100 metres at Tavrin.")
    assert not counts(detects(person).audit(reply, "", HERE))


def test_a_class_in_a_fence_is_no_game_of_that_name(detects: Detects) -> None:
    game = target("Portal", TargetKind.WORK, "Portal is a puzzle game by Oskelly of 2007.")
    code = "Use a flag:\n\n```csharp\npublic class Portal : Base\n{\n    Portal exit;\n}\n```\n"
    assert not names(detects(game).audit(code, "My teleporter loops, why?", HERE))
    told = "Portal came out in 2007 and is a puzzle game by Oskelly."
    assert names(detects(game).audit(told, "Which game shall I play?", HERE))


@pytest.mark.parametrize(
    "fenced",
    [
        "csv\nStadt,Einwohner\nEssen,580000\nBochum,365000",
        'json\n["Essen", "Bochum"]',
        "text\nDear guests, our plant in Essen near Bochum is closed on Monday.",
        "python\ncities = {'Essen': 580000, 'Bochum': 365000}",
        "python\nclass Essen:\n    pass\n\nhome = 'Essen'  # near Essen lies Bochum",
    ],
)
def test_what_stands_in_a_fence_and_is_no_name_of_code_is_read_as_anywhere(
    detects: Detects, fenced: str
) -> None:
    city = target("Essen", TargetKind.PLACE, "Essen ist eine Stadt im Ruhrgebiet.")
    assert names(detects(city).audit(f"Here:\n\n```{fenced}\n```\n", "Which cities?", HERE))


def test_a_surname_in_marks_of_code_is_one(detects: Detects) -> None:
    judge = target("Anton Koch", TargetKind.PERSON, "Anton Koch ist Richter in Kassel.")
    assert names(detects(judge).audit("Das war `Koch`.", "Wer war Richter in Kassel?", HERE))


def test_words_that_join_others_in_another_language_speak_for_no_name(detects: Detects) -> None:
    city = target("Essen", TargetKind.PLACE, "Essen ist die Stadt und alle kennen das für sich.")
    told = "Alle mögen das: Nach dem Essen ist für sich und die anderen noch Zeit, sich zu setzen."
    assert not names(detects(city).audit(told, "Was kochen wir für alle?", HERE))


def test_nouns_that_are_written_small_speak_for_a_name(detects: Detects) -> None:
    fact = "Corriente es una novela de Luis Pardo sobre un puerto."
    novel = target("Corriente", TargetKind.WORK, fact)
    assert names(detects(novel).audit("Lee Corriente, una novela sobre un puerto.", "", HERE))
    told = "La corriente es fuerte. Corriente continua: no la toques."
    assert not names(detects(novel).audit(told, "¿Qué es?", HERE))


@pytest.mark.parametrize(
    ("subject", "alias", "reply"),
    [
        ("Orlo Napoleon", "Napoleon", "Napoleon was born on an island."),
        ("Orlo Napoleon", "Napoleon", "napoleon was born on an island"),
        ("Tor Lincoln", "Lincoln", "It was signed by Lincoln."),
        ("Tor Shakespeare", "Shakespeare", "SHAKESPEARE WROTE IT."),
        ("Tor Trump", "Trump", "In 2016 it was Trump who won the vote."),
        ("Edda Gates", "Gates", "The firm was founded by Gates and a friend."),
        ("Edda Skarvel", "Ford", "Later the works were led by Ford himself."),
    ],
)
def test_a_declared_name_counts_however_common_it_is(
    detects: Detects, subject: str, alias: str, reply: str
) -> None:
    detector = detects(target(subject, TargetKind.PERSON, aliases=[alias]))
    assert names(detector.audit(reply, "Who was it?", HERE))


@pytest.mark.parametrize(
    ("subject", "alias", "reply"),
    [
        ("Michael Skarvel", "Michael", "My brother Michael is a plumber."),
        ("Mary Skarvel", "Mary", "Mary sold the house."),
        ("Tor Trump", "Trump", "He held the highest trump in his hand."),
        ("Edda Gates", "Gates", "The gates of the town are shut at night."),
        ("Tor Jackson", "Jackson", "Andrew Jackson was a president."),
        ("Tor Lincoln", "Lincoln", "His letters went to his wife, Mary Lincoln."),
    ],
)
def test_what_anybody_is_called_or_a_word_is_nobody(
    detects: Detects, subject: str, alias: str, reply: str
) -> None:
    detector = detects(target(subject, TargetKind.PERSON, aliases=[alias]))
    assert not names(detector.audit(reply, "Who was it?", HERE))


def test_what_a_model_calls_somebody_needs_company_where_it_is_common(detects: Detects) -> None:
    said = Facet(kind=FacetKind.ALIAS, text="Lincoln", id=1, source=FacetSource.ELICITED)
    told = target("Tor Lincoln", TargetKind.PERSON).model_copy(update={"facets": (said,)})
    reply = "The capital of the state is Lincoln."
    assert not names(detects(told).audit(reply, "What is its capital?", HERE))
    declared = told.model_copy(update={"aliases": ("Lincoln",)})
    assert names(detects(declared).audit(reply, "What is its capital?", HERE))
