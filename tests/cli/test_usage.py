from __future__ import annotations

import json
from datetime import UTC, datetime

from typer.testing import CliRunner

from amnestic.cli.app import app
from amnestic.tools.registry import Spent, UsageStore, usage_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["usage", *arguments])
    assert result.exit_code == 0
    return result.output


def test_usage_tells_what_agents_have_cost(tmp_path):
    db = tmp_path / "registry.db"
    assert "no agent" in run("--db", str(db))
    today = datetime.now(UTC).date()
    old = today.replace(year=today.year - 1, day=1)
    store = UsageStore(usage_path(db))
    store.add([Spent(today, "critic", "m", 2, 30, 4), Spent(old, "auditor", "m", 1, 10, 1)])
    told = run("--db", str(db))
    assert "critic" in told
    assert "total: 3 calls, 40 + 5 tokens" in told
    shown = json.loads(run("--db", str(db), "--days", "7", "--json"))
    assert shown["total"] == {"calls": 2, "input_tokens": 30, "output_tokens": 4}
    assert [row["agent"] for row in shown["usage"]] == ["critic"]
