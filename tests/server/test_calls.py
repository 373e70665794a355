"""Calls to the API behind the server, over connections that are kept."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from amnestic.exceptions import ConfigurationError, ModelError
from amnestic.integrations.openai import Answer
from amnestic.server.upstream import UpstreamAPI

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def api(serve: Serve, user: str = "", **settings: Any) -> AsyncIterator[UpstreamAPI]:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    calls = UpstreamAPI(f"http://{user}127.0.0.1:{port}/v1/", settings.get("key"), 20.0)
    try:
        yield calls
    finally:
        await calls.aclose()
        server.close()


async def head_of(reader: asyncio.StreamReader) -> str:
    """The head of a request, its body read."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lengths = [int(v) for v in field("content-length", head)]
    await reader.readexactly(sum(lengths))
    return head


def field(name: str, head: str) -> list[str]:
    pairs = [line.partition(":") for line in head.split("\r\n")[1:]]
    return [value.strip() for key, _, value in pairs if key.lower() == name]


def saying(answer: bytes, heads: list[str]) -> Serve:
    """Answers every request alike, and keeps the connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            heads.append(await head_of(reader))
            writer.write(answer)
            await writer.drain()

    return serve


def asked(serve: Serve, count: int = 1, path: str = "/chat", **given: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        async with api(serve, **given) as calls:
            return [await calls.request("POST", path, b"{}") for _ in range(count)]

    return asyncio.run(run())


def test_connections_are_kept_and_cookies_are_not() -> None:
    heads: list[str] = []
    cookie = b"set-cookie: of=ada; Path=/\r\nset-cookie: [odd\x01]=of Osk\r\n\r\n"
    connections: list[int] = []
    serve = saying(OK.replace(b"\r\n\r\n", b"\r\n" + cookie), heads)

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        await serve(reader, writer)

    answers = asked(counted, 3)
    assert [(a.status, a.content) for a in answers] == [(200, b"{}")] * 3
    assert (len(connections), len(heads)) == (1, 3)
    assert not any(field("cookie", head) for head in heads)


def test_a_call_has_the_servers_key_and_a_path_that_is_not_quoted_anew() -> None:
    heads: list[str] = []
    asked(saying(OK, heads), path="/models/a%2Fb%C3%A9", key="secret")
    assert heads[0].startswith("POST /v1/models/a%2Fb%C3%A9 HTTP/1.1")
    assert field("authorization", heads[0]) == ["Bearer secret"]
    assert field("accept-encoding", heads[0]) == ["identity"]
    assert field("user-agent", heads[0])[0].startswith("amnestic/")


def test_a_user_in_the_address_is_sent_as_such() -> None:
    heads: list[str] = []
    asked(saying(OK, heads), user="ada:p%40ss@", key="secret")
    assert field("authorization", heads[0]) == ["Basic YWRhOnBAc3M="]
    assert "ada" not in heads[0]


@pytest.mark.parametrize("address", ["http://u:secret@[::1/v1", "http://u:secret@h:99999/v1"])
def test_an_address_that_cannot_be_called_is_not_quoted(address: str) -> None:
    with pytest.raises(ConfigurationError, match="base URL") as told:
        UpstreamAPI(address, None, 1.0)
    assert "secret" not in f"{told.value}{told.value.__context__}"


def test_a_redirection_is_an_answer() -> None:
    heads: list[str] = []
    moved = b"HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
    (answer,) = asked(saying(moved, heads))
    assert (answer.status, len(heads)) == (307, 1)


def test_what_is_packed_all_the_same_is_unpacked() -> None:
    packed = gzip.compress(b'{"a": 1}')
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(packed)}\r\n\r\n"
    (answer,) = asked(saying(head.encode() + packed, []))
    assert answer.content == b'{"a": 1}'


def test_a_long_line_in_a_head_is_read() -> None:
    long = b"x-long: " + b"a" * 30_000 + b"\r\n\r\n"
    (answer,) = asked(saying(OK.replace(b"\r\n\r\n", b"\r\n" + long), []))
    assert ("x-long", "a" * 30_000) in answer.headers


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nOsk\r\n{}",
        b"HTTP/1.1 OK\r\n\r\n{}",
        b"Osk wrote it.\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: Osk\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nOsk",
        b"HTTP/1.1 200",
        b"",
    ],
)
def test_an_answer_that_breaks_off_or_is_no_http_is_an_api_out_of_reach(said: bytes) -> None:
    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await head_of(reader))
        writer.write(said)
        await writer.drain()

    with pytest.raises(ModelError) as told:
        asked(serve)
    assert (told.value.status_code, told.value.retryable) == (None, True)
    assert "Osk" not in f"{told.value}{told.value.__cause__}{told.value.__context__}"
    assert len(heads) == 1


def test_an_answer_with_a_length_and_chunks_is_said_to_have_both() -> None:
    """As by what copies the head of an answer that it sends on in chunks."""
    chunked = b"HTTP/1.1 200 Osk\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n"
    with pytest.raises(ModelError, match="a length and comes in chunks") as told:
        asked(saying(chunked + b"2\r\n{}\r\n0\r\n\r\n", []))
    assert (told.value.status_code, told.value.retryable) == (None, False)
    assert "Osk" not in f"{told.value}{told.value.__cause__}{told.value.__context__}"


def test_an_answer_that_only_names_a_length_and_chunks_is_not_said_to_have_both() -> None:
    broken = b"HTTP/1.1 200 OK\r\nx y: Transfer-Encoding, Content-Length\r\n\r\n{}"
    with pytest.raises(ModelError) as told:
        asked(saying(broken, []))
    assert "chunks" not in str(told.value)


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_that_was_closed_while_it_was_idle_costs_no_answer(reset: bool) -> None:
    """As by an API that stops at once, or has waited just as long as it does."""
    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await head_of(reader))
        writer.write(OK)
        heads.append(await head_of(reader))  # and hangs up
        if reset:
            writer.transport.abort()

    assert [a.status for a in asked(serve, 3)] == [200, 200, 200]
    assert len(heads) == 5


def test_a_connection_that_is_new_is_not_tried_again() -> None:
    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await head_of(reader))

    with pytest.raises(ModelError, match="could not be reached"):
        asked(serve)
    assert len(heads) == 1


def test_an_api_that_is_not_there_is_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    async def run() -> None:
        gone = UpstreamAPI(f"http://127.0.0.1:{port}/v1", None, 5.0)
        try:
            await gone.request("GET", "/models", None)
        finally:
            await gone.aclose()

    with pytest.raises(ModelError, match="could not be reached") as told:
        asyncio.run(run())
    assert told.value.retryable


def test_an_api_that_refuses_a_long_request_by_its_head_is_heard() -> None:
    refused = b"HTTP/1.1 413 Too large\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(refused)
        await writer.drain()
        while await reader.read(65_536):  # what is on its way
            pass

    async def run() -> Answer:
        async with api(serve) as calls:
            return await calls.request("POST", "/chat", b" " * 8_000_000)

    assert asyncio.run(run()).status == 413


def test_an_answer_that_is_left_is_closed_and_not_used_again() -> None:
    ended: list[bool] = []
    both = asyncio.Semaphore(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n")
        await writer.drain()
        ended.append(await reader.read() == b"")
        both.release()

    async def run() -> None:
        async with api(serve) as calls:
            for _ in range(2):
                async with calls.open("/chat", b"{}") as opened:
                    assert await anext(opened.pieces) == b"{}"
            for _ in range(2):
                await both.acquire()

    asyncio.run(run())
    assert ended == [True, True]


def test_a_long_request_arrives_whole() -> None:
    found: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        found.append(await reader.readexactly(int(field("content-length", head)[0])))
        assert field("content-type", head) == ["application/json"]
        writer.write(OK)
        await writer.drain()

    async def run() -> Answer:
        async with api(serve) as calls:
            return await calls.request("POST", "/chat", bytes(range(256)) * 20_000)

    assert asyncio.run(run()).status == 200
    assert found == [bytes(range(256)) * 20_000]


def test_an_api_whose_certificate_nobody_knows_is_not_told_the_key(tmp_path: Path) -> None:
    heads: list[str] = []
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(certificate_of_nobody(tmp_path))

    async def run() -> None:
        serve = saying(OK, heads)
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=shown)
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # the server's side
        port = server.sockets[0].getsockname()[1]
        calls = UpstreamAPI(f"https://127.0.0.1:{port}/v1", "secret", 5.0)
        try:
            await calls.request("GET", "/models", None)
        finally:
            await calls.aclose()
            server.close()

    with pytest.raises(ModelError, match="could not be reached"):
        asyncio.run(run())
    assert heads == []


def certificate_of_nobody(folder: Path) -> Path:
    """A certificate for this machine that it gave itself, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(here, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "both.pem").write_bytes(private + signed.public_bytes(Encoding.PEM))
    return folder / "both.pem"
