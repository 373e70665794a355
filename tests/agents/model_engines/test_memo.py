from __future__ import annotations

from amnestic.agents.model_engines.ledger import open_ledger
from amnestic.agents.model_engines.memo import RequestMemo
from amnestic.tools.protocols import Context
from tests.agents.agent_script import BandedDetector


def test_a_text_is_looked_at_once_in_a_request_and_anew_in_the_next():
    detector = BandedDetector()
    memo = RequestMemo(detector)
    for looks in (1, 2):
        with open_ledger():
            for _ in range(3):
                assert memo.audit("Osk", "", Context())[0].target_id == "t1"
        assert detector.audits == looks


def test_another_question_or_company_is_judged_apart():
    detector = BandedDetector()
    memo = RequestMemo(detector)
    with open_ledger():
        memo.audit("Osk", "", Context())
        memo.audit("Osk", "Who?", Context())
        memo.audit("Osk", "", Context(sticky={"t1": 0.5}))
        memo.audit("Osk", "", Context(cue="before"))
        memo.audit("Osk", "", Context(namespace="other"))
    assert detector.audits == 5


def test_outside_a_request_nothing_is_remembered():
    detector = BandedDetector()
    memo = RequestMemo(detector)
    memo.audit("Osk", "", Context())
    memo.audit("Osk", "", Context())
    assert detector.audits == 2
