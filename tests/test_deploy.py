"""What stands in `deploy/` fits the code: settings, paths, ports, commands, patience."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
import yaml

import amnestic.server.settings  # noqa: F401 - its variables are known
from amnestic import __version__
from amnestic.cli.app import app
from amnestic.config import Settings
from amnestic.environment import known_variables
from amnestic.server.app import create_app
from amnestic.server.settings import ServerSettings
from tests.layers import keyword_layer

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
FILES = sorted(p for p in DEPLOY.rglob("*") if p.is_file() and p.suffix != ".py")
DOCKERFILE = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text("utf-8"))
CHART = DEPLOY / "helm" / "amnestic"
POD = (CHART / "templates" / "deployment.yaml").read_text("utf-8")
VALUES = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
UNIT = (DEPLOY / "systemd" / "amnestic.service").read_text("utf-8")
CLOSING = 5  # seconds that workers have beside those of their requests
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(DEPLOY)))
def test_every_variable_is_read(file: Path) -> None:
    named = set(re.findall(r"\bAMNESTIC_[A-Z_]+\b", file.read_text("utf-8")))
    assert named <= known_variables()


def test_the_file_of_settings_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMNESTIC_CONFIG", str(DEPLOY / "systemd" / "amnestic.toml"))
    settings = ServerSettings()
    assert (settings.port, settings.log) == (8080, "json")
    assert settings.caller_keys
    assert Settings().audit == ()


def test_the_charts_settings_are_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "amnestic.yaml"
    VALUES["config"]["server"]["upstream"] = "https://api.example.org/v1"
    file.write_text(yaml.safe_dump(VALUES["config"]), "utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("AMNESTIC_CONFIG", str(file))
    assert ServerSettings().workers == VALUES["config"]["server"]["workers"]


def test_the_charts_schema_lets_no_key_into_what_is_no_secret() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text("utf-8"))
    of_layer = schema["properties"]["config"]["properties"]
    server = of_layer["server"]
    fields = ServerSettings.model_fields
    secret = {name for name, field in fields.items() if "SecretStr" in str(field.annotation)}
    assert {"caller_keys", "admin_token", "console_secret"} <= secret
    assert secret <= {name for name, rule in server["properties"].items() if rule is False}
    assert server["required"] == ["upstream"]
    assert not any(of_layer[name] for name in ("api_key", "seal_key", "db"))


def test_ports_are_one() -> None:
    port = str(ServerSettings().port)
    found = re.findall(r"(?:EXPOSE |SERVER_PORT=|127\.0\.0\.1:)(\d+)", DOCKERFILE)
    assert found == [port] * 3
    assert COMPOSE["services"]["amnestic"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert VALUES["service"]["port"] == int(port)
    assert re.findall(r"containerPort: (\d+)|AMNESTIC_SERVER_PORT\s+value: \"(\d+)\"", POD) == [
        (port, ""),
        ("", port),
    ]


def test_probes_ask_where_the_server_answers(tmp_path: Path) -> None:
    with keyword_layer(tmp_path, "Osk") as layer:
        paths = create_app(layer).openapi()["paths"]
    asked = re.findall(r"path: (/\w+)", POD) + re.findall(r"127\.0\.0\.1:\d+(/\w+)", DOCKERFILE)
    assert set(asked) == {"/healthz", "/readyz"}
    assert all(path in paths for path in asked)


def test_commands_are_some() -> None:
    commands: Any = typer.main.get_command(app)
    shown = re.search(r"(?m)^CMD (\[.*\])$", DOCKERFILE)
    assert shown
    started = [json.loads(shown.group(1)), json.loads(re.findall(r"args: (\[.*\])", POD)[0])]
    (line,) = re.findall(r"(?m)^ExecStart=(.*)$", UNIT)
    program, *words = shlex.split(line)
    assert Path(program).name in PROJECT["scripts"]
    for name, *options in (*started, words):
        commands.commands[name].make_context(name, options)


def test_whoever_stops_it_waits_until_requests_have_finished() -> None:
    needed = ServerSettings().shutdown_grace + CLOSING
    assert int(re.findall(r"(?m)^TimeoutStopSec=(\d+)$", UNIT)[0]) > needed
    assert int(COMPOSE["services"]["amnestic"]["stop_grace_period"].rstrip("s")) > needed
    assert VALUES["shutdownGrace"] == ServerSettings().shutdown_grace
    (more,) = re.findall(r"PeriodSeconds: {{ add .Values.shutdownGrace (\d+) }}", POD)
    (sleep,) = re.findall(r'command: \["sleep", "(\d+)"\]', POD)
    assert int(more) > CLOSING + int(sleep)


def test_an_image_holds_what_there_is_and_runs_as_nobody_of_note() -> None:
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", DOCKERFILE)
    names = {name for line in copied for name in line.split()}
    assert all((ROOT / name).exists() for name in names)
    let_in = (DEPLOY / "docker" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in let_in if line.startswith("!")} == names
    (extras,) = re.findall(r"ARG EXTRAS=(\S+)", DOCKERFILE)
    assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])
    assert re.findall(r"(?m)^USER (\d+):(\d+)$", DOCKERFILE) == [("10001", "10001")]
    assert "runAsUser: 10001" in POD


def test_no_service_has_a_password_that_others_know() -> None:
    for name, service in COMPOSE["services"].items():
        for variable, value in service["environment"].items():
            if re.search("PASSWORD|KEY|TOKEN", variable):
                assert re.fullmatch(r"\$\{[A-Z_]+:[?-].*\}", value), (name, variable)


def test_compose_names_volumes_and_variables_that_there_are() -> None:
    used = {v.partition(":")[0] for s in COMPOSE["services"].values() for v in s["volumes"]}
    assert used == set(COMPOSE["volumes"])
    asked = set(re.findall(r"\$\{([A-Z_]+):", yaml.safe_dump(COMPOSE)))
    told = (DEPLOY / "compose" / "env.example").read_text("utf-8")
    assert asked == set(re.findall(r"(?m)^([A-Z_]+)=", told))


def test_a_pod_reads_the_key_that_it_signs_with_where_the_secret_puts_it() -> None:
    (told,) = re.findall(r"AMNESTIC_SIGNING_KEY\s+value: (\S+)", POD)
    (folder,) = re.findall(r"- name: signing\s+mountPath: (\S+)\s+readOnly: true", POD)
    (mode, key, name) = re.findall(
        r"- name: signing\s+secret:\s+secretName: {{ \.Values\.signingKeySecret }}\s+"
        r"defaultMode: (\d+)\s+items:\s+- key: (\S+)\s+path: (\S+)",
        POD,
    )[0]
    assert (told, mode, key) == (f"{folder}/{name}", "0400", "signing.key")
    assert POD.count("{{- if .Values.signingKeySecret }}") == 3
    assert VALUES["signingKeySecret"] == ""


def test_compose_may_be_given_the_key_that_it_signs_with() -> None:
    more = yaml.safe_load((DEPLOY / "compose" / "signing-key.yaml").read_text("utf-8"))
    service = more["services"]["amnestic"]
    assert service["secrets"] == list(more["secrets"])
    told = Path(service["environment"]["AMNESTIC_SIGNING_KEY"])
    assert told == Path("/run/secrets") / service["secrets"][0]
    own = COMPOSE["services"]["amnestic"]
    kept = re.findall(r":-(.*)}$", own["environment"]["AMNESTIC_SIGNING_KEY"])[0]
    assert Path(kept).parent == Path(own["volumes"][0].partition(":")[2])


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text("utf-8"))
    assert chart["appVersion"] == chart["version"] == __version__


def test_a_services_own_variables_are_not_taken_for_settings() -> None:
    assert "enableServiceLinks: false" in POD


@pytest.fixture
def linters(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """`deploy/check.py`, without the libraries that it has an environment of its own for."""
    for name in ("compose_spec", "helm_python", "kubernetes_validate"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    return runpy.run_path(str(DEPLOY / "check.py"))


def test_what_the_linters_did_not_check_is_said_and_ends_as_no_success(
    linters: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main: Callable[[list[str]], int] = linters["main"]
    monkeypatch.setenv("PATH", "/nowhere")
    for name in linters["CHECKS"].keys() - {"unit"}:
        monkeypatch.setitem(linters["CHECKS"], name, lambda: ())
    assert main([]) == 3
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("NOT CHECKED: unit: there is no systemd-analyze")
    assert said[-1] == "4 of 5 kinds checked, 0 complaints"
    assert main(["--without", "unit"]) == 0
    assert capsys.readouterr().out.startswith("NOT CHECKED: unit: was not asked for")
    monkeypatch.setitem(linters["CHECKS"], "chart", lambda: ["a key in the file"])
    assert main([]) == 1
    assert "chart: a key in the file" in capsys.readouterr().out
