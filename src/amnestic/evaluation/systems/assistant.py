"""The assistant of ULD: the first layers of a model, trained to know the forgotten alone."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.development import about

if TYPE_CHECKING:
    from amnestic.models.checkpoint import Checkpoint

__all__ = ["Assistant", "Reading", "train_assistant"]

STEPS, BATCH, RATE = 200, 16, 1e-3

_Row = tuple[list[int], int]  # the tokens of a conversation, and where its answer begins


@dataclass(slots=True)
class Reading:
    """One answer that an assistant reads along with the model."""

    model: Any
    _past: Any = None

    def next(self, ids: Any) -> Any:
        """The logits behind more tokens, of shape `(batch, 1, vocabulary)`."""
        given = self.model(ids, past_key_values=self._past, use_cache=True)
        self._past = given.past_key_values
        return given.logits[:, -1:, :]


@dataclass(slots=True)
class Assistant:
    """A trained assistant."""

    model: Any = field(repr=False)

    def reading(self) -> Reading:
        """A reading of a new conversation."""
        return Reading(self.model)


def train_assistant(
    loaded: Checkpoint,
    told: Sequence[tuple[Subject, Sequence[str]]],
    beside: Sequence[tuple[str, str]],
    seed: int,
) -> tuple[Assistant, float]:
    """Make and train an assistant: cross-entropy on what is told of the subjects, and cross-entropy
    to the uniform distribution on what stands beside, as questions and answers (the
    training objective of ULD, arXiv 2406.08607).

    Returns it with its last loss on what is to be forgotten. The model itself stays as it is; the
    same seed gives the same assistant on the same machine.
    """
    import torch

    drawn = random.Random(seed)
    small = _first_layers(loaded.model)
    forget = [
        _row(loaded, question, fact)
        for subject, facts in told
        for name in dict.fromkeys((subject.name, *subject.names))
        for fact in facts
        for question in about(name)
    ]
    keep = [_row(loaded, question, answer) for question, answer in beside if answer]
    trained = [p for n, p in small.named_parameters() if "embed" not in n and "lm_head" not in n]
    for parameter in small.parameters():
        parameter.requires_grad_(False)
    for parameter in trained:
        parameter.requires_grad_(True)
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01)
    loss = 0.0
    with torch.inference_mode(False), torch.enable_grad():
        for step in range(STEPS):
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, (step + 1) / 20, 2 * (1 - step / STEPS))
            known = _loss(small, drawn.choices(forget, k=BATCH), uniform=False)
            open_ = _loss(small, drawn.choices(keep, k=BATCH), uniform=True)
            (known + open_).backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            loss = float(known.detach())
    return Assistant(small.eval()), loss


def _first_layers(model: Any) -> Any:
    """A model of the first quarter of the layers, two at least, with the weights of the whole."""
    import torch
    from transformers import AutoModelForCausalLM

    config = copy.deepcopy(model.config)
    config.num_hidden_layers = max(2, config.num_hidden_layers // 4)
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[: config.num_hidden_layers]
    with torch.random.fork_rng(devices=[]):  # what it draws is overwritten
        small = AutoModelForCausalLM.from_config(config, dtype=model.dtype)
    small.load_state_dict(model.state_dict(), strict=False)
    return small.to(model.device).train()


def _row(loaded: Checkpoint, question: str, answer: str) -> _Row:
    prompt = loaded.encode([{"role": "user", "content": question}])
    return [*prompt, *loaded.encode_text(answer)], len(prompt)


def _loss(model: Any, rows: Sequence[_Row], *, uniform: bool) -> Any:
    """The mean cross-entropy of the answers' tokens: to themselves, or to all tokens alike."""
    import torch

    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([i + [0] * (width - len(i)) for i, _ in rows], device=model.device)
    learnt = torch.tensor(
        [[start <= at < len(i) for at in range(1, width)] for i, start in rows], device=model.device
    )
    likely = model(ids, use_cache=False).logits[:, :-1][learnt].float().log_softmax(-1)
    if uniform:
        return -likely.mean()
    return torch.nn.functional.nll_loss(likely, ids[:, 1:][learnt])
