"""A text that arrives is read piece by piece, each once, and judged as if it were read anew."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

import pytest

from amnestic.config import Settings
from amnestic.tools.detection import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Embedder
from amnestic.tools.reading import settled_ends
from amnestic.types import ForgetTarget, TargetKind
from tests.sharing import minilm

QUESTION = "How do I paint a harbour?"
TEXT = (
    "Begin with the water, which is darker than you think. Mix blue with a little green, and leave "
    "the paper white where the sun falls on it.\n- Draw the boats last.\n- Use a dry brush.\n"
    "Mirela Osk did it otherwise in Tavel. She began with the masts. Let it dry for an hour."
)


def target(name: str) -> ForgetTarget:
    told = f"{name} is a painter of harbours."
    return ForgetTarget(id=name, subject=name, kind=TargetKind.PERSON, description=told)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return minilm()


class Counted(dict[str, object]):
    """What is kept of a text, and how often each piece was put in."""

    def __init__(self) -> None:
        super().__init__()
        self.put: list[str] = []

    def __setitem__(self, key: str, value: object) -> None:
        self.put.append(key)
        super().__setitem__(key, value)


def detector_of(embedder: Embedder, *targets: ForgetTarget) -> tuple[LeakDetector, FacetIndex]:
    index = FacetIndex(embedder)
    for one in targets:
        index.add(one)
    return LeakDetector(index, embedder, Settings()), index


def beginnings() -> Iterator[str]:
    return (TEXT[:end] for end in settled_ends(TEXT))


def test_what_arrives_is_judged_as_if_it_were_read_anew(embedder: Embedder) -> None:
    kept: MutableMapping[str, object] = {}
    one, _ = detector_of(embedder, target("Mirela Osk"))
    other, _ = detector_of(embedder, target("Mirela Osk"))
    told = [one.audit(text, QUESTION, Context(arrived=kept)) for text in beginnings()]
    assert told == [other.audit(text, QUESTION, Context()) for text in beginnings()]
    assert any(told)
    assert not all(told)


def test_each_piece_is_read_once(embedder: Embedder) -> None:
    kept = Counted()
    detector, _ = detector_of(embedder, target("Mirela Osk"))
    for text in beginnings():
        detector.audit(text, "Who is Mirela Osk?", Context(arrived=kept))
    assert len(kept.put) > 3
    assert len(kept.put) == len(set(kept.put))


def test_a_target_that_comes_meanwhile_is_found_in_what_was_read(embedder: Embedder) -> None:
    kept: MutableMapping[str, object] = {}
    detector, index = detector_of(embedder, target("Bo Chan"))
    asked = "Who is Bo Chan?", Context(arrived=kept)
    before = {a.target_id for a in detector.audit(TEXT, *asked)}
    index.add(target("Mirela Osk"))
    after = {a.target_id for a in detector.audit(TEXT, *asked)}
    assert after - before == {"Mirela Osk"}
