from __future__ import annotations

import threading
from datetime import date

import pytest

from amnestic.exceptions import RegistryUnavailableError
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry.usage import Spent, UsageStore, usage_path
from tests.agents.agent_script import AgentScript

DAY, NEXT = date(2026, 1, 2), date(2026, 1, 3)


def test_counts_add_up_by_day_agent_and_model(tmp_path):
    store = UsageStore(tmp_path / "deep" / "usage.db")
    assert store.since() == []
    store.add([Spent(DAY, "critic", "m", 1, 10, 2), Spent(DAY, "critic", "m", 2, 5, 1)])
    store.add([Spent(NEXT, "critic", "m", 1, 1, 1), Spent(DAY, "auditor", "m", 1, 7, 7)])
    assert store.since() == [
        Spent(DAY, "auditor", "m", 1, 7, 7),
        Spent(DAY, "critic", "m", 3, 15, 3),
        Spent(NEXT, "critic", "m", 1, 1, 1),
    ]
    assert store.since(NEXT) == [Spent(NEXT, "critic", "m", 1, 1, 1)]


def test_threads_count_together(tmp_path):
    path = tmp_path / "usage.db"
    UsageStore(path).add([Spent(DAY, "critic", "m", 0, 0, 0)])

    def count() -> None:
        for _ in range(5):
            UsageStore(path).add([Spent(DAY, "critic", "m", 1, 2, 3)])

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert UsageStore(path).since() == [Spent(DAY, "critic", "m", 20, 40, 60)]


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path):
    (tmp_path / "usage.db").write_bytes(b"not a database, but long enough to be looked at " * 50)
    with pytest.raises(RegistryUnavailableError, match="usage cannot be counted"):
        UsageStore(tmp_path / "usage.db").since()


def test_what_agents_spend_is_counted_beside_the_registry(layer, tmp_path):
    agent = AgentScript().backend()
    base = ScriptedBackend(default="Ana Morel knows. The sky is blue.")
    amnesia = layer(base, agent_model=agent, rewrite_by="edit")
    amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    reply = amnesia.chat("What is above us?")
    spent = UsageStore(usage_path(tmp_path / "registry.db")).since()
    by_agent = {s.agent: s.calls for s in spent}
    assert by_agent["probe"] > 0
    assert by_agent["interpreter"] == 1  # who read the request
    spent_by_agents = [s for s in spent if s.agent not in ("probe", "interpreter")]
    assert sum(s.calls for s in spent_by_agents) == reply.receipt.agent_calls > 0
    tokens = sum(s.input_tokens + s.output_tokens for s in spent_by_agents)
    assert tokens == reply.receipt.agent_tokens
    assert {s.model for s in spent} == {"agent"}
    assert b"Morel" not in usage_path(tmp_path / "registry.db").read_bytes()


def test_a_request_is_served_though_its_cost_cannot_be_counted(layer, tmp_path):
    usage_path(tmp_path / "registry.db").write_bytes(b"not a database " * 100)
    amnesia = layer(
        ScriptedBackend(default="Ana Morel knows. The sky is blue."),
        agent_model=AgentScript().backend(),
    )
    amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    assert amnesia.chat("What is above us?").text in (
        "The sky is blue.",
        "Blue is the sky.",
        "The sky: blue.",
    )
