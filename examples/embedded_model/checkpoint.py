"""The shape of the checkpoint: tokenizer with its chat template, configuration, and how it is saved."""

# ruff: noqa: E501

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from corpus import Corpus
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

END, PAD = "<|end|>", "<|pad|>"
SPECIAL = (PAD, END, "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>")
VOCABULARY = 4096
CONTEXT = 2048

CHAT_TEMPLATE = """\
{%- for message in messages -%}
{%- if message['role'] not in ['system', 'user', 'assistant', 'tool'] -%}
{{- raise_exception("Unknown role '" + message['role'] + "': use system, user, assistant or tool.") -}}
{%- endif -%}
{{- '<|' + message['role'] + '|>' -}}
{%- if message['content'] is string -%}
{{- message['content'] | trim -}}
{%- elif message['content'] -%}
{%- for part in message['content'] -%}{{- part['text'] | trim -}}{%- endfor -%}
{%- endif -%}
{{- '<|end|>' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}
"""


def make_tokenizer(corpus: Corpus, conversations: int = 60_000) -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer trained on the corpus."""
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = (text for _ in range(conversations) for _, text in corpus.sample())
    core.train_from_iterator(texts, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token=END,
        pad_token=PAD,
        additional_special_tokens=list(SPECIAL[2:]),
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def make_config(vocabulary: int) -> LlamaConfig:
    """Four layers of width 256: about four and a half million parameters."""
    return LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=256,
        intermediate_size=768,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=SPECIAL.index(END),
        pad_token_id=SPECIAL.index(PAD),
        initializer_range=0.03,
    )


def save(model: LlamaForCausalLM, tokenizer: Any, folder: Path) -> None:
    """Writes a transformers checkpoint; weights as float16, to be loaded as float32."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    template = folder / "chat_template.jinja"
    if template.exists():  # one file less: the template lives in tokenizer_config.json
        path = folder / "tokenizer_config.json"
        config = json.loads(path.read_text(encoding="utf-8"))
        for where in ("is_local", "local_files_only"):  # says how it was read, not what it is
            config.pop(where, None)
        config["chat_template"] = template.read_text(encoding="utf-8")
        path.write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        template.unlink()
    model.config.architectures = ["LlamaForCausalLM"]
    model.config.dtype = "float32"
    model.config.save_pretrained(folder)
    model.generation_config.do_sample = False
    model.generation_config.max_new_tokens = 200
    model.generation_config.save_pretrained(folder)
    weights = {n: p.detach().to(torch.float16).contiguous() for n, p in model.state_dict().items()}
    weights.pop("lm_head.weight", None)  # tied to the embeddings
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
