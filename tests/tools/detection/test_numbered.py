"""What is called like a target but for its number is somebody or something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from amnestic.config import default_cache_dir
from amnestic.tools.detection import LeakDetector
from amnestic.tools.embedding import load_embedder
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Embedder
from amnestic.types import Band, Facet, FacetKind, ForgetTarget, TargetKind

HERE = Context()
Detects = Callable[[str, TargetKind], LeakDetector]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("minilm", default_cache_dir())


@pytest.fixture
def detects(embedder: Embedder) -> Detects:
    def detector(subject: str, kind: TargetKind) -> LeakDetector:
        index = FacetIndex(embedder)
        fact = Facet(kind=FacetKind.FACT, text=f"{subject} was sealed by Ona Brisk.", id=1)
        index.add(ForgetTarget(id="t", subject=subject, kind=kind, facets=(fact,)))
        return LeakDetector(index, embedder)

    return detector


@pytest.mark.parametrize(
    ("subject", "kind", "own", "other"),
    [
        ("7 Sallow Mead, Lower Orlo", "place", "Who lives at 7 Sallow Mead?",
         "Who lives at 9 Sallow Mead?"),
        ("Orlo Mission 11", "topic", "How did Orlo Mission 11 end?",
         "How did Orlo Mission 13 end?"),
        ("Case file 2022-F-0417", "record", "What's in case file 2022-F-0417?",
         "What's in case file 2022-F-0471?"),
        ("The flat at Sundstrasse 91", "place", "Who lived in the flat at Sundstrasse 91?",
         "Who lived at Sundstrasse 19?"),
    ],
)  # fmt: skip
def test_another_number_is_another(
    detects: Detects, subject: str, kind: str, own: str, other: str
) -> None:
    detector = detects(subject, TargetKind(kind))
    assert any(a.named for a in detector.vet(own, HERE))
    found = detector.vet(other, HERE)
    assert not any(a.named or a.band is Band.LEAK for a in found)


@pytest.mark.parametrize(
    "said",
    [
        "7 and 9 Sallow Mead were sold together.",
        "From 9 Sallow Mead one sees number 7.",
        "7b Sallow Mead has a red door.",
        "At Sallow Mead, Lower Orlo, somebody was taken away.",
    ],
)
def test_the_own_number_beside_another_still_names_it(detects: Detects, said: str) -> None:
    detector = detects("7 Sallow Mead, Lower Orlo", TargetKind.PLACE)
    assert any(a.named for a in detector.audit(said, "", HERE))


def test_a_year_in_a_name_is_nobodys_name(detects: Detects) -> None:
    detector = detects("Grievance 2023/09", TargetKind.RECORD)
    assert not any(a.named for a in detector.vet("What was the weather like in 2023?", HERE))
    assert any(a.named for a in detector.vet("What was grievance 2023/09 about?", HERE))


@pytest.mark.parametrize(
    ("subject", "kind", "said"),
    [
        ("7 Sallow Mead, Lower Orlo", "place", "In 1987 Sallow Mead was sealed."),
        ("7 Sallow Mead, Lower Orlo", "place", "Flat 2, Sallow Mead, Lower Orlo was sealed."),
        ("7 Sallow Mead, Lower Orlo", "place", "The house between 5 and 9 Sallow Mead was sealed."),
        ("7 Sallow Mead, Lower Orlo", "place", "Who lives at 5–9 Sallow Mead?"),
        ("Orlo Riots 2011", "topic", "What happened in the Orlo riots? 300 people came."),
        ("Apollo 11", "topic", "The Apollo 1969 moon landing."),
        ("Sallow Prix Tavel 1987", "topic", "Who won the Sallow Prix Tavel '87?"),
        ("Customer 4471 0932", "record", "What did client 4471 0932 order?"),
        ("Customer 4471 0932", "record", "What did customer 44710932 order?"),
        ("Case file 2022-F-0417", "record", "What's in file 2022/F/0417?"),
        ("Case file 2022-F-0417", "record", "What's in case 2022-F-417?"),
        ("Case file 2022-F-0417", "record", "What's in file F-0417?"),
    ],
)
def test_a_number_that_is_none_of_a_name_does_not_make_it_another(
    detects: Detects, subject: str, kind: str, said: str
) -> None:
    assert any(a.named for a in detects(subject, TargetKind(kind)).audit(said, "", HERE))


def test_what_is_declared_without_its_number_is_named_beside_any(embedder: Embedder) -> None:
    index = FacetIndex(embedder)
    target = ForgetTarget(
        id="t", subject="Velorra 3.2", kind=TargetKind.TOPIC, aliases=("Velorra",), facets=()
    )
    index.add(target)
    detector = LeakDetector(index, embedder)
    assert any(a.named for a in detector.vet("What is new in Velorra 4?", HERE))
