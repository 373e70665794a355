"""One file of settings beside the environment, and nothing in it is passed over."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.config import Settings
from amnestic.config_file import warn_of_keys
from amnestic.exceptions import ConfigurationError
from amnestic.server.settings import ServerSettings
from amnestic.testing import LogCapture
from tests.prepared import COMMAND, run

SECRET = "sk-live-4242"
Writes = Callable[..., Path]

TOML = """
rounds = 1
audit = ["tenant"]
agent_models = {critic = "openai:m"}

[server]
port = 9001
caller_keys = ["sk-live-4242"]

[server.namespace_keys]
tenant = ["sk-tenant-4242"]
"""
YAML = """
rounds: 1
audit: [tenant]
agent_models: {critic: "openai:m"}
server:
  port: 9001
  caller_keys: [sk-live-4242]
  namespace_keys: {tenant: [sk-tenant-4242]}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writes]:
    """Writes a file of settings, and names it in the environment."""

    def written(text: str, name: str = "amnestic.toml", mode: int = 0o600) -> Path:
        file = tmp_path / name
        file.write_text(text)
        file.chmod(mode)
        monkeypatch.setenv("AMNESTIC_CONFIG", str(file))
        return file

    warn_of_keys.cache_clear()
    yield written
    warn_of_keys.cache_clear()


@pytest.mark.parametrize(("name", "text"), [("a.toml", TOML), ("a.yaml", YAML), ("a.yml", YAML)])
def test_a_file_gives_the_settings_of_layer_and_server(write: Writes, name: str, text: str) -> None:
    write(text, name)
    settings, server = Settings(), ServerSettings()
    assert (settings.rounds, settings.audit) == (1, ("tenant",))
    assert settings.agent_models == {"critic": "openai:m"}
    assert server.port == 9001
    assert [key.get_secret_value() for key in server.caller_keys] == [SECRET]
    assert list(server.namespace_keys) == ["tenant"]
    assert "4242" not in repr(server)


def test_an_argument_goes_before_a_variable_and_that_before_the_file(
    write: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("rounds = 1")
    assert Settings().rounds == 1
    monkeypatch.setenv("AMNESTIC_ROUNDS", "")
    assert Settings().rounds == 1
    monkeypatch.setenv("AMNESTIC_ROUNDS", "3")
    assert Settings().rounds == 3
    assert Settings(rounds=4).rounds == 4


def test_a_table_is_taken_from_one_place_alone(
    write: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(TOML)
    assert ServerSettings(namespace_keys={"other": ["k"]}).namespace_keys.keys() == {"other"}
    monkeypatch.setenv("amnestic_server_namespace_keys", '{"third": ["k"]}')
    assert ServerSettings().namespace_keys.keys() == {"third"}


def test_the_upstreams_other_variable_goes_before_the_file(
    write: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    write('[server]\nupstream_key = "from-the-file"')

    def key() -> str:
        found = ServerSettings().upstream_key
        return found.get_secret_value() if found else ""

    monkeypatch.setenv("OPENAI_API_KEY", "somebody-elses")
    assert key() == "from-the-file"
    monkeypatch.setenv("AMNESTIC_UPSTREAM_KEY", "from-the-environment")
    assert key() == "from-the-environment"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ruonds = 1", "'ruonds' is no setting; did you mean `rounds`?"),
        ("[server]\nprot = 1", "'server.prot' is no setting; did you mean `server.port`?"),
        ("port = 1", "'port' is no setting; did you mean `server.port`?"),
        ("[sevrer]\nport = 1", "'sevrer' is no setting; did you mean `server"),
        ("zzzzzz = 1", "'zzzzzz' is no setting; see docs/settings.md"),
        ("server = 1", "'server' is a table, such as [server] in TOML"),
        ('rounds = "sk-live-4242"', "rounds: Input should be a valid integer"),
        ('[server]\nport = "sk-live-4242"', "server.port: Input should be a valid integer"),
        ('audit = "sk-live-4242"', "audit: give `all`"),
        ("rounds = sk-live-4242", "it is no TOML (line 1, column 10)"),
        ("rounds = 1\nrounds = 1\n", "it is no TOML (line 2, column 11)"),
    ],
)
def test_what_cannot_be_is_one_line_without_its_value(write: Writes, text: str, says: str) -> None:
    file = write(text)
    with pytest.raises(ConfigurationError) as told:
        _ = Settings(), ServerSettings()
    message = str(told.value)
    assert says in message
    assert str(file) in message
    assert "\n" not in message
    assert "4242" not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("{", "a.yaml", "it is no YAML (line 1, column 2)"),
        ("a: !!python/object:os.system {}", "a.yaml", "it is no YAML"),
        ("- rounds", "a.yaml", "write a line such as"),
        ("1: 2", "a.yaml", "write a line such as"),
        ("rounds = 1", "a.ini", "name it .toml or .yaml"),
        ("x" * 1_000_001, "a.toml", "more than 1,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    write: Writes, text: str, name: str, says: str
) -> None:
    write(text, name)
    with pytest.raises(ConfigurationError, match="cannot be read") as told:
        Settings()
    assert says in str(told.value)


def test_a_file_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMNESTIC_CONFIG", "/nowhere/a.toml")
    with pytest.raises(ConfigurationError, match=r"`/nowhere/a.toml` cannot be read: No such file"):
        Settings()


def test_an_empty_file_says_nothing(write: Writes) -> None:
    write("", "a.yaml")
    assert Settings().rounds == 2


@pytest.mark.skipif(os.name != "posix", reason="who may read a file is told otherwise here")
@pytest.mark.parametrize(
    ("text", "kind", "mode", "warned"),
    [
        (TOML, ServerSettings, 0o644, True),
        (TOML, ServerSettings, 0o600, False),
        ('api_key = "sk-live-4242"', Settings, 0o640, True),
        ('db = "postgresql://me:sk-live-4242@host/db"', Settings, 0o644, True),
        ("rounds = 1", Settings, 0o644, False),
    ],
)
def test_a_file_of_keys_that_others_may_read_is_warned_of_once(
    write: Writes, debug_logs: LogCapture, text: str, kind: Any, mode: int, warned: bool
) -> None:
    write(text, mode=mode)
    kind()
    kind()
    told = [line for line in debug_logs.lines if "chmod 600" in line]
    assert len(told) == int(warned)
    assert "4242" not in "".join(debug_logs.lines)


def test_a_layer_follows_the_file(write: Writes, tmp_path: Path) -> None:
    write(f'db = "{tmp_path}/there.db"\nelicit = false')
    with Amnesia() as amnesia:
        amnesia.forget("Please forget Ana Morel.")
    assert (tmp_path / "there.db").exists()


@pytest.mark.parametrize("before", [True, False])
def test_every_command_takes_the_file(tmp_path: Path, before: bool) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f'db = "{tmp_path}/there.db"\n[server]\nprot = 1\n')
    command = ["--config", str(file), "serve"] if before else ["serve", "--config", str(file)]
    done = run(COMMAND, *command)
    assert (done.returncode, done.stdout) == (2, "")
    wanted = f"amnestic: `{file}`: 'server.prot' is no setting; did you mean `server.port`?\n"
    assert done.stderr == wanted
    file.write_text(f'db = "{tmp_path}/there.db"\n')
    listed = run(COMMAND, "--config", str(file), "targets", "--json")
    assert (listed.returncode, listed.stdout.strip()) == (0, "[]")
    assert (tmp_path / "there.db").exists()
