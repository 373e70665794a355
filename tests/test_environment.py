"""Settings from the environment: what cannot be is one line, and a slip of the pen is said."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator

import pytest

from amnestic import Amnesia
from amnestic.config import Settings, read_settings
from amnestic.environment import _warn_of, known_variables
from amnestic.exceptions import ConfigurationError
from amnestic.server.settings import ServerSettings

SECRET = "sk-live-4242"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Each test is told of what another was told of."""
    _warn_of.cache_clear()
    yield
    _warn_of.cache_clear()


@pytest.mark.parametrize(
    ("name", "value", "kind", "says"),
    [
        ("AMNESTIC_ALPHA", "0.9", Settings, "Input should be less than 0.5"),
        ("AMNESTIC_ALPHA", SECRET, Settings, "Input should be a valid number"),
        ("AMNESTIC_POLICY", SECRET, Settings, "Input should be 'strict' or 'balanced'"),
        ("AMNESTIC_ON_FAILURE", SECRET, Settings, "Input should be 'abstain' or 'raise'"),
        ("AMNESTIC_BASE_URL", SECRET, Settings, "not a base URL; give one such as https://"),
        ("AMNESTIC_BASE_URL", f"http://me:{SECRET}@[h", Settings, "not a base URL"),
        ("AMNESTIC_AGENT_MODELS", SECRET, Settings, "not JSON; write a list as"),
        ("AMNESTIC_AGENT_MODELS", f'["{SECRET}"]', Settings, "Input should be a valid dictionary"),
        ("AMNESTIC_SERVER_PORT", "99999", ServerSettings, "less than or equal to 65535"),
        ("AMNESTIC_SERVER_CALLER_KEYS", SECRET, ServerSettings, "not JSON; write a list as"),
        ("AMNESTIC_SERVER_CALLER_KEYS", f'{{"{SECRET}": 1}}', ServerSettings, "valid tuple"),
        ("AMNESTIC_SERVER_CALLER_KEYS", "[4242]", ServerSettings, "valid string"),
    ],
)
def test_a_malformed_variable_is_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, kind: type[Settings], says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as told:
        kind()
    message = str(told.value)
    assert message.startswith(f"{name}: ")
    assert says in message
    assert message.endswith("; see docs/settings.md")
    assert "\n" not in message
    assert "4242" not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize(
    ("kind", "given", "says"),
    [
        (Settings, {"rounds": 99}, "setting 'rounds': Input should be less than or equal to 8"),
        (Settings, {"agent_models": {"critic": 5}}, "setting 'agent_models.critic': Input should"),
        (Settings, {"wizardry": 1}, "unknown setting 'wizardry'; see amnestic.config.Settings"),
        (ServerSettings, {"port": -1}, "server setting 'port': Input should be greater than"),
        (
            ServerSettings,
            {"prot": 1},
            "unknown server setting 'prot'; see amnestic.server.settings",
        ),
    ],
)
def test_an_argument_that_cannot_be_is_one_line(kind, given, says) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError) as told:
        kind(**given)
    assert str(told.value).startswith(says)
    assert "\n" not in str(told.value)


def test_the_facade_and_the_reader_refuse_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMNESTIC_ROUNDS", "many")
    for refused in (Settings, lambda: read_settings(None, {}), Amnesia):
        with pytest.raises(ConfigurationError, match=r"^AMNESTIC_ROUNDS: Input should be a valid"):
            refused()  # type: ignore[operator]


def test_json_is_read_from_variables_and_values_from_arguments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AMNESTIC_AGENT_MODELS", '{"critic": "embedded"}')
    monkeypatch.setenv("AMNESTIC_SERVER_CALLER_KEYS", '["one", "two"]')
    assert Settings().agent_models == {"critic": "embedded"}
    assert Settings(agent_models={"vetter": "embedded"}).agent_models == {"vetter": "embedded"}
    assert [key.get_secret_value() for key in ServerSettings().caller_keys] == ["one", "two"]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("AMNESTIC_ALPAH", "AMNESTIC_ALPHA"),
        ("AMNESTIC_TRHEADS", "AMNESTIC_THREADS"),
        ("AMNESTIC_PORT", "AMNESTIC_SERVER_PORT"),
        ("AMNESTIC_SEVER_PORT", "AMNESTIC_SERVER_PORT"),
        ("AMNESTIC_SERVER_ADMIN_TOKE", "AMNESTIC_SERVER_ADMIN_TOKEN"),
        ("amnestic_cache_dri", "AMNESTIC_CACHE_DIR"),
        ("AMNESTIC_UPSTREAM_KEYS", "AMNESTIC_UPSTREAM_KEY"),
        ("AMNESTIC_ZYXWVUT", None),
    ],
)
def test_an_unknown_variable_is_warned_of_once_with_the_nearest_known(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    nearest: str | None,
) -> None:
    monkeypatch.setenv(name, SECRET)
    for _ in range(3):
        Settings()
        ServerSettings()
    (warned,) = caplog.records
    assert (warned.name, warned.levelno) == ("amnestic.config", logging.WARNING)
    meant = f"did you mean {nearest}? " if nearest else ""
    assert warned.getMessage() == (
        f"{name!r} is no setting and changes nothing; {meant}see docs/settings.md"
    )


def test_what_is_known_is_not_warned_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in known_variables() - {"AMNESTIC_MOST"}:
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("amnestic_rounds", "3")
    assert Settings().rounds == 3
    ServerSettings()
    assert caplog.records == []


def test_a_subclass_of_a_users_own_has_variables_of_its_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Ours(Settings):
        colour: str = "red"
        """What it looks like."""

    monkeypatch.setenv("AMNESTIC_COLOUR", "blue")
    assert read_settings(Ours(), {"rounds": 1}).colour == "blue"  # type: ignore[attr-defined]
    assert Ours.model_fields["colour"].description == "What it looks like."
    assert caplog.records == []


def test_the_servers_variables_do_not_concern_a_program_that_serves_nothing() -> None:
    code = "from amnestic import Settings; Settings()"
    env = {**os.environ, "AMNESTIC_SERVER_PROT": "1", "AMNESTIC_ALPAH": "1"}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert told.returncode == 0
    assert "AMNESTIC_SERVER_PROT" not in told.stderr
    assert "did you mean AMNESTIC_ALPHA?" in told.stderr
