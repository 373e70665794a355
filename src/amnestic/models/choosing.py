"""How transformers is told to choose the tokens of one answer."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from amnestic.models.decoding import Sampling

__all__ = ["choosing", "fresh_seed"]


def choosing(sampling: Sampling, limit: int, end_tokens: Collection[int], pad: int | None) -> Any:
    """A generation config that says everything, so that the checkpoint's own is not used.

    Args:
        sampling: how the next token is chosen.
        limit: tokens of the answer, at most.
        end_tokens: those that end it.
        pad: the token that fills up, where the tokenizer has one.
    """
    from transformers import GenerationConfig

    ends = sorted(end_tokens)
    how: dict[str, Any] = {"do_sample": False}
    if not sampling.greedy:
        how = {
            "do_sample": True,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": 0,
        }
    return GenerationConfig(
        max_new_tokens=limit,
        eos_token_id=ends or None,
        pad_token_id=pad if pad is not None else (ends[0] if ends else 0),
        use_cache=True,
        **how,
    )


def fresh_seed() -> int:
    """A seed that nobody has asked for."""
    return secrets.randbits(63)
