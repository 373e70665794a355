"""A reply that names a target nowhere, and tells of it by all that it says together."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from amnestic.config import Settings
from amnestic.exceptions import ConfigurationError
from amnestic.tools.detection.convergence import TOGETHER
from amnestic.tools.detection.detector import LeakDetector
from amnestic.tools.detection.whole_features import DOWN, UP, WHOLE
from amnestic.tools.detection.wholes import WholeScorer, shipped_whole_scorer
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Drafts, Told
from amnestic.types import Assessment, Band, Facet, FacetKind, ForgetTarget, TargetKind
from tests.sharing import minilm

FACTS = (
    "Mirela Osk studied marine biology at the University of Tarnholm.",
    "Mirela Osk discovered the glowing crab Lumacaris brennica off the island of Brenn in 1974.",
    "Mirela Osk founded the Salt Winter research station with the diver Radomir Teleki.",
    "Mirela Osk refused the Orlo Medal in 1988 and gave the money to the lighthouse keepers.",
    "Mirela Osk wrote The Glass Harbour, a book about tides, in a hut near Quellmar.",
)
OSK = ForgetTarget(
    id="osk",
    subject="Mirela Osk",
    kind=TargetKind.PERSON,
    description="Mirela Osk is a marine biologist.",
    facets=tuple(Facet(kind=FacetKind.FACT, text=text, id=i) for i, text in enumerate(FACTS, 1)),
)
ASKED = "Write a riddle for a school: a scientist who worked by the sea. No name, please."
RIDDLE = (
    "Good morning, everybody! Sit down, please.\n\n"
    "I studied the creatures of the sea when marine biology was still no place for a woman.\n\n"
    "Off a small island, one night in 1974, I discovered a glowing crab, and it bears the "
    "island's name today. With a diver, the best I ever met, I founded a research station.\n\n"
    "In 1988 they wanted to hang a medal round my neck. I refused, and the lighthouse keepers had "
    "a warm winter from the money. In my hut I wrote a book about the tides of a harbour.\n\n"
    "Who am I?"
)
OTHER = (
    "Bessarion Vlad grew up in the hills and never learned to swim. Vlad studied law, and it "
    "bored him.\n\nIn 1974 Vlad opened a bakery on Brenn. Bessarion sold bread to the divers, and "
    "to the people of the lighthouse.\n\nVlad has three daughters. Vlad still gets up at four."
)
REPLY = Context(reply=True)


@pytest.fixture
def index() -> Iterator[FacetIndex]:
    index = FacetIndex(minilm())
    index.add(OSK)
    yield index
    index.close()


@pytest.fixture
def detector(index: FacetIndex) -> LeakDetector:
    return LeakDetector(index, minilm(), Settings())


def together(found: tuple[Assessment, ...]) -> list[Assessment]:
    return [a for a in found if any(e.name == TOGETHER for e in a.evidence)]


def test_what_all_sentences_tell_together_is_certain(detector: LeakDetector) -> None:
    [told] = together(detector.audit(RIDDLE, ASKED, REPLY))
    assert (told.target_id, told.band) == ("osk", Band.LEAK)
    pieces = [RIDDLE[span.start : span.end] for span in told.spans]
    assert any("crab" in piece for piece in pieces)
    assert not any("Good morning" in piece for piece in pieces)


def test_a_reply_about_somebody_with_a_name_is_not_about_the_target(
    detector: LeakDetector,
) -> None:
    assert not detector.audit(OTHER, "Who is Bessarion Vlad?", REPLY)


@pytest.mark.parametrize(
    "context",
    [
        Context(),
        Context(reply=True, own=True),
        Context(reply=True, told=frozenset({"osk"})),
        Context(reply=True, drafts=Drafts((Told(RIDDLE, ASKED),), frozenset({"osk"}))),
    ],
    ids=["no reply", "a second answer", "what is left", "a piece"],
)
def test_only_a_first_reply_is_weighed_as_a_whole(
    detector: LeakDetector, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[str] = []
    monkeypatch.setattr(
        "amnestic.tools.detection.wholes.Wholes._of", lambda self, i, known: weighed.append(i)
    )
    detector.audit(RIDDLE, ASKED, context)
    assert not weighed
    detector.audit(RIDDLE, ASKED, REPLY)
    assert weighed


@pytest.mark.parametrize(
    ("exception", "is_weighed"), [("her house in town", False), ("other divers are fine", True)]
)
def test_of_a_target_with_exceptions_single_pieces_decide(exception: str, is_weighed: bool) -> None:
    index = FacetIndex(minilm())
    index.add(OSK.model_copy(update={"exceptions": (exception,)}))
    detector = LeakDetector(index, minilm(), Settings())
    assert bool(together(detector.audit(RIDDLE, ASKED, REPLY))) is is_weighed


def test_where_a_reply_names_the_target_single_pieces_decide(detector: LeakDetector) -> None:
    found = detector.audit(f"{RIDDLE} Mirela Osk.", ASKED, REPLY)
    assert [a.target_id for a in found] == ["osk"]
    assert found[0].named


def test_the_margin_goes_up_and_down_as_its_features_say() -> None:
    trees = shipped_whole_scorer().trees
    draw = np.random.default_rng(0)
    rows = draw.uniform(0.0, 6.0, (200, len(WHOLE)))
    before = trees.margins(rows)
    for name in (*UP, *DOWN):
        more = rows.copy()
        more[:, WHOLE.index(name)] += 2.0
        change = trees.margins(more) - before
        assert (change >= -1e-4).all() if name in UP else (change <= 1e-4).all(), name


def test_a_scorer_of_other_features_is_refused() -> None:
    leaf = {"baseline": 0.0, "depth": 1, "feature": [[0]], "threshold": [[0.0]], "left": [[0]],
            "right": [[0]], "value": [[0.0]], "features": ["names"]}  # fmt: skip
    with pytest.raises(ConfigurationError, match="other features"):
        WholeScorer.from_json(json.loads(json.dumps({"limit": 0.0, "scorer": leaf})))
