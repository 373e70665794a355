"""Facts of one target that stand together tell of it, though none of them does alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from amnestic.tools.detection.convergence import Converging
from amnestic.tools.index import TargetProfile
from amnestic.tools.index.profile import words_of_target
from amnestic.types import (
    Assessment,
    Band,
    Facet,
    FacetKind,
    ForgetTarget,
    LeakKind,
    Span,
    TargetKind,
)

FACTS = (
    "Mirela Osk read mathematics at the Oskarhavn Academy under Radomir Teleki.",
    "Mirela Osk built the Vantrask Lighthouse and the Quellmar Library.",
)
OSK = ForgetTarget(
    id="t-1",
    subject="Mirela Osk",
    kind=TargetKind.PERSON,
    facets=tuple(Facet(kind=FacetKind.FACT, text=fact) for fact in FACTS),
)
PROFILE = words_of_target(OSK)


def found(band: Band) -> Assessment:
    return Assessment("t-1", 0.4, band, LeakKind.INDIRECT)


def judged(text: str, band: Band = Band.UNCERTAIN) -> Assessment:
    [one] = Converging(text).told((found(band),), lambda _: PROFILE)
    return one


def test_facts_that_stand_together_are_certain() -> None:
    text = "She was at Oskarhavn with Teleki. Then she built the Vantrask and the Quellmar."
    told = judged(text)
    assert told.band is Band.LEAK
    assert [text[s.start : s.end].strip()[:8] for s in told.spans] == ["She was ", "Then she"]


def test_one_fact_alone_stays_uncertain() -> None:
    assert judged("She was at the Oskarhavn Academy. Teleki taught there.") == found(Band.UNCERTAIN)


def test_names_among_many_others_stay_uncertain() -> None:
    others = " ".join(f"Zor{a}{b}vik met Quar{b}{a}del." for a in "bdfgk" for b in "lmnrt")
    text = f"She was at Oskarhavn with Teleki. She knew the Vantrask and the Quellmar. {others}"
    assert judged(text) == found(Band.UNCERTAIN)


def test_what_is_settled_is_left_alone() -> None:
    text = "She was at Oskarhavn with Teleki. Then she built the Vantrask and the Quellmar."
    assert judged(text, Band.LEAK) == found(Band.LEAK)


def test_a_list_of_others_is_not_about_whom_it_leaves_out() -> None:
    facts = (
        "Mirela Osk beat Radomir Teleki, Ilvane Quorr and Bessarion Vlad at Quellmar.",
        "The Vantrask final between Mirela Osk and Dorvane Ilkey is often told of.",
    )
    osk = OSK.model_copy(
        update={"facets": tuple(Facet(kind=FacetKind.FACT, text=f) for f in facts)}
    )
    profile = words_of_target(osk)
    text = (
        "| 1 | Radomir Teleki | 24 |\n| 2 | Ilvane Quorr | 22 |\n\n- **Dorvane Ilkey** won often.\n"
    )
    text += "- **Bessarion Vlad** once won at Quellmar.\n"
    [listed] = Converging(text).told((found(Band.UNCERTAIN),), lambda _: profile)
    assert listed == found(Band.UNCERTAIN)
    text = "She beat Teleki, Quorr and Vlad. At Quellmar it was Ilkey."
    [told] = Converging(text).told((found(Band.UNCERTAIN),), lambda _: profile)
    assert told.band is Band.LEAK


def test_a_text_is_looked_through_once_for_each_target(monkeypatch: pytest.MonkeyPatch) -> None:
    from amnestic.tools.detection import convergence

    looked: list[str] = []
    real = convergence._converging

    def counted(pieces: Sequence[convergence._Piece], profile: TargetProfile) -> tuple[Span, ...]:
        looked.append(profile.target.id)
        return real(pieces, profile)

    monkeypatch.setattr(convergence, "_converging", counted)
    text = Converging("She was at Oskarhavn with Teleki. Then she built the Vantrask and Quellmar.")
    other = words_of_target(OSK.model_copy(update={"id": "t-2", "facets": ()}))
    for _ in range(3):
        assert text.spans(PROFILE)
        assert not text.spans(other)
    assert looked == ["t-1", "t-2"]
