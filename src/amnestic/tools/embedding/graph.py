"""A trained graph that comes with the package, checked before it is run."""

from __future__ import annotations

import hashlib
import os
from importlib import resources
from pathlib import Path
from typing import Any

from amnestic.exceptions import ConfigurationError

__all__ = ["load_graph", "shipped_tokenizer"]


def load_graph(graph: Path, sha256: str, name: str) -> Any:
    """A session of one thread for the graph at a path; `name` is what errors call it.

    Raises `ConfigurationError` where it is missing or not the one of that SHA-256.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    try:
        raw = graph.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"no {name} at `{graph}`; install Amnestic again") from error
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        raise ConfigurationError(
            f"the {name} at `{graph}` has SHA-256 `{found[:16]}…`, not the expected "
            f"`{sha256[:16]}…`; install Amnestic again"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])


def shipped_tokenizer(written: str | None = None) -> Any:
    """The tokenizer of the encoder that comes with the package, or the one `written` as JSON; it
    cuts and fills nothing.

    >>> shipped_tokenizer().encode("forget").tokens
    ['[CLS]', 'forget', '[SEP]']
    """
    from tokenizers import Tokenizer

    if written is None:
        data = resources.files("amnestic.tools.embedding").joinpath("data")
        written = data.joinpath("tokenizer.json").read_text("utf-8")
    tokenizer = Tokenizer.from_str(written)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
