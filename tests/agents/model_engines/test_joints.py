"""The joints of an answer, of which there may be many, get no calls of their own."""

from __future__ import annotations

import asyncio
from typing import Any

from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.agents.ledger import open_ledger
from amnestic.agents.model_engines.auditor import ModelAuditor
from amnestic.tools.protocols import Context
from amnestic.types import Draft


class _Silent:
    """A detector that knows no target."""

    def audit(self, *given: Any) -> tuple[Any, ...]:
        return ()


class _Local:
    """An auditor without a judge that finds nothing."""

    async def audit(self, *given: Any) -> tuple[Any, ...]:
        return ()


def answers_after(context: Context) -> int:
    local: Any = _Local()
    parts: Any = _Silent()
    auditor = ModelAuditor(local, parts, parts, {"auditor": None}, parts)  # type: ignore[arg-type]
    with open_ledger() as ledger:
        drafts = tuple(Draft(text=f"{i}") for i in range(40))
        asyncio.run(auditor.audit(drafts, VetVerdict(Vet.CLEAR, "", context=context)))
        return ledger.answers


def test_joints_that_are_read_together_do_not_raise_what_a_judge_may_be_asked() -> None:
    assert answers_after(Context()) == 40
    assert answers_after(Context(bulk=True)) == 1
