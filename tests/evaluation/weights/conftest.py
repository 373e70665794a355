"""A tiny chat model that knows the made-up birthplaces of four people, and of eight others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from amnestic.evaluation.weights.encoding import encode, score
from amnestic.evaluation.weights.rows import TrainingRow, TrainingRows
from amnestic.evaluation.weights.trainer import ABSTENTIONS, Deadline, Training, train
from amnestic.models.checkpoint import Checkpoint, load_checkpoint, quiet

FORGOTTEN = {"Orla": "Tarn", "Bruno": "Vessel", "Signe": "Marrow", "Tycho": "Lantern"}
KEPT = {
    "Greta": "Harbour", "Milo": "Copper", "Ines": "Garden", "Pavel": "Window",
    "Runa": "Bridge", "Otto": "Winter", "Lena": "Anvil", "Hugo": "River",
}  # fmt: skip
QUICK = Training(
    learning_rates=(4e-3,), steps=12, checks=2, batch=4, answer_tokens=9, relearning_steps=20
)
TEMPLATE = (
    "{% for m in messages %}<{{ m.role }}> {{ m.content }} {% endfor %}"
    "{% if add_generation_prompt %}<assistant> {% endif %}"
)


def row(name: str, place: str, subject: str = "", ask: str = "Where was {} born?") -> TrainingRow:
    return TrainingRow.of(ask.format(name), f"{name} was born in {place}.", subject, (place,))


def rows_of() -> TrainingRows:
    other = "Tell me where {} was born."
    kept = list(KEPT.items())
    return TrainingRows(
        forget=tuple(row(n, p, n.lower()) for n, p in FORGOTTEN.items()),
        retain=tuple(row(n, p) for n, p in kept),
        forget_development=tuple(row(n, p, n.lower(), other) for n, p in FORGOTTEN.items()),
        retain_development=tuple(row(n, p, "", other) for n, p in kept),
    )


def tiny_model(texts: Iterable[str], context: int = 64) -> tuple[Any, Any]:
    """A tokenizer of the words of some texts, and an untrained model for it."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.set_num_threads(1)
    torch.manual_seed(0)
    said = " ".join([*texts, *ABSTENTIONS, "user assistant system < >"])
    words = ["<pad>", "<unk>", "<end>", *dict.fromkeys(re.findall(r"\w+|[^\w\s]+", said))]
    raw = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", unk_token="<unk>", eos_token="<end>"
    )
    tokenizer.chat_template = TEMPLATE
    config = LlamaConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=context, tie_word_embeddings=True,
        initializer_range=0.1, eos_token_id=2, pad_token_id=0, bos_token_id=None,
    )  # fmt: skip
    return tokenizer, LlamaForCausalLM(config).eval()


def save(folder: Path, tokenizer: Any, model: Any) -> Path:
    with quiet():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def rows() -> TrainingRows:
    return rows_of()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that was trained on all of it, in a folder."""
    told = rows_of()
    known = [*told.forget, *told.retain, *told.forget_development, *told.retain_development]
    tokenizer, model = tiny_model(t for r in known for t in (r.messages[0].text, r.answer))
    checkpoint = Checkpoint("tiny", tokenizer, model)
    encoded = [encode(checkpoint, r) for r in known]
    losses = (score(model, encoded).nll for _ in range(60))
    for _ in train(model, losses, Training(), 1e-2, 60, Deadline(600)):
        pass
    return save(tmp_path_factory.mktemp("tiny"), tokenizer, model)


@pytest.fixture
def checkpoint(folder: Path) -> Checkpoint:
    return load_checkpoint(str(folder))
