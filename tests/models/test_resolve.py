from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from amnestic.config import Settings
from amnestic.exceptions import ConfigurationError, ModelNotFoundError
from amnestic.models import gguf, resolve_backend
from amnestic.models.threads import default_threads
from amnestic.testing import ScriptedBackend, ScriptedChatModel
from amnestic.types import Message
from tests.models.tiny_gguf import write_tiny
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AMNESTIC_API_KEY", "AMNESTIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "gpt",
        "hf:",
        "openai:",
        "openai",
        "embedded:x",
        "hf:/no/such/folder",
        "hf:~/no-such",
        "hf:./no",
        "hf:no-such-folder",
        "hf:../no",
        "anthropic:claude",
    ],
)
def test_a_spec_that_names_nothing_is_one_clear_line(spec):
    with pytest.raises(ModelNotFoundError, match=r"model spec|there is no folder") as caught:
        resolve_backend(spec, Settings())
    assert "\n" not in str(caught.value)
    assert repr(spec) in str(caught.value)


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"config\.json"):
        resolve_backend(f"hf:{tmp_path}", Settings())


def test_a_repository_of_the_hub_is_not_fetched_before_it_is_used():
    assert resolve_backend("hf:some-org/some-model", Settings()).name == "hf:some-org/some-model"


def test_an_openai_model_without_a_key_is_refused_at_once():
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        resolve_backend("openai:some-model", Settings())


def test_a_local_server_needs_no_key():
    backend = resolve_backend("openai:some-model", Settings(base_url="http://127.0.0.1:1/v1"))
    assert backend.name == "openai:some-model"


def test_key_and_url_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    backend = resolve_backend("openai:some-model", Settings())
    assert str(backend.model.openai_api_base) == "http://127.0.0.1:1/v1"
    assert "sk-secret" not in repr(backend.model) + backend.name


def test_models_and_backends_are_taken_as_they_are():
    backend = ScriptedBackend("x")
    assert resolve_backend(backend, Settings()) is backend
    model = ScriptedChatModel.of("x")
    assert resolve_backend(model, Settings()).model is model


def test_what_is_no_model_is_refused():
    with pytest.raises(ModelNotFoundError, match="int is not a chat model"):
        resolve_backend(5, Settings())


def test_resolving_a_local_model_loads_no_torch(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    code = (
        "import sys; from amnestic.models import resolve_backend;"
        "from amnestic.config import Settings;"
        f"resolve_backend('hf:{tmp_path}', Settings()); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 3), (64, 8)])
def test_a_local_model_works_with_one_core_fewer_than_there_are(monkeypatch, cores, threads):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert default_threads() == threads


@pytest.mark.parametrize("given", [None, 3])
def test_both_kinds_of_local_models_work_with_the_threads_that_are_set(
    tmp_path, monkeypatch, given
):
    used = []
    monkeypatch.setattr(gguf, "load_engine", lambda *key: used.append(key[2]))
    file = write_tiny(tmp_path / "tiny.gguf")
    settings = Settings(threads=given)
    resolve_backend(f"gguf:{file}", settings).load()
    assert used == [resolve_backend(f"hf:{file}", settings).model.threads]
    assert used == [given or default_threads()]


def test_a_folder_with_a_gguf_file_is_a_model(tmp_path):
    file = write_tiny(tmp_path / "tiny.gguf")
    for spec in (f"hf:{tmp_path}", f"hf:{file}"):
        backend = resolve_backend(spec, Settings(model_timeout=PATIENCE))
        hello = (Message.of("user", "Hello."),)
        answer = asyncio.run(backend.generate(hello, {"max_tokens": 5}))
        assert answer.usage.output_tokens == 5
        assert answer.choices[0].text


def test_a_folder_with_several_gguf_files_names_them(tmp_path):
    for name in ("one", "two"):
        write_tiny(tmp_path / f"{name}.gguf")
    with pytest.raises(ModelNotFoundError, match=r"2 models \(one.gguf, two.gguf\): name one"):
        resolve_backend(f"hf:{tmp_path}", Settings())


def test_a_file_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "foreign.gguf").write_bytes(b"PK\x03\x04" + b"0" * 500)
    with pytest.raises(ModelNotFoundError, match="not a whole GGUF file"):
        resolve_backend(f"hf:{tmp_path}/foreign.gguf", Settings())
