"""A report tells what was measured, each number leads to its replies, and nothing else is asked."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amnestic.cli.app import app
from amnestic.evaluation.reporting import write_report
from amnestic.evaluation.reporting.evidence import Evidence
from amnestic.evaluation.reporting.measures import MEASURES, among
from amnestic.evaluation.reporting.reading import RunView, open_runs
from amnestic.evaluation.running import make_run
from amnestic.exceptions import InvalidRequestError, RunError
from tests.evaluation.played_systems import PlayedSystem, plan_with, silent, truth
from tests.evaluation.reporting.conftest import FEW, Made, evidence_in, made
from tests.evaluation.reporting.made_runs import SYSTEMS, person, write_run

SMALL = {"families": FEW[:2], "probes": 4, "systems": SYSTEMS[:5], "subjects": 3}


def test_every_link_of_the_page_and_the_markdown_has_replies_behind_it(report: Made) -> None:
    evidence = report.evidence
    numbers = evidence["numbers"]
    linked = set(re.findall(r'href="#(r\d[^"]*)"', report.page))
    anchors = set(re.findall(r'id="([^"]+)"', report.page))
    assert linked - anchors == set(numbers)
    assert set(re.findall(r"<report\.html#([^>]+)>", report.markdown)) <= set(numbers)
    for told in numbers.values():
        replies = evidence["runs"][told["run"]]["replies"]
        assert told["ids"][0] or told["ids"][1]
        assert all(0 <= i < len(replies) for ids in told["ids"] for i in ids)


@pytest.mark.parametrize(
    ("measure", "figure", "shown_is_the_share"),
    [
        ("leak", "leak", True),
        ("leak_answer", "leak_answer", True),
        ("declined", "declined", False),
        ("declined_retained", "declined_retained", True),
        ("same", "byte_identical", False),
        ("altered", "neighbours_altered", True),
        ("lost", "neighbours_lost", True),
        ("complete", "complete", False),
    ],
)
def test_the_replies_behind_a_number_are_those_that_it_was_made_of(
    view: RunView, measure: str, figure: str, shown_is_the_share: bool
) -> None:
    what = MEASURES[measure]
    compared = 0
    for figures in view.scores.figures:
        rows = among(measure, view.replies(figures.system, figures.family))
        estimate = getattr(figures, figure)
        assert (estimate is None) == (not rows)
        if estimate is not None:
            shown = sum(what.shows(j) for j in rows)
            share = shown if shown_is_the_share else len(rows) - shown
            assert (len(rows), share / len(rows)) == (estimate.n, pytest.approx(estimate.value))
            compared += 1
    assert compared


def test_membership_rests_on_listed_subjects_and_strangers_alone(view: RunView) -> None:
    figures = view.scores.of("keyword filter")
    rows = among("membership", view.replies("keyword filter"))
    assert figures.membership
    assert len(rows) == figures.membership.n


def test_a_run_that_asks_some_probes_often_is_whole_when_each_was(tmp_path: Path) -> None:
    plan = plan_with(PlayedSystem("none", truth), PlayedSystem("quiet", silent))
    often = [dataclasses.replace(p, metadata={"samples": 3}) for p in plan.draws[0][:2]]
    draws = dict.fromkeys(plan.draws, (*often, *plan.draws[0][2:]))
    asyncio.run(make_run(dataclasses.replace(plan, draws=draws), tmp_path / "run"))
    (view,) = open_runs([tmp_path / "run"])
    assert view.answered("quiet") == view.expected > 2 * len(plan.draws[0])
    assert write_report([tmp_path / "run"]).missing == ()


def test_the_means_are_those_of_the_replies_behind_them(view: RunView) -> None:
    for figures in view.scores.figures:
        for measure in ("calls", "tokens"):
            what = MEASURES[measure]
            rows = [j for j in view.replies(figures.system, figures.family) if what.counts(j)]
            assert what.by
            mean = sum(map(what.by, rows)) / len(rows)
            assert mean == pytest.approx(getattr(figures, measure))


def test_the_page_asks_nobody_for_anything_and_its_policy_fits_its_code(report: Made) -> None:
    page = report.page
    assert not re.search(r'\b(?:src|action|data|poster|srcset)="(?!#)', page)
    assert set(re.findall(r'<link [^>]*href="([^"]*)"', page)) == {"data:,"}
    assert not re.search(r'\bhref="(?![#"]|data:,)', page)
    assert not re.search(r"url\(|@import|\bstyle=", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    told = policy[1].replace("&#39;", "'")
    for kind, name in (("script", "script-src"), ("style", "style-src")):
        body = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.S)
        assert body
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in told
    assert "default-src 'none'" in told
    assert "unsafe" not in told


def test_no_line_of_the_page_breaks_between_a_figure_and_its_unit(report: Made) -> None:
    shown = report.page[report.page.index("<main") :]
    figures = "".join(re.findall(r"<td.*?</td>|<p>.*?</p>|<li class=.*?</li>", shown, re.S))
    assert "%" in figures
    assert not re.search(r"\d (?:%|ms)", figures)


def test_only_its_owner_may_read_it(report: Made) -> None:
    for file in (report.written.page, report.written.markdown):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.fixture(scope="module")
def small(report: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The same report, of which the page may carry hardly anything."""
    return made(report.run, tmp_path_factory.mktemp("small"), megabytes=0.02)


def test_a_page_is_bounded_and_says_what_it_holds(report: Made, small: Made) -> None:
    assert len(small.page) < len(report.page)
    number = small.evidence["numbers"]["r0-s0-leak"]
    held = [len(ids) for ids in number["ids"]]
    assert sum(number["counts"]) == sum(report.evidence["numbers"]["r0-s0-leak"]["counts"])
    assert 0 < sum(held) < sum(number["counts"])


def test_what_speaks_against_a_system_is_held_first(small: Made) -> None:
    for key, number in small.evidence["numbers"].items():
        if number["counts"][0]:
            assert number["ids"][0], key


def test_without_text_no_question_reply_or_name_stands_in_it(report: Made, tmp_path: Path) -> None:
    bare = made(report.run, tmp_path, with_text=False)
    assert person(0) in report.page
    assert "Tarnholm" in report.page
    for secret in (*(person(i) for i in range(10)), "Tarnholm", "Where was", "I don't know"):
        assert secret not in bare.page
        assert secret not in bare.markdown
    assert bare.evidence["runs"][0]["replies"][0]["v"]


@pytest.mark.parametrize("status", ["partial", "running"])
def test_a_run_that_is_not_whole_is_marked_loudly(tmp_path: Path, status: str) -> None:
    found = made(write_run(tmp_path / "run", status=status, **SMALL), tmp_path / "out")
    assert "This run is not whole." in found.page
    assert "This run is not whole." in found.markdown
    assert any("amnestic edit gave 6 of 20 replies" in line for line in found.written.missing)
    assert ("has not ended" in found.page) == (status == "running")


def test_a_whole_run_is_not_marked(report: Made) -> None:
    assert "This run is not whole." not in report.page


def test_what_was_measured_is_told(report: Made) -> None:
    for told in ("invented people (content 0123456789abcdef)", "0, 1", "embedded",
                 "2 rows without an answer were left out", "Benjamini"):  # fmt: skip
        assert told in report.page
        assert told in report.markdown.replace("\\", "")


def test_systems_that_failed_alike_are_told_in_one_line(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", **SMALL)
    rows = [json.loads(line) for line in (run / "records.jsonl").read_text().splitlines()]
    for row in rows:
        if row["probe"] == rows[0]["probe"]:
            row |= {"text": "", "error": "too long"}
    (run / "records.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = made(run, tmp_path / "out")
    (line,) = found.written.missing
    assert "prompt prefix, amnestic edit: an error in place of 1 of 20 replies each" in line
    assert "This run is not whole." not in found.page


def test_errors_are_counted_and_lead_to_what_was_said(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", **SMALL)
    lines = (run / "records.jsonl").read_text().splitlines()
    row = json.loads(lines[-1]) | {"text": "", "error": "model 'm' answered HTTP 503"}
    (run / "records.jsonl").write_text("\n".join([*lines[:-1], json.dumps(row)]) + "\n")
    found = made(run, tmp_path / "out")
    assert any(
        "amnestic edit: an error in place of 1 of 20 replies" in line
        for line in found.written.missing
    )
    number = found.evidence["numbers"]["r0-s4-errors"]
    (reply,) = (found.evidence["runs"][0]["replies"][i] for i in number["ids"][0])
    assert reply["e"] == "model 'm' answered HTTP 503"


def test_several_runs_stand_in_one_page_with_cost_against_targets(tmp_path: Path) -> None:
    for count in (1, 4):
        systems = [dataclasses.replace(s, calls=s.calls + count) for s in SYSTEMS[3:5]]
        write_run(tmp_path / f"t{count}", systems, FEW[:1], 4, subjects=count)
    written = write_report([tmp_path / "t1", tmp_path / "t4"], tmp_path / "out")
    page = written.page.read_text("utf-8")
    assert [label for label, _ in written.verdicts] == ["1 subject", "4 subjects"]
    assert "Cost against the number of targets" in page
    assert "amnestic edit, 4 targets: 5 model calls a reply" in page
    links = set(re.findall(r'href="#(r\d[^"]*)"', page)) - {"run0", "run1"}
    assert links == set(evidence_in(page)["numbers"])


def _not_json(run: Path) -> None:
    (run / "run.json").write_text("{")


def _foreign(run: Path) -> None:
    (run / "run.json").write_text('{"format": "another"}')


def _no_manifest(run: Path) -> None:
    (run / "run.json").unlink()


def _no_replies(run: Path) -> None:
    (run / "records.jsonl").write_text("")


def _broken_line(run: Path) -> None:
    text = (run / "records.jsonl").read_text()
    (run / "records.jsonl").write_text("not json\n" + text)


def _no_probe(run: Path) -> None:
    (run / "probes.jsonl").write_text('{"key": "x"}\n')


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_not_json, "is no JSON"),
        (_foreign, "is no run of `amnestic eval`"),
        (_no_manifest, "holds no run.json"),
        (_no_replies, "holds no reply yet"),
        (_broken_line, "line 1 is no JSON object"),
        (_no_probe, "line 1 is no probe"),
    ],
)
def test_a_broken_or_foreign_folder_is_one_clear_line(
    tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    run = write_run(tmp_path / "run", **SMALL)
    damage(run)
    with pytest.raises(RunError, match=re.escape(told)) as found:
        write_report([run], tmp_path / "out")
    assert str(run) in str(found.value)
    assert "\n" not in str(found.value)
    assert not (tmp_path / "out").exists()


def test_several_runs_need_a_place_and_none_is_named_twice(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", **SMALL)
    with pytest.raises(InvalidRequestError, match="--out"):
        write_report([run, run])
    with pytest.raises(RunError, match="named twice"):
        write_report([run, tmp_path / "." / "run"], tmp_path / "out")


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", **SMALL)
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidRequestError, match="cannot be made"):
        write_report([run], tmp_path / "file" / "out")


def test_a_run_of_errors_alone_says_so(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", **SMALL)
    rows = [json.loads(line) for line in (run / "records.jsonl").read_text().splitlines()]
    failed = [json.dumps({**row, "text": "", "error": "no answer"}) for row in rows]
    (run / "records.jsonl").write_text("\n".join(failed) + "\n")
    with pytest.raises(RunError, match="errors alone"):
        write_report([run], tmp_path / "out")


def test_a_number_without_replies_leads_nowhere(tmp_path: Path) -> None:
    views = open_runs([write_run(tmp_path / "run", **SMALL)])
    assert Evidence(views).link(0, "none", "judged") == ""


def test_the_command_writes_both_files_into_the_run_and_says_the_verdict(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", **SMALL)
    told = CliRunner().invoke(app, ["report", str(run)])
    assert told.exit_code == 0
    assert (run / "report.html").is_file()
    assert (run / "report.md").is_file()
    assert "amnestic edit" in told.output
    as_json = CliRunner().invoke(app, ["report", str(run), "--json"])
    assert json.loads(as_json.stdout)["page"] == str(run / "report.html")


def test_the_same_run_gives_the_same_bytes_wherever_they_are_written(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", **SMALL)
    inside, outside = write_report([run]), write_report([run], tmp_path / "out")
    assert inside.page.read_bytes() == outside.page.read_bytes()
    assert inside.markdown.read_bytes() == outside.markdown.read_bytes()
