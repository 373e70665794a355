"""A grammar as the tokens that may come next, by llguidance."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection
from typing import Any

import numpy as np

from amnestic.exceptions import MissingExtraError, ModelError
from amnestic.models.answer_forms import fault_in

__all__ = ["Grammars", "Keeping"]


class Grammars:
    """Grammars over the tokens of one model; making it takes a moment, a grammar milliseconds.

    Args:
        name: what the model is called, for messages.
        tokenizer: the model's tokenizer of transformers'.
        size: tokens that the model tells the likelihood of.
        ends: the tokens that end an answer.

    Raises `MissingExtraError` without llguidance, and `ModelError` for a tokenizer that it does not
    read.
    """

    def __init__(self, name: str, tokenizer: Any, size: int, ends: Collection[int]) -> None:
        if importlib.util.find_spec("llguidance") is None:
            raise MissingExtraError("local", f"a form of the answer of model {name!r}")
        from llguidance.hf import from_tokenizer

        self._name = name
        try:
            self._tokens = from_tokenizer(tokenizer, n_vocab=size, eos_token=sorted(ends) or None)
        except (ValueError, RuntimeError):
            hint = "ask without a response format, and without a tool that must be called"
            raise ModelError(
                f"the tokenizer of model {name!r} cannot be kept to a form", hint=hint
            ) from None

    def keeping(self, grammar: str) -> Keeping:
        """What keeps one answer to a grammar, as `answer_forms.grammar_of` writes it. Raises
        `InvalidRequestError` where a schema in it asks for what cannot be kept to."""
        from llguidance import LLMatcher, LLParserLimits

        limits = LLParserLimits(verbose_errors=False)  # these would quote the schema
        matcher = LLMatcher(self._tokens, grammar, log_level=0, limits=limits)
        matcher.compute_bitmask()  # a schema that means itself alone is at fault only here
        if matcher.is_error():
            raise fault_in(matcher.get_error())
        return Keeping(self._name, matcher)


class Keeping:
    """A logits processor that leaves the tokens alone by which an answer keeps to its form."""

    supports_continuous_batching = False

    def __init__(self, name: str, matcher: Any) -> None:
        self._name = name
        self._matcher = matcher
        self._begun = False

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        import torch

        if self._begun:
            self._matcher.consume_token(int(input_ids[0, -1]))
        self._begun = True
        mask = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        if self._matcher.is_error():
            raise self._failure("lost its way in the form that its answer must have")
        allowed = np.unpackbits(mask, count=scores.shape[-1], bitorder="little")
        left_out = torch.from_numpy(allowed == 0).to(scores.device)
        kept = scores.masked_fill(left_out, -torch.inf)
        if not bool(kept.isfinite().any()):
            raise self._failure("has no word left that the form of its answer allows")
        return kept

    def _failure(self, what: str) -> ModelError:
        hint = "ask without a form of the answer, or for a simpler one"
        return ModelError(f"model {self._name!r} {what}", hint=hint)
