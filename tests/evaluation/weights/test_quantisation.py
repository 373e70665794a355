"""Rounding to four bits: how far a weight moves, and that rounding twice is rounding once."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.evaluation.weights.quantisation import codes_of, quantise
from amnestic.evaluation.weights.unlearning import copied
from tests.thoroughness import examples

shapes = st.tuples(st.integers(1, 5), st.integers(1, 150), st.integers(0, 10**6))


def matrix(rows: int, width: int, seed: int):
    drawn = torch.Generator().manual_seed(seed)
    scale = 10.0 ** float(torch.randint(-4, 3, (), generator=drawn))
    shift = float(torch.randint(-3, 4, (), generator=drawn))
    return (torch.randn(rows, width, generator=drawn) + shift) * scale


@given(shapes)
@settings(max_examples=examples(60), deadline=None)
def test_no_weight_moves_by_more_than_half_a_step(shape):
    weights = matrix(*shape)
    coded = codes_of(weights)
    step = coded.scale.repeat_interleave(64, dim=1).squeeze(-1)[:, : weights.shape[1]]
    assert ((coded.weights - weights).abs() <= step * 0.5001).all()
    assert coded.codes.min() >= 0
    assert coded.codes.max() <= 15
    assert (coded.codes == coded.codes.round()).all()


@given(shapes)
@settings(max_examples=examples(60), deadline=None)
def test_rounding_twice_is_rounding_once(shape):
    once = codes_of(matrix(*shape))
    twice = codes_of(once.weights)
    assert torch.allclose(twice.weights, once.weights, rtol=1e-4, atol=1e-9)


def test_zero_and_a_constant_row_stay_what_they_are():
    weights = torch.stack([torch.zeros(64), torch.full((64,), 0.75)])
    assert torch.allclose(codes_of(weights).weights, weights)


def test_sixteen_values_are_left_of_a_group():
    rounded = codes_of(matrix(1, 64, 5)).weights
    assert len(rounded.unique()) <= 16


def test_a_model_is_rounded_but_for_its_embeddings_and_norms(checkpoint):
    model = copied(checkpoint.model)
    detail = quantise(model)
    before = dict(checkpoint.model.named_parameters())
    changed = {name for name, p in model.named_parameters() if not torch.equal(p, before[name])}
    assert changed
    assert all("proj" in name for name in changed)
    assert detail["weights"] == sum(before[name].numel() for name in changed)
    assert 0 < detail["moved"] < 0.2
    assert 0 < detail["share"] < 1
