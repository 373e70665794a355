"""Every error that Amnestic raises, in one tree.

    AmnesticError
    ├── ConfigurationError        settings that cannot work; known at start where possible
    │   ├── ModelNotFoundError    a model spec that names nothing that can be loaded
    │   ├── MissingExtraError     a part that is not installed; says the command that installs it
    │   ├── EmbedderError         an embedding model that is missing or is not the one asked for
    │   └── PromptError           a prompt file that is missing, malformed or asks for unknown input
    ├── InvalidRequestError       a caller's input that cannot be served as it stands
    │   ├── ForgetRequestError    plain words from which no target can be read
    │   │   └── TargetTooBroadError   a target that would match nearly everything
    │   ├── UnsupportedContentError   a message with an unknown role or content part
    │   └── InputTooLargeError    a text over the configured limit
    ├── ClosedError               a layer that is used after `close`
    ├── TargetNotFoundError       an id that the registry does not hold
    ├── TargetStateError          an action that the target's status does not allow (revoked twice)
    ├── RegistryError             the database cannot be used
    │   ├── RegistryUnavailableError   locked, read-only or out of reach
    │   ├── RegistryVersionError       written by a newer Amnestic
    │   └── RegistryCorruptError       not a database, or damaged
    ├── AgentError                an agent's answer cannot be read; the request fails closed
    ├── RetrievalError            the index or the embedder failed on a request
    ├── ModelError                a chat model failed: unreachable, refused, timed out, unreadable
    └── WithheldError             the reply was withheld and the settings ask for an exception

Messages name the thing, the value and the mend. They never hold a draft, a secret or the text of
a forget target, so that they may reach callers and logs.
"""

from __future__ import annotations

__all__ = [
    "AgentError",
    "AmnesticError",
    "ClosedError",
    "ConfigurationError",
    "EmbedderError",
    "ForgetRequestError",
    "InputTooLargeError",
    "InvalidRequestError",
    "MissingExtraError",
    "ModelError",
    "ModelNotFoundError",
    "PromptError",
    "RegistryCorruptError",
    "RegistryError",
    "RegistryUnavailableError",
    "RegistryVersionError",
    "RetrievalError",
    "TargetNotFoundError",
    "TargetStateError",
    "TargetTooBroadError",
    "UnsupportedContentError",
    "WithheldError",
]


class AmnesticError(Exception):
    """The root of every error that Amnestic raises on purpose."""


class ConfigurationError(AmnesticError, ValueError):
    """A setting is wrong, or settings contradict each other."""


class ModelNotFoundError(ConfigurationError):
    """A model spec names nothing that can be loaded."""


class MissingExtraError(ConfigurationError):
    """A part that is installed only when asked for is not there; `extra` is its name and `command`
    what installs it.

    >>> print(MissingExtraError("server", "`amnestic serve`"))
    `amnestic serve` needs the extra 'server': run pip install 'amnestic[server]'
    """

    def __init__(self, extra: str, what: str, otherwise: str = "") -> None:
        self.extra = extra
        self.command = f"pip install 'amnestic[{extra}]'"
        super().__init__(f"{what} needs the extra {extra!r}: run {self.command}{otherwise}")


class EmbedderError(ConfigurationError):
    """The embedding model is missing, or is not the one that was asked for."""


class PromptError(ConfigurationError):
    """A prompt file is missing, malformed, or asks for an input that it is not given."""


class InvalidRequestError(AmnesticError, ValueError):
    """A caller's input cannot be served as it stands."""


class ForgetRequestError(InvalidRequestError):
    """No forget target can be read from the words of a request."""


class TargetTooBroadError(ForgetRequestError):
    """A forget target would match nearly everything."""


class UnsupportedContentError(InvalidRequestError):
    """A message has a role or a content part that the layer does not know."""


class InputTooLargeError(InvalidRequestError):
    """A text is over the configured limit."""


class ClosedError(AmnesticError):
    """A layer was used after it was closed."""


class TargetNotFoundError(AmnesticError, LookupError):
    """The registry holds no target with the id given."""


class TargetStateError(AmnesticError):
    """The target's status does not allow the action, as when it is revoked twice."""


class RegistryError(AmnesticError):
    """The registry's database cannot be used."""


class RegistryUnavailableError(RegistryError):
    """The database is locked, read-only or out of reach."""


class RegistryVersionError(RegistryError):
    """The database was written by a newer Amnestic."""


class RegistryCorruptError(RegistryError):
    """The file is not a registry database, or it is damaged."""


class AgentError(AmnesticError):
    """An agent's answer cannot be read; the request fails closed."""


class RetrievalError(AmnesticError):
    """The index or the embedder failed while a request was served."""


class ModelError(AmnesticError):
    """A chat model failed: it could not be reached, refused, timed out or was unreadable.

    `retryable` says whether the same call may succeed when it is made again: a lost connection, a
    time-out, a rate limit or a server's own error.
    """

    def __init__(self, message: str = "", *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class WithheldError(AmnesticError):
    """The reply was withheld, and `on_failure="raise"` asks for an exception instead of words."""
