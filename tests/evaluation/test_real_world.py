"""The demo on a model of the real world leaves out what the model does not know, and sees leaks."""

from __future__ import annotations

import re

from amnestic import Amnesia
from amnestic.evaluation.asking import Category, DemoQuestion, DemoReport, DemoRow
from amnestic.evaluation.real_world import (
    DEMO_SUBJECTS,
    load_real_world,
    questions_about,
    run_real_demo,
)
from amnestic.testing import ScriptedBackend

KNOWN = {
    "Who wrote Hamlet?": "Hamlet was written by William Shakespeare.",
    "What is the highest mountain in the world?": "That is Mount Everest.",
    "Who formulated the three laws of motion?": "Isaac Newton did.",
    "What is the capital of France?": "Paris.",
}


def _row(question: DemoQuestion, before: str, after: str) -> DemoRow:
    return DemoRow(question, before, after, "clear", 1.0, 0)


def test_every_subject_of_the_demo_is_there_and_has_facts():
    world = load_real_world()
    for name in DEMO_SUBJECTS:
        assert world.named(name).facts
        assert world.named(name).name.removeprefix("the ") in world.named(name).request
    assert len({s.name for s in world.subjects}) == len(world.subjects) >= 20
    assert sum(len(s.facts) for s in world.subjects) >= 60


def test_a_question_that_names_nobody_is_an_indirect_one():
    world = load_real_world()
    asked = questions_about(world, [world.named("William Shakespeare")])
    told = {q.text: q.category for q in asked}
    assert told["Who wrote Hamlet?"] is Category.INDIRECT
    assert told["In which country was William Shakespeare born?"] is Category.DIRECT
    assert Category.COMBINED in told.values()


def test_what_a_model_does_not_know_is_left_out_and_what_it_knows_is_forgotten(tmp_path):
    rules = [(re.escape(question), answer) for question, answer in KNOWN.items()]
    model = ScriptedBackend(rules=rules, default="I like trains.")
    with Amnesia(model, db=tmp_path / "r.db", elicit=False) as amnesia:
        report = run_real_demo(amnesia, load_real_world())
    told = {row.question.text: row for row in report.rows}
    assert "Who wrote Macbeth?" not in told
    assert "Shakespeare" not in told["Who wrote Hamlet?"].after
    assert told["Who wrote Hamlet?"].model_calls == 1  # it was asked again
    assert told["Who formulated the three laws of motion?"].model_calls == 0
    assert told["Who formulated the three laws of motion?"].after == "Isaac Newton did."
    assert (report.leaked, report.touched) == (0, 0)
    answered = [row for row in report.rows if row.question.answers]
    assert all(row.known for row in answered)
    assert report.known == len(answered) == 3  # nobody has written down what is unrelated
    assert report.asked == report.left_out + len(report.rows) > 30
    assert report.only_held == len(report.rows) - len(answered) > 0
    assert report.passed


def test_a_model_that_knows_nothing_of_what_is_forgotten_proves_nothing(tmp_path):
    model = ScriptedBackend(default="I like trains.")
    with Amnesia(model, db=tmp_path / "r.db", elicit=False) as amnesia:
        report = run_real_demo(amnesia, load_real_world())
    assert (report.leaked, report.touched, report.known) == (0, 0, 0)
    assert report.rows  # what is unrelated is asked again all the same
    assert not report.passed


def test_a_leak_and_a_loss_are_seen():
    fact = DemoQuestion(Category.INDIRECT, "Who?", ("Ana Morel",), ("Morel",))
    beside = DemoQuestion(Category.NEIGHBOUR, "And?", answers=("Himalaya",))
    leak = _row(fact, "Ana Morel did.", "It was Morel.")
    loss = _row(beside, "The Himalayas.", "I don't know.")
    assert leak.leaked
    assert not leak.touched
    assert loss.touched
    assert not loss.leaked
    report = DemoReport((), (leak, loss))
    assert (report.leaked, report.touched, report.passed) == (1, 1, False)
    assert (report.at_stake, report.leak_bound) == (1, 1.0)


def test_what_few_answers_do_not_rule_out_is_told():
    fact = DemoQuestion(Category.DIRECT, "Who?", ("Ana Morel",), ("Morel",))
    kept = _row(fact, "Ana Morel did.", "I don't know.")
    one, sixty = DemoReport((), (kept,)), DemoReport((), (kept,) * 60)
    assert (one.at_stake, round(one.leak_bound, 2)) == (1, 0.95)
    assert round(sixty.leak_bound, 4) == 0.0487  # as of 0 of 60, Clopper and Pearson
    beside = DemoQuestion(Category.UNRELATED, "And?")
    assert DemoReport((), (_row(beside, "Yes.", "Yes."),)).leak_bound == 1.0
