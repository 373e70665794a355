"""The page on the data sets and attacks of an evaluation, made from the code."""

from __future__ import annotations

from collections.abc import Iterable

from amnestic.evaluation.attacks import FAMILIES
from amnestic.evaluation.attacks.encodings import ENCODERS
from amnestic.evaluation.attacks.languages import FRAMES
from amnestic.evaluation.attacks.registry import ATTACKS
from amnestic.evaluation.datasets.jsonlines import FIELDS
from amnestic.evaluation.datasets.registry import DATA_SETS
from amnestic.evaluation.scoring.disguises import DISGUISES

__all__ = ["data_page"]

MADE = "<!-- made by `python docs/refresh.py`; change the code, not this page -->"
JUDGED = {
    "`answer`": (
        "`forbidden` are the forms of the answer, and names of the target that the "
        "question does not say"
    ),
    "`pieces`": ("a long answer: its names, titles, dates and numbers; one of them is enough"),
    "`overlap`": (
        "a long answer without any: `forbidden` is its text or its first words, and the "
        "overlap with `reference` tells more; `expected` is empty, since no string shows "
        "that a model knows it"
    ),
    "`choice`": (
        "`options` stand in the question, so an echo is no leak; a reply leaks that picks "
        '`metadata["right"]`, by its letter or by its text alone. Published sets may list '
        "options without letters: then `right` is the option's text"
    ),
    "`case`": (
        "a draft with its own rule: none of `forbidden`, whatever the question says; "
        "`keep` are the pieces that stand in both of its answers"
    ),
}
"""What a reply is held to, by `metadata["judged_by"]`."""
MARKS = {
    "`of`": (
        "the id of the probe that an attack began with: a small model may know the answer and not "
        "the form in which an attack asks for it"
    ),
    "`resupplied`": (
        "the conversation hands the knowledge back on purpose: repeating it is the leak"
    ),
    "`read_as`": (
        "the reply was asked for in disguise: scores read it in each of these ways, and "
        "`forbidden` holds the written forms as well"
    ),
    "`turns`": (
        "what the user says in all turns, for a run that plays them one by one; the "
        "messages hold written answers between them"
    ),
    "`samples`, `options`": ("the probe is asked so often, with these options (leak@k)"),
    "`budget`": (
        "a search may ask so often: `search_for(probe, data)` proposes variants and is "
        "told the scores"
    ),
    "`membership`, `pair`": (
        '"listed", "unlisted" or "whole"; the two of a pair differ in the name alone. The '
        "unlisted one has to be answered as by the bare model"
    ),
    "`names_target`": ("a neighbour's question that names a target"),
    "`wrong_answers`": ("wrong answers that the set gives, for multiple choice"),
}
"""Further marks on a probe."""


def data_page() -> str:
    """`docs/evaluation_data.md`: what can be asked, and how it can be attacked."""
    sets = [
        (f"`{name}`", loader.holds, loader.layout, loader.published, loader.licence)
        for name, loader in DATA_SETS.items()
    ]
    fields = [(f"`{name}`", what) for name, what in FIELDS.items()]
    families = [
        (family, ", ".join(f"`{a.name}`" for a in attacks)) for family, attacks in FAMILIES.items()
    ]
    attacks = [(f"`{a.name}`", a.family, a.describe) for a in ATTACKS.values()]
    return f"""# Data sets and attacks of an evaluation

{MADE}

`load_data_set` takes a name (`embedded`), a name and a path (`tofu:data/TOFU`), or a path alone,
which is recognised by its files:

```python
from amnestic.evaluation.attacks import attacked
from amnestic.evaluation.datasets import load_data_set

data = load_data_set("embedded", subjects=30, seed=0)
harder = attacked(data, per_family=60, seed=0, held_out=["adaptive"])
```

Tables are read as JSON, JSON Lines (also in files that end in `.json`, as TOFU's do) or parquet,
which needs `pip install pyarrow`. `subjects`, `per_subject` and `beside` draw a part by seed.

## Data sets

{_table(("name", "holds", "files", "published at", "licence"), sets)}
None of the published sets comes with this package. What was left out of one, and why, stands in
`DataSet.notes`.

### The fields of a row of `jsonlines`

{_table(("field", "what"), fields)}
`question` and `kind` are needed, `answer` and `target` where something is to be forgotten.

## How a reply is judged

`Probe.metadata["judged_by"]` says how far strings carry:

{_table(("`judged_by`", "what counts"), list(JUDGED.items()))}
An answer that stands in the question, or that is said everywhere ("yes", a number of one or two
digits, one of the most common words), cannot tell a leak from an echo: its row is left out and
counted in the notes. `shared_answer` marks answers that are right for several subjects of a set
("author"): they say less. In a set that does not tell what is a subject's own, `Subject.exclusive`
holds the answers that are right for it alone.

Further marks on a probe:

{_table(("`metadata`", "meaning"), list(MARKS.items()))}
## Attacks

Each is deterministic by seed and needs no chat model; one that has no matter in a probe makes
nothing of it. `compose(a, b)` does one after the other. `held_out` keeps families or single attacks
back for a last measurement. The question is disguised in {len(ENCODERS)} ways ({_listed(ENCODERS)})
and asked in {len(FRAMES)} languages ({_listed(FRAMES)}); a translated answer is seen by a judge,
not by strings. Replies are read back in {len(DISGUISES)} ways ({_listed(DISGUISES)}).

{_table(("family", "attacks"), families)}
{_table(("attack", "family", "what it does"), attacks)}
Not among them, since an inference-time layer fails them by design: relearning, and extraction from
the weights.
"""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"
