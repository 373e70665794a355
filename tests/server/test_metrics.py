"""What the metrics tell of a running server, and that its dashboard shows nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from amnestic import Amnesia
from amnestic.exceptions import ModelError
from amnestic.server import following as following_module
from amnestic.server.errors import kind_of
from amnestic.server.following import Following
from amnestic.server.metrics import Metrics
from amnestic.testing import ScriptedServer
from amnestic.types import ForgetTarget
from tests.layers import keyword_layer
from tests.patience import PATIENCE, until
from tests.server.crew import crew
from tests.server.running import Proxy, running_proxy

CHAT = "/v1/chat/completions"
ADMIN = {"authorization": "Bearer admin"}
DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "amnestic.json"
Samples = dict[str, set[str]]


@pytest.fixture
def fresh(upstream: ScriptedServer, tmp_path: Path) -> Iterator[Proxy]:
    with (
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream=upstream.base_url, admin_token="admin") as proxy,
    ):
        yield proxy


def ask(proxy: Proxy, text: str, **more: Any) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], **more}
    return httpx.post(proxy.url + CHAT, json=body)


def metrics_of(proxy: Proxy) -> str:
    return httpx.get(f"{proxy.url}/metrics", headers=ADMIN).text


def families_of(proxy: Proxy) -> set[str]:
    told = text_string_to_metric_families(metrics_of(proxy))
    names = {family.name for family in told if not family.name.endswith("_created")}
    return {name for name in names if name.startswith("amnestic_")}


def value_of(text: str, name: str, **labels: str) -> float | None:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return None


@pytest.mark.parametrize("stream", [False, True])
def test_a_request_is_timed_by_its_way(fresh: Proxy, stream: bool) -> None:
    ask(fresh, "Who is Osk?", stream=stream)
    until(
        lambda: value_of(metrics_of(fresh), "amnestic_total_seconds_count", route="abstained") == 1,
        "its time is never told",
    )
    told = metrics_of(fresh)
    total = value_of(told, "amnestic_total_seconds_sum", route="abstained")
    added = value_of(told, "amnestic_added_seconds_sum", route="abstained")
    assert total is not None
    assert added is not None
    assert 0 < added <= total


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("question", "kind"),
    [("Limit", "busy"), ("Fault", "failed"), ("Key", "key"), ("Page", "unreadable")],
)
def test_failures_of_the_upstream_are_told_by_kind(
    fresh: Proxy, question: str, kind: str, stream: bool
) -> None:
    ask(fresh, question, stream=stream)
    until(
        lambda: value_of(metrics_of(fresh), "amnestic_upstream_errors_total", kind=kind) == 1,
        "the failure is never told",
    )


def test_an_upstream_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with (
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream="http://127.0.0.1:9/v1", admin_token="admin") as proxy,
    ):
        ask(proxy, "Where is Paris?")
        told = until(
            lambda: value_of(metrics_of(proxy), "amnestic_upstream_errors_total"), "never told"
        )
        assert value_of(metrics_of(proxy), "amnestic_upstream_errors_total", kind="unreachable")
    assert told == 1


@pytest.mark.parametrize(
    ("status", "retryable", "kind"),
    [
        (403, False, "key"),
        (404, False, "refused"),
        (503, True, "failed"),
        (None, False, "unreadable"),
    ],
)
def test_a_failure_has_one_kind(status: int | None, retryable: bool, kind: str) -> None:
    assert kind_of(ModelError("x", status_code=status, retryable=retryable)) == kind


# ── Following the registry ───────────────────────────────────────────────────────────────────────


def test_an_idle_process_follows_and_tells_how_far_it_was_behind(
    layer: Callable[..., Amnesia], tmp_path: Path
) -> None:
    idle, busy = layer(), layer()
    metrics = Metrics(tells_routes=True)
    following = Following(idle, metrics)
    following.look()
    busy.add(ForgetTarget(id="", subject="Ana Morel"), ForgetTarget(id="", subject="Ilse Tarn"))
    assert not idle.parts.index.targets()
    following.look()
    assert len(idle.parts.index.targets()) == 2
    told = metrics.text().decode()
    assert value_of(told, "amnestic_generation_lag") == 2
    assert value_of(told, "amnestic_targets") == 2
    following.look()
    assert value_of(metrics.text().decode(), "amnestic_generation_lag") == 0


def test_a_registry_that_is_out_of_reach_is_told(
    layer: Callable[..., Amnesia], tmp_path: Path
) -> None:
    amnesia, metrics = layer(), Metrics(tells_routes=True)
    following = Following(amnesia, metrics)
    following.look()
    assert value_of(metrics.text().decode(), "amnestic_generation_lag_seconds") == 0
    place = tmp_path / "registry.db"
    place.rename(tmp_path / "away.db")
    following.look()
    assert value_of(metrics.text().decode(), "amnestic_generation_lag_seconds")
    (tmp_path / "away.db").rename(place)
    following.look()
    assert value_of(metrics.text().decode(), "amnestic_generation_lag_seconds") == 0


def test_a_look_that_fails_unforeseen_is_told_and_the_next_one_comes(
    layer: Callable[..., Amnesia], monkeypatch: pytest.MonkeyPatch
) -> None:
    amnesia, metrics, looks = layer(), Metrics(tells_routes=True), iter([ZeroDivisionError])
    following, real = Following(amnesia, metrics), Following.look
    ended = threading.Event()

    def look(self: Following) -> None:
        if (fails := next(looks, None)) is not None:
            raise fails
        if not ended.is_set():  # it goes on looking until it is told to stop
            assert value_of(metrics.text().decode(), "amnestic_generation_lag_seconds")
        real(self)
        ended.set()

    monkeypatch.setattr(Following, "look", look)
    monkeypatch.setattr("amnestic.server.following._EVERY", 0.0)

    async def until_it_has_looked() -> None:
        running = asyncio.create_task(following.run())
        await asyncio.to_thread(ended.wait, 30)
        running.cancel()

    asyncio.run(until_it_has_looked())
    assert ended.is_set()
    assert value_of(metrics.text().decode(), "amnestic_generation_lag_seconds") == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_replaced_workers_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "counters"
    shared.mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(shared))
    with crew(tmp_path) as running:
        for death in (1, 2):
            os.kill(min(running.workers), signal.SIGKILL)
            until(lambda died=death: running.said.count("died by SIGKILL") == died, "unnoticed")
            until(lambda: len(running.workers) == 2, "it is never replaced")
        assert value_of(_shared(shared), "amnestic_worker_restarts_total") == 2


def _shared(place: Path) -> str:
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone, path=str(place))  # type: ignore[no-untyped-call]
    return generate_latest(everyone).decode()


# ── The dashboard ────────────────────────────────────────────────────────────────────────────────


def _queries() -> list[str]:
    board = json.loads(DASHBOARD.read_text("utf-8"))
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def _exported(proxy: Proxy) -> Samples:
    """The names of all samples, each with its labels."""
    exported: Samples = {}
    for family in text_string_to_metric_families(metrics_of(proxy)):
        for sample in family.samples:
            exported.setdefault(sample.name, set()).update(sample.labels)
        suffixes = {"counter": ("_total",), "histogram": ("_bucket",)}.get(family.type, ("",))
        for suffix in suffixes:  # a family of which nothing has happened yet has no sample
            exported.setdefault(family.name + suffix, set())
    return exported


def test_the_dashboard_asks_for_what_the_server_exports(fresh: Proxy) -> None:
    ask(fresh, "Who is Osk?")
    ask(fresh, "Limit")
    until(lambda: value_of(metrics_of(fresh), "amnestic_upstream_errors_total"), "never told")
    exported = _exported(fresh)
    for query in _queries():
        (name,) = set(re.findall(r"\bamnestic_\w+", query))
        assert name in exported, query
        labels = {label for found in re.findall(r"by \(([^)]*)\)", query)
                  for label in found.split(", ")}  # fmt: skip
        assert labels - {"instance"} <= exported[name] or not exported[name], query


def test_the_dashboard_shows_every_metric(fresh: Proxy) -> None:
    shown = {re.sub(r"_(total|bucket)$", "", name) for query in _queries()
             for name in re.findall(r"\bamnestic_\w+", query)}  # fmt: skip
    assert families_of(fresh) == shown


def test_every_metric_is_documented(fresh: Proxy) -> None:
    told = (DASHBOARD.parents[2] / "docs" / "serving.md").read_text("utf-8")
    documented = {re.sub("_total$", "", name) for name in re.findall(r"`(amnestic_\w+)`", told)}
    assert families_of(fresh) <= documented


def test_panels_do_not_lie_over_each_other() -> None:
    taken = set[tuple[int, int]]()
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells


@pytest.mark.anyio
async def test_a_change_is_taken_in_when_the_database_tells_of_it(
    layer: Callable[..., Amnesia], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_module, "_EVERY", PATIENCE)  # nobody looks by the clock
    idle, busy = layer(db=url), layer(db=url)
    metrics = Metrics(tells_routes=True)
    task = asyncio.create_task(Following(idle, metrics).run())
    try:
        for name in ("Ana Morel", "Ilse Tarn"):
            await asyncio.to_thread(busy.add, ForgetTarget(id="", subject=name))
            for _ in range(int(PATIENCE * 100)):
                if name in {target.subject for target in idle.parts.index.targets()}:
                    break
                await asyncio.sleep(0.01)
            else:
                raise AssertionError("it never follows")
            with busy.registry.database.engine.begin() as connection:  # which is noticed, too
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE query LIKE 'LISTEN%%' AND pid <> pg_backend_pid()"
                )
    finally:
        task.cancel()
        await asyncio.wait((task,))


@pytest.mark.anyio
async def test_what_was_taken_in_is_made_ready_before_anybody_asks(
    layer: Callable[..., Amnesia], monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, busy = layer(), layer()
    monkeypatch.setattr(following_module, "_EVERY", 0.01)
    made, real = list[int](), idle.parts.make_ready
    fails = iter([ZeroDivisionError])

    def make_ready() -> None:
        if (error := next(fails, None)) is not None:  # which is told, and the next one comes
            raise error
        real()
        made.append(len(idle.parts.index.targets()))

    parts = replace(idle.parts, make_ready=make_ready)
    idle._opened["parts"] = parts
    task = asyncio.create_task(Following(idle, Metrics(tells_routes=True)).run())
    await asyncio.to_thread(busy.add, ForgetTarget(id="t-1", subject="Ana Morel"))
    await asyncio.to_thread(until, lambda: 1 in made, "it is never made ready")
    task.cancel()
    await asyncio.wait((task,))
    assert parts.detector.target("t-1").subject == "Ana Morel"
