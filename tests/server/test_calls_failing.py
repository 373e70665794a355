"""Calls that go wrong, and answers with unusual heads: what is an API out of reach, what is sent
once more, and what is given up."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress

import pytest

from amnestic.exceptions import ConfigurationError, ModelError
from amnestic.integrations.openai import Answer
from amnestic.server import calls
from amnestic.server.upstream import UpstreamAPI
from tests.server.test_calls import OK, api, asked, field, head_of, saying


def test_a_reset_is_an_api_out_of_reach() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(reader)
        reset = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        writer.transport.abort()

    with pytest.raises(ModelError, match="could not be reached") as told:
        asked(serve)
    assert told.value.retryable


def test_a_head_of_very_many_lines_is_read() -> None:
    """As of a gateway that passes on what the API behind it says of itself."""
    lines = b"".join(b"x-%d: v\r\n" % n for n in range(1_000))
    (answer,) = asked(saying(OK.replace(b"\r\n\r\n", b"\r\n" + lines + b"\r\n"), []))
    assert ("x-999", "v") in answer.headers


def test_a_call_whose_answer_had_begun_is_not_sent_again() -> None:
    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await head_of(reader))
        writer.write(OK)
        heads.append(await head_of(reader))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: appl")

    with pytest.raises(ModelError, match="could not be reached"):
        asked(serve, 2)
    assert len(heads) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_call_that_was_being_worked_at_is_not_sent_again(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "_MOMENT", -1.0)
    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not heads:
            heads.append(await head_of(reader))
            writer.write(OK)
        heads.append(await head_of(reader))

    async def run() -> None:
        async with api(serve) as upstream:
            await upstream.request(method, "/models", None)
            await upstream.request(method, "/models", None)

    with pytest.raises(ModelError, match="could not be reached"):
        asyncio.run(run())
    # What only reads aiohttp itself sends once more.
    assert len(heads) == (2 if method == "POST" else 3)


def test_an_api_that_does_not_take_a_long_request_is_given_up() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await given_up.wait()
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    async def run() -> Answer:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        upstream = UpstreamAPI(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", None, 0.2)
        try:
            return await upstream.request("POST", "/chat", b" " * 30_000_000)
        finally:
            given_up.set()
            await ended.wait()
            await upstream.aclose()
            server.close()

    given_up, ended = asyncio.Event(), asyncio.Event()
    with pytest.raises(ModelError, match="did not answer in time"):
        asyncio.run(run())


def test_a_password_without_a_user_is_sent() -> None:
    heads: list[str] = []
    asked(saying(OK, heads), user=":pass@", key="secret")
    assert field("authorization", heads[0]) == ["Basic OnBhc3M="]


@pytest.mark.parametrize("key", ["secret\n", "sec\r\nx-other: ret", "sec\x00ret"])
def test_a_key_that_no_header_holds_is_refused_at_once(key: str) -> None:
    with pytest.raises(ConfigurationError, match="AMNESTIC_UPSTREAM_KEY") as told:
        UpstreamAPI("http://127.0.0.1:1/v1", key, 1.0)
    assert "ret" not in str(told.value)
