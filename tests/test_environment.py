"""Settings that cannot be are one line, and no value of theirs is told."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from pydantic import ValidationError

from amnestic import Amnesia, Settings
from amnestic.config import read_settings
from amnestic.environment import tell_of_unknown
from amnestic.exceptions import ConfigurationError
from amnestic.server.settings import read_server_settings

URLS = (
    "postgresql+psycopg://user:secret@host/registry",
    "postgres://user:secret@host/registry",
    "sqlite:///registry.db",
    "mysql://user:secret@host/registry",
    "file:///tmp/registry.db",
)


@pytest.fixture(autouse=True)
def _unwarned() -> None:
    tell_of_unknown.cache_clear()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AMNESTIC_ALPHA", "secret", r"setting 'alpha' \(AMNESTIC_ALPHA\): .*valid number"),
        ("AMNESTIC_ROUNDS", "99", r"AMNESTIC_ROUNDS\): .*less than or equal to 8"),
        ("AMNESTIC_AGENT_MODELS", "{secret", r"AMNESTIC_AGENT_MODELS\): it is not JSON"),
        ("AMNESTIC_BASE_URL", "secret", r"AMNESTIC_BASE_URL\): not a base URL"),
    ],
)
def test_a_malformed_variable_is_one_line_without_its_value(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=said) as told:
        read_settings(None, {})
    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)
    assert str(told.value).endswith("see docs/settings.md")


def test_a_malformed_variable_of_the_server_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMNESTIC_SERVER_CALLER_KEYS", "secret")
    with pytest.raises(ConfigurationError, match="AMNESTIC_SERVER_CALLER_KEYS") as told:
        read_server_settings({})
    assert "secret" not in str(told.value)


def test_a_misspelt_variable_is_warned_of_once_without_its_value(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AMNESTIC_API_KYE", "secret")
    monkeypatch.setenv("AMNESTIC_UPSTREAM_KEY", "known")
    monkeypatch.setenv("AMNESTIC_SERVER_PROT", "8")
    with caplog.at_level(logging.WARNING):
        read_settings(None, {})
        read_settings(None, {})
    assert [record.getMessage() for record in caplog.records] == [
        "the environment variable AMNESTIC_API_KYE is not known; did you mean AMNESTIC_API_KEY?"
    ]
    with caplog.at_level(logging.WARNING):
        read_server_settings({})
    assert "did you mean AMNESTIC_SERVER_PORT?" in caplog.records[-1].getMessage()


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("kind", [str, Path])
def test_a_url_never_becomes_a_file_name(
    url: str, kind: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="a URL is not a file") as told:
        Amnesia(db=kind(url))
    assert "secret" not in str(told.value)
    with pytest.raises(ValidationError) as raised:
        Settings(db=kind(url))
    assert "secret" not in f"{raised.value} {raised.value!r}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["registry.db", "a folder/r.db", "C:/data/r.db", "x:y.db"])
def test_a_path_stays_a_path(path: str) -> None:
    assert Settings(db=path).db == Path(path)  # type: ignore[arg-type]
