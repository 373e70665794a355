"""The local engines word, cut and rate without any model call."""

from __future__ import annotations

import json
from dataclasses import replace

import anyio
import pytest

from amnestic.agents.abstainer import abstentions, worded_abstention
from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.contracts import Case, PartVerdict, Rating, Vet, VetVerdict
from amnestic.agents.critic import LocalCritic
from amnestic.agents.rewriter import LocalRewriter
from amnestic.tools.protocols import Context
from amnestic.tools.reading import language_of
from amnestic.types import (
    Assessment,
    Band,
    Evidence,
    Finding,
    ForgetTarget,
    LeakKind,
    Policy,
    Span,
)
from tests.keyword_detector import KeywordDetector


def case(text: str, question: str = "What do you know?") -> Case:
    at = text.index("Osk")
    finding = Finding("Osk", 0, "answer", LeakKind.DIRECT, 0.99, (Span(at, at + 3),))
    return Case(VetVerdict(Vet.SUSPECT, question), "answer", text, (finding,))


def rewrites(text: str) -> tuple[str, ...]:
    detector = KeywordDetector("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    return anyio.run(rewriter.rewrite, case(text), 3)


def ratings(text: str, *candidates: str) -> tuple[Rating, ...]:
    critic = LocalCritic(LocalAuditor(KeywordDetector("Osk"), Policy.BALANCED))
    return anyio.run(critic.criticise, case(text), candidates)


_LONG = (
    "The highest hill is that of Osk, which stands beside the old harbour, has a chapel on its top "
    "and is seen by sailors from very far away on all clear days."
)
_HILL = "What is the highest hill?"


@pytest.mark.parametrize(
    ("also", "draft", "left"),
    [
        ("And what is the capital of Japan?", f"{_LONG}\n\nTokyo.", "Tokyo."),
        ("And what is the capital of Japan?", f"{_LONG} Tokyo.", "Tokyo."),
        ("And what is the capital of Japan?", f"{_LONG} Tokyo.", "I don't know. Tokyo."),
        ("And how high is Mont Blanc?", f"{_LONG}\n\n4,806 m.", "4,806 m."),
    ],
)
def test_an_answer_of_a_word_to_another_question_is_enough(
    also: str, draft: str, left: str
) -> None:
    assert _rated(f"{_HILL} {also}", draft, left).accepted


@pytest.mark.parametrize(
    ("also", "draft", "left"),
    [
        ("", f"{_LONG}\n\nTokyo.", "Tokyo."),  # nothing else was asked
        ("And how high is it?", f"{_LONG}\n\n812 m.", "812 m."),
        ("And what is the height?", f"{_LONG}\n\n812 m.", "812 m."),  # of what, it does not say
        ("And who climbed the hill in 1953?", f"{_LONG}\n\nEdda Tarn.", "Edda Tarn."),
        ("And what is the capital of Japan?", f"{_LONG}\n\nSure.", "Sure."),
        ("And what is the capital of Japan?", f"Tokyo.\n\n{_LONG}", "Tokyo."),
        (
            "And what is the capital of Japan?",
            f"{_LONG[:-1]}, and Japan's capital is Tokyo.\n\n812 m.",
            "812 m.",
        ),
        ("And what is the capital of Japan?", f"{_LONG}\n\nTokyo.\n\n1953.", "1953."),
    ],
)
def test_a_word_that_is_left_is_too_little_where_it_may_belong_to_what_went(
    also: str, draft: str, left: str
) -> None:
    assert not _rated(f"{_HILL} {also}".strip(), draft, left).accepted


@pytest.mark.parametrize(
    ("also", "left"),
    [
        ("And when did Ines Joubert's mother die?", "1934."),  # what it asks is known
        ("And when was Sceaux founded?", "1867."),  # what is answered is
    ],
)
def test_a_word_that_is_left_is_too_little_where_it_is_known_of_a_target(
    also: str, left: str
) -> None:
    class Known(KeywordDetector):
        def target(self, target_id: str) -> ForgetTarget:
            told = "Born in 1867. Her daughter was Ines Joubert."
            return super().target(target_id).model_copy(update={"description": told})

    question, draft = f"{_HILL} {also}", f"{_LONG}\n\n{left}"
    assert not _rated(question, draft, left, Known("Osk")).accepted
    assert _rated(question, draft, left).accepted


def _rated(question: str, draft: str, left: str, detector: KeywordDetector | None = None) -> Rating:
    asked = case(draft, question)
    begin = draft.index(_LONG[:-1])
    spans = (Span(begin, begin + len(_LONG)),)
    asked = replace(asked, findings=(replace(asked.findings[0], spans=spans),))
    critic = LocalCritic(LocalAuditor(detector or KeywordDetector("Osk"), Policy.BALANCED))
    return anyio.run(critic.criticise, asked, [left])[0]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who wrote the book?", "en"),
        ("Wer hat das Buch geschrieben?", "de"),
        ("Qui a écrit le livre dans la ville ?", "fr"),
        ("¿Quién escribió el libro?", "es"),
        ("Chi ha scritto il libro della città?", "it"),
        ("Quem escreveu o livro da cidade?", "pt"),
        ("Wie schreef het boek van de stad?", "nl"),
        ("Кто написал книгу?", "ru"),
        ("这本书是谁写的？", "zh"),
        ("この本は誰が書きましたか。", "ja"),
        ("이 책은 누가 썼습니까?", "ko"),
        ("من كتب الكتاب؟", "ar"),
        ("Kim jest Mirela Osk?", "pl"),
        ("Vem är Mirela Osk?", "sv"),
        ("Hvem er Mirela Osk?", "no"),
        ("Mirela Osk kimdir?", "tr"),
        ("Kdo je Mirela Osk?", "cs"),
        ("Хто такий Марко Оск?", "uk"),
        ("मिरेला ओस्क कौन है?", "hi"),
        ("Siapa Mirela Osk?", "id"),
        ("Sort these: Per Osk, Vi Marsh, Kim Tarn", "en"),
        ("12345", "en"),
        ("", "en"),
    ],
)
def test_an_abstention_is_in_the_questions_language(question: str, language: str) -> None:
    assert language_of(question) == language
    assert language_of(worded_abstention(question)) == language


@pytest.mark.parametrize("code", sorted(set(abstentions()) - {"en"}))
def test_every_abstention_is_in_the_language_that_it_is_listed_under(code: str) -> None:
    assert {language_of(line) for lines in abstentions()[code].values() for line in lines} == {code}


def test_the_languages_most_spoken_have_their_own_abstentions() -> None:
    wanted = "es fr de it pt nl pl ru uk zh ja ko ar hi tr sv".split()
    assert all("any" in abstentions()[code] and "who" in abstentions()[code] for code in wanted)


@pytest.mark.parametrize(
    "question", ["SELECT * FROM p WHERE n='Osk'", "How old is Osk?", "How tall is Osk?"]
)
def test_an_abstention_speaks_of_no_place_or_number_that_was_not_asked_for(question: str) -> None:
    words = {worded_abstention(f"{question}{' ' * i}") for i in range(20)}
    assert not any(w in text for text in words for w in ("where", "place", "number", "many"))


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Who painted it?", "who"),
        ("When was it built?", "when"),
        ("Where does she live?", "where"),
        ("How many are there?", "many"),
    ],
)
def test_an_abstention_fits_what_is_asked(question: str, word: str) -> None:
    words = {worded_abstention(f"{question}{' ' * i}").lower() for i in range(20)}
    fitting = {"who": "who", "when": "when|date", "where": "where|place", "many": "many|number"}
    assert any(part in text for text in words for part in fitting[word].split("|"))


def test_the_same_question_gets_the_same_abstention() -> None:
    assert len({worded_abstention("Who is it?") for _ in range(5)}) == 1


def test_an_aside_is_trimmed_before_a_sentence_is_dropped() -> None:
    assert rewrites("Hill, a pupil of Osk, writes poems. He lives here.")[0] == (
        "Hill writes poems. He lives here."
    )


def test_a_sentence_about_the_target_is_dropped() -> None:
    assert rewrites("Osk writes poems. Tavel is a town.")[0] == "Tavel is a town."


@pytest.mark.parametrize(
    ("question", "stands"),
    [
        ("What is the oldest mill? And what is the capital of Japan?", 0),
        ("What is the capital of Japan? And what is the oldest mill?", 1),
    ],
)
def test_the_part_that_a_dropped_sentence_answers_is_not_passed_over(
    question: str, stands: int
) -> None:
    asked = case("The oldest mill is that of Osk. The capital of Japan is Tokyo.", question)
    cuts = [question.index("And "), len(question)]
    parts = (PartVerdict(Span(0, cuts[0]), ()), PartVerdict(Span(*cuts), ()))
    asked = replace(asked, verdict=replace(asked.verdict, parts=parts))
    detector = KeywordDetector("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    said = anyio.run(rewriter.rewrite, asked, 3)[0]
    dropped = parts[stands].span
    ignorance = worded_abstention(question[dropped.start : dropped.end])
    assert said == f"{ignorance} The capital of Japan is Tokyo."


def test_what_answers_no_part_more_than_another_leaves_no_word() -> None:
    question = "Is it old? Is it new?"
    parts = (PartVerdict(Span(0, 10), ()), PartVerdict(Span(11, 21), ()))
    asked = case("The mill is that of Osk. Rain fell.", question)
    asked = replace(asked, verdict=replace(asked.verdict, parts=parts))
    detector = KeywordDetector("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    assert anyio.run(rewriter.rewrite, asked, 3)[0] == "Rain fell."


def test_nothing_is_offered_where_nothing_useful_is_left() -> None:
    assert rewrites("Osk writes poems.") == ()


def test_json_stays_json() -> None:
    text = '[{"poet": "Osk", "age": 3}, {"poet": "Hill", "age": 4}]'
    assert rewrites(text)[0] == '[{"poet": "Hill", "age": 4}]'


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ('["Osk"]', "[]"),
        ("a:\n- name: Osk\n- name: Hill\n", "a:\n- name: Hill\n"),
        ("<ul><li>Osk</li><li>Hill</li></ul>", "<ul><li>Hill</li></ul>"),
        ("Poets:\n1. Osk\n2. Hill\n", "Poets:\n1. Hill\n"),
        ("1. Osk:\n- a poet\n2. Hill:\n- a clerk\n", "1. Hill:\n- a clerk\n"),
        ("1. Hill:\n- a pupil of Osk\n2. Tarn:\n- a clerk\n", "1. Tarn:\n- a clerk\n"),
        ("Dear Osk,\n\nthank you.\n\nHill", "Dear Sir or Madam,\n\nthank you.\n\nHill"),
        ("Q: Who?\nA: Osk.\n\nQ: When?\nA: In May.", "Q: When?\nA: In May."),
    ],
)
def test_an_answer_keeps_its_form(text: str, first: str) -> None:
    assert rewrites(text)[0] == first


_POINTS = (  # how models write a name and what belongs to it below
    "{i}. {name}:\n- {a}\n- {b}\n",
    "{i}. **{name}**:\n- {a}\n- {b}\n\n",
    "{i}. **{name}:**\n- {a}\n- {b}\n",
    "{i}. {name}\n- {a}\n- {b}\n",
    "{i}. {name} (1899-1954)\n* {a}\n* {b}\n\n",
    "{i}. **{name}** – a painter\n- {a}\n- {b}\n\n",
    "{i}. {name}:\n\n- {a}\n- {b}\n\n",
    "{i}. **{name}**\n\n- {a}\n- {b}\n\n",
    "{i}. {name}\n   - {a}\n   - {b}\n",
    "{i}. {name}\n• {a}\n• {b}\n\n",
    "{i}. {name}:\n{a}\n{b}\n",
    "{i}) {name}\na) {a}\nb) {b}\n",
    "- {name}:\n* {a}\n* {b}\n",
    "**{i}. {name}**\n- {a}\n- {b}\n\n",
    "**{name}**\n- {a}\n- {b}\n\n",
    "{name}:\n1. {a}\n2. {b}\n\n",
    "{name}\n\n- {a}\n- {b}\n\n",
    "## {name}\n\n- {a}\n- {b}\n\n",
)


@pytest.mark.parametrize("form", _POINTS)
@pytest.mark.parametrize("order", ["OH", "HO", "HOT"])
def test_no_candidate_keeps_the_points_of_a_name_that_goes(form: str, order: str) -> None:
    told = {
        "O": ("Osk", "Ash Winter", "The Lake"),
        "H": ("Hill", "Glass Harbour", "Salt Mill"),
        "T": ("Tarn", "Old Bridge", "High Water"),
    }
    text = "".join(
        form.format(i=i, name=told[who][0], a=told[who][1], b=told[who][2])
        for i, who in enumerate(order, 1)
    )
    found = rewrites(text)
    assert found
    stays = [piece for who in order if who != "O" for piece in told[who]]
    for candidate in found:
        assert not any(piece in candidate for piece in told["O"])
        assert all(piece in candidate for piece in stays)


@pytest.mark.parametrize(
    "text",
    [
        "Here is Osk's apple pie:\n\n- flour\n- 3 apples\n\n1. Peel.\n2. Bake.",
        "Osk's Apple Pie:\n- flour\n- 3 apples\n\nSteps:\n1. Peel.\n2. Bake.",
        "1. Preheat the oven.\n2. Osk's trick, mix the following:\n\n- flour\n- salt\n\n3. Bake.",
        "1. Ask Osk\n- flour\n- salt\n2. Ask Hill\n- wine",
        "Ingredients from the Osk mill:\n\n- flour\n- salt\n",
        "**Osk**: a miller.\n\n- flour\n- salt\n",
    ],
)
def test_points_stay_under_a_line_that_only_mentions_a_name(text: str) -> None:
    assert any("flour" in candidate for candidate in rewrites(text))


def test_a_label_that_others_bear_too_takes_nobody_along() -> None:
    text = "1. Author: Osk, born 1961-03-12\n- Tavel\n2. Author: Hill\n- Tarn\n"
    found = rewrites(text)
    assert found
    assert all("Hill" in candidate and "Tavel" not in candidate for candidate in found)


def test_json_of_which_only_the_whole_leaks_keeps_its_form() -> None:
    class Together(KeywordDetector):
        """Finds its word only beside another one."""

        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            return super().audit(text, question, context) if '{"id"' in text else ()

    detector = Together("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    found = anyio.run(rewriter.rewrite, case('{"id": 7, "name": "M. Osk"}'), 3)
    assert [json.loads(text) for text in found] == [{"id": None, "name": None}]


def test_what_only_the_whole_tells_is_cut_where_the_whole_tells_it() -> None:
    class Together(KeywordDetector):
        """Finds Osk by the name, and by two places that stand in one text."""

        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            places = [text.find(name) for name in ("Tavel", "Vantrask")]
            if "Osk" in text or -1 in places:
                return super().audit(text, question, context)
            spans = tuple(Span(at, text.index(".", at) + 1) for at in places)
            return (Assessment("Osk", 0.9, Band.LEAK, LeakKind.INDIRECT, spans),)

    detector = Together("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    text = "Osk painted. Tavel is a port. Rain fell. Vantrask is a lighthouse. Snow fell."
    later = replace(case(text), round=1)
    assert anyio.run(rewriter.rewrite, later, 3)[-1] == "Rain fell. Snow fell."


def test_a_lone_json_string_abstains_as_one() -> None:
    assert json.loads(rewrites('"It was Osk."')[0]) == worded_abstention("What do you know?")


@pytest.mark.parametrize(
    ("text", "general"),
    [
        ("Der Preis ging an Osk. Das ist alt.", "Der Preis ging an jemand. Das ist alt."),
        ("El premio es de Osk. El libro es malo.", "El premio es de alguien. El libro es malo."),
        ("The prize went to Osk. It is old.", "The prize went to someone. It is old."),
    ],
)
def test_a_general_word_is_of_the_language_of_the_answer(text: str, general: str) -> None:
    assert general in rewrites(text)


def test_no_general_word_is_put_into_a_language_that_bends_it() -> None:
    found = rewrites("Премию вручили Osk. Рядом стоял Марш. Шёл дождь.")
    assert found == ("Рядом стоял Марш. Шёл дождь.",)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Osk met Edda Tarn. She is a chemist.", "Edda Tarn is a chemist."),
        ("Osk met Edda Tarn. Her papers won. She is old.", "Edda Tarn's papers won. She is old."),
        ("Osk met Edda Tarn. He is a chemist. Rain fell.", "Rain fell."),
    ],
)
def test_a_pronoun_that_has_moved_on_to_another_person_keeps_its_sentence(
    text: str, result: str
) -> None:
    detector = KeywordDetector("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), Described(detector))
    assert anyio.run(rewriter.rewrite, case(text), 3)[0] == result


class Described:
    """A detector whose targets are spoken of as "he"."""

    def __init__(self, detector: KeywordDetector) -> None:
        self._detector = detector
        self.vet, self.audit = detector.vet, detector.audit

    def target(self, target_id: str) -> ForgetTarget:
        """The target, described."""
        known = self._detector.target(target_id)
        return known.model_copy(update={"description": "He is a poet. He lives in Tavel."})


def test_an_empty_list_is_a_useful_answer_to_whoever_reads_json() -> None:
    (empty,) = ratings('["Osk"]', "[]")
    assert empty.accepted


def test_a_candidate_that_lost_its_form_is_never_accepted() -> None:
    (torn,) = ratings("```py\nif Osk:\n    x = 1\n```\n", "```py\n    x = 1\n```\n")
    (prose,) = ratings('{"who": "Osk"}', "I don't know who that is.")
    assert not torn.accepted
    assert not prose.accepted


def test_a_leaking_candidate_is_never_accepted() -> None:
    leaking, clean = ratings("Osk is here. All is well.", "Osk is here.", "All is well.")
    assert (leaking.forgetting, leaking.accepted) == (1, False)
    assert clean.accepted


@pytest.mark.parametrize(
    ("marks", "accepted"),
    [((5, 3, 3), True), ((4, 5, 5), False), ((5, 2, 5), False), ((5, 5, 2), False)],
)
def test_a_candidate_is_accepted_on_its_lowest_mark(
    marks: tuple[int, int, int], accepted: bool
) -> None:
    assert Rating(*marks).accepted is accepted


def test_a_candidate_with_torn_edges_is_unnatural() -> None:
    torn, whole = ratings("By Osk, it is well.", "By , it is well.", "It is well.")
    assert torn.naturalness < 3 <= whole.naturalness


@pytest.mark.parametrize(
    ("policy", "score", "counts"),
    [
        (Policy.STRICT, 0.3, True),
        (Policy.BALANCED, 0.3, False),
        (Policy.BALANCED, 0.6, True),
    ],
)
def test_the_policy_says_how_much_of_the_uncertain_band_is_a_leak(
    policy: Policy, score: float, counts: bool
) -> None:
    auditor = LocalAuditor(KeywordDetector("Osk"), policy)
    target = KeywordDetector("Osk").vet("Osk", Context())[0].target_id
    unsure = Assessment(target, score, Band.UNCERTAIN, LeakKind.INDIRECT)
    assert auditor.counts(unsure) is counts


class Unnamed(KeywordDetector):
    """Finds its word as what speaks of a target that is not named, and is not certain of it."""

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        found = super().audit(text, question, context)
        return tuple(
            replace(a, score=0.6, band=Band.UNCERTAIN, kind=LeakKind.INDIRECT) for a in found
        )


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Sorry, but I don't know who won the cup.", False),
        ("I'm not sure, but I believe she won the cup in Tavel.", True),
        ("I can't say for certain. She won the cup.", True),
    ],
)
def test_a_hedge_before_what_is_told_hides_nothing(text: str, counts: bool) -> None:
    auditor = LocalAuditor(Unnamed("cup"), Policy.BALANCED)
    assert bool(auditor.leaks(text, "Who is the best rower?", Context())) is counts


@pytest.mark.parametrize(
    ("score", "evidence", "policy", "counts"),
    [
        (0.55, "cos_max", Policy.BALANCED, False),  # only like what is known
        (0.55, "q_words_best", Policy.BALANCED, True),  # its question shares words
        (0.55, "entities_known", Policy.BALANCED, True),
        (0.65, "cos_max", Policy.BALANCED, True),
        (0.55, "cos_max", Policy.STRICT, True),
    ],
)
def test_what_has_nothing_in_common_with_a_target_has_to_be_more_like_it(
    score: float, evidence: str, policy: Policy, counts: bool
) -> None:
    class Alike(KeywordDetector):
        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            told = (Evidence(evidence, 0.5), Evidence("verifier", 0.1))
            return (
                Assessment(
                    "Osk", score, Band.UNCERTAIN, LeakKind.INDIRECT, (Span(0, len(text)),), told
                ),
            )

    found = LocalAuditor(Alike("Osk"), policy).leaks("You are right.", "What now?", Context())
    assert bool(found) is counts


@pytest.mark.parametrize(
    ("shared", "read_as", "policy", "counts"),
    [
        (0.05, -1.2, Policy.BALANCED, False),  # "25 minutes", and what was on the 25th of a month
        (0.05, 0.4, Policy.BALANCED, True),  # a reader of both says that it tells of it
        (0.4, -1.2, Policy.BALANCED, True),
        (0.05, -1.2, Policy.STRICT, True),
    ],
)
def test_a_trifle_in_common_tells_nothing_where_a_reader_says_no(
    shared: float, read_as: float, policy: Policy, counts: bool
) -> None:
    class Near(KeywordDetector):
        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            values = {"words_best": shared, "words_any": shared, "numbers_known": 1.0}
            told = tuple(Evidence(n, v) for n, v in (*values.items(), ("verifier", read_as)))
            places = (Span(0, len(text)),)
            return (Assessment("Osk", 0.52, Band.UNCERTAIN, LeakKind.INDIRECT, places, told),)

    auditor = LocalAuditor(Near("Osk"), policy)
    assert bool(auditor.leaks("Simmer it for 25 minutes.", "", Context())) is counts


@pytest.mark.parametrize(("named", "score", "counts"), [(True, 0.58, True), (True, 0.4, False),
                                                      (False, 0.58, False)])  # fmt: skip
def test_of_what_was_written_anew_a_part_of_the_name_counts(
    named: bool, score: float, counts: bool
) -> None:
    class Likely(KeywordDetector):
        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            place, told = (Span(0, len(text)),), (Evidence("surname", 1.0),)
            kind = LeakKind.INDIRECT
            return (
                Assessment("Osk", score, Band.UNCERTAIN, kind, place, told, place if named else ()),
            )

    auditor = LocalAuditor(Likely("Osk"), Policy.BALANCED)
    assert bool(auditor.leaks("That was of Osk.", "Who was it?", Context(own=True))) is counts


@pytest.mark.parametrize(
    ("draft", "seam"),
    [
        ("- *Pregunta:* ¿Quién fue Osk?\n- *Respuesta:* una poeta.",
         "- *Pregunta:*?\n- *Respuesta:* una poeta."),
        ("Il aime ceci : la mer. Il lit Osk, la nuit.", "Il aime ceci : la mer. Il lit , la nuit."),
        ("Er mag dies: das Meer ... Er liest Osk.", "Er mag dies: das Meer ... Er liest ."),
    ],
)  # fmt: skip
def test_marks_that_a_cut_left_behind_do_not_read_well(draft: str, seam: str) -> None:
    assert not ratings(draft, seam)[0].accepted


def test_marks_that_the_draft_has_so_are_no_seam() -> None:
    draft = "Il aime ceci : la mer, etc.,, dit-il :*.* Osk aussi. Et la nuit ."
    (rating,) = ratings(draft, draft.replace("Osk aussi. ", ""))
    assert rating.accepted


@pytest.mark.parametrize(
    ("evidence", "policy", "counts"),
    [
        (("q_words_best", "qa_gain", "a_weight", "a_other_names"), Policy.BALANCED, False),
        (("q_words_best", "a_words_best"), Policy.BALANCED, True),
        (("words_best", "cos_max"), Policy.BALANCED, True),  # a sentence that is no answer
        (("q_words_best", "qa_gain"), Policy.STRICT, True),
    ],
)
def test_in_what_is_left_of_a_draft_nothing_counts_only_by_its_question(
    evidence: tuple[str, ...], policy: Policy, counts: bool
) -> None:
    class Near(Unnamed):
        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            told = tuple(Evidence(name, 1.0) for name in evidence)
            return tuple(replace(a, evidence=told) for a in super().audit(text, question, context))

    auditor = LocalAuditor(Near("cup"), policy)
    asked = "Which maker sells cups?"
    assert auditor.leaks("Here is how the cups compare.", asked, Context())
    left = Context(told=frozenset({"cup"}))
    assert bool(auditor.leaks("Here is how the cups compare.", asked, left)) is counts


def test_an_answer_may_end_with_an_item_as_the_draft_had_it() -> None:
    draft = "Times:\n\n- 22:00 – tea\n- 23:00 – bed\n\nOsk phones at any hour.\n"
    assert ratings(draft, "Times:\n\n- 22:00 – tea\n- 23:00 – bed\n")[0].naturalness == 5
    assert ratings(draft, "Times:\n\n- 22:00 – tea\n- 23:00 –\n")[0].naturalness < 5


def test_a_part_that_is_still_answered_gets_no_word_of_ignorance() -> None:
    question = "Which old mills are there in Tavel? And when does the ferry sail?"
    cut = question.index("And ")
    parts = (PartVerdict(Span(0, cut), ()), PartVerdict(Span(cut, len(question)), ()))
    told = "The old mills in Tavel are Hill and Tarn. One more of the old mills is that of Osk."
    asked = case(told, question)
    asked = replace(asked, verdict=replace(asked.verdict, parts=parts))
    detector = KeywordDetector("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    left = "The old mills in Tavel are Hill and Tarn."
    assert anyio.run(rewriter.rewrite, asked, 3)[0] == left


def test_a_word_of_ignorance_is_said_once_however_often_a_draft_is_cut() -> None:
    class Together(KeywordDetector):
        """Finds Osk by the name, and by two places that stand in one text."""

        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            places = [text.find(name) for name in ("Gent", "Vantrask")]
            if "Osk" in text or -1 in places:
                return super().audit(text, question, context)
            spans = tuple(Span(at, text.index(".", at) + 1) for at in places)
            return (Assessment("Osk", 0.9, Band.LEAK, LeakKind.INDIRECT, spans),)

    question = "What is the oldest mill? And what is the capital of Japan?"
    cut = question.index("And ")
    parts = (PartVerdict(Span(0, cut), ()), PartVerdict(Span(cut, len(question)), ()))
    text = "The oldest mill is that of Osk. It is in Gent. The capital is Tokyo. Vantrask is far."
    asked = case(text.replace("It is in", "A ship lies in"), question)
    asked = replace(asked, round=1, verdict=replace(asked.verdict, parts=parts))
    detector = Together("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    ignorance = worded_abstention(question[:cut])
    found = anyio.run(rewriter.rewrite, asked, 3)
    assert found
    assert all(said.count(ignorance) == 1 for said in found)


def test_an_answer_of_one_common_word_is_cut_as_any_other() -> None:
    class OfAnAnswer(KeywordDetector):
        """Takes one word for what the question asks for."""

        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            if "Married" not in text:
                return super().audit(text, question, context)
            at = text.index("Married")
            return (Assessment("Osk", 0.9, Band.LEAK, LeakKind.INDIRECT, (Span(at, at + 8),)),)

    detector = OfAnAnswer("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    asked = replace(case("Married. The capital is Tokyo. Ask Osk."), round=1)
    assert anyio.run(rewriter.rewrite, asked, 3)[0] == "The capital is Tokyo."


def test_a_common_word_by_itself_tells_of_nobody_unless_it_names_them() -> None:
    class OfAWord(KeywordDetector):
        """Takes a key of a record for what its question asks for."""

        def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
            if text != "building":
                return super().audit(text, question, context)
            return (Assessment("Osk", 0.9, Band.LEAK, LeakKind.INDIRECT, (Span(0, 8),)),)

    detector = OfAWord("Osk")
    rewriter = LocalRewriter(LocalAuditor(detector, Policy.BALANCED), detector)
    rows = [{"name": name, "building": name + " Hall"} for name in ("Hill", "Osk", "Tarn")]
    text = json.dumps(rows)
    span = Span(text.index(json.dumps(rows[1])), text.index(json.dumps(rows[2])))
    whole = Finding("Osk", 0, "answer", LeakKind.DIRECT, 0.99, (span,))
    asked = case(text)
    asked = replace(asked, findings=(*asked.findings, whole))
    found = anyio.run(rewriter.rewrite, asked, 3)
    assert json.loads(found[0]) == [rows[0], rows[2]]
