"""Targets go into files and come back as they were; what cannot be read is told by line."""

from __future__ import annotations

import csv
import json
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from amnestic import Amnesia
from amnestic.agents.records import recorded
from amnestic.exceptions import InvalidRequestError, RetrievalError, TargetStateError
from amnestic.exchange import bring_in, bringing_in, count_lines, reading, write_records
from amnestic.exchange.holding import Packed
from amnestic.exchange.reading import records_in
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry import registry as registry_module
from amnestic.types import ForgetTarget

Layer = Callable[..., Amnesia]
RECORD: dict[str, Any] = {
    "subject": "Mirela Osk",
    "kind": "person",
    "aliases": ["The Lark; of Venn", "[Mirela]"],
    "identifiers": ["osk@tavel.org", {"type": "number", "value": "4711", "label": "case; no."}],
    "facts": ["Mirela Osk keeps a goat.", 'She says "no, never"; and means it.'],
    "exceptions": ["her concerts"],
    "expires": datetime(2099, 1, 1, tzinfo=UTC),
    "legal_basis": "GDPR Art. 17",
}


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows))
    return path


def told(target: ForgetTarget) -> dict[str, Any]:
    return {
        **target.model_dump(exclude={"created", "facets", "kind_guessed", "namespace"}),
        "facets": sorted((f.kind, f.text) for f in target.facets),
    }


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_what_is_written_is_read_back(layer: Layer, tmp_path: Path, ending: str) -> None:
    first, second = layer(), layer(db=tmp_path / "other.db")
    first.forget(
        "Please forget Mirela Osk. She is a poet.",
        **{name: value for name, value in RECORD.items() if name not in ("subject", "kind")},
    )
    first.forget("Please forget Tor Hagen-Lys, a judge from Venn.")
    file = tmp_path / f"targets.{ending}"
    assert write_records(file, first.targets()) == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert bring_in(second, file).added == 2
    assert [told(t) for t in second.targets()] == [told(t) for t in first.targets()]


def test_a_file_is_gone_on_with_and_its_wrong_lines_are_told(layer: Layer, tmp_path: Path) -> None:
    amnesia = layer()
    file = lines(
        tmp_path / "many.jsonl",
        {"subject": "Mirela Osk", "kind": "person", "facts": ["Mirela Osk keeps a goat."]},
        "",
        "{broken",
        "[1]",
        {"subject": "  "},
        {"subject": "Edda Tarn", "colour": "red"},
        {"text": "Please forget Tor Hagen-Lys and Jory Venn-Ost."},
        {"text": "What is the capital of France?"},
        {"subject": "Mirela Osk", "kind": "person", "facts": ["Mirela Osk keeps a goat."]},
        {"subject": "Edda Tarn", "facts": "one string"},
    )
    done = bring_in(amnesia, file, reason="a move")
    assert (done.added, done.known, done.failed) == (3, 0, 7)
    assert [(p.line, re.split("[:;]", p.message)[0]) for p in done.problems] == [
        (3, "no JSON"),
        (4, "a JSON object is expected"),
        (5, "`subject` of a target"),
        (6, "`colour` of a target"),
        (8, "the request does not say what to forget"),
        (9, "the same target as line 1"),
        (10, "`facts` of a target"),
    ]
    assert [t.subject for t in amnesia.targets()] == [
        "Mirela Osk",
        "Tor Hagen-Lys",
        "Jory Venn-Ost",
    ]
    assert {e.reason for e in amnesia.registry.trail()} == {"a move"}
    again = bring_in(amnesia, file)
    assert (again.added, again.known) == (0, 3)
    assert count_lines(file) == 10


@pytest.mark.parametrize("atomic", [False, True])
def test_each_line_is_told_as_it_is_read_and_nothing_is_stored_before_it_was(
    layer: Layer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, atomic: bool
) -> None:
    """What a bar of progress shows: it ends at the last line of the file."""
    monkeypatch.setattr(bringing_in, "_AT_ONCE", 2)
    names = ("Mirela Osk", "Tor Hagen-Lys", "Edda Tarn", "Jory Venn", "Alba Rusk")
    file = lines(tmp_path / "t.jsonl", *({"subject": name} for name in names), "")
    happened: list[tuple[str, int]] = []
    bring_in(
        layer(),
        file,
        atomic=atomic,
        progress=lambda line: happened.append(("read", line)),
        stored=lambda ids: happened.append(("stored", len(ids))),
    )
    assert [n for what, n in happened if what == "read"] == [1, 2, 3, 4, 5]
    assert count_lines(file) == 5
    told = [(what, n) for what, n in happened if what == "stored"]
    assert told == ([("stored", 5)] if atomic else [("stored", 2), ("stored", 2), ("stored", 1)])
    assert happened[2] == (("read", 3) if atomic else ("stored", 2))


@pytest.mark.parametrize("atomic", [False, True])
def test_what_was_not_read_of_a_text_is_counted(
    layer: Layer, tmp_path: Path, *, atomic: bool
) -> None:
    amnesia = layer()
    file = lines(
        tmp_path / "t.jsonl",
        {"text": "Please forget Tor Hagen-Lys. He is a judge from Venn."},
        {"text": "Please forget Mirela Osk, one of our tenants."},
        {"subject": "Edda Tarn", "unread": ["so to say"]},
    )
    done = bring_in(amnesia, file, atomic=atomic)
    assert done.partly == sum(bool(target.unread) for target in amnesia.targets())
    assert (done.partly, bring_in(amnesia, file, atomic=atomic).partly) == (2, 0)


def test_a_line_that_contradicts_itself_or_another_is_told_and_not_brought_in(
    layer: Layer, tmp_path: Path
) -> None:
    amnesia = layer()
    file = lines(
        tmp_path / "t.jsonl",
        {"id": "osk", "subject": "Mirela Osk"},
        {"id": "osk", "subject": "Mirela Osk"},
        {"id": "osk", "subject": "Edda Tarn"},
        '{"subject": "Jory Venn", "subject": "Runa Vesk"}',
        {"text": "Please forget Tor Hagen-Lys.", "subject": "Runa Vesk"},
        {"subject": "Lars Holm", "status": "gone"},
        {"subject": "Lars Holm", "status": "revoked"},
        {"subject": "Lars Holm", "identifiers": ["holm@venn.example", " "]},
        {"text": "Please forget Ana Morel and Karl Brandt."},
        {"text": "Please forget Lena Voss and Karl Brandt."},
        {"text": "Please forget Lena Voss."},
    )
    done = bring_in(amnesia, file)
    assert [(p.line, p.message) for p in done.problems] == [
        (2, "the same target as line 1"),
        (3, "line 1 has the id `osk` too, and tells another target"),
        (4, "`subject` stands there twice"),
        (5, "`text` and `subject` both say what is meant: give one of them"),
        (6, "`status` of a target: 'gone' is none; it is active or expired"),
        (7, "the target is revoked; restore it where it was"),
        (8, "`identifiers.1` of a target: it is empty"),
        (10, "the same target as line 9"),
    ]
    names = ["Mirela Osk", "Ana Morel", "Karl Brandt", "Lena Voss"]
    assert [target.subject for target in amnesia.targets()] == names
    with pytest.raises(InvalidRequestError, match="line 2: the same target as line 1"):
        bring_in(amnesia, file, atomic=True)


def test_a_quotation_mark_that_is_not_closed_is_named_where_it_is_opened(
    layer: Layer, tmp_path: Path
) -> None:
    file, amnesia = tmp_path / "t.csv", layer()
    rows = ["subject,facts", 'Mirela Osk,"She sings.', 'He said ""no""."', 'Edda,"paints', "Tor,"]
    file.write_text("\n".join([*rows, *["Jory Venn,"] * 40]))
    done = bring_in(amnesia, file)
    (problem,) = done.problems
    assert (done.added, problem.line) == (1, 4)
    assert "not closed" in problem.message
    assert "nothing behind it was read" in problem.message
    assert amnesia.targets()[0].facts == ('She sings.\nHe said "no".',)


def test_what_stands_in_a_quotation_behind_a_broken_line_is_no_target(
    layer: Layer, tmp_path: Path
) -> None:
    file, amnesia = tmp_path / "t.csv", layer()
    file.write_text('subject,description\n"Ana"x,"first\nRome,is the capital of Italy\nend"\n')
    done = bring_in(amnesia, file)
    assert (done.added, [p.line for p in done.problems]) == (0, [2])


def test_a_row_of_several_lines_is_told_by_its_first(layer: Layer, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text('sep=,\nsubject,facts\n" ","one\ntwo"\n,\nOsk,"a\nb",c\n')
    assert [p.line for p in bring_in(layer(), file).problems] == [3, 6]


def test_a_target_without_facts_has_an_empty_field_for_them(layer: Layer, tmp_path: Path) -> None:
    amnesia, file = layer(), tmp_path / "t.csv"
    amnesia.add(ForgetTarget(id="osk", subject="Mirela Osk", kind="person"))
    write_records(file, amnesia.targets())
    with file.open(newline="") as stream:
        assert next(csv.DictReader(stream))["facts"] == ""


def test_all_or_nothing(layer: Layer, tmp_path: Path) -> None:
    amnesia = layer()
    file = lines(tmp_path / "many.jsonl", {"subject": "Mirela Osk"}, {"subject": ""})
    with pytest.raises(InvalidRequestError, match="line 2"):
        bring_in(amnesia, file, atomic=True)
    assert amnesia.targets() == []
    whole = lines(tmp_path / "good.jsonl", {"subject": "Mirela Osk"}, {"subject": "Edda Tarn"})
    assert bring_in(amnesia, whole, atomic=True).added == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", "name\nOsk", "column 'name' is not known"),
        ("t.csv", "kind\nperson", "`subject` or `text` is needed"),
        ("t.csv", "", "`subject` or `text` is needed"),
        ("t.txt", "Osk", "must end in"),
        ("missing.jsonl", None, "cannot be read"),
        ("t.jsonl", b"\xff\xfe\x00", "cannot be read as text"),
    ],
)
def test_a_file_that_is_none_is_told_in_a_line(
    layer: Layer, tmp_path: Path, name: str, content: str | bytes | None, message: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InvalidRequestError, match=message):
        bring_in(layer(), file)


def test_a_line_in_another_encoding_is_named_and_nothing_above_it_is_in_force(
    layer: Layer, tmp_path: Path
) -> None:
    file, amnesia = tmp_path / "t.csv", layer()
    above = "subject\nÁgnes Osk\n" + "".join(f"Edda Tarn{i}\n" for i in range(600))
    file.write_bytes(above.encode() + "José Pérez\n".encode("cp1252") + "Zoë".encode("utf-16"))
    with pytest.raises(InvalidRequestError, match="line 603: not UTF-8"):
        bring_in(amnesia, file, embed=False)
    assert amnesia.targets() == []


@pytest.mark.parametrize("at_once", [1, 2, 3, 7, 64])
@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("é\n日本\n".encode() + b"\xff", 3),
        ("é\n".encode() + "日本".encode()[:-1] + b"\nx\n", 2),
        ("é\r\n日\n".encode() + "本".encode()[:2], 3),
        (b"\xe9", 1),
        (b"\n" * 100 + "a\xe9z".encode("latin-1"), 101),
        ("é\n日本\n😀".encode(), 0),
        (b"", 0),
    ],
)
def test_the_line_in_another_encoding_is_named_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, line: int, at_once: int
) -> None:
    monkeypatch.setattr(reading, "_AT_ONCE", at_once)
    file = tmp_path / "t.jsonl"
    file.write_bytes(content)
    if line:
        with pytest.raises(InvalidRequestError, match=f"line {line}: not UTF-8"):
            count_lines(file)
    else:
        assert count_lines(file) == content.count(b"\n") + bool(content)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("length", [38, 39, 40, 41, 42, 79, 80, 81, 82, 121, 1_000])
def test_a_line_without_end_is_told_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int, ending: str
) -> None:
    monkeypatch.setattr(reading, "_LONGEST_LINE", 40)
    file = tmp_path / "t.jsonl"
    row = json.dumps({"subject": "Mirela Osk"})
    file.write_bytes(ending.join([row, "x" * length, row]).encode())
    (_, first), (number, told), (last, third) = records_in(file)
    assert (first, third) == ({"subject": "Mirela Osk"},) * 2
    assert (number, last, count_lines(file)) == (2, 3, 3)
    long = length + len(ending) > 40
    assert str(told) == ("longer than 40 characters" if long else "no JSON")


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (["Mirela Osk,", "x" * 100, "Edda Tarn,"], 3),  # a line without end
        (["Mirela Osk,", '"a', *['","b'] * 9, "Edda Tarn,"], 3),  # a row of lines without end
        (["Mirela Osk,", *["Tor,"] * 30, "x" * 41], 33),  # many short ones are no long one
        (["x" * 100], 2),
    ],
)
def test_a_row_of_a_table_without_end_is_told_and_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[str], line: int
) -> None:
    monkeypatch.setattr(reading, "_LONGEST_LINE", 40)
    file = tmp_path / "t.csv"
    file.write_text("\n".join(["subject,facts", *rows]))
    *before, (number, told) = records_in(file)
    assert len(before) == line - 2
    assert all(isinstance(record, dict) for _, record in before)
    assert number == line
    assert str(told).startswith("longer than 40 characters, so that nothing behind it was read")


def test_a_head_without_end_is_told(layer: Layer, tmp_path: Path) -> None:
    file, amnesia = tmp_path / "t.csv", layer()
    file.write_text("subject," + "x" * 2_000_000)
    (problem,) = bring_in(amnesia, file).problems
    assert (problem.line, problem.message[:27]) == (1, "longer than 1,000,000 chara")
    with pytest.raises(InvalidRequestError, match="line 1: longer than 1,000,000 characters"):
        bring_in(amnesia, file, atomic=True)


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
@pytest.mark.parametrize("atomic", [False, True])
def test_of_a_million_wrong_lines_some_are_told_and_all_are_counted(
    layer: Layer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
    *,
    atomic: bool,
) -> None:
    amnesia, file = layer(), tmp_path / f"t.{ending}"
    monkeypatch.setattr(bringing_in, "_SHOWN_PROBLEMS", 10)
    wrong = ["subject,kind", *["Osk,ship"] * 3_000] if ending == "csv" else ["{"] * 3_000
    file.write_text("\n".join([*wrong, ""]))
    first = 2 if ending == "csv" else 1
    if atomic:
        with pytest.raises(InvalidRequestError, match=f"line {first}: "):
            bring_in(amnesia, file, atomic=True)
    else:
        done = bring_in(amnesia, file)
        assert (done.added, done.failed) == (0, 3_000)
        assert [p.line for p in done.problems] == list(range(first, first + 10))
    assert amnesia.targets() == []


def test_rows_are_written_one_by_one(tmp_path: Path) -> None:
    """However many they are: none waits for the others."""
    asked: list[int] = []

    def coming() -> Iterator[ForgetTarget]:
        for i in range(3):
            asked.append(len(list(tmp_path.iterdir())))
            yield ForgetTarget(id=f"t-{i}", subject=f"Mirela Osk {i}")

    assert write_records(tmp_path / "t.csv", coming()) == 3
    assert asked == [1, 1, 1]  # the file is begun before the first is asked for


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_in_an_encoding_that_says_so_is_read(
    layer: Layer, tmp_path: Path, encoding: str
) -> None:
    file, amnesia = tmp_path / "t.csv", layer()
    file.write_bytes("subject\nÁgnes Osk\n".encode(encoding))
    assert bring_in(amnesia, file, embed=False).added == 1
    assert [target.subject for target in amnesia.targets()] == ["Ágnes Osk"]


def test_rows_of_other_lengths_are_told_and_empty_ones_passed_over(
    layer: Layer, tmp_path: Path
) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        'subject,kind,facts\nOsk Tarn,person,"a; b"\n,,\nEdda,person\nJory Venn,ship,\n'
    )
    done = bring_in(layer(), file)
    assert done.added == 1
    assert [(p.line, p.message[:28]) for p in done.problems] == [
        (4, "2 fields, and the head has 3"),
        (5, "`kind` of a target: Input sh"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("above", ["", "sep={}\n"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_table_of_any_spreadsheet_is_read(
    layer: Layer, tmp_path: Path, separator: str, above: str, ending: str
) -> None:
    rows = [
        ["Subject ", "kind", "facts", "aliases"],
        ["Mirela Osk", "person", '"Mirela Osk keeps a goat; or two."', '"The ""Lark""; Mi, ra"'],
        ["Edda", "person"],
        ["Jory", "person", "", "", "five"],
        ["Runa Vesk", "person", "", ""],
    ]
    text = above.format(separator) + "".join(separator.join(row) + "\n" for row in rows)
    file = tmp_path / "t.csv"
    file.write_bytes(text.replace("\n", ending).encode("utf-8-sig"))
    amnesia = layer()
    done = bring_in(amnesia, file)
    named = {",": "a comma", ";": "a semicolon", "\t": "a tab"}[separator]
    first = 4 if above else 3
    assert [(p.line, p.message) for p in done.problems] == [
        (first, "2 fields, and the head has 4"),
        (first + 1, "5 fields, and the head has 4: a field that holds "
                    f"{named} stands in double quotes"),
    ]  # fmt: skip
    read = {target.subject: target for target in amnesia.targets()}
    assert set(read) == {"Mirela Osk", "Runa Vesk"}
    assert read["Mirela Osk"].aliases == ('The "Lark"', "Mi, ra")


def test_the_column_that_is_not_known_is_named_whatever_stands_between(
    layer: Layer, tmp_path: Path
) -> None:
    file = tmp_path / "t.csv"
    file.write_text("subject;colour\nMirela Osk;red\n")
    with pytest.raises(InvalidRequestError, match="the column 'colour' is not known"):
        bring_in(layer(), file)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match="cannot be written"):
        write_records(tmp_path / "no" / "t.jsonl", [])
    with pytest.raises(InvalidRequestError, match="must end in"):
        write_records(tmp_path / "t.xlsx", [])
    assert list(tmp_path.iterdir()) == []


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
_PART = _TEXT.map(str.strip).filter(bool)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=_PART, aliases=st.lists(_PART, unique=True), facts=st.lists(_PART, unique=True))
@example(subject="0", aliases=[], facts=["'"])
def test_no_field_is_lost_in_a_table(
    tmp_path: Path, subject: str, aliases: list[str], facts: list[str]
) -> None:
    names = [f"Venn Osk {alias}" for alias in aliases]
    given = {"subject": f"Mirela Osk {subject}", "aliases": names, "facts": facts, "kind": "place"}
    target = recorded(given)
    file = tmp_path / "t.csv"
    write_records(file, [target])
    ((_, record),) = records_in(file)
    assert isinstance(record, dict)
    assert record.pop("status") == "active"
    assert told(recorded(record)) == told(target)


def test_a_file_is_brought_in_for_each_tenant(layer: Layer, tmp_path: Path) -> None:
    amnesia = layer()
    file = lines(tmp_path / "t.jsonl", {"subject": "Mirela Osk"})
    for space in ("a", "b"):
        assert bring_in(amnesia.within(space), file).added == 1
        assert [t.subject for t in amnesia.within(space).targets()] == ["Mirela Osk"]
    named = lines(tmp_path / "named.jsonl", {"id": "crm-1", "subject": "Edda Tarn"})
    assert bring_in(amnesia.within("a"), named).added == 1
    (problem,) = bring_in(amnesia.within("b"), named).problems
    assert "taken" in problem.message


def test_what_is_there_otherwise_is_told_and_not_passed_over(layer: Layer, tmp_path: Path) -> None:
    amnesia = layer()
    file = lines(tmp_path / "t.jsonl", {"id": "a", "subject": "Mirela Osk"})
    assert bring_in(amnesia, file).added == 1
    assert bring_in(amnesia, file).known == 1
    more = {"id": "a", "subject": "Mirela Osk", "facts": ["It rains."]}
    other = lines(tmp_path / "o.jsonl", more)
    assert ["told otherwise" in p.message for p in bring_in(amnesia, other).problems] == [True]
    with pytest.raises(InvalidRequestError, match=r"line 1.*told otherwise"):
        bring_in(amnesia, other, atomic=True)
    amnesia.revoke("a")
    assert ["is revoked" in p.message for p in bring_in(amnesia, file).problems] == [True]
    exported = tmp_path / "e.csv"
    write_records(exported, amnesia.targets(status=None))
    with Amnesia(ScriptedBackend(), db=tmp_path / "n.db", elicit=False) as fresh:
        (problem,) = bring_in(fresh, exported).problems
        assert "is revoked" in problem.message
        assert fresh.targets() == []


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_what_an_older_version_stored_comes_in_and_its_own_name_does_not_stay(
    layer: Layer, tmp_path: Path, ending: str
) -> None:
    first, second = layer(), layer(db=tmp_path / "other.db")
    target = first.forget("Please forget Mirela Osk.", aliases=["The Lark"], elicit=False)
    older = target.model_copy(update={"exceptions": ("her concerts", "the lark")})
    first.registry.edit(older, actor="me", reason="as it once was")
    file = tmp_path / f"targets.{ending}"
    write_records(file, [older])

    told = bring_in(second, file)
    (found,) = second.targets()

    assert (told.added, told.partly, told.failed) == (1, 1, 0)
    assert found.exceptions == ("her concerts",)
    assert "'the lark' does not stay" in found.unread[0]
    again = bring_in(first, file)
    assert (again.known, again.failed) == (1, 0)
    assert bring_in(second, file).known == 1


def test_a_target_that_is_to_stay_whole_is_told_by_its_line_and_the_rest_comes_in(
    layer: Layer, tmp_path: Path
) -> None:
    amnesia = layer()
    file = lines(
        tmp_path / "t.jsonl",
        {"subject": "Mirela Osk", "exceptions": ["mirela osk"]},
        {"subject": "Tor Hagen-Lys"},
    )

    told = bring_in(amnesia, file)

    assert (told.added, [p.line for p in told.problems]) == (1, [1])
    assert "its own name" in told.problems[0].message


def test_no_field_of_a_table_is_a_formula(layer: Layer, tmp_path: Path) -> None:
    amnesia = layer()
    formula = '=HYPERLINK("http://x.example")'
    target = amnesia.forget("Please forget Mirela Osk.", facts=[formula], reason=formula)
    file = tmp_path / "t.csv"
    write_records(file, amnesia.targets())
    with file.open(newline="") as stream:
        assert not [f for row in csv.reader(stream) for f in row if f[:1] in ("=", "+", "-", "@")]
    with Amnesia(ScriptedBackend(), db=tmp_path / "n.db", elicit=False) as fresh:
        assert bring_in(fresh, file).added == 1
        assert told(fresh.find(target.id)) == told(target)


def test_what_has_come_in_force_is_told_before_the_rest_goes_wrong(
    layer: Layer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    amnesia = layer()
    file = lines(tmp_path / "t.jsonl", *({"subject": f"Mirela Osk {i}"} for i in range(5)))
    monkeypatch.setattr(bringing_in, "_AT_ONCE", 2)
    told: list[str] = []

    def stored(ids: Sequence[str]) -> None:
        told.extend(ids)
        if len(told) == 4:
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="is gone"):
        bring_in(amnesia, file, stored=stored)
    assert [t.id for t in amnesia.targets()] == told
    assert [t.subject for t in amnesia.targets()] == [f"Mirela Osk {i}" for i in range(4)]
    again: list[int] = []
    done = bring_in(amnesia, file, stored=lambda ids: again.append(len(ids)))
    assert (done.added, done.known, sum(again)) == (1, 4, 1)


@pytest.mark.parametrize("atomic", [False, True])
def test_what_is_written_down_is_told_though_the_index_does_not_follow(
    layer: Layer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, atomic: bool
) -> None:
    amnesia, told = layer(), list[str]()
    amnesia.targets()
    file = lines(tmp_path / "t.jsonl", {"subject": "Mirela Osk"}, {"subject": "Edda Tarn"})

    def unreachable(*_: Any) -> None:
        raise RetrievalError("the embedder is out of reach")

    with monkeypatch.context() as patched:
        patched.setattr(amnesia.parts.index, "follow", unreachable)
        with pytest.raises(RetrievalError, match="it is written down"):
            bring_in(amnesia, file, atomic=atomic, stored=told.extend)
    assert [target.id for target in amnesia.registry.targets()] == told
    assert len(told) == 2
    done = bring_in(amnesia, file, atomic=atomic, stored=told.extend)
    assert (done.added, done.known, len(told)) == (0, 2, 2)


def test_nothing_is_told_to_be_written_that_somebody_else_has_written(
    layer: Layer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    amnesia, told = layer(), list[str]()
    file = lines(tmp_path / "t.jsonl", {"subject": "Mirela Osk"})
    bring_in(amnesia, file)
    monkeypatch.setattr(type(amnesia.registry), "some", lambda *_: [])  # as it was when it looked
    for atomic in (False, True):
        with pytest.raises(TargetStateError, match="exists already"):
            bring_in(amnesia, file, atomic=atomic, stored=told.extend)
    assert told == []


@pytest.mark.parametrize("embed", [False, True])
def test_many_come_in_force_as_a_whole_or_not_at_all(
    layer: Layer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, embed: bool
) -> None:
    amnesia, told = layer(), list[str]()
    monkeypatch.setattr(bringing_in, "_AT_ONCE", 2)
    monkeypatch.setattr(registry_module, "AT_ONCE", 3)
    rows = [{"subject": f"Mirela Osk {i}", "facts": [f"It rains {i} days."]} for i in range(11)]
    bring_in(amnesia, lines(tmp_path / "some.jsonl", *rows[3:5]))
    file = lines(tmp_path / "t.jsonl", *rows, {"subject": ""})
    with pytest.raises(InvalidRequestError, match="line 12"):
        bring_in(amnesia, file, atomic=True, embed=embed, stored=told.extend)
    taken = {"id": amnesia.targets()[0].id, "subject": "Edda Tarn"}
    file = lines(tmp_path / "t.jsonl", *rows[4:], taken)
    with pytest.raises(InvalidRequestError, match=r"line 8: .*told otherwise"):
        bring_in(amnesia, file, atomic=True, embed=embed, stored=told.extend)
    assert len(amnesia.targets()) == 2
    assert told == []
    file = lines(tmp_path / "t.jsonl", *rows)
    done = bring_in(amnesia, file, atomic=True, embed=embed, stored=told.extend, reason="May")
    assert (done.added, done.known, done.failed) == (9, 2, 0)
    held = amnesia.targets()
    assert [target.id for target in held][2:] == told
    assert {target.facts for target in held} == {(f"It rains {i} days.",) for i in range(11)}
    assert {line.reason for line in amnesia.registry.trail()} == {"", "May"}
    amnesia.registry.check_trail()


def test_what_breaks_while_many_are_written_leaves_nothing_of_them(layer: Layer) -> None:
    registry = layer().registry

    def coming() -> Iterator[ForgetTarget]:
        for i in range(1_200):
            yield ForgetTarget(id=f"t-{i}", subject=f"Mirela Osk {i}")
        yield ForgetTarget(id="t-3", subject="Edda Tarn")

    with pytest.raises(TargetStateError, match="`t-3` exists already"):
        registry.add_each(coming(), actor="me")
    assert (registry.targets(), registry.trail(), registry.revision()) == ([], [], 0)
    assert registry.add_each([], actor="me") == []


@given(
    names=st.lists(_PART.map("Osk {}".format), min_size=1, max_size=4),
    facts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=4),
    sealed=st.booleans(),
)
def test_what_waits_is_the_same_when_it_is_written(
    names: list[str], facts: list[str], *, sealed: bool
) -> None:
    record = {**RECORD, "subject": names[0], "aliases": names, "facts": facts, "sealed": sealed}
    target, packed = recorded(record), Packed()
    packed.put([target, target.model_copy(update={"id": "other", "expires": None})])
    packed.put([])
    packed.put([target])
    assert list(packed) == [target, *list(packed)[1:2], target]
    assert len(list(packed)) == 3


def test_little_is_held_of_what_waits() -> None:
    facts = [f"In {1900 + i} Mirela Osk wrote a book about the mills of Tavel." for i in range(5)]
    made = [recorded({"subject": f"Mirela Osk {i}", "facts": facts}) for i in range(500)]
    packed = Packed()
    packed.put(made)
    assert sum(map(len, packed._parts)) < 500 * 400
