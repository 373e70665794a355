"""A target that is purged is gone for good: from the tables, from freed pages, from the index."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from amnestic import Amnesia
from amnestic.assembly import index_dir
from amnestic.exceptions import (
    InvalidRequestError,
    RegistryCorruptError,
    RegistryUnavailableError,
    RetrievalError,
    TargetStateError,
)
from amnestic.exchange import bring_in, write_records
from amnestic.tools.index import roster
from amnestic.tools.protocols import Context
from amnestic.tools.registry import Registry
from amnestic.tools.registry import engine as registry_engine
from amnestic.types import Facet, FacetKind, FacetSource, ForgetTarget, TargetStatus

TEXTS = {
    "subject": "Mirela Oskvarnen",
    "description": "a lighthouse keeper of Tavelholm",
    "aliases": ("The Lark of Vennmark",),
    "translations": ("Мирела Оскварнен",),
    "terms": ("Paperlighthouse",),
    "exceptions": ("her concertinas",),
    "scope": "the harbourbot",
    "requester": "advocate Brundt",
    "reason": "she asked on Shrovetide",
    "subject_id": "crm-77120",
    "legal_basis": "GDPR Art. 17",
    "unread": ("or elsewhither",),
}
MAIL, FACT, SAID = "oskvarnen@tavelholm.org", "She keeps a goat called Pimpernel", "plays the oboe"
BEFORE, WHY_EDITED, WHY_REVOKED = "Mirela of the Skerries", "a nickname fell", "Brundt withdrew"


def a_target(**changes: object) -> ForgetTarget:
    facets = (
        Facet(kind=FacetKind.FACT, text=FACT),
        Facet(kind=FacetKind.FACT, text=SAID, source=FacetSource.ELICITED),
    )
    identifiers = [{"type": "email", "value": MAIL, "label": "mailbox"}]
    given = {"id": "t-1", **TEXTS, "identifiers": identifiers, "facets": facets, **changes}
    return ForgetTarget.model_validate(given)


def every_text() -> list[str]:
    parts = [told if isinstance(told, tuple) else (told,) for told in TEXTS.values()]
    whole = [text for part in parts for text in part]
    return [*whole, MAIL, FACT, SAID, BEFORE, WHY_EDITED, WHY_REVOKED, "mailbox", "advocate"]


def bytes_of(*places: Path) -> bytes:
    files = [
        file for place in places for file in ([place] if place.is_file() else place.rglob("*"))
    ]
    return b"".join(file.read_bytes() for file in files if file.is_file())


def left_in(raw: bytes) -> list[str]:
    """The texts of the target that stand in bytes, as they are or as JSON escapes them."""
    low = raw.lower()
    forms = {t: (t.encode(), t.casefold().encode(), ascii(t)[1:-1].encode()) for t in every_text()}
    return [t for t, told in forms.items() if any(form.lower() in low for form in told)]


@pytest.fixture
def amnesia(layer: Callable[..., Amnesia], tmp_path: Path) -> Amnesia:
    return layer(cache_dir=tmp_path / "cache")


@pytest.fixture
def sealing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from amnestic.tools.registry import make_key

    make_key(tmp_path / "seal.key")
    monkeypatch.setenv("AMNESTIC_SEAL_KEY_FILE", str(tmp_path / "seal.key"))


def lived(amnesia: Amnesia, **changes: object) -> ForgetTarget:
    """A target that was added by somebody, edited and left its traces everywhere."""
    who = TEXTS["requester"]
    [target] = amnesia.add(
        a_target(aliases=(BEFORE,), **changes), actor=who, reason=TEXTS["reason"]
    )
    edited = amnesia.edit(target.id, aliases=list(TEXTS["aliases"]), actor=who, why=WHY_EDITED)
    amnesia.parts.index.save()
    return edited


def places_of(amnesia: Amnesia) -> list[Path]:
    db = amnesia.settings.db
    return [*db.parent.glob(f"{db.name}*"), index_dir(amnesia.settings)]


@pytest.mark.parametrize("active", [True, False])
def test_no_text_of_a_purged_target_is_left_in_any_file(amnesia: Amnesia, active: bool) -> None:
    amnesia.add(ForgetTarget(id="stays", subject="Tor Hagen-Lys"))
    target = lived(amnesia)
    assert set(every_text()) - set(left_in(bytes_of(*places_of(amnesia)))) <= {WHY_REVOKED}
    vectors = amnesia.parts.index.vectors_of(target.id).vectors.astype(np.float16)
    index = index_dir(amnesia.settings)
    assert all(vector.tobytes() in bytes_of(index) for vector in vectors)
    if not active:
        amnesia.revoke(target.id, actor="advocate Brundt", reason=WHY_REVOKED)
    left = amnesia.purge(target.id, actor="admin", reason="case 4711")
    assert (left.status, left.id, left.subject) == (TargetStatus.PURGED, "t-1", "purged")
    assert left_in(bytes_of(*places_of(amnesia))) == []
    assert not any(vector.tobytes() in bytes_of(index) for vector in vectors)
    amnesia.registry.check_trail()
    told = [(e.actor, e.action, e.reason) for e in amnesia.registry.trail(target.id)]
    assert told[:2] == [("purged", "add", ""), ("purged", "edit", "")]
    assert told[-1] == ("admin", "purge", "case 4711")
    assert [t.id for t in amnesia.targets()] == ["stays"]
    amnesia.close()
    assert left_in(bytes_of(*places_of(amnesia))) == []


@pytest.mark.usefixtures("sealing")
def test_a_sealed_target_is_purged_with_its_hashes_and_its_vectors(
    layer: Callable[..., Amnesia], tmp_path: Path
) -> None:
    amnesia = layer(cache_dir=tmp_path / "cache")
    target = lived(amnesia, sealed=True)
    index = index_dir(amnesia.settings)
    assert (index / "facets.sealed").exists()
    with closing(sqlite3.connect(amnesia.settings.db)) as raw:
        kept = [
            *raw.execute("SELECT sealed FROM targets").fetchone(),
            *raw.execute("SELECT record FROM versions").fetchone(),
            *(hashed for (hashed,) in raw.execute("SELECT hash FROM sealed_names")),
            *(actor for (actor,) in raw.execute("SELECT actor FROM trail")),
        ]
    amnesia.purge(target.id, actor="admin")
    found = bytes_of(*places_of(amnesia))
    assert not [text for text in kept if text.encode() in found]
    assert left_in(found) == []
    assert not (index / "facets.sealed").exists()
    amnesia.registry.check_trail()
    amnesia.close()
    with Registry.open(amnesia.settings.db) as without_a_key:
        without_a_key.check_trail()
        assert without_a_key.get(target.id).status is TargetStatus.PURGED


def test_a_purged_target_cannot_be_restored_or_changed_and_its_id_is_not_used_again(
    amnesia: Amnesia,
) -> None:
    target = lived(amnesia)
    amnesia.purge(target.id)
    with pytest.raises(TargetStateError, match="was purged: nothing is left of it to restore"):
        amnesia.restore(target.id)
    for act in (
        lambda: amnesia.revoke(target.id),
        lambda: amnesia.edit(target.id, scope="there"),
        lambda: amnesia.elicit(target.id),
        lambda: amnesia.registry.note(target, "verify", actor="me", reason="0 of 60"),
    ):
        with pytest.raises(TargetStateError, match="purged"):
            act()
    with pytest.raises(TargetStateError, match="exists already"):
        amnesia.add(a_target())
    amnesia.registry.check_trail()


def test_a_file_that_brings_a_purged_target_in_again_is_told_so(
    amnesia: Amnesia, tmp_path: Path
) -> None:
    file = tmp_path / "targets.jsonl"
    target = lived(amnesia)
    write_records(file, [target])
    amnesia.purge(target.id)
    told = bring_in(amnesia, file)
    assert (told.added, [p.message for p in told.problems]) == (
        0,
        ["the target `t-1` was purged; give it another id"],
    )


@pytest.mark.parametrize(
    ("actor", "reason"),
    [("admin", "Oskvarnen asked"), ("admin", f"mail of {MAIL.upper()}"), ("Mirela", "")],
)
def test_a_reason_that_names_the_target_is_refused_before_anything_is_done(
    amnesia: Amnesia, actor: str, reason: str
) -> None:
    target = lived(amnesia)
    with pytest.raises(InvalidRequestError, match="stays in the trail") as told:
        amnesia.purge(target.id, actor=actor, reason=reason)
    assert "skvarnen" not in str(told.value)
    assert amnesia.find(target.id) == target


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE trail SET at = '2020-01-01T00:00:00+00:00' WHERE revision = 2",
        "UPDATE trail SET action = 'restore' WHERE revision = 2",
        "UPDATE trail SET actor = 'eve' WHERE revision = 2",
        "UPDATE trail SET reason = 'eve' WHERE revision = 2",
        "UPDATE trail SET chain = 'ab' WHERE revision = 2",
        "UPDATE trail SET actor = 'eve' WHERE action = 'purge'",
        "UPDATE targets SET description = 'eve' WHERE id = 't-1'",
        "UPDATE targets SET status = 'revoked' WHERE id = 't-1'",
        "UPDATE targets SET status = 'purged' WHERE id = 'other'",
    ],
)
def test_what_is_left_of_a_purged_target_cannot_be_forged(amnesia: Amnesia, forgery: str) -> None:
    target = lived(amnesia)
    amnesia.add(ForgetTarget(id="other", subject="Tor Hagen-Lys"))
    amnesia.purge(target.id)
    amnesia.registry.check_trail()
    with closing(sqlite3.connect(amnesia.settings.db)) as raw:
        raw.execute("DROP TRIGGER trail_refuses_update")
        assert raw.execute(forgery).rowcount == 1
        raw.commit()
    with pytest.raises(RegistryCorruptError):
        amnesia.registry.check_trail()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE trail SET actor = 'purged', reason = '' WHERE target_id = 'other'",
        "UPDATE trail SET actor = 'purged', reason = 'eve' WHERE target_id = 't-1'",
        "UPDATE trail SET actor = 'purged', reason = '', at = 'x' WHERE target_id = 't-1'",
        "UPDATE trail SET reason = '' WHERE action = 'purge'",
        "DELETE FROM trail WHERE target_id = 't-1'",
    ],
)
def test_the_trail_stays_append_only_but_for_a_purge(amnesia: Amnesia, change: str) -> None:
    target = lived(amnesia)
    amnesia.add(ForgetTarget(id="other", subject="Tor Hagen-Lys"))
    amnesia.purge(target.id)
    with (
        closing(sqlite3.connect(amnesia.settings.db)) as raw,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        raw.execute(change)


def test_a_reader_that_keeps_the_log_is_told_of_and_the_same_again_ends_it(
    amnesia: Amnesia, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_engine, "BUSY_MS", 20)
    target = lived(amnesia)
    with closing(sqlite3.connect(amnesia.settings.db, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT subject FROM targets").fetchall()
        amnesia.registry.close()  # connections with the patience that this test has
        with pytest.raises(RegistryUnavailableError, match="do the same again"):
            amnesia.purge(target.id)
    amnesia.purge(target.id)
    assert left_in(bytes_of(*places_of(amnesia))) == []
    assert [e.action for e in amnesia.registry.trail()] == ["add", "edit", "purge"]


def test_vectors_that_cannot_be_written_anew_are_told_of(
    amnesia: Amnesia, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = lived(amnesia)
    amnesia.add(ForgetTarget(id="other", subject="Tor Hagen-Lys"))

    def refused(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("os.replace", refused)
    with pytest.raises(RetrievalError, match="Read-only file system"):
        amnesia.purge(target.id)
    monkeypatch.undo()
    amnesia.purge(target.id)
    assert left_in(bytes_of(*places_of(amnesia))) == []


@pytest.fixture
def server_and_admin(layer: Callable[..., Amnesia], tmp_path: Path) -> tuple[Amnesia, Amnesia]:
    return layer(cache_dir=tmp_path / "served"), layer(cache_dir=tmp_path / "own")


@pytest.mark.parametrize("asks_again", [True, False])
def test_a_layer_that_was_open_keeps_no_vectors_of_what_another_purged(
    server_and_admin: tuple[Amnesia, Amnesia], asks_again: bool
) -> None:
    server, admin = server_and_admin
    server.add(ForgetTarget(id="stays", subject="Tor Hagen-Lys"))
    target = lived(server)
    vectors = server.parts.index.vectors_of(target.id).vectors.astype(np.float16)
    if not asks_again:  # it has new vectors to keep when it is closed, and does not know
        server.add(ForgetTarget(id="more", subject="Ana Morel"))
    admin.purge(target.id)
    if asks_again:
        server.chat("What is the weather like?")
    server.close()
    with Amnesia(server._model, settings=server.settings) as again:
        again.chat("What is the weather like?")
    index = bytes_of(index_dir(server.settings))
    assert not any(vector.tobytes() in index for vector in vectors)


def test_an_older_trail_without_hashes_is_purged_too(tmp_path: Path) -> None:
    from tests.tools.registry.test_registry import SECRET, _make_first_schema

    _make_first_schema(tmp_path / "registry.db")
    with Registry.open(tmp_path / "registry.db") as registry:
        registry.purge("t-1", actor="admin")
        registry.check_trail()
        for text in (SECRET, "Ada Example", "Adalberta"):
            assert text.encode() not in bytes_of(*tmp_path.glob("registry.db*"))


def test_no_process_holds_a_purged_target_once_its_running_requests_have_had_their_time(
    server_and_admin: tuple[Amnesia, Amnesia], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server does by itself what is done here (`Following`)."""
    server, admin = server_and_admin
    held = [lived(server).id]
    server.chat(f"What does {TEXTS['subject']} play? She can be reached at {MAIL}.")
    server.parts.detector.vet(f"Write to {MAIL}, 4 days", Context())
    admin.revoke(held[0])
    admin.purge(held[0])
    server.parts.store.follow()
    server.parts.make_ready()
    monkeypatch.setattr(roster, "_LATELY", 0.0)
    for layer in (server, admin):
        layer.parts.make_ready()
    gc.collect()
    everything = (one for one in gc.get_objects() if type(one) is ForgetTarget)
    assert [one for one in everything if one.subject == TEXTS["subject"]] == []
