"""A model whose weights were trained to forget, as a system under test."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

from amnestic.config import Settings
from amnestic.evaluation.contract import Answer, Preparation, Subject, System
from amnestic.evaluation.weights.losses import WEIGHT_METHODS
from amnestic.evaluation.weights.quantisation import BITS, quantise
from amnestic.evaluation.weights.rows import TrainingRows
from amnestic.evaluation.weights.trainer import Training
from amnestic.evaluation.weights.unlearning import Job, copied, relearn, unlearn
from amnestic.exceptions import ConfigurationError
from amnestic.extras import require
from amnestic.models.checkpoint import load_checkpoint, quiet
from amnestic.models.protocol import ChatBackend, LocalBackend
from amnestic.models.resolve import ModelSpec, resolve_backend
from amnestic.models.threads import default_threads
from amnestic.tools.offload import offload
from amnestic.types import Conversation

__all__ = ["WeightSystem", "make_weight_system"]


def make_weight_system(
    method: str,
    model_spec: ModelSpec,
    rows: TrainingRows,
    quantised: bool = False,
    relearn: int = 0,
    seed: int = 0,
    training: Training | None = None,
    settings: Settings | None = None,
) -> System:
    """A weight unlearning method as a system.

    Args:
        method: a name in `WEIGHT_METHODS`.
        model_spec: `"embedded"` or `"hf:<folder>"`.
        rows: questions with answers; those of the subjects that are prepared for are forgotten.
        quantised: whether the trained weights are rounded to four bits.
        relearn: on how many forget rows it is trained again afterwards; 0 for not at all.
        seed: of batches, abstentions and relearned rows.
        training: steps, learning rates and limits.
        settings: time-outs and threads.

    Raises:
        ConfigurationError: for a method that is not there, or a model whose weights are elsewhere.
        MissingExtraError: without the extra `local`.
    """
    return WeightSystem(method, model_spec, rows, quantised, relearn, seed, training, settings)


class WeightSystem:
    """One method, plain or quantised, relearned or not; `make_weight_system` makes it.

    Training happens in `prepare`, on a copy. The plain, the quantised and the relearned form of the
    same method, rows and seed share it where they are prepared one after the other; each reports
    the seconds that all of it took. Answers come from the project's own local chat backend, so that
    they compare with those of the bare model.
    """

    def __init__(
        self,
        method: str,
        model_spec: ModelSpec,
        rows: TrainingRows,
        quantised: bool,
        relearn: int,
        seed: int,
        training: Training | None,
        settings: Settings | None,
    ) -> None:
        if method not in WEIGHT_METHODS:
            known = ", ".join(WEIGHT_METHODS)
            raise ConfigurationError(f"there is no weight method {method!r}: use one of {known}")
        if relearn < 0:
            raise ConfigurationError(f"relearning on {relearn} rows is asked for: give 0 or more")
        require("local", f"weight method {method!r}")
        self._method, self._rows, self._seed = WEIGHT_METHODS[method], rows, seed
        self._quantised, self._relearn = quantised, relearn
        self._training, self._settings = training or Training(), settings or Settings()
        self._checkpoint = _folder(model_spec, self._settings, method)
        alone = model_spec == "embedded"
        self._threads = self._settings.threads or (1 if alone else default_threads())
        self._backend: ChatBackend | None = None

    @property
    def name(self) -> str:
        """The method, with what was done to it afterwards."""
        marks = [f"relearned-{self._relearn}"] if self._relearn else []
        marks += [f"{BITS}-bit"] if self._quantised else []
        return " ".join([self._method.name, *marks])

    @property
    def description(self) -> str:
        """What it does, and after whom."""
        told = self._method.description
        if self._relearn:
            told += f"; then trained again on {self._relearn} forgotten rows (2406.13356)"
        if self._quantised:
            told += f"; then rounded to {BITS} bits (2410.16454)"
        return told

    @property
    def concurrency(self) -> int:
        """1: the weights are in this process."""
        return 1

    async def prepare(self, subjects: Sequence[Subject]) -> Preparation:
        """Train a copy to forget these subjects, in the place of what was prepared before.

        Raises:
            ConfigurationError: where there are no rows to forget, to retain or to choose by.
            InputTooLargeError: for a row that does not fit into the model's context.
            TrainingError: when training diverges at every learning rate.
            ModelNotFoundError: when the weights cannot be loaded.
        """
        rows = self._rows.about({subject.id for subject in subjects})
        self._backend, detail = await offload(self._trained, rows)
        return Preparation(seconds=detail.pop("seconds"), calls=0, detail=detail)

    async def answer(self, conversation: Conversation, options: Mapping[str, Any]) -> Answer:
        """Answer with the trained weights. Raises `amnestic.exceptions.ModelError`."""
        if self._backend is None:
            raise ConfigurationError(f"system {self.name!r} was asked before it was prepared")
        begun = time.perf_counter()
        given = await self._backend.generate(conversation, options)
        told = dict(given.choices[0].told())
        return Answer(
            text=told.pop("answer", ""),
            channels=told,
            tokens=given.usage.input_tokens + given.usage.output_tokens,
            seconds=time.perf_counter() - begun,
            route="weights",
        )

    async def close(self) -> None:
        """Give back the weights."""
        self._backend = None

    def _trained(self, rows: TrainingRows) -> tuple[ChatBackend, dict[str, Any]]:
        """The trained weights behind a chat backend, and what there is to report."""
        import torch

        if torch.get_num_threads() != self._threads:  # told to each thread that computes
            torch.set_num_threads(self._threads)
        job = Job(self._method.name, self._checkpoint, rows, self._training, self._seed)
        made = unlearn(job)
        model, detail = made.model, dict(made.detail)
        begun = time.perf_counter()
        if self._relearn or self._quantised:
            model = copied(model)
        if self._relearn:
            checkpoint = load_checkpoint(self._checkpoint)
            detail["relearned"] = relearn(
                checkpoint, model, rows, self._relearn, self._training, self._seed
            )
        if self._quantised:
            detail["quantised"] = quantise(model)
        backend = self._served(model)
        detail["seconds"] += time.perf_counter() - begun
        return backend, detail

    def _served(self, model: Any) -> ChatBackend:
        """The local chat backend over trained weights; what lies on disk for it is gone again."""
        tokenizer = load_checkpoint(self._checkpoint).tokenizer
        settings = self._settings.model_copy(update={"threads": self._threads})
        with tempfile.TemporaryDirectory(prefix="amnestic-weights-") as folder, quiet():
            model.save_pretrained(folder)
            tokenizer.save_pretrained(folder)
            backend = resolve_backend(f"hf:{folder}", settings)
            if isinstance(backend, LocalBackend):
                backend.load()
        return backend


def _folder(model_spec: ModelSpec, settings: Settings, method: str) -> str:
    """The folder or repository of a model whose weights run in this process."""
    backend = resolve_backend(model_spec, settings)
    from amnestic.models.transformers_backend import TransformersBackend

    if not isinstance(backend, TransformersBackend):
        raise ConfigurationError(
            f"weight method {method!r} needs the weights of its model, 'embedded' or "
            f"'hf:<folder>', and {backend.name!r} has none here that it could train"
        )
    return backend.model.checkpoint
