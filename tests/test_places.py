"""The registry's place: a path, or a URL that names one, and nothing else."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.config import Settings
from amnestic.exceptions import AmnesticError, ConfigurationError
from amnestic.places import DatabaseUrl, beside, default_db_path
from amnestic.tools.registry import Registry

SERVED = [
    "postgresql+psycopg://someone:pw-4242@host/db",
    "POSTGRESQL://someone:pw-4242@host/db?options=secret",
    " postgres://someone:pw-4242@host:5433/db ",
]
FOREIGN = [
    "postgres://someone:pw-4242@[host/db",
    "  postgresql://someone:pw-4242@host:port/db",
    "postgresql+psycopg2://someone:pw-4242@host/db",
    "postgresql:someone:pw-4242@host/db",
    "mysql+pymysql://someone:pw-4242@host/db?charset=utf8",
    "jdbc:postgresql://host/db?user=someone&password=pw-4242",
    "https://someone:pw-4242@host/registry.db",
    "postgresql:\\\\someone:pw-4242@host\\db",
]
HALF = [
    "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:r.db", "sqlite:///r.db?mode=ro",
    "sqlite://someone:pw-4242@host/r.db", "file:", "file:r.db?mode=ro", "file://host/r.db",
    "sqlite+aiosqlite:///r.db",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("url", FOREIGN + HALF)
@pytest.mark.parametrize("kind", [str, Path])
def test_a_url_never_becomes_a_file_and_its_password_is_never_told(
    url: str, kind: type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AMNESTIC_DB", url)
    doors = (Settings, lambda: Settings(db=kind(url)), lambda: Amnesia(db=kind(url)))
    for door in doors:
        with pytest.raises(ConfigurationError) as told:
            door()
        shown = "".join(traceback.format_exception(told.value))
        assert not any(part in shown for part in ("4242", "someone"))
        assert "\n" not in str(told.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", [Path(url) for url in (*FOREIGN, *HALF)] + [*FOREIGN])
def test_the_registry_itself_takes_no_url_for_a_file(url: str | Path, tmp_path: Path) -> None:
    if isinstance(url, str) and url.startswith("postgresql+"):
        pytest.skip("a URL that it connects to")
    with pytest.raises(AmnesticError) as told:
        Registry.open(url)
    assert not any(part in str(told.value) for part in ("4242", "someone"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", SERVED)
def test_a_database_on_a_server_is_known_by_its_url_and_told_without_it(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AMNESTIC_DB", url)
    place = Settings().db
    assert isinstance(place, DatabaseUrl)
    assert place.reveal().startswith("postgresql+psycopg://someone:pw-4242@host")
    shown = f"{place} {place!r} {Settings()!r} {Settings().model_dump_json()} {Settings()}"
    assert "postgresql+psycopg://host" in shown
    assert not any(part in shown for part in ("4242", "someone", "secret"))
    assert list(tmp_path.iterdir()) == []


def test_files_of_a_registry_on_a_server_lie_among_the_users_own() -> None:
    one, other = (beside(DatabaseUrl(f"postgresql://h/{db}"), "signing.key") for db in "ab")
    assert one.parent == other.parent == default_db_path().parent
    assert one != other


def test_a_database_that_is_out_of_reach_is_named_without_its_user() -> None:
    pytest.importorskip("psycopg")
    url = "postgresql+psycopg://someone:pw-4242@127.0.0.1:9/db?options=secret"
    with pytest.raises(AmnesticError, match=r"`postgresql\+psycopg://127\.0\.0\.1:9/db`") as told:
        Registry.open(url)
    assert not any(part in str(told.value) for part in ("4242", "someone", "secret"))


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("sqlite:///data/r.db", "data/r.db"),
        ("sqlite:////var/r.db", "/var/r.db"),
        ("sqlite+pysqlite:////var/r.db", "/var/r.db"),
        (" sqlite:////var/r.db ", "/var/r.db"),
        ("file:///var/r%20s.db", "/var/r s.db"),
        ("file://localhost/var/r.db", "/var/r.db"),
        ("file:r.db", "r.db"),
        ("of:ten/r.db", "of:ten/r.db"),
        ("a b.db", "a b.db"),
        ("./postgres:5432.db", "postgres:5432.db"),
        ("C:/data/r.db", "C:/data/r.db"),
        ("~/r.db", "/home/ana/r.db"),
    ],
)
def test_a_path_and_a_url_of_a_file_are_read_as_the_path(
    given: str | Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    assert Settings(db=given).db == Path(path)  # type: ignore[arg-type]
    monkeypatch.setenv("AMNESTIC_DB", str(given))
    assert Settings().db == Path(path)


@pytest.mark.parametrize("url", ["sqlite:///r.db", "file:///r.db", "file://someone:pw-4242@h/r.db"])
def test_a_path_made_of_a_url_has_lost_its_slashes_and_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="or a string such as sqlite:////folder") as told:
        Settings(db=Path(url))
    assert "someone" not in str(told.value)


@pytest.mark.parametrize("given", [5, b"r.db", "~nobody-of-this-name/r.db"])
def test_what_is_no_path_is_one_line(given: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^setting 'db': [^\n]*path[^\n]*$"):
        Settings(db=given)  # type: ignore[arg-type]
