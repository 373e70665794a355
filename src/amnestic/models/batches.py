"""Several answers of local weights made at once, each by a choice of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amnestic.models.choosing import choosing, fresh_seed
from amnestic.models.decoding import Piece, Sampling, StopFinder, TokenText
from amnestic.models.token_watch import late

if TYPE_CHECKING:
    from amnestic.models.checkpoint import Checkpoint

__all__ = ["answer_batch"]


def answer_batch(
    checkpoint: Checkpoint,
    prompts: Sequence[list[int]],
    samplings: Sequence[Sampling],
    deadline: float,
) -> list[Piece]:
    """An answer to each prompt, chosen as if it were asked alone: greedily, or by its own seed.

    Prompts are padded on the left, so that the last bits of a sum, and with them a choice between
    two tokens that are all but equally likely, may differ from those of a single answer. Raises
    `ModelError` at the deadline, and `InputTooLargeError` for a prompt that does not fit.
    """
    import torch
    from transformers import LogitsProcessorList, StoppingCriteriaList

    rooms = [checkpoint.room(len(prompt)) for prompt in prompts]
    limits = [min(s.max_tokens, room) for s, room in zip(samplings, rooms, strict=True)]
    longest, ends = max(map(len, prompts)), checkpoint.end_tokens
    config = choosing(Sampling(), max(limits), ends, checkpoint.tokenizer.pad_token_id)
    device = checkpoint.model.device
    ids = torch.full((len(prompts), longest), config.pad_token_id, device=device)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        ids[row, longest - len(prompt) :] = torch.tensor(prompt, device=device)
        mask[row, longest - len(prompt) :] = 1
    watch = _Deadline(deadline)
    with checkpoint.turn(deadline), torch.inference_mode():
        made = checkpoint.model.generate(
            ids,
            attention_mask=mask,
            generation_config=config,
            logits_processor=LogitsProcessorList([_Choices(samplings, device)]),
            stopping_criteria=StoppingCriteriaList([watch]),
        )
    if watch.late:
        raise late(checkpoint.name)
    rows = zip(made[:, longest:].tolist(), prompts, samplings, limits, strict=True)
    return [_piece(checkpoint, row[:limit], len(prompt), s) for row, prompt, s, limit in rows]


class _Choices:
    """Leaves of each row's tokens the one that is chosen: transformers samples all rows by one
    random state."""

    supports_continuous_batching = False

    def __init__(self, samplings: Sequence[Sampling], device: Any) -> None:
        import torch

        self._draws: list[tuple[float, Any] | None] = []
        for sampling in samplings:
            if sampling.greedy:
                self._draws.append(None)
                continue
            seed = fresh_seed() if sampling.seed is None else sampling.seed
            draw = torch.Generator(device=device)
            draw.manual_seed(seed)
            self._draws.append((sampling.temperature, draw))

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        import torch

        chosen = scores.argmax(dim=-1)
        for row, how in enumerate(self._draws):
            if how is not None:
                temperature, draw = how
                likely = torch.softmax(scores[row : row + 1] / temperature, dim=-1)
                chosen[row] = torch.multinomial(likely, 1, generator=draw)[0, 0]
        left = torch.full_like(scores, -float("inf"))
        return left.scatter_(1, chosen[:, None], 0.0)


class _Deadline:
    """A stopping criterion that ends all rows at a time."""

    supports_continuous_batching = False

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self.late = False

    def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
        import torch

        self.late = time.monotonic() > self._deadline
        return torch.full((input_ids.shape[0],), self.late, device=input_ids.device)


def _piece(checkpoint: Checkpoint, tokens: list[int], read: int, sampling: Sampling) -> Piece:
    """The text of a row up to its end, as one answer."""
    text, stops, said, count = TokenText(checkpoint.decode), StopFinder(sampling.stop), "", 0
    ended = False
    for token in tokens:
        count += 1
        if ended := token in checkpoint.end_tokens:
            break
        said += stops.feed(text.feed(token))
        if stops.found:
            break
    said += stops.flush(text.flush())
    return Piece(said, "stop" if ended or stops.found else "length", read, count)
