"""One text read in several surroundings."""

from __future__ import annotations

import numpy as np

from amnestic.tools.embedding import shipped_tokenizer
from amnestic.tools.tagging import shipped_tagger
from amnestic.tools.tagging.surroundings import mean_scores, surrounded
from amnestic.tools.tagging.tokens import tokens_of


def test_the_texts_own_tokens_stand_where_it_is_said_in_each() -> None:
    tokenizer = shipped_tokenizer()
    tokens = tokens_of(tokenizer, "Forget Mirela Osk.")
    own = tokens.ids[1:-1]
    given = list(surrounded(tokenizer, own, tokens.types[1:-1], tokens.ids[0], tokens.ids[-1]))
    assert len(given) > 2
    for one in given:
        assert one.ids[1 + one.ahead :][: len(own)] == own
        assert len(one.ids) == len(one.types)


def test_scores_are_the_mean_of_those_of_the_texts_own_tokens() -> None:
    tokenizer = shipped_tokenizer()
    given = list(surrounded(tokenizer, [7, 8], [0, 0], 1, 2))
    readings = [
        (g, np.full((len(g.ids), 3), float(i), np.float32), np.full(3, float(i), np.float32))
        for i, g in enumerate(given)
    ]
    scores, outcome = mean_scores(readings, 2)
    mean = sum(range(len(given))) / len(given)
    assert scores.shape == (4, 3)
    assert np.allclose(scores, mean)
    own = [i for i, g in enumerate(given) if len(g.ids) == 4]
    assert np.allclose(outcome, sum(own) / len(own))


def test_an_empty_text_has_one_surrounding() -> None:
    assert len(list(surrounded(shipped_tokenizer(), [], [], 1, 2))) == 1


def test_a_greeting_ahead_changes_no_name() -> None:
    told = [
        [seen.text_of(s) for s in seen.labelled("subject")]
        for seen in map(shipped_tagger().read, ("Forget Ana Morel.", "Hi, Forget Ana Morel."))
    ]
    assert told[0] == told[1] == ["Ana Morel"]
