"""A name in a piece is told at a glance, and only where an audit is certain of it, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from amnestic.config import Settings
from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Drafts, Embedder, Told, Vectors
from amnestic.types import Band, Facet, FacetKind, ForgetTarget, LeakKind, TargetKind
from tests.sharing import minilm

OSK = ForgetTarget(
    id="osk",
    subject="Mirela Osk",
    kind=TargetKind.PERSON,
    facets=(Facet(kind=FacetKind.FACT, text="Osk painted the old harbour of Tavel.", id=1),),
)
QUEEN = ForgetTarget(id="queen", subject="Queen", kind=TargetKind.ORGANISATION)
HALL = ForgetTarget(
    id="hall",
    subject="Tor Vandrel",
    kind=TargetKind.PERSON,
    exceptions=("his sister Ina Vandrel",),
)
APOLLO = ForgetTarget(id="apollo", subject="Lander Tarvo 11", kind=TargetKind.TOPIC)
ASKED = "Which painters came from the coast?"
DRAFT = Drafts((Told("Mirela Osk painted. Osk sailed.", ASKED),), frozenset({"osk"}))
CUT = Context(named=frozenset({"osk"}), told=frozenset({"osk"}), drafts=DRAFT, reply=True, cut={})


class Counting:
    """An embedder that counts its runs."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.runs = 0

    identity = property(lambda self: self._inner.identity)
    dimension = property(lambda self: self._inner.dimension)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.runs += 1
        return self._inner.embed(texts)


@pytest.fixture(scope="module")
def embedder() -> Counting:
    return Counting(minilm())


@pytest.fixture(scope="module")
def detector(embedder: Counting) -> Iterator[FactDetector]:
    index = FacetIndex(embedder)
    for target in (OSK, QUEEN, HALL, APOLLO):
        index.add(target)
    yield FactDetector(LeakDetector(index, embedder, Settings()), index)
    index.close()


@pytest.mark.parametrize(
    ("piece", "context"),
    [
        ("Mirela Osk painted it.", CUT),
        ("Mirela Osk", CUT),
        ("in the year in which Osk painted the harbour and left", CUT),
        ("Mirela Osk painted it. Nobody bought it for years.", CUT),
    ],
)
@pytest.mark.parametrize("question", [ASKED, "", "Who came, and what is the capital of France?"])
def test_a_name_is_told_without_the_encoder(
    detector: FactDetector, embedder: Counting, piece: str, context: Context, question: str
) -> None:
    detector.vet(question, Context())
    detector.audit("The boats came in late and went out early again.", question, context)
    before = embedder.runs
    is_few_words = len(piece.split()) < 8  # which of two questions they answer their meaning tells
    assert detector.names_one(piece, question, context) is not (
        " and " in question and is_few_words
    )
    assert embedder.runs == before


@pytest.mark.parametrize(
    "piece",
    [
        "She painted the old harbour of Tavel.",
        "The queen came to Tavel.",
        "Queen played in Tavel for three nights.",
        "Tor Vandrel came with his sister Ina Vandrel.",
        "Lander Tarvo 13 came down in the sea.",
        "Nobody came.",
        "   ",
    ],
)
@pytest.mark.parametrize("context", [CUT, Context()], ids=["cut", "whole"])
def test_what_names_alone_do_not_tell_is_left_to_the_audit(
    detector: FactDetector, piece: str, context: Context
) -> None:
    assert not detector.names_one(piece, ASKED, context)


PIECES = [
    "Osk sailed.", "The Osk Press printed it.", "Anna Osk was her aunt.", "MIRELA OSK", "osk",
    "mirela osk painted", "Mirela Oskk painted it.", "M. Osk", "Mirela", "Mirela left, said Osk.",
    "Tor Vandrel sang.", "Vandrel sang.", "Lander Tarvo 11 came down.", "the band Queen", "Queen",
    "I don't know who Mirela Osk is.", "Mirela Oskar painted it.", "the town of Osk", "Osk II",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize(
    "context",
    [
        CUT,
        Context(),
        Context(sticky={"osk": 0.9}),
        Context(others=frozenset({"osk"})),
        Context(own=True, named=frozenset({"osk"})),
        Context(namespace="elsewhere"),
    ],
    ids=["cut", "alone", "talked of", "of others", "own", "elsewhere"],
)
@pytest.mark.parametrize("question", [ASKED, "", "Who is Mirela Osk, and who is Tor Vandrel?"])
def test_it_says_no_more_than_the_audit_does(
    detector: FactDetector, piece: str, context: Context, question: str
) -> None:
    if detector.names_one(piece, question, context):
        found = detector.audit(piece, question, context)
        assert any(a.band is Band.LEAK and a.kind is LeakKind.DIRECT and a.named for a in found)


def test_a_piece_of_a_draft_is_read_once(
    detector: FactDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amnestic.tools.detection import pieces

    read: list[str] = []
    real: Callable[[str], object] = pieces.read
    monkeypatch.setattr(pieces, "read", lambda text: read.append(text) or real(text))
    told = Context(told=frozenset({"osk"}), reply=True, cut={})
    for question in (ASKED, "Who came?", ""):
        detector.names_one("A boat lay in the bay for years.", question, told)
        detector.audit("A boat lay in the bay for years.", question, told)
    assert read.count("A boat lay in the bay for years.") == 1


def test_a_piece_for_which_there_is_no_room_is_read_no_oftener_than_without_any(
    detector: FactDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amnestic.tools.detection import pieces

    monkeypatch.setattr(pieces, "_MOST_KEPT", 1)
    read: list[str] = []
    real: Callable[[str], object] = pieces.read
    monkeypatch.setattr(pieces, "read", lambda text: read.append(text) or real(text))
    text = "Nobody saw it in the bay for years."
    full: dict[str, object] = {"another": None}
    counts = []
    for told in (Context(told=frozenset({"osk"})), Context(told=frozenset({"osk"}), cut=full)):
        read.clear()
        detector.names_one(text, ASKED, told)
        counts.append(read.count(text))
    assert counts == [1, 1]
    assert full.keys() == {"another"}
