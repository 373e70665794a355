"""Counting tokens as the wrapped model does, and never with a download.

LangChain's fallback fetches GPT-2's tokenizer; without a network that takes minutes and fails.
"""

from __future__ import annotations

from contextlib import suppress

from langchain_core.language_models import BaseChatModel, BaseLanguageModel

__all__ = ["counts_itself", "token_ids"]

_WAYS = ("get_token_ids", "get_num_tokens", "get_num_tokens_from_messages")


def counts_itself(model: BaseChatModel | None, way: str) -> bool:
    """Whether a model has a way of its own to count: one of LangChain's three, or an encoder that
    it was given."""
    if model is None or model.custom_get_token_ids is not None:
        return model is not None
    known = _WAYS[: _WAYS.index(way) + 1]  # each builds on those before it
    return any(getattr(type(model), name) is not getattr(BaseLanguageModel, name) for name in known)


def token_ids(model: BaseChatModel | None, text: str) -> list[int]:
    """The tokens of a text, cut by the model's own tokenizer, or by the one that ships with the
    package where the model has none at hand: that is a fair count for English."""
    if model is not None and counts_itself(model, "get_token_ids"):
        with suppress(OSError):  # a tokenizer that cannot be fetched
            return model.get_token_ids(text)
    from amnestic.tools.embedding import shipped_tokenizer

    return shipped_tokenizer().encode(text).ids[1:-1]
