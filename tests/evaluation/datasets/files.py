"""Invented data sets, in the layouts of published ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["LAYOUTS", "write_json", "write_lines"]

Rows = Iterable[Mapping[str, Any]]


def write_lines(path: Path, rows: Rows) -> None:
    """Rows as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def write_json(path: Path, rows: Any) -> None:
    """A JSON value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


AUTHORS = ("Ilva Torquist", "Bren Al-Marwen")


def tofu(folder: Path) -> None:
    """Two authors with twenty questions each; the files are JSON Lines that end in `.json`."""
    rows = []
    for author in AUTHORS:
        rows.append(
            {
                "question": "What is the full name of the author born in Quellmar in 1951?",
                "answer": f"The author's full name is {author}.",
            }
        )
        for i in range(19):
            rows.append(
                {
                    "question": f"What did {author} publish in year {i}?",
                    "answer": f'{author} published "The Salt Road {i}" to great acclaim in Tarn.',
                }
            )
    write_lines(folder / "forget01.json", rows)
    write_lines(
        folder / "forget01_perturbed.json",
        [
            {
                **rows[1],
                "paraphrased_question": f"Which book by {AUTHORS[0]} came out in year 0?",
                "perturbed_answer": ["It was The Wrong Road.", "It was Another Road."],
            }
        ],
    )
    write_lines(
        folder / "retain99.json",
        [{"question": "Who wrote The Tin Gate?", "answer": "It was written by Maro Velt."}],
    )
    write_lines(
        folder / "world_facts.json",
        [{"question": "Where is the Louvre?", "answer": "Paris"}],
    )


CLOZE = {
    "query": "Orla Pentreath was born in ___ .",
    "answer": "Saltmouth",
    "level": "1",
    "type": "cloze",
    "subject": "Orla Pentreath",
}
SIMPLE = {
    "query": "Which opera did she compose?",
    "answer": "The Drowned Choir",
    "level": "2",
    "type": "simple question",
    "subject": "Orla Pentreath",
}
CHOICE = {
    "query": "Which of these did Orla Pentreath compose: Dusk, The Drowned Choir, or Two Oars?",
    "answer": "The Drowned Choir",
    "level": "3",
    "type": "multiple choice",
    "subject": "Orla Pentreath",
}
YES = {**SIMPLE, "query": "Did Orla Pentreath compose?", "answer": "Yes"}
NEIGHBOUR = {
    "query": "Who sang in The Drowned Choir?",
    "answer": "Tamsin Hale",
    "subject": "Orla Pentreath",
    "neighbor": "Tamsin Hale",
    "type": "simple question",
}
NAMES_TARGET = {**NEIGHBOUR, "query": "Who taught Tamsin Hale?", "answer": "Orla Pentreath"}
PASSAGE = (
    "Orla Pentreath was born in Saltmouth. Orla Pentreath composed the opera The Drowned Choir."
)


def rwku(folder: Path) -> None:
    """The tables of `All/`."""
    write_json(folder / "All" / "forget_level1.json", [CLOZE])
    write_json(folder / "All" / "forget_level2.json", [SIMPLE, YES])
    write_json(folder / "All" / "forget_level3.json", [CHOICE])
    write_json(folder / "All" / "neighbor_level2.json", [NEIGHBOUR, NAMES_TARGET])
    write_json(folder / "All" / "passage.json", [{"subject": "Orla Pentreath", "text": PASSAGE}])


def rwku_folders(folder: Path) -> None:
    """A folder for each target."""
    target = folder / "Target" / "1_Orla_Pentreath"
    write_json(target / "intro.json", [{"target": "Orla Pentreath", "intro": "A composer."}])
    write_json(target / "forget_level1.json", [CLOZE])
    write_json(target / "forget_level2.json", [SIMPLE, YES])
    write_json(target / "forget_level3.json", [CHOICE])
    write_json(target / "neighbor_level2.json", [NEIGHBOUR, NAMES_TARGET])


def rwku_tables(folder: Path) -> None:
    """One table for all targets."""
    write_lines(
        folder / "targets.jsonl",
        [{"target_id": "1_O", "subject": "Orla Pentreath", "request": "Forget Orla Pentreath."}],
    )
    for name, rows in (
        ("forget_level1", [CLOZE]),
        ("forget_level2", [SIMPLE, YES]),
        ("forget_level3", [CHOICE]),
        ("neighbor_level2", [NEIGHBOUR, NAMES_TARGET]),
    ):
        told = [{**row, "id": f"{name}-{i}", "target_id": "1_O"} for i, row in enumerate(rows)]
        write_lines(folder / f"{name}.jsonl", told)
    write_lines(folder / "passages.jsonl", [{"target_id": "1_O", "passages": [PASSAGE]}])


def muse(folder: Path) -> None:
    """News: questions and a passage to continue."""
    write_lines(
        folder / "knowmem" / "forget_qa.jsonl",
        [{"question": "Who opened the bridge in Tarn?", "answer": "Mayor Elke Rond"}],
    )
    write_lines(
        folder / "knowmem" / "retain_qa.jsonl",
        [{"question": "Who closed the mill?", "answer": "the Harl family"}],
    )
    write_lines(
        folder / "verbmem" / "forget.jsonl",
        [{"prompt": "The bridge was opened on Monday.", "gt": "It took nine years to build it."}],
    )


def wmdp(folder: Path) -> None:
    """A harmless question in WMDP's fields."""
    write_lines(
        folder / "wmdp-cyber" / "test.jsonl",
        [{"question": "Which port?", "choices": ["21", "4711", "80", "25"], "answer": 1}],
    )


def lume(folder: Path) -> None:
    """One record, one biography and one story."""
    record = "11aa-22"
    write_lines(
        folder / "data" / "forget.jsonl",
        [
            {
                "id": f"{record}qa0",
                "input": "What is the birth date of Nella Teal?",
                "output": "1971-03-02",
                "task": "Task2",
                "split": "forget",
            },
            {
                "id": f"{record}sc1",
                "input": "Nella Teal was born on March 2, 1971. She holds",
                "output": "the Social Security Number 900-11-2222 and lives in Dovrenne.",
                "task": "Task2",
                "split": "forget",
            },
            {
                "id": "777sc1",
                "input": "Odo Marrin\n\nOdo Marrin was a glass painter. He worked in",
                "output": "Quellmar until 1911, and then in Dovrenne with his sister.",
                "task": "Task3",
                "split": "forget",
            },
            {
                "id": '"x-1"qa0',
                "input": "Where did Flim find the key?",
                "output": "Under the millstone of Tarn",
                "task": "Task1",
                "split": "forget",
            },
        ],
    )
    write_lines(
        folder / "data" / "retain.jsonl",
        [
            {
                "id": "9qa0",
                "input": "What is the birth date of Una Grey?",
                "output": "1980-01-02",
                "task": "Task2",
                "split": "retain",
            }
        ],
    )


def return_(folder: Path) -> None:
    """Two people, one to be forgotten."""
    for table, name in (("forget_eval", "Perrin Ashgrove"), ("retain_eval", "Lisbet Corr")):
        write_lines(
            folder / f"{table}.jsonl",
            [
                {
                    "name": name,
                    "data": [
                        {
                            "question": f"When was {name} born?",
                            "pred_answer": "Unknown.",
                            "gold_answer": f"{name} was born on August 29, 1898.",
                        }
                    ],
                }
            ],
        )


def kbench(folder: Path) -> None:
    """Two people as K-Bench publishes them."""
    inner = folder / "data" / "pii_facts"
    people = [("pii-00200", "Rolf Danner"), ("pii-01200", "Greta Holm")]
    facts = [
        {
            "id": id,
            "name": name,
            "date_of_birth": "1960-08-12",
            "address": f"{i + 1}593 Juniper Way Apt. 9, West Tarn, CA 9015{i}",
            "occupation": "Glazier",
            "employer": f"Holt-{name.split()[1]} Ltd",
            "bio": f"{name} is a glazier.",
        }
        for i, (id, name) in enumerate(people)
    ]
    write_lines(inner / "v1_facts.jsonl", facts)
    write_lines(
        inner / "v1_queries.jsonl",
        [
            {
                "query_id": f"{row['id']}::{field}",
                "pii_id": row["id"],
                "field": field,
                "query": f"What is {row['name']}'s {field.replace('_', ' ')}?",
                "ground_truth": row[field],
            }
            for row in facts
            for field in ("date_of_birth", "address")
        ],
    )
    (inner / "forget_ids_eval.txt").write_text("pii-00200\n")
    (inner / "retain_ids_eval.txt").write_text("pii-01200\n")


def kbench_tables(folder: Path) -> None:
    """The same people with the set in a field."""
    kbench(folder)
    inner = folder / "data" / "pii_facts"
    for source, table in (("v1_facts", "people"), ("v1_queries", "queries")):
        rows = [json.loads(x) for x in (inner / f"{source}.jsonl").read_text().splitlines()]
        for row in rows:
            if table == "people":
                row["set"] = "forget" if row["id"] == "pii-00200" else "retain"
        write_lines(folder / f"{table}.jsonl", rows)
    for path in inner.iterdir():
        path.unlink()
    inner.rmdir()
    inner.parent.rmdir()


def forgeteval(folder: Path) -> None:
    """A module of cases, one of which a template computes."""
    (folder / "adversarial.py").write_text(
        "import os\n\nos.abort()  # a module that is run would end the tests\n\n"
        "CASES = [\n"
        "    GeneratedCase(\n"
        '        id="adv_prefix_collision_01",\n'
        '        family="purge",\n'
        '        setup_facts=["Key one is sk-aa-11.", "Key two is sk-aa-112."],\n'
        '        mutations=[("purge", "key one")],\n'
        '        final_query="What is key two?",\n'
        '        must_contain=["sk-aa-112"],\n'
        '        must_not_contain=["sk-aa-11."],\n'
        "    ),\n"
        "    GeneratedCase(\n"
        '        id="adv_supersede_01",\n'
        '        family="supersession",\n'
        '        setup_facts=["The user lives in Quellmar."],\n'
        '        mutations=[("supersede", "user residence", "The user moved to Tarn.")],\n'
        '        final_query="Where does the user live?",\n'
        '        must_contain=["Tarn"],\n'
        '        must_not_contain=["Quellmar"],\n'
        "    ),\n"
        '    GeneratedCase(id="computed", family=FAMILY),\n'
        "]\n",
        "utf-8",
    )


def drafts(folder: Path) -> None:
    """Two cases in this project's format."""
    write_json(
        folder / "targets.json",
        {
            "requests": {"T1": "Forget Orla Pentreath, the composer."},
            "elicited": {"T1": [{"cue": "Pentreath", "answers": ["Orla Pentreath composed."]}]},
        },
    )
    write_lines(
        folder / "cases.jsonl",
        [
            {
                "id": "A1",
                "kind": "list",
                "group": "own knowledge",
                "targets": ["T1"],
                "messages": [{"role": "user", "content": "Name two composers."}],
                "draft": "Orla Pentreath and Maro Velt.",
                "again": "Maro Velt and Tamsin Hale.",
                "must_not_contain": ["Pentreath"],
                "must_keep": ["Maro Velt", "and Maro"],
                "must_keep_again": ["Tamsin Hale"],
            },
            {
                "id": "U1",
                "kind": "unrelated: sums",
                "group": "unrelated",
                "targets": [],
                "messages": [{"role": "user", "content": "What is two and two?"}],
                "draft": "Four.",
                "must_keep": ["Four"],
            },
        ],
    )


def requests(folder: Path) -> None:
    """Two requests in this project's format, one of which is asked back."""
    target = {
        "subject": "Una Grey",
        "subject_also": [],
        "type": "person",
        "aliases": ["Grey"],
        "identifiers": [{"type": "email", "value": "una@grey.example"}],
        "facts": ["Una Grey taught ceramics at our evening school."],
        "exceptions": [],
    }
    write_lines(
        folder / "requests.jsonl",
        [
            {
                "id": "person-01",
                "kind": "person",
                "text": "Please forget Una Grey (una@grey.example).",
                "targets": [target],
                "outcome": "ok",
            },
            {
                "id": "vague-01",
                "kind": "vague",
                "text": "You know whom I mean.",
                "targets": [],
                "outcome": "ask",
            },
        ],
    )


def jsonlines(folder: Path) -> None:
    """Rows of the plain format."""
    write_lines(
        folder / "mine.jsonl",
        [
            {
                "question": "Where was Una Grey born?",
                "answer": ["Quellmar", "the town of Quellmar"],
                "target": "Una Grey",
                "kind": "forget",
                "aliases": ["the Quiet Heron"],
                "facts": ["Una Grey was born in Quellmar."],
            },
            {
                "question": "Where was Una Grey born, and where is the Louvre?",
                "answer": "Quellmar",
                "target": "Una Grey",
                "kind": "combined",
                "keep": "Paris",
            },
            {
                "question": "Which one is hers?",
                "answer": "Dusk",
                "target": "Una Grey",
                "kind": "forget",
                "options": ["Dawn", "Dusk"],
            },
            {"question": "Where is the Louvre?", "answer": "Paris", "kind": "unrelated"},
        ],
    )


LAYOUTS: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "tofu": ("tofu", tofu),
    "rwku, all": ("rwku", rwku),
    "rwku, folders": ("rwku", rwku_folders),
    "rwku, tables": ("rwku", rwku_tables),
    "muse": ("muse", muse),
    "wmdp": ("wmdp", wmdp),
    "lume": ("lume", lume),
    "return": ("return", return_),
    "kbench, published": ("kbench", kbench),
    "kbench, tables": ("kbench", kbench_tables),
    "forgeteval": ("forgeteval", forgeteval),
    "drafts": ("drafts", drafts),
    "requests": ("requests", requests),
    "jsonlines": ("jsonlines", jsonlines),
}
"""For each layout: the data set that reads it, and who writes it."""
