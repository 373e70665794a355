"""What a layer needs before its first request, as the `Amnesia` facade offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from amnestic.config import Settings

if TYPE_CHECKING:
    from amnestic.assembly import Parts
    from amnestic.models.resolve import ModelSpec
    from amnestic.portal import Portal
    from amnestic.tools.registry import Registry

__all__ = ["Loading"]


class Loading:
    """The part of `Amnesia` that looks at its model and loads it."""

    settings: Settings
    _model: ModelSpec
    _agent_model: ModelSpec | None
    _spaces: set[str]
    _portal: Portal
    _runs_here: bool  # whether a model's weights are loaded into this process

    if TYPE_CHECKING:

        @property
        def parts(self) -> Parts: ...

        @property
        def registry(self) -> Registry: ...

        def close(self) -> None: ...

    def load(self) -> None:
        """Open everything that requests need now, and load the weights of a model, the wrapped one
        or an agent's, that runs in this process, so that the first request does not wait for them.
        A `with` block around such a model begins with it. Raises `ModelNotFoundError` where a model
        cannot be loaded, `ClosedError` where the layer is closed.

        A process that forks its workers loads in each of them: no engine gets over a fork.

        >>> from amnestic import Amnesia
        >>> from amnestic.testing import ScriptedBackend
        >>> import tempfile
        >>> from pathlib import Path
        >>> folder = tempfile.TemporaryDirectory()
        >>> amnesia = Amnesia(ScriptedBackend("Hello."), db=Path(folder.name) / "r.db")
        >>> amnesia.load()
        >>> amnesia.chat("Hi!").text
        'Hello.'
        >>> amnesia.close()
        >>> folder.cleanup()
        """
        self._portal.check()
        self.parts.load()

    async def aload(self) -> None:
        """`load`, beside an event loop that goes on."""
        from amnestic.tools.offload import offload

        await offload(self.load)

    def _assembled(self) -> Parts:
        registry = self.registry  # first: where it cannot be opened, nothing else is loaded
        from amnestic.tools.embedding import load_ahead

        with load_ahead(self.settings.embedder):  # by a thread, while the rest is imported
            from amnestic.assembly import assemble

            return assemble(self._model, registry, self.settings, self._agent_model, self._spaces)

    def __enter__(self) -> Self:
        """The layer itself, with its weights loaded where it has a model in this process."""
        if self._runs_here:
            try:
                self.load()
            except BaseException:
                self.close()  # nobody else will: the block does not begin
                raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _check_model(self) -> None:
        """A spec that names nothing, and prompts that are none, are refused now, not at the first
        request."""
        from amnestic.models.protocol import LocalBackend

        model: object = self._model
        if isinstance(model, str):
            from amnestic.models.resolve import resolve_backend

            model = resolve_backend(model, self.settings)
        models: list[object] = [model]
        if self._agent_model is not None or self.settings.agent_models:
            from amnestic.assembly import agent_backends

            models.extend((agent_backends(self.settings, self._agent_model) or {}).values())
        self._runs_here = any(isinstance(model, LocalBackend) for model in models)
        if self.settings.prompts_dir is not None:
            from amnestic.prompts.loader import load_prompts

            load_prompts(self.settings.prompts_dir)
