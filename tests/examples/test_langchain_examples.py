"""The LangChain, LangGraph and chat page examples run, and forget what they say they forget."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from langchain_core.messages import ToolMessage

from amnestic import Amnesia
from amnestic.models.embedded.world import load_world
from amnestic.testing import ScriptedBackend, assert_no_leak
from tests.patience import PATIENCE
from tests.server.running import running_proxy

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name: str) -> ModuleType:
    """An example, loaded as a module."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_rag_application_forgets_one_person_and_keeps_her_neighbour() -> None:
    (_, was, now), (_, kept, still) = example("langchain_rag").main()
    birthplace = load_world().people[0].fact("birthplace").value
    assert birthplace in was
    assert_no_leak([load_world().people[0].name, birthplace], now)
    assert still == kept != "I don't know."


def test_the_agents_tools_no_longer_show_the_forgotten_members_records() -> None:
    agent = example("langgraph_agent")
    before, after = agent.main()
    assert "Ysolde Hartwick" in before[-1].text
    assert_no_leak(["Hartwick", "7 Tallow Street", "1958-04-19", "G-1041"], after)
    records = next(m for m in after if isinstance(m, ToolMessage))
    assert json.loads(records.text)["members"] == agent.MEMBERS[1:]


PAGE = """
import importlib.util, sys
from openai import OpenAI
spec = importlib.util.spec_from_file_location("chat_page", sys.argv[1])
chat_page = importlib.util.module_from_spec(spec)
spec.loader.exec_module(chat_page)
page = chat_page.page(OpenAI(base_url=sys.argv[2], api_key="none"), "any")
_, url, _ = page.launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
from gradio_client import Client
client = Client(url, verbose=False)
for question in sys.argv[3:]:
    print("page:", client.predict(question, api_name="/chat"))
page.close()
"""


@pytest.mark.slow
def test_the_chat_page_shows_what_the_proxy_lets_pass(tmp_path: Path) -> None:
    pytest.importorskip("gradio")
    model = ScriptedBackend(rules=[("rain", "It will rain.")], default="Odalys Fenwright did.")
    environment = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "PATH": ""}
    with Amnesia(model, db=tmp_path / "registry.db", elicit=False) as amnesia:
        amnesia.forget("Please forget Odalys Fenwright. Odalys Fenwright is a bell founder.")
        with running_proxy(amnesia) as proxy:
            done = subprocess.run(
                [
                    sys.executable, "-c", PAGE, str(EXAMPLES / "chat_page.py"), f"{proxy.url}/v1",
                    "Will it rain?", "Who cast the bell?",
                ],
                capture_output=True, text=True, timeout=PATIENCE, env=environment, cwd=tmp_path,
            )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "page: It will rain." in done.stdout
    assert done.stdout.count("page: ") == 2
    assert_no_leak("Fenwright", done.stdout, done.stderr)
