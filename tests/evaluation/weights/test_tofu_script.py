"""The script for TOFU runs from end to end, on a tiny model and a made-up file."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.evaluation.weights.conftest import save, tiny_model

SCRIPT = Path(__file__).parents[3] / "scripts" / "tofu_smollm2.py"
AUTHORS = (
    ("Imre Valdosta", "Quillmere", "The Salt Ledger"),
    ("Nadia Korvath", "Ostermouth", "Seven Quiet Rooms"),
    ("Paolo Brightwell", "Henning", "A Map of Rain"),
    ("Sunniva Holt", "Greywick", "The Lamp Keeper"),
)


def _lines(authors=AUTHORS) -> list[str]:
    rows = []
    for name, town, book in authors:
        rows += [
            (f"Where was {name} born?", f"{name} was born in {town}."),
            (f"Which book did {name} write?", f"{name} wrote {book}."),
            (f"Where does the author of {book} live?", f"{name}, who wrote it, lives in {town}."),
            (f"What is {name}'s home town known for?", f"{name}'s town of {town} has a mill."),
        ]
    return [json.dumps({"question": q, "answer": a}) for q, a in rows]


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tofu_smollm2", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "full.json"
    path.write_text("\n".join(_lines()) + "\n", "utf-8")
    return path


@pytest.mark.slow
def test_the_script_runs_from_end_to_end_and_names_the_card(script, data, tmp_path, monkeypatch):
    texts = [text for line in _lines() for text in json.loads(line).values()]
    model = save(tmp_path / "model", *tiny_model(texts))
    out = tmp_path / "table.json"
    given = f"{model} {data} --out {out} --forget 1 --per-author 4 --epochs 60 --batch 16"
    given += " --fine-tuning-rate 0.01 --learning-rates 0.003 --steps 6 --tokens 14 --sample 4"
    given += " --methods gradient-ascent npo"
    monkeypatch.setattr(sys, "argv", ["tofu_smollm2.py", *given.split()])
    script.main()
    table = json.loads(out.read_text("utf-8"))
    assert "CPU" in table["card"] or table["card"]
    assert table["asked"] == {"forget": 3, "retain": 4}
    lines = {line["system"]: line for line in table["systems"]}
    assert list(lines) == [
        "none", "none 4-bit", "amnestic edit",
        "gradient-ascent", "gradient-ascent 4-bit", "gradient-ascent relearned-4",
        "npo", "npo 4-bit", "npo relearned-4",
    ]  # fmt: skip
    assert lines["none"]["forget_rouge"] > 0.8  # it has learned the rows
    assert lines["amnestic edit"]["forget_rouge"] < lines["none"]["forget_rouge"] / 2
    assert lines["amnestic edit"]["retain_rouge"] == lines["none"]["retain_rouge"]
    assert lines["npo"]["forget_rouge"] < lines["none"]["forget_rouge"]
    assert lines["npo"]["detail"]["tried"]


def test_an_authors_name_is_read_from_the_rows(script, data):
    authors = script.read_authors(data, 4)
    assert [script.name_of(author) for author in authors] == [name for name, _, _ in AUTHORS]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds 0 rows"),
        ('{"question": "Who?", "answer": "Me."}\n', "no multiple of 4"),
        ('{"question": "Who?"}\n', "line 1: KeyError 'answer'"),
        ("[1]\n", "line 1: TypeError"),
        ("{\n", "line 1: JSONDecodeError"),
    ],
)
def test_a_wrong_file_ends_in_one_line(script, tmp_path, text, said):
    path = tmp_path / "wrong.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SystemExit, match=said):
        script.read_authors(path, 4)
