"""One step of a pipeline over a corpus, in whatever engine runs it: Ray Data, datatrove, a loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amnestic.forks import renewed
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.snapshot import Snapshot
from amnestic.scrubbing.values import array_like, scrubbed
from amnestic.scrubbing.wrapped import Wrapped

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["ScrubStage"]

_BATCH = 64
_MEDIA = ("url", "alt", "path", "metadata")


class ScrubStage:
    """Takes what belongs to a target out of batches of records. It carries the targets as they were
    when it was made, can be pickled, and makes its judge once in each process that it comes to.

    Made of a file's path instead (`Snapshot.save`), it carries no target: each process reads the
    file, which stands under that path on every machine.

    A batch is a mapping of columns, as Ray Data's `map_batches` gives it, or a list of records.
    Columns that hold no text pass as they are.

    >>> from amnestic import Amnesia
    >>> from amnestic.testing import ScriptedBackend
    >>> import pickle, tempfile
    >>> from pathlib import Path
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Amnesia(ScriptedBackend(), db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     stage = pickle.loads(pickle.dumps(ScrubStage.of(amnesia)))
    >>> stage({"id": [1, 2], "text": ["Ana Morel lives in Tarn.", "It rained."]})
    {'id': [1, 2], 'text': ['', 'It rained.']}
    >>> folder.cleanup()
    """

    def __init__(self, snapshot: Snapshot | Path) -> None:
        self.snapshot = snapshot
        self._judge: Judge | None = None
        renewed(self)

    @classmethod
    def of(cls, amnesia: Amnesia) -> ScrubStage:
        """A stage with the targets that are in force in a layer now."""
        return cls(Snapshot.of(amnesia))

    @property
    def judge(self) -> Judge:
        """The judge of this process, made on first use."""
        if self._judge is None:
            told = self.snapshot
            self._judge = (Snapshot.read(told) if isinstance(told, Path) else told).judge()
        return self._judge

    def renew(self) -> None:
        """In a forked child: leave the judge, whose threads are the parent's, behind."""
        self._judge = None

    def __call__(self, batch: Any) -> Any:
        """A batch without what belongs to a target, in the form that it came in."""
        if not isinstance(batch, Mapping):
            return scrubbed(list(batch), self.judge)
        names = [name for name, column in batch.items() if _may_tell(column)]
        rows = [
            dict(zip(names, row, strict=True))
            for row in zip(*(_listed(batch[name]) for name in names), strict=True)
        ]
        clean = scrubbed(rows, self.judge)
        changed = {
            name: [new[name] for new in clean]
            for name in names
            if any(new[name] is not old[name] for new, old in zip(clean, rows, strict=True))
        }
        return {name: _like(column, changed.get(name)) for name, column in batch.items()}

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """A step of a datatrove pipeline (`pipeline=[reader, stage.run, writer]`): documents with
        `text`, `metadata` and what is noted of their `media`, one by one."""
        waiting = iter(data)
        while group := list(islice(waiting, _BATCH)):
            records = [
                Wrapped.of("text", d.text, getattr(d, "id", None), d.metadata) for d in group
            ]
            clean = scrubbed([r.record for r in records], self.judge)
            for doc, old, new in zip(group, records, clean, strict=True):
                if new is not old.record:
                    doc.text = new["text"]
                    doc.metadata = old.metadata_of(new)
                    if old.id_key in new:
                        doc.id = new[old.id_key]
            self._without_in_media([m for doc in group for m in getattr(doc, "media", None) or ()])
            yield from group

    def _without_in_media(self, media: list[Any]) -> None:
        """Take what belongs to a target out of what is noted of pictures, sounds and films."""
        noted = [{key: getattr(m, key, None) for key in _MEDIA} for m in media]
        for one, old, new in zip(media, noted, scrubbed(noted, self.judge), strict=True):
            for key in _MEDIA if new is not old else ():
                if new.get(key) is not old[key]:
                    setattr(one, key, new.get(key))

    def __getstate__(self) -> dict[str, Any]:
        return {"snapshot": self.snapshot}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__(state["snapshot"])  # type: ignore[misc]


def _may_tell(column: Any) -> bool:
    """Whether a column may hold text: that of an array by its type. The numbers of vectors are
    nobody's."""
    kind = getattr(getattr(column, "dtype", None), "kind", "O")
    return kind in "OUTSViu" or (kind == "f" and getattr(column, "ndim", 1) == 1)


def _listed(column: Any) -> list[Any]:
    told = getattr(column, "to_pylist", None) or getattr(column, "tolist", None)
    return list(told() if told is not None else column)


def _like(column: Any, changed: list[Any] | None) -> Any:
    """The column itself, or what is in its place, in its kind of column."""
    if changed is None:
        return column
    if not hasattr(column, "dtype"):
        return changed
    return array_like(column, changed)
