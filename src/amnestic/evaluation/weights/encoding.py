"""Rows as tokens, as the local chat backend would read and write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amnestic.evaluation.weights.losses import RowScores
from amnestic.evaluation.weights.rows import TrainingRow
from amnestic.exceptions import InputTooLargeError
from amnestic.types import Conversation

if TYPE_CHECKING:
    from amnestic.models.checkpoint import Checkpoint

__all__ = ["Encoded", "encode", "encode_prompt", "score"]

_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Encoded:
    """The tokens of a row: those of the prompt, and those of the answer with its end."""

    prompt: tuple[int, ...]
    answer: tuple[int, ...]


def encode_prompt(checkpoint: Checkpoint, messages: Conversation) -> tuple[int, ...]:
    """A conversation in the chat template, up to where the answer begins."""
    return tuple(checkpoint.encode([{"role": m.role, "content": m.text} for m in messages]))


def encode(checkpoint: Checkpoint, row: TrainingRow, answer: str = "") -> Encoded:
    """A row with its own answer, or with another one.

    Raises:
        InputTooLargeError: where it does not fit into the model's context.
    """
    prompt = encode_prompt(checkpoint, row.messages)
    told = (*checkpoint.encode_text(answer or row.answer), checkpoint.tokenizer.eos_token_id)
    if len(prompt) + len(told) > checkpoint.context:
        shown = row.messages[-1].text[:40] if row.messages else ""
        raise InputTooLargeError(
            f"the training row {shown!r}… takes {len(prompt) + len(told)} tokens and model "
            f"{checkpoint.name!r} reads at most {checkpoint.context}: shorten it or leave it out"
        )
    return Encoded(prompt, told)


def score(model: Any, rows: Sequence[Encoded]) -> RowScores:
    """The scores of the answers under a model, with gradients where they are switched on."""
    import torch
    from torch.nn.functional import cross_entropy

    longest = max(len(row.prompt) + len(row.answer) for row in rows)
    ids = torch.zeros((len(rows), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    labels = torch.full_like(ids, _IGNORED)
    for i, row in enumerate(rows):
        begin, end = len(row.prompt), len(row.prompt) + len(row.answer)
        ids[i, :end] = torch.tensor((*row.prompt, *row.answer))
        mask[i, :end] = 1
        labels[i, begin:end] = torch.tensor(row.answer)
    ids, mask, labels = (t.to(model.device) for t in (ids, mask, labels))
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits[:, :-1].float()
    wanted = labels[:, 1:]
    taken = -cross_entropy(logits.transpose(1, 2), wanted, ignore_index=_IGNORED, reduction="none")
    counted = wanted != _IGNORED
    length = counted.sum(1)
    return RowScores(
        logprob=taken.sum(1),
        length=length,
        probability=(taken.exp() * counted).sum(1) / length,
    )
