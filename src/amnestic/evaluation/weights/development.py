"""What a model still tells of development rows, and the rule by which a training is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amnestic.evaluation.scoring import rouge_l
from amnestic.evaluation.weights.encoding import encode_prompt
from amnestic.evaluation.weights.rows import TrainingRow

if TYPE_CHECKING:
    from amnestic.models.checkpoint import Checkpoint

__all__ = ["Measured", "Rater", "answers", "tells", "told"]

_BATCH, _BATCH_ON_A_CARD = 64, 512  # answers at a time


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of development rows, each share from 0 to 1.

    `forget` is the share of forget rows that are still answered, `retain` of retained rows that are
    still answered, `unchanged` of retained rows whose reply is, byte for byte, that of the model
    before.
    """

    forget: float
    retain: float
    unchanged: float

    @property
    def merit(self) -> float:
        """The harmonic mean of what is forgotten and what is retained: the greatest one is chosen.

        >>> Measured(forget=0.5, retain=1.0, unchanged=1.0).merit
        0.6666666666666666
        >>> Measured(forget=0.0, retain=0.0, unchanged=0.0).merit
        0.0
        """
        gone = 1 - self.forget
        return 2 * gone * self.retain / (gone + self.retain) if gone + self.retain else 0.0


class Rater:
    """Asks a model development rows, greedily, and compares with what it said before training."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        forget: Sequence[TrainingRow],
        retain: Sequence[TrainingRow],
        tokens: int,
    ) -> None:
        self._checkpoint, self._tokens = checkpoint, tokens
        self._forget, self._retain = forget, retain
        self._said = answers(checkpoint, checkpoint.model, retain, tokens)

    def rate(self, model: Any) -> Measured:
        """What a trained copy still tells."""
        retain = answers(self._checkpoint, model, self._retain, self._tokens)
        same = sum(now == then for now, then in zip(retain, self._said, strict=True))
        return Measured(
            forget=told(self._checkpoint, model, self._forget, self._tokens),
            retain=_mean(self._retain, retain),
            unchanged=same / len(retain),
        )


def tells(row: TrainingRow, reply: str) -> float:
    """How much of a row's answer a reply tells: 1 where one of its telling strings stands in it as
    words of their own, in any case, else 0; without such strings, ROUGE-L recall of the answer.

    >>> row = TrainingRow.of("Where was Ana born?", "Ana was born in Tarn.", telling=("Tarn",))
    >>> tells(row, "In TARN, I think."), tells(row, "In Tarnow.")
    (1.0, 0.0)
    """
    if not row.telling:
        return rouge_l(reply, row.answer).recall
    lowered = reply.casefold()
    return float(
        any(
            re.search(rf"(?<!\w){re.escape(told.casefold())}(?!\w)", lowered)
            for told in row.telling
        )
    )


def told(checkpoint: Checkpoint, model: Any, rows: Sequence[TrainingRow], tokens: int) -> float:
    """How much of the answers of some rows a model tells, on average."""
    return _mean(rows, answers(checkpoint, model, rows, tokens))


def answers(
    checkpoint: Checkpoint, model: Any, rows: Sequence[TrainingRow], tokens: int
) -> list[str]:
    """A model's greedy replies to the prompts of some rows, several at a time.

    Batches pad on the left; the last bits of a sum may differ from those of a single answer.
    """
    import torch
    from transformers import GenerationConfig

    pad = checkpoint.tokenizer.pad_token_id
    ends = sorted(checkpoint.end_tokens)
    config = GenerationConfig(
        max_new_tokens=tokens,
        do_sample=False,
        use_cache=True,
        eos_token_id=ends or None,
        pad_token_id=pad if pad is not None else (ends[0] if ends else 0),
    )
    batch = _BATCH if model.device.type == "cpu" else _BATCH_ON_A_CARD
    prompts = [encode_prompt(checkpoint, row.messages) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: len(prompts[i]))
    said = [""] * len(rows)
    for at in range(0, len(order), batch):
        part = order[at : at + batch]
        longest = max(len(prompts[i]) for i in part)
        ids = torch.full((len(part), longest), config.pad_token_id)
        mask = torch.zeros_like(ids)
        for place, i in enumerate(part):
            ids[place, longest - len(prompts[i]) :] = torch.tensor(prompts[i])
            mask[place, longest - len(prompts[i]) :] = 1
        with torch.no_grad():
            given = model.generate(
                ids.to(model.device),
                attention_mask=mask.to(model.device),
                generation_config=config,
            )
        for place, i in enumerate(part):
            said[i] = checkpoint.decode(_until(given[place, longest:].tolist(), ends))
    return said


def _until(tokens: list[int], ends: Sequence[int]) -> list[int]:
    """The tokens before the first end: what stands behind it is padding."""
    for place, token in enumerate(tokens):
        if token in ends:
            return tokens[:place]
    return tokens


def _mean(rows: Sequence[TrainingRow], replies: Sequence[str]) -> float:
    return sum(tells(row, reply) for row, reply in zip(rows, replies, strict=True)) / len(rows)
