"""Holds what stands in `deploy/` to the linters of its kinds: `make check-deploy`.

Dockerfile: hadolint. Compose: its specification. Chart: Helm's own lint and rendering, and what
comes out of it the schemas of Kubernetes. Unit: `systemd-analyze verify`.

Ends with 1 where something is complained of, and with 3 where nothing is, but a kind could not be
checked: `make check-deploy WITHOUT=unit` does without the unit, and says so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import compose_spec
import helm_python as helm
import kubernetes_validate
import yaml

HERE = Path(__file__).parent
CHART = HERE / "helm" / "amnestic"
BESIDE = Path(sys.executable).parent
KUBERNETES = "1.33"
NEEDED: dict[str, Any] = {
    "existingSecret": "amnestic",
    "config": {"server": {"upstream": "https://api.example.org/v1"}},
}
INSTALLS: dict[str, dict[str, Any]] = {
    "as it comes": NEEDED,
    "one replica": NEEDED | {"autoscaling": {"enabled": False}, "replicas": 1,
                             "podDisruptionBudget": {"enabled": False}},
    "everything": NEEDED | {
        "env": [{"name": "AMNESTIC_TELEMETRY", "value": "otel"}],
        "imagePullSecrets": [{"name": "registry"}],
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"key": "a", "operator": "Exists"}],
        "signingKeySecret": "amnestic-signing",
        "podAnnotations": {"prometheus.io/scrape": "true"},
        "podLabels": {"team": "a"},
        "topologySpreadConstraints": [{
            "maxSkew": 1, "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "amnestic"}},
        }],
    },
}  # fmt: skip
REFUSED: dict[str, dict[str, Any]] = {
    "no secret": NEEDED | {"existingSecret": ""},
    "no upstream": NEEDED | {"config": {"server": {"upstream": ""}}},
    "a key in the file": NEEDED | {"config": {"server": {**NEEDED["config"]["server"],
                                                         "caller_keys": ["k"]}}},
    "a slip of the pen": NEEDED | {"replica": 3},
}  # fmt: skip


class MissingError(Exception):
    """What a kind is checked with is not installed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check every kind, and say what was complained of and what was not checked."""
    parser = argparse.ArgumentParser(description="Holds `deploy/` to the linters of its kinds.")
    parser.add_argument("--without", action="append", default=[], choices=sorted(CHECKS))
    without = parser.parse_args(arguments).without
    failed, missing = list[str](), list[str]()
    for name in CHECKS.keys() - set(without):
        try:
            failed += [f"{name}: {told}" for told in CHECKS[name]()]
        except MissingError as error:
            missing.append(f"{name}: {error}")
    for line in sorted(failed):
        print(line)
    for line in sorted([*missing, *(f"{name}: was not asked for" for name in without)]):
        print(f"NOT CHECKED: {line}")
    checked = len(CHECKS) - len(without) - len(missing)
    print(f"{checked} of {len(CHECKS)} kinds checked, {len(failed)} complaints")
    return 1 if failed else 3 if missing else 0


def dockerfile() -> Iterator[str]:
    yield from _run(BESIDE / "hadolint", HERE / "docker" / "Dockerfile")


def yaml_files() -> Iterator[str]:
    rules = "{extends: default, rules: {line-length: disable, document-start: disable, "
    rules += "brackets: {max-spaces-inside: 0}, comments: {min-spaces-from-content: 1}}}"
    files = [HERE / "compose" / "compose.yaml", CHART / "values.yaml", CHART / "Chart.yaml"]
    yield from _run(BESIDE / "yamllint", "--strict", "--config-data", rules, *files)


def compose() -> Iterator[str]:
    told = (HERE / "compose" / "compose.yaml").read_text("utf-8")
    try:
        found = compose_spec.PyCompose.from_yaml(told)
        found.validate()
    except Exception as error:  # noqa: BLE001 - whatever it raises is a complaint
        yield _first(error)


def chart() -> Iterator[str]:
    yield from _linted()
    with helm.Chart.load(str(CHART)) as loaded:
        for name, values in INSTALLS.items():
            try:
                rendered = loaded.render(values, name="demo", namespace="prod")
            except helm.HelmError as error:
                yield f"{name}: {_first(error)}"
                continue
            for told in rendered.items():
                yield from (f"{name}: {line}" for line in _validated(*told))
        for name, values in REFUSED.items():
            try:
                loaded.render(values, name="demo", namespace="prod")
            except helm.HelmError:
                continue
            yield f"{name}: was to be refused"


def _linted() -> Iterator[str]:
    found = helm.lint(str(CHART), NEEDED, strict=True)
    yield from found["errors"]
    for message in found["messages"]:
        if "icon is recommended" not in str(message):
            yield str(message)


def _validated(name: str, text: str) -> Iterator[str]:
    if not name.endswith(".yaml"):
        return
    for resource in yaml.safe_load_all(text):
        if resource is None:
            continue
        try:
            kubernetes_validate.validate(resource, KUBERNETES, strict=True)
        except Exception as error:  # noqa: BLE001 - whatever it raises is a complaint
            yield f"{name}: {_first(error)}"


def unit() -> Iterator[str]:
    if shutil.which("systemd-analyze") is None:
        raise MissingError("there is no systemd-analyze here (Debian's package systemd has it)")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "amnestic.service"  # of a machine on which the program is installed
        told = (HERE / "systemd" / "amnestic.service").read_text("utf-8")
        copy.write_text(told.replace("/opt/amnestic/bin/amnestic", "/bin/true"), "utf-8")
        yield from _run("systemd-analyze", "verify", "--man=no", copy)


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _run(*command: str | Path) -> Iterator[str]:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, env=os.environ)
    said = (done.stdout + done.stderr).splitlines()
    yield from said or ([f"exit code {done.returncode}"] if done.returncode else [])


CHECKS = {
    "Dockerfile": dockerfile,
    "YAML": yaml_files,
    "compose": compose,
    "chart": chart,
    "unit": unit,
}

if __name__ == "__main__":
    raise SystemExit(main())
