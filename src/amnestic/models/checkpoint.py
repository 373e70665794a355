"""Weights and tokenizer of one checkpoint, loaded once and used from any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from amnestic.exceptions import InputTooLargeError, ModelError, ModelNotFoundError
from amnestic.forks import in_child, renewed
from amnestic.models.choosing import choosing, fresh_seed
from amnestic.models.decoding import Sampling
from amnestic.models.forbidden_tokens import restricting
from amnestic.models.grammar_tokens import Grammars, Keeping
from amnestic.models.template_calls import CallForm, form_of
from amnestic.models.templates import with_objects
from amnestic.models.token_watch import TokenWatch, late
from amnestic.models.vocabulary import Vocabulary, token_texts

__all__ = ["Checkpoint", "load_checkpoint", "quiet"]

_loading = threading.Lock()
_sampling = threading.Lock()  # torch's random state is one for the whole process
_TEMPLATE_ERRORS = (TemplateError, ValueError, TypeError, LookupError, AttributeError)
_TURN = 0.05  # seconds between looks at the deadline while waiting for a turn


def load_checkpoint(name: str) -> Checkpoint:
    """The checkpoint in a folder, a GGUF file or a repository of the hub, loaded at most once.

    Raises `ModelNotFoundError` with one line that says why it cannot be loaded.
    """
    with _loading:
        return _load(name)


@lru_cache(maxsize=2)
def _load(name: str) -> Checkpoint:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    cuda = torch.cuda.is_available()
    # Half precision is slow on most CPUs; weights of both kinds are widened there.
    dtype = "auto" if cuda else torch.float32
    place, file = _place(name)
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(place, **file)
            model = AutoModelForCausalLM.from_pretrained(place, dtype=dtype, **file)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        reason = str(error).strip().partition("\n")[0][:200]
        raise ModelNotFoundError(f"model {name!r} cannot be loaded: {reason}") from None
    if not tokenizer.chat_template:
        raise ModelNotFoundError(
            f"model {name!r} has no chat template, so it is not a chat model: "
            "use an instruction-tuned checkpoint"
        )
    return Checkpoint(name, tokenizer, model.to("cuda" if cuda else "cpu").eval())


def _place(name: str) -> tuple[str, dict[str, str]]:
    """Where transformers looks for a checkpoint, and which GGUF file it reads there."""
    path = Path(name)
    if path.suffix == ".gguf" and path.is_file():
        return str(path.parent), {"gguf_file": path.name}
    return name, {}


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from writing warnings and progress bars to the screen."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


class Checkpoint:
    """One loaded model. Safe to use from several threads, which take turns."""

    def __init__(self, name: str, tokenizer: Any, model: Any) -> None:
        # Callers read it, and where the weights lie is none of their business.
        self.name = Path(name).name if Path(name).is_absolute() else name
        self.tokenizer = tokenizer
        self.model = model
        self.end_tokens = _end_tokens(tokenizer, model)
        self.context = _context_length(model.config)
        renewed(self).renew()
        self._on_lost_gpu = False

    def renew(self) -> None:
        """In a forked child, which has the weights and none of the threads; a GPU's are not its."""
        self._turn = threading.Lock()
        self._tokenizing = threading.Lock()  # fast tokenizers hold per-call state
        self._on_lost_gpu = self.model.device.type == "cuda"

    def encode(self, messages: Sequence[dict[str, Any]], tools: Any = None) -> list[int]:
        """The token ids of a conversation; control tokens in its texts are read as plain text. The
        arguments of tool calls are objects, or strings where the template can only take these."""
        kind = ""
        with self._tokenizing:
            for told in (with_objects(messages), messages):
                try:
                    return self._rendered(told, tools)
                except _TEMPLATE_ERRORS as error:
                    kind = kind or type(error).__name__
        raise ModelError(
            f"the chat template of {self.name!r} refuses this conversation ({kind})",
            hint="check the order and the roles of its messages",
        )

    def _rendered(self, messages: Sequence[dict[str, Any]], tools: Any) -> list[int]:
        encoded = self.tokenizer.apply_chat_template(
            list(messages),
            tools=list(tools) if tools else None,
            add_generation_prompt=True,
            sanitize_control_tokens=True,
            return_dict=True,
        )
        return list(encoded["input_ids"])

    @property
    def reads_tools(self) -> bool:
        """Whether the chat template has a place for tools."""
        return "tools" in str(self.tokenizer.chat_template)

    def keeping(self, grammar: str) -> Keeping:
        """What keeps an answer to a grammar; raises as `Grammars` and its `keeping` do."""
        return self._grammars.keeping(grammar)

    @cached_property
    def _grammars(self) -> Grammars:
        with self._tokenizing:
            return Grammars(self.name, self.tokenizer, self._size, self.end_tokens)

    @property
    def _size(self) -> int:
        return int(_text_config(self.model.config).vocab_size)

    @cached_property
    def calls(self) -> CallForm | None:
        """How the chat template writes the call of a tool, where that can be read back."""
        return form_of(self._written)

    def _written(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]], begun: bool
    ) -> str:
        """What the chat template writes, as an answer in it would be read."""
        with self._tokenizing:
            try:
                told = self.tokenizer.apply_chat_template(
                    list(messages), tools=list(tools), add_generation_prompt=begun, tokenize=False
                )
            except _TEMPLATE_ERRORS:
                raise ValueError("the template cannot write it") from None
            tokens = self.tokenizer.encode(told, add_special_tokens=False)
        return self.decode(tokens)

    def encode_text(self, text: str) -> list[int]:
        """The token ids of a text alone, whose control tokens are read as plain text."""
        with self._tokenizing:
            return list(
                self.tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True)
            )

    def decode(self, tokens: list[int]) -> str:
        """The text of token ids, without special tokens."""
        with self._tokenizing:
            return str(
                self.tokenizer.decode(
                    tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
                )
            )

    def room(self, prompt_tokens: int) -> int:
        """Tokens that are left for an answer; raises `InputTooLargeError` when there are none."""
        room = self.context - prompt_tokens
        if room < 1:
            raise InputTooLargeError(
                f"the conversation takes {prompt_tokens} tokens and model {self.name!r} reads at "
                f"most {self.context}: shorten it"
            )
        return room

    def generate(
        self,
        prompt: list[int],
        sampling: Sampling,
        limit: int,
        take: Callable[[int], bool],
        cancel: threading.Event,
        deadline: float,
        keeping: Keeping | None = None,
    ) -> bool:
        """Make at most `limit` tokens and hand each to `take`, until it says to stop; by `keeping`
        they keep to a form.

        Returns whether the model itself ended its answer. Raises `ModelError` at the deadline.
        """
        import torch

        if self._on_lost_gpu:
            raise ModelError(
                f"model {self.name!r} was loaded onto a GPU before this process was forked, and "
                "is out of its reach",
                hint="load it after the fork, or start processes with 'spawn'",
            )
        seeing = TokenWatch(take, self.end_tokens, cancel, deadline)
        with self.turn(deadline, cancel), torch.inference_mode():
            if cancel.is_set():
                return False
            if sampling.greedy:
                self._generate(prompt, sampling, limit, seeing, keeping)
            else:
                with _sampling, torch.random.fork_rng(devices=_cuda_devices(self.model)):
                    torch.manual_seed(fresh_seed() if sampling.seed is None else sampling.seed)
                    self._generate(prompt, sampling, limit, seeing, keeping)
        if seeing.late:
            raise late(self.name)
        return seeing.ended

    def _generate(
        self,
        prompt: list[int],
        sampling: Sampling,
        limit: int,
        watch: TokenWatch,
        keeping: Keeping | None,
    ) -> None:
        import torch
        from transformers import LogitsProcessorList, StoppingCriteriaList

        free = sampling.restriction.without is None and not sampling.restriction.barred
        kept: list[Any] = [] if free else [restricting(sampling.restriction, self._vocabulary)]
        kept += [keeping] if keeping else []
        ids = torch.tensor([prompt], device=self.model.device)
        pad = self.tokenizer.pad_token_id
        self.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            generation_config=choosing(sampling, limit, self.end_tokens, pad),
            logits_processor=LogitsProcessorList(kept),
            stopping_criteria=StoppingCriteriaList([watch]),
        )

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        with self._tokenizing:
            return Vocabulary(token_texts(self.tokenizer, self._size))

    @contextmanager
    def turn(self, deadline: float, cancel: threading.Event | None = None) -> Iterator[None]:
        """For one caller alone, once others are done. Raises `ModelError` at the deadline."""
        while not self._turn.acquire(timeout=_TURN):
            if (cancel and cancel.is_set()) or time.monotonic() > deadline:
                raise late(self.name)
        try:
            yield
        finally:
            self._turn.release()


def _end_tokens(tokenizer: Any, model: Any) -> frozenset[int]:
    ends = {tokenizer.eos_token_id}
    configured = getattr(model.generation_config, "eos_token_id", None)
    ends.update(configured if isinstance(configured, list | tuple) else [configured])
    return frozenset(end for end in ends if end is not None)


def _context_length(config: Any) -> int:
    return int(getattr(_text_config(config), "max_position_embeddings", None) or 1_000_000)


def _text_config(config: Any) -> Any:
    return config.get_text_config() if hasattr(config, "get_text_config") else config


def _cuda_devices(model: Any) -> list[Any]:
    return [model.device] if model.device.type == "cuda" else []


def _free_locks() -> None:
    global _loading, _sampling
    _loading, _sampling = threading.Lock(), threading.Lock()


in_child(_free_locks)
