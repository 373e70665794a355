"""Trying targets on texts before they are in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import count

from pydantic import BaseModel, ConfigDict, computed_field

from amnestic.config import Settings
from amnestic.tools.detection import LeakDetector
from amnestic.tools.embedding import refuse_sealed
from amnestic.tools.index import FacetIndex, TargetStore
from amnestic.tools.protocols import Context, Embedder, Vectors
from amnestic.types import Assessment, Band, ForgetTarget

__all__ = ["Forecast", "Match", "Preview", "common_knowledge"]

_LEAKS = 0.5  # where `balanced` splits the uncertain band
_NEAREST = 20
_TRIED = "tried"


@cache
def common_knowledge() -> tuple[str, ...]:
    """Sentences and questions that nearly every target must leave alone.

    >>> len(common_knowledge()) > 100
    True
    """
    text = files("amnestic.forecasting").joinpath("common_knowledge.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


class Match(BaseModel):
    """A text that would be taken for a target.

    `text` is what was tried, `subject` the new target that it would be taken for, `score` from 0 to
    1, and `of` the id of the target in force whose text it is, if it is one's.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    subject: str
    score: float
    of: str = ""


class Preview(BaseModel):
    """A reading, and what it would do.

    Attributes:
        targets: what would be stored.
        namesakes: targets in force that share a name with one of them; sealed ones are masked.
        others: names and the nearest facts of other targets in force that would be taken for one;
            those of sealed ones are masked.
        neighbours: sentences of common knowledge that would be; `neighbours_read` were tried.
        against: the given texts that would be; `against_read` were tried.
    """

    model_config = ConfigDict(frozen=True)

    targets: tuple[ForgetTarget, ...]
    namesakes: tuple[ForgetTarget, ...] = ()
    others: tuple[Match, ...] = ()
    neighbours: tuple[Match, ...] = ()
    neighbours_read: int = 0
    against: tuple[Match, ...] = ()
    against_read: int = 0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def proposes_sealing(self) -> bool:
        """Whether a target that is not to be sealed holds an identifier of a private person."""
        return any(target.is_private and not target.sealed for target in self.targets)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Says what targets would match. `index` is that of the targets in force."""

    index: FacetIndex
    store: TargetStore
    embedder: Embedder
    settings: Settings
    known: tuple[str, ...] = field(default_factory=common_knowledge)

    def of(
        self,
        targets: Sequence[ForgetTarget],
        against: Sequence[str] = (),
        open_to: Collection[str] | None = None,
    ) -> Preview:
        """Try the targets on the others, on common knowledge and on the texts `against`. Of the
        others only those of the namespaces `open_to` are told; without, all of them. Raises
        `InvalidRequestError` where sealed ones would be sent to an embedder elsewhere."""
        refuse_sealed(targets, self.index.spec)
        vectors = [self.embedder.embed([f.text for f in t.facets]) for t in targets]
        tried = _Trial(self.embedder, self.settings, zip(targets, vectors, strict=True))
        others = tuple(
            match.model_copy(update={"of": other.id, **_masked(other)})
            for other, texts in self._near(targets, vectors)
            if _is_open(other, open_to)
            for match in tried.matches(texts)
        )
        known = (n for target in targets for n in self.store.namesakes(target))
        namesakes = {n.id: n for n in known if _is_open(n, open_to)}
        return Preview(
            targets=tuple(targets),
            namesakes=tuple(namesake.masked() for namesake in namesakes.values()),
            others=others,
            neighbours=tuple(tried.matches(self.known)),
            neighbours_read=len(self.known),
            against=tuple(tried.matches(against)),
            against_read=len(against),
        )

    def _near(
        self, targets: Sequence[ForgetTarget], vectors: Sequence[Vectors]
    ) -> Iterator[tuple[ForgetTarget, tuple[str, ...]]]:
        """The targets in force of which facets are nearest to those of the new ones: with their
        names, and the texts of those facets."""
        own, near = {target.id for target in targets}, defaultdict[str, set[int]](set)
        for target, rows in zip(targets, vectors, strict=True):
            for hits in self.index.search(rows, _NEAREST, target.namespace):
                for hit in hits:
                    near[hit.target_id].add(hit.facet_id)
        for target_id in near.keys() - own:
            other = self.index.target(target_id)
            nearest = (f.text for f in other.facets if f.id in near[target_id])
            yield other, tuple(dict.fromkeys((*other.names, *nearest)))


class _Trial:
    """Targets in an index of their own, and texts that are read against them."""

    def __init__(
        self,
        embedder: Embedder,
        settings: Settings,
        targets: Iterable[tuple[ForgetTarget, Vectors]],
    ) -> None:
        index, numbers = FacetIndex(embedder), count(1)
        self._subjects: dict[str, str] = {}
        self._context = Context(namespace=_TRIED)
        for i, (target, vectors) in enumerate(targets):
            facets = tuple(f.model_copy(update={"id": next(numbers)}) for f in target.facets)
            known = {"id": f"trial-{i}", "facets": facets, "namespace": _TRIED}
            index.add(target.model_copy(update=known), vectors)
            self._subjects[f"trial-{i}"] = target.subject
        self._detector = LeakDetector(index, embedder, settings)

    def matches(self, texts: Iterable[str]) -> Iterator[Match]:
        """The texts that would be taken for a target, each with the likeliest."""
        for text in texts:
            asked = text.rstrip().endswith("?")
            found = (
                self._detector.vet(text, self._context)
                if asked
                else self._detector.audit(text, "", self._context)
            )
            if (first := next(filter(_is_taken, found), None)) is not None:
                subject = self._subjects[first.target_id]
                yield Match(text=text, subject=subject, score=round(first.score, 3))


def _is_open(other: ForgetTarget, spaces: Collection[str] | None) -> bool:
    return spaces is None or other.namespace in spaces


def _masked(other: ForgetTarget) -> dict[str, str]:
    """What takes the place of the text of a target that is sealed."""
    return {"text": other.masked().subject} if other.sealed else {}


def _is_taken(found: Assessment) -> bool:
    return found.band is Band.LEAK or found.score >= _LEAKS
