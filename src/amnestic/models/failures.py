"""Whatever a provider raises, as one `ModelError` that holds none of the provider's text.

Providers quote requests and answers in their errors, so the text of an error is never passed on:
only its kind, its HTTP status and what to do.
"""

from __future__ import annotations

from amnestic.exceptions import ModelError

__all__ = ["describe"]

_MENDS = {
    400: "it refused the request as malformed: check the options that were passed",
    401: "it refused the API key: check OPENAI_API_KEY or the key in the settings",
    403: "it refused access: check what the API key may use",
    404: "it does not know this model or path: check the model's name and the base URL",
    413: "it refused the request as too large: shorten the conversation",
    422: "it could not process the request: check the options that were passed",
    429: "it is limiting the rate or the quota is used up: wait, or raise the limit",
}
_CONNECTION = ("connect", "network", "protocolerror", "readerror", "writeerror", "remotedisconnect")


def describe(name: str, error: BaseException) -> ModelError:
    """The `ModelError` to raise for what the model called `name` raised.

    >>> str(describe("openai:m", TimeoutError()))
    "model 'openai:m' did not answer in time: raise the time-out or use a faster model"
    """
    if isinstance(error, ModelError):
        return error
    status = _status(error)
    if status is not None:
        return _from_status(name, status)
    kind = type(error).__name__
    lowered = kind.lower()
    if isinstance(error, TimeoutError) or "timeout" in lowered:
        mend = "did not answer in time: raise the time-out or use a faster model"
        return ModelError(f"model {name!r} {mend}", retryable=True)
    if isinstance(error, ConnectionError) or any(word in lowered for word in _CONNECTION):
        mend = "could not be reached: check the base URL and that the server is running"
        return ModelError(f"model {name!r} {mend}", retryable=True)
    if lowered == "contextoverflowerror":
        return ModelError(f"model {name!r} cannot take so long a conversation: shorten it")
    return ModelError(f"model {name!r} failed or gave an unreadable answer ({kind})")


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status >= 400:
            return status
    return None


def _from_status(name: str, status: int) -> ModelError:
    server = "its server failed: try again later"
    mend = _MENDS.get(status, server if status >= 500 else "it refused the request")
    retryable = status in (408, 409, 425, 429) or status >= 500
    return ModelError(f"model {name!r} answered HTTP {status}: {mend}", retryable=retryable)
