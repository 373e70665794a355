"""Every error that Amnestic raises, in one tree.

    AmnesticError
    ├── ConfigurationError        settings that cannot work; known at start where possible
    │   ├── ModelNotFoundError    a model spec that names nothing that can be loaded
    │   ├── MissingExtraError     a part that is not installed; says the command that installs it
    │   ├── EmbedderError         an embedding model that is missing or is not the one asked for
    │   ├── PromptError           a prompt file that is missing, malformed or asks for unknown input
    │   └── DataSetError          a data set that is missing, foreign, broken or asks for nothing
    ├── InvalidRequestError       a caller's input that cannot be served as it stands
    │   ├── ForgetRequestError    plain words from which no target can be read
    │   │   ├── TargetTooBroadError       a target that would match nearly everything
    │   │   ├── NeedsClarificationError   a wish to forget that leaves open what or who is meant
    │   │   └── SeveralTargetsError       several targets where one was to be read
    │   ├── UnsupportedContentError   a message with an unknown role or content part
    │   └── InputTooLargeError    a text over the configured limit
    ├── ClosedError               a layer that is used after `close`
    ├── TargetNotFoundError       an id that the registry does not hold
    ├── TargetStateError          an action that the target's status does not allow (revoked twice)
    ├── KeyNotFoundError          an id that none of the registry's access keys has
    ├── KeyStateError             an action that a key's state does not allow (revoked twice)
    ├── RegistryError             the database cannot be used
    │   ├── RegistryUnavailableError   locked, read-only or out of reach
    │   ├── RegistryVersionError       written by a newer Amnestic
    │   ├── RegistryCorruptError       not a database, or damaged
    │   └── SealError                  a sealed target whose key is missing, or that was changed
    ├── AgentError                an agent's answer cannot be read; the request fails closed
    ├── TrainingError             weights that cannot be trained: the loss is no number any more
    ├── RetrievalError            the index or the embedder failed on a request
    ├── RunError                  an evaluation that cannot be read, gone on with or written
    ├── CorpusError               a corpus, or a file of one, that cannot be read, gone on with or
    │                             written
    ├── StoreError                a store that cannot be opened, is of a kind that is not known, or
    │                             is being swept by another
    ├── ModelError                a chat model failed: unreachable, refused, timed out, unreadable
    ├── ModelCodeError            the code around a chat model failed near a target: kind and place
    ├── EventLoopError            a chat model's connections are another event loop's or process's
    └── WithheldError             the reply was withheld and the settings ask for an exception

Messages name the thing, the value and the mend. They never hold a draft, a secret, the text of a
forget target or a provider's words, so that they may reach callers and logs.

Only what comes from a provider is a `ModelError`: its client library's own errors, an HTTP status,
a time-out, a lost connection, an answer that the client library cannot read. Any other exception,
such as a `TypeError` in a chat model of the caller's, is raised as it is where the conversation is
far from every target and the words of the exception pass the review that every draft passes. Else
it is a `ModelCodeError`, which tells its kind and its place and none of its words: they may quote
a draft that nobody has looked at. Both are failures of the wrapped model, so that a listed subject
fails as any other does; an agent's failure ends in an abstention.
"""

from __future__ import annotations

__all__ = [
    "AgentError",
    "AmnesticError",
    "ClosedError",
    "ConfigurationError",
    "CorpusError",
    "DataSetError",
    "EmbedderError",
    "EventLoopError",
    "ForgetRequestError",
    "InputTooLargeError",
    "InvalidRequestError",
    "KeyNotFoundError",
    "KeyStateError",
    "MissingExtraError",
    "ModelCodeError",
    "ModelError",
    "ModelNotFoundError",
    "NeedsClarificationError",
    "PromptError",
    "RegistryCorruptError",
    "RegistryError",
    "RegistryUnavailableError",
    "RegistryVersionError",
    "RetrievalError",
    "RunError",
    "SealError",
    "SeveralTargetsError",
    "StoreError",
    "TargetNotFoundError",
    "TargetStateError",
    "TargetTooBroadError",
    "TrainingError",
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


class DataSetError(ConfigurationError):
    """A data set of an evaluation is missing, is of another layout, or has nothing to forget; the
    message names file, line and field, and what would mend it."""


class InvalidRequestError(AmnesticError, ValueError):
    """A caller's input cannot be served as it stands."""


class ForgetRequestError(InvalidRequestError):
    """No forget target can be read from the words of a request."""


class TargetTooBroadError(ForgetRequestError):
    """A forget target would match nearly everything."""


class NeedsClarificationError(ForgetRequestError):
    """A request wants something forgotten, and what or who is meant must be asked; its message is
    the question."""


class SeveralTargetsError(ForgetRequestError):
    """A request names several targets where one was to be read."""


class UnsupportedContentError(InvalidRequestError):
    """A message has a role or a content part that the layer does not know; `param` is the field of
    the request, where it is one."""

    def __init__(self, message: str, param: str | None = None) -> None:
        self.param = param
        super().__init__(message)


class InputTooLargeError(InvalidRequestError):
    """A text is over the configured limit."""


class ClosedError(AmnesticError):
    """A layer was used after it was closed."""


class TargetNotFoundError(AmnesticError, LookupError):
    """The registry holds no target with the id given."""


class TargetStateError(AmnesticError):
    """The target's status does not allow the action, as when it is revoked twice."""


class KeyNotFoundError(AmnesticError, LookupError):
    """None of the registry's access keys has the id given."""


class KeyStateError(AmnesticError):
    """An access key's state does not allow the action, as when it is revoked twice."""


class RegistryError(AmnesticError):
    """The registry's database cannot be used."""


class RegistryUnavailableError(RegistryError):
    """The database is locked, read-only or out of reach."""


class RegistryVersionError(RegistryError):
    """The database was written by a newer Amnestic."""


class RegistryCorruptError(RegistryError):
    """The file is not a registry database, or it is damaged."""


class SealError(RegistryError):
    """A sealed target cannot be opened: its key is missing, or it was changed by somebody else."""


class AgentError(AmnesticError):
    """An agent's answer cannot be read; the request fails closed."""


class TrainingError(AmnesticError):
    """Training a copy of a model failed: its loss or its gradients are no numbers any more."""


class RetrievalError(AmnesticError):
    """The index or the embedder failed while a request was served."""


class RunError(AmnesticError):
    """The folder of an evaluation's run cannot be read, gone on with, or written."""


class CorpusError(AmnesticError):
    """A corpus, or a file of one, cannot be read, gone on with or written; the message says what
    would mend it."""


class StoreError(AmnesticError):
    """A store cannot be opened or swept: it is not there, of a kind that is not known, or another
    sweep has it; the message says what would mend it."""


class ModelError(AmnesticError):
    """A chat model failed: it could not be reached, refused, timed out or was unreadable.

    Args:
        message: what happened.
        hint: what to do about it; part of what is printed.
        retryable: whether the same call may succeed when it is made again: after a lost
            connection, a time-out, a rate limit or a server's own error.
        retry_after: seconds that the provider asks to wait before that.
        status_code: the HTTP status that it answered with.
        request_id: what the provider calls the request, for a question to its support. It is not
            part of what is printed, since callers may read that and an id is the provider's word.

    >>> error = ModelError("model 'm' answered HTTP 429", hint="wait", status_code=429)
    >>> print(error)
    model 'm' answered HTTP 429: wait
    >>> error.status_code, error.retryable
    (429, False)
    """

    def __init__(
        self,
        message: str = "",
        *,
        hint: str = "",
        retryable: bool = False,
        retry_after: float | None = None,
        status_code: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.retryable = retryable
        self.retry_after = retry_after
        self.status_code = status_code
        self.request_id = request_id

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}: {self.hint}" if self.hint else message


class ModelCodeError(AmnesticError):
    """The code around a chat model failed, not its provider: where, and with which exception.

    The exception itself is not part of it, since its words could quote a draft.
    """


class EventLoopError(AmnesticError):
    """A chat model's connections belong to an event loop that is closed or is not the caller's, or
    to the process that this one was forked from."""


class WithheldError(AmnesticError):
    """The reply was withheld, and `on_failure="raise"` asks for an exception instead of words."""
