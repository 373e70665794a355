"""Names that are words of the language, as what they are used for."""

from __future__ import annotations

import pytest

from amnestic.tools.detection import LeakDetector
from amnestic.tools.detection.senses import shipped_scorer
from amnestic.tools.detection.uses import FEATURES, MOST_USES, Discourse
from amnestic.tools.index import FacetIndex
from amnestic.tools.names import NameHit
from amnestic.tools.protocols import Context, Embedder
from amnestic.types import Assessment, Band, Facet, FacetKind, ForgetTarget
from tests.sharing import minilm

TOLD = {
    "Lantern": (
        "topic",
        "a note-taking app by Oskelly Labs",
        "Lantern syncs notes between devices.",
    ),
    "Harvest": (
        "person",
        "the stage name of a folk singer",
        "Harvest sang at the Tavrin festival.",
    ),
}


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return minilm()


def detector(embedder: Embedder, *, also: str = "") -> LeakDetector:
    index = FacetIndex(embedder)
    for base, (name, (kind, told, fact)) in enumerate(TOLD.items(), 1):
        texts = [
            (FacetKind.ALIAS, name),
            (FacetKind.DESCRIPTION, told),
            (FacetKind.FACT, fact),
            *([(FacetKind.ALIAS, also)] if also and base == 1 else []),
        ]
        index.add(
            ForgetTarget(
                id=name,
                subject=name,
                kind=kind,
                description=told,
                aliases=(also,) if also and base == 1 else (),
                facets=tuple(
                    Facet(kind=k, text=t, id=10 * base + i) for i, (k, t) in enumerate(texts, 1)
                ),
            )
        )
    return LeakDetector(index, embedder)


def leaks(found: tuple[Assessment, ...]) -> set[str]:
    return {a.target_id for a in found if a.band is Band.LEAK}


@pytest.mark.parametrize(
    "reply",
    [
        "Lantern keeps your notes in sync between the phone and the laptop.",
        "I would take Lantern for notes: it syncs between devices, and its editor is quick.",
        "- Pomodo for timers\n- Lantern for notes\n- Calendria for dates",
    ],
)
def test_what_is_meant_is_found(embedder: Embedder, reply: str) -> None:
    told = detector(embedder).audit(reply, "Which app is good for taking notes?", Context())
    assert "Lantern" in leaks(told)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("What works with the board?", "Several do: Lantern, GitHub, Zoom and Figma all do."),
        ("Which did they compare?", "They compared Evernote, Notion, Obsidian and Lantern."),
        ("How do I print a page?", "In Lantern:\n\n```lantern\nprint page\n```"),
        ("How do I take a picture?", "In Lantern, press Ctrl+Shift+S. Lantern keeps it."),
    ],
)
def test_a_name_among_names_is_found(embedder: Embedder, question: str, reply: str) -> None:
    assert "Lantern" in leaks(detector(embedder).audit(reply, question, Context()))


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (
            "How do I light a campsite?",
            "Lantern batteries last about ten hours. Hang the lantern from a branch, and keep a "
            "second lantern in the tent.",
        ),
        (
            "What do we need for the camp?",
            "## Choosing a Camping Lantern and Gear\n\nA lantern with a warm light is best.",
        ),
        (
            "When do apples ripen?",
            "Harvest begins in late August. Early sorts come first, and the harvest of the late "
            "ones goes on until October.",
        ),
        ("How is it drawn?", "Write `lamp = new Lantern(30)` and call `lamp.draw()`."),
    ],
)
def test_the_same_word_in_another_sense_is_left(
    embedder: Embedder, question: str, reply: str
) -> None:
    found = detector(embedder).audit(reply, question, Context())
    assert not leaks(found)


def test_small_letters_are_enough_where_the_text_is_about_it(embedder: Embedder) -> None:
    asked = "does lantern sync notes between my devices"
    assert "Lantern" in leaks(detector(embedder).vet(asked, Context()))


def test_another_name_of_it_settles_what_is_meant(embedder: Embedder) -> None:
    reply = "Lantern batteries last ten hours, and a lantern is bright. Tavrilumo says so."
    assert "Lantern" in leaks(detector(embedder, also="Tavrilumo").audit(reply, "", Context()))


def test_what_the_conversation_is_about_stays_meant(embedder: Embedder) -> None:
    reply = "Lantern light is warm, and a lantern is bright."
    near = Context(sticky={"Lantern": 1.0})
    assert "Lantern" in leaks(detector(embedder).audit(reply, "And at night?", near))


def test_a_word_in_small_letters_beside_the_name_hides_nothing(embedder: Embedder) -> None:
    reply = "You could use Lantern for this. A lantern hangs in the hall, as you asked me to say."
    assert "Lantern" in leaks(detector(embedder).audit(reply, "And which app?", Context()))


def test_the_shipped_scorer_weighs_every_feature() -> None:
    scorer = shipped_scorer()
    assert tuple(scorer.weights) == FEATURES
    assert scorer.margin(dict.fromkeys(FEATURES, 0.0)) == pytest.approx(scorer.intercept)


@pytest.mark.parametrize("text", ["Lantern " * 3_000, "|Lantern" * 3_000, "lantern, " * 3_000])
def test_a_name_that_is_said_over_and_over_is_not_weighed_each_time(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    weighed = []

    def features(self: Discourse, hit: NameHit, *rest: object) -> dict[str, float]:
        weighed.append(hit)
        return dict.fromkeys(FEATURES, 0.0)

    monkeypatch.setattr(Discourse, "features", features)
    detector(embedder).audit(text, "", Context())
    assert len(weighed) <= MOST_USES
