"""Gates and the texts by which they are calibrated."""

from __future__ import annotations

from amnestic.evaluation.systems.development import STRANGERS, texts_for
from amnestic.evaluation.systems.gate import CentroidGate, PromptClassifier, best_threshold
from amnestic.evaluation.systems.names import names_of, pattern_of
from tests.evaluation.systems.world import SUBJECTS


def test_the_threshold_parts_two_samples_with_the_highest_f1() -> None:
    assert best_threshold([0.9, 0.8, 0.2], [0.1, 0.3, 0.4]) == (0.4 + 0.8) / 2


def test_names_are_whole_words_in_any_case_and_spacing() -> None:
    found = pattern_of(names_of(SUBJECTS))
    assert found.search("It was the  tin\nFOX.")
    assert not found.search("It was the tin foxglove.")


def test_development_texts_hold_no_subject_on_the_retained_side() -> None:
    texts = texts_for(SUBJECTS, retain=("Oskar Pell was born in Tarnby.",))
    names = pattern_of(names_of(SUBJECTS))
    assert not [text for text in texts.retain if names.search(text)]
    assert "Oskar Pell was born in Tarnby." in texts.retain
    assert len(texts.owners) == len(texts.forget)


def test_a_centroid_is_each_subjects_own() -> None:
    gate = CentroidGate.of(texts_for(SUBJECTS))
    assert gate.nearest("Which town was Ida Quarrel born in?") == 0
    assert gate.nearest("When does Hollis and Brandt open its bookshop?") == 1
    assert gate.nearest("How many minutes has an hour?") is None


def test_the_classifier_tells_prompts_apart_that_it_has_not_seen() -> None:
    texts = texts_for(SUBJECTS)
    classifier, again = PromptClassifier(texts), PromptClassifier(texts)
    assert classifier.opens("Which school did Ida Quarrel go to?")
    assert not classifier.opens("How do I boil an egg?")
    unseen = f"Which school did {STRANGERS[0]} go to?"
    assert classifier.score(unseen) == again.score(unseen)
