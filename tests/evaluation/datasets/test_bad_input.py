"""A wrong, partial or empty data set is refused with the file, the field and the mend."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from amnestic.evaluation.datasets import load_data_set
from amnestic.exceptions import DataSetError
from tests.evaluation.datasets.files import LAYOUTS, write_json, write_lines


def said(what: str) -> str:
    with pytest.raises(DataSetError) as raised:
        load_data_set(what)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_an_unknown_name_lists_the_known_ones() -> None:
    assert "one of tofu, rwku" in said("tofoo")


def test_a_name_without_files_says_what_is_read_and_where_it_is_found() -> None:
    line = said("tofu")
    assert "tofu:FOLDER" in line
    assert "forget10.json" in line
    assert "locuslab/TOFU" in line


def test_a_foreign_folder_lists_the_layouts(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    assert "looks like no known data set" in said(str(tmp_path))


@pytest.mark.parametrize("name", ["tofu", "muse", "wmdp", "lume", "return", "rwku", "kbench"])
def test_an_empty_folder_names_the_missing_file(name: str, tmp_path: Path) -> None:
    line = said(f"{name}:{tmp_path}")
    assert str(tmp_path) in line
    assert "download" in line or "give" in line


@pytest.mark.parametrize(
    ("layout", "file", "missing"),
    [
        ("rwku, all", "All/forget_level2.json", "forget_level2"),
        ("kbench, published", "data/pii_facts/forget_ids_eval.txt", "forget_ids_eval.txt"),
        ("kbench, tables", "queries.jsonl", "queries"),
        ("lume", "data/retain.jsonl", "retain"),
    ],
)
def test_a_partial_folder_names_the_missing_file(
    layout: str, file: str, missing: str, tmp_path: Path
) -> None:
    name, write = LAYOUTS[layout]
    write(tmp_path)
    (tmp_path / file).unlink()
    assert missing in said(f"{name}:{tmp_path}")


def test_a_missing_field_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    write_lines(
        path,
        [
            {"question": "Who is it?", "answer": "Una", "kind": "unrelated"},
            {"question": "Who?", "kind": "forget", "answer": "Quellmar"},
        ],
    )
    line = said(str(path))
    assert "mine.jsonl, line 2" in line
    assert "'target'" in line


def test_an_unknown_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    write_lines(path, [{"question": "Who?", "answer": "Una", "kind": "remember"}])
    assert "'remember' is none of forget, combined, neighbour, unrelated" in said(str(path))


def test_a_half_written_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"question": "Who?", "kind": "unrelated", "answer": "Una"}\n{"questi')
    assert "line 2: not JSON" in said(str(path))


def test_a_line_of_endless_brackets_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"question": ' * 100_000, "utf-8")
    assert "line 1: not JSON" in said(str(path))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_bytes('{"question": "Müller?"}'.encode("utf-16"))
    assert "not UTF-8" in said(str(path))


def test_a_set_without_forget_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    write_lines(path, [{"question": "Who?", "answer": "Una", "kind": "unrelated"}])
    assert "has no forget rows" in said(str(path))


def test_a_set_of_which_nothing_can_be_judged_says_why(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    row = {"question": "Is it Una?", "answer": "Yes", "target": "Una Grey", "kind": "forget"}
    write_lines(path, [row])
    assert "too common" in said(str(path))


def test_a_wrong_index_of_a_choice_is_named(tmp_path: Path) -> None:
    rows = [{"question": "Which?", "choices": ["a", "b"], "answer": 4}]
    write_lines(tmp_path / "wmdp-bio.jsonl", rows)
    assert "'answer' must be the index of one of 2 choices" in said(str(tmp_path))


def test_a_draft_of_an_unknown_target_is_named(tmp_path: Path) -> None:
    LAYOUTS["drafts"][1](tmp_path)
    write_json(tmp_path / "targets.json", {"requests": {"T2": "Forget it."}})
    assert "'T1' is not in targets.json" in said(str(tmp_path))


def test_an_unfinished_author_is_refused(tmp_path: Path) -> None:
    LAYOUTS["tofu"][1](tmp_path)
    path = tmp_path / "forget01.json"
    path.write_text("\n".join(path.read_text().splitlines()[:37]))
    assert "37 rows, not 20 for each author" in said(str(tmp_path))


@pytest.mark.parametrize("asked", [{"subjects": 0}, {"per_subject": 0}, {"beside": -1}])
def test_a_draw_of_nothing_is_refused(asked: dict[str, int]) -> None:
    with pytest.raises(DataSetError, match="asks for nothing"):
        load_data_set("embedded", **asked)


def test_parquet_without_its_reader_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "knowmem"
    folder.mkdir()
    (folder / "forget_qa-00000-of-00001.parquet").write_bytes(b"PAR1")
    real: Callable[..., object] = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "pyarrow" else real(name, *a)
    )
    assert "pip install pyarrow" in said(str(tmp_path))


def test_a_text_with_a_line_separator_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    row = {
        "question": "Where was Una Grey\u2028born?",
        "answer": "Quellmar",
        "target": "Una Grey",
        "kind": "forget",
    }
    path.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    assert len(load_data_set(path).probes) == 1
