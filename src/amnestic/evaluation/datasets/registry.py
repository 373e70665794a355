"""The data sets by name: what their files look like, where they are published, who loads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from amnestic.evaluation.contract import DataSet
from amnestic.evaluation.datasets.building import Draw
from amnestic.evaluation.datasets.drafts import is_drafts, load_drafts
from amnestic.evaluation.datasets.embedded import load_embedded
from amnestic.evaluation.datasets.forgeteval import is_forgeteval, load_forgeteval
from amnestic.evaluation.datasets.jsonlines import is_jsonlines, load_jsonlines
from amnestic.evaluation.datasets.kbench import is_kbench, load_kbench
from amnestic.evaluation.datasets.lume import is_lume, load_lume
from amnestic.evaluation.datasets.muse import is_muse, load_muse
from amnestic.evaluation.datasets.requests import is_requests, load_requests
from amnestic.evaluation.datasets.returned import is_return, load_return
from amnestic.evaluation.datasets.rwku import is_rwku, load_rwku
from amnestic.evaluation.datasets.tofu import is_tofu, load_tofu
from amnestic.evaluation.datasets.wmdp import is_wmdp, load_wmdp
from amnestic.exceptions import DataSetError

__all__ = ["DATA_SETS", "Loader", "load_data_set"]


@dataclass(frozen=True, slots=True)
class Loader:
    """One data set: `layout` says in a sentence which files are read, `published` where they are
    found, `licence` under what they are given away. `recognises` tells a path of it."""

    name: str
    holds: str
    layout: str
    published: str
    licence: str
    load: Callable[[Path, Draw], DataSet]
    recognises: Callable[[Path], bool]


_LOADERS = (
    Loader(
        "tofu",
        "made-up authors, twenty questions on each",
        "`forget10.json` (or 05, 01; also `…_dataset.json`), and beside it `forget10_perturbed`, "
        "`retain90`, `real_authors`, `world_facts`",
        "huggingface.co/datasets/locuslab/TOFU",
        "MIT",
        load_tofu,
        is_tofu,
    ),
    Loader(
        "rwku",
        "famous people, probes on three levels, neighbours",
        "`All/forget_level1.json` …, or `Target/1_Stephen_King/forget_level1.json` …, or one "
        "`forget_level1.jsonl` … for all beside `targets.jsonl`",
        "huggingface.co/datasets/jinzhuoran/RWKU",
        "CC BY 4.0 (card), MIT (code)",
        load_rwku,
        is_rwku,
    ),
    Loader(
        "muse",
        "news articles or novels, asked for and continued",
        "`knowmem/forget_qa`, `knowmem/retain_qa`, `verbmem/forget`",
        "huggingface.co/datasets/muse-bench/MUSE-News and MUSE-Books",
        "CC BY 4.0",
        load_muse,
        is_muse,
    ),
    Loader(
        "wmdp",
        "multiple-choice questions on hazards",
        "`wmdp-bio`, `wmdp-chem`, `wmdp-cyber`, each a table or a folder with `test`",
        "huggingface.co/datasets/cais/wmdp",
        "MIT",
        load_wmdp,
        is_wmdp,
    ),
    Loader(
        "lume",
        "made-up novels and private records, real biographies",
        "`data/forget.jsonl` and `data/retain.jsonl`",
        "github.com/amazon-science/lume-llm-unlearning",
        "Apache-2.0",
        load_lume,
        is_lume,
    ),
    Loader(
        "return",
        "people of Wikipedia with questions on each",
        "`forget_eval.jsonl` and `retain_eval.jsonl`, or one `RETURN.jsonl`",
        "huggingface.co/datasets/zhliu/RETURN",
        "not stated",
        load_return,
        is_return,
    ),
    Loader(
        "kbench",
        "made-up people with a date of birth, address, job and employer",
        "`data/pii_facts/v1_facts.jsonl`, `v1_queries.jsonl`, `forget_ids_eval.txt` and "
        "`retain_ids_eval.txt`, or `people.jsonl` (with `set`) and `queries.jsonl`",
        "arXiv 2609.12808, the benchmark's own repository",
        "CC BY 4.0",
        load_kbench,
        is_kbench,
    ),
    Loader(
        "forgeteval",
        "memories, a forget request and a query that they tempt",
        "`adversarial.py` and `adversarial_generated.py`, read as data, or a table of the fields "
        "of their cases",
        "github.com/deeplethe/lethe, bench/forgeteval",
        "MIT",
        load_forgeteval,
        is_forgeteval,
    ),
    Loader(
        "drafts",
        "conversations with long answers that a scripted model plays",
        "`targets.json` and `cases.jsonl`",
        "own format",
        "your own",
        load_drafts,
        is_drafts,
    ),
    Loader(
        "requests",
        "forget requests in plain words, asked back with their own text in context",
        "`requests.jsonl`",
        "own format",
        "your own",
        load_requests,
        is_requests,
    ),
    Loader(
        "jsonlines",
        "any questions",
        "one `.jsonl` file, or a folder of them, in the fields below",
        "own format",
        "your own",
        load_jsonlines,
        is_jsonlines,
    ),
    Loader(
        "embedded",
        "the world of the embedded model, which knows it",
        "nothing to fetch: it ships with the package",
        "this package",
        "MIT",
        lambda path, draw: load_embedded(None if path == Path() else path, draw),
        lambda path: path.name == "world.json",
    ),
)

DATA_SETS: Mapping[str, Loader] = MappingProxyType({loader.name: loader for loader in _LOADERS})
"""Every data set by its name."""


def load_data_set(
    name_or_path: str | Path,
    *,
    subjects: int | None = None,
    per_subject: int | None = None,
    beside: int | None = None,
    seed: int = 0,
) -> DataSet:
    """The data set of a name, of `name:path`, or of a path alone, by what its files look like.

    Args:
        name_or_path: "embedded", "tofu:data/TOFU", "data/rwku" or a file.
        subjects: how many subjects are drawn to be forgotten; None for all.
        per_subject: how many probes of one subject in one group; None for all.
        beside: how many probes of one group that belong to no subject; None for all.
        seed: what is drawn; the same seed draws the same.

    Raises `DataSetError` where the set is unknown, a file or field is missing, or nothing in it
    asks to be forgotten.

    >>> data = load_data_set("embedded", subjects=3, per_subject=2, beside=2)
    >>> len(data.subjects), {p.group.value for p in data.probes} >= {"forget", "neighbour"}
    (3, True)
    """
    for name, number in (("subjects", subjects), ("per_subject", per_subject), ("beside", beside)):
        if number is not None and number < (name != "beside"):
            raise DataSetError(f"{name}={number} asks for nothing: give a larger number or None")
    draw = Draw(seed, subjects, per_subject, beside)
    loader, path = _found(str(name_or_path))
    return loader.load(path, draw)


def _found(told: str) -> tuple[Loader, Path]:
    name, colon, rest = told.partition(":")
    if name in DATA_SETS and colon:
        path = Path(rest)
        if not path.exists():
            raise DataSetError(f"{path} does not exist: {_wanted(DATA_SETS[name])}")
        return DATA_SETS[name], path
    if told == "embedded":
        return DATA_SETS[told], Path()
    path = Path(told)
    if not path.exists():
        if told in DATA_SETS:
            raise DataSetError(
                f"{told!r} needs its files, as {told}:FOLDER: {_wanted(DATA_SETS[told])}"
            )
        known = ", ".join(DATA_SETS)
        raise DataSetError(f"{told!r} is no data set and no path: give one of {known}, or a path")
    unread: DataSetError | None = None
    for loader in DATA_SETS.values():
        try:
            if loader.recognises(path):
                return loader, path
        except DataSetError as error:  # another layout may not need what this one cannot read
            unread = unread or error
    if unread:
        raise unread
    known = ", ".join(DATA_SETS)
    raise DataSetError(
        f"{path} looks like no known data set: give NAME:{path} with one of {known}, "
        "which then says what is missing"
    )


def _wanted(loader: Loader) -> str:
    return f"{loader.name} is read from {loader.layout}; it is found at {loader.published}"
