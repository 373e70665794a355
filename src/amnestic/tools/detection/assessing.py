"""From the weighed measures of a text to scores, and from those of one target to an assessment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.measures import NAMED, Measure, Scored
from amnestic.tools.detection.weighing import is_of_asked, is_read_as_telling
from amnestic.tools.detection.weights import FEATURES, TextKind, restates
from amnestic.types import Assessment, Band, Evidence, LeakKind, Span

__all__ = ["assessments_of", "in_order", "scored_of"]

_RESTATED = 0.9
_LIKELY = 0.5  # where what is uncertain begins to count


def scored_of(
    weighed: Iterable[tuple[Measure, float]],
    limits: Mapping[TextKind, Thresholds],
    told: Collection[str] = (),
) -> list[Scored]:
    """The measures of a text on the common scale, with their bands. `told` are the targets that are
    told of around it (`Context.told`)."""
    out = []
    for measure, raw in weighed:
        thresholds = limits[measure.kind]
        if measure.named:
            out.append(Scored(measure, NAMED, Band.LEAK))
        elif restates(measure.kind, measure.features):
            out.append(Scored(measure, _RESTATED, Band.LEAK))
        elif measure.beside or (measure.target_id in told and is_read_as_telling(measure)):
            out.append(Scored(measure, max(_LIKELY, thresholds.scaled(raw)), Band.UNCERTAIN))
        else:
            band = thresholds.band(raw)
            is_clean = measure.target_id in told and is_of_asked(measure, band)
            band = Band.CLEAN if is_clean else band
            out.append(Scored(measure, thresholds.scaled(raw), band))
    return out


def assessments_of(scored: Iterable[Scored]) -> tuple[Assessment, ...]:
    """One assessment for each target of which something is not clean, the likeliest first."""
    by_target: dict[str, list[Scored]] = {}
    for one in scored:
        if one.band is not Band.CLEAN:
            by_target.setdefault(one.measure.target_id, []).append(one)
    found = (_assessment(target_id, rows) for target_id, rows in by_target.items())
    return tuple(sorted(found, key=lambda a: -a.score))


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Each place once, in the order of the text."""
    return tuple(sorted(set(spans), key=lambda s: (s.start, s.end)))


def _assessment(target_id: str, rows: Sequence[Scored]) -> Assessment:
    top = max(rows, key=lambda row: row.score)
    flagged = [r.measure for r in rows if r.band is top.band or r.score >= 0.5]
    names = {span for m in flagged for span in m.names}
    spans = names or {m.span for m in flagged}
    named = {span for row in rows for span in row.measure.names}
    kind, reasons = _kind(top.measure), _reasons(top.measure)
    return Assessment(
        target_id, top.score, top.band, kind, in_order(spans), reasons, in_order(named)
    )


def _kind(measure: Measure) -> LeakKind:
    if measure.named:
        return LeakKind.DIRECT
    values = dict(zip(FEATURES[measure.kind], measure.features, strict=True))
    foreign = values.get("a_entities_foreign", values.get("entities_foreign", 0.0))
    return LeakKind.ENTANGLED if foreign >= 2 else LeakKind.INDIRECT


def _reasons(measure: Measure) -> tuple[Evidence, ...]:
    """What speaks: signs of names, nearness, words in common, and the verifier's log-odds."""
    told = tuple(
        Evidence(name, round(float(value), 4))
        for name, value in zip(FEATURES[measure.kind], measure.features, strict=True)
        if value and name != "facts" and not name.endswith("length")
    )
    read = () if measure.logit is None else (Evidence("verifier", round(measure.logit, 4)),)
    return (*told, *read)
