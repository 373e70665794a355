"""Sealed targets in the registry: encrypted, found by hashes, resealed, closed without a key."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amnestic.exceptions import (
    InvalidRequestError,
    RegistryCorruptError,
    SealError,
    TargetStateError,
)
from amnestic.tools.registry.registry import Registry
from amnestic.tools.registry.sealing import opened_row, sealed_row
from amnestic.tools.registry.seals import SealKey, Seals
from amnestic.tools.registry.trail import digest_of
from amnestic.types import (
    Elicitation,
    Facet,
    FacetKind,
    ForgetTarget,
    Identifier,
    TargetKind,
    TargetStatus,
)

OLD, NEW = SealKey.of(bytes(32)), SealKey.of(bytes(range(32)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def registry(path: Path) -> Iterator[Registry]:
    with Registry.open(path, Seals((OLD,))) as opened:
        yield opened


def osk(target_id: str = "t-1", **changes: object) -> ForgetTarget:
    mail = Identifier(type="email", value="osk@tavel.org", label="e-mail")
    fact = Facet(kind=FacetKind.FACT, text="Mirela Osk keeps a goat.")
    given = {
        "id": target_id,
        "subject": "Mirela Osk",
        "kind": TargetKind.PERSON,
        "aliases": ("Corvane",),
        "identifiers": (mail,),
        "facets": (Facet(kind=FacetKind.ALIAS, text="Mirela Osk"), fact),
        "reason": "a letter",
        "requester": "quillon",
        "sealed": True,
        **changes,
    }
    return ForgetTarget.model_validate(given)


def everything(path: Path) -> str:
    raw = sqlite3.connect(path)
    told = "\n".join(raw.iterdump())
    raw.close()
    return told


def test_a_sealed_target_is_read_back_as_it_was(registry: Registry, path: Path) -> None:
    added = registry.add(osk(), actor="me")
    assert added.salt
    with Registry.open(path, Seals((NEW, OLD))) as other:
        assert other.get("t-1") == added
        assert other.targets(status=TargetStatus.ACTIVE) == [added]
        assert other.some(["t-1"]) == [added]


def on_disk(path: Path) -> str:
    """The bytes of the database's file and of those beside it."""
    return "".join(p.read_bytes().decode("latin-1") for p in path.parent.glob(f"{path.name}*"))


def private_words(path: Path) -> list[str]:
    text = everything(path).lower()
    private = "osk tarn corvane tavel goat letter quillon married withdrawn error mirela".split()
    return [word for word in private if re.search(rf"\b{word}\b", text)]


def test_nothing_of_it_stands_in_the_tables(registry: Registry, path: Path) -> None:
    registry.add(osk(), actor="quillon", reason="a letter")
    assert private_words(path) == []
    edited = registry.get("t-1").model_copy(update={"subject": "Mirela Tarn"})
    registry.edit(edited, actor="quillon", reason="she married")
    assert private_words(path) == []
    registry.revoke("t-1", actor="quillon", reason="withdrawn")
    assert private_words(path) == []
    registry.restore("t-1", actor="quillon", reason="an error", elicit=True)
    registry.replace_facets("t-1", registry.get("t-1").facets, actor="quillon")
    assert private_words(path) == []
    inserted = re.findall(r'^INSERT INTO "(\w+)"', everything(path), re.M)
    assert "facets" not in inserted
    registry.add(osk("t-2", sealed=False), actor="quillon")
    assert len(private_words(path)) > 5


def test_its_trail_is_masked_chains_and_opens_with_the_key(registry: Registry, path: Path) -> None:
    registry.add(osk(), actor="ann", reason="a letter")
    registry.add(osk("t-2", sealed=False), actor="bob", reason="another")
    registry.note(registry.get("t-1"), "verify", actor="cleo", reason="0 leaked")
    lines = registry.trail()
    assert [(e.masked().actor, e.masked().reason) for e in lines] == [
        ("sealed", "sealed"),
        ("bob", "another"),
        ("sealed", "sealed"),
    ]
    opened = [(e.actor, e.reason) for e in registry.opened_trail(lines)]
    assert opened == [("ann", "a letter"), ("bob", "another"), ("cleo", "0 leaked")]
    assert registry.check_trail() == lines[-1]
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER trail_refuses_update")
        raw.execute("UPDATE trail SET actor = (SELECT actor FROM trail WHERE revision = 3) "
                    "WHERE revision = 1")  # fmt: skip
    raw.close()
    with pytest.raises(RegistryCorruptError, match="line 1"):
        registry.check_trail()
    with pytest.raises(SealError, match="line 1 of the trail was changed"):
        registry.opened_trail(registry.trail())


def test_its_digest_is_no_hash_of_what_somebody_may_guess(registry: Registry) -> None:
    added = registry.add(osk(), actor="me")
    digest = registry.trail()[0].digest
    assert digest == digest_of(added)
    assert digest.startswith("2:")
    assert digest != digest_of(added.model_copy(update={"salt": "00" * 32}))


def test_it_is_found_by_a_whole_name_or_identifier_in_its_namespace(registry: Registry) -> None:
    registry.add(osk(), actor="me")
    registry.add(osk("t-2", sealed=False, subject="Osk"), actor="me")
    found = {words: [t.id for t in registry.named(words)] for words in
             ("mirela  OSK", "corvane", "OSK@tavel.org", "osk", "irela")}  # fmt: skip
    assert found == {
        "mirela  OSK": ["t-1"],
        "corvane": ["t-1", "t-2"],
        "OSK@tavel.org": ["t-1", "t-2"],
        "osk": ["t-2"],
        "irela": [],
    }
    assert registry.named("corvane", "elsewhere") == []
    registry.edit(registry.get("t-1").model_copy(update={"aliases": ()}), actor="me")
    assert [t.id for t in registry.named("corvane")] == ["t-2"]


def test_its_versions_are_sealed_and_come_back(registry: Registry, path: Path) -> None:
    before = registry.add(osk(), actor="me")
    registry.edit(before.model_copy(update={"subject": "Mirela Tarn"}), actor="me")
    assert registry.versions("t-1") == [before]
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE versions SET version = 7")
    raw.close()
    with pytest.raises(SealError, match="version 7 of the target `t-1` was changed"):
        registry.versions("t-1")


def test_it_is_listed_masked_without_a_key_and_told_by_nobody(
    registry: Registry, path: Path
) -> None:
    registry.add(osk(), actor="me")
    clear = registry.add(osk("t-2", sealed=False, subject="Tor Hagen"), actor="me")
    with Registry.open(path) as keyless:
        shown, other = keyless.listed("default")
        assert (shown.id, shown.sealed, shown.kind) == ("t-1", True, TargetKind.PERSON)
        assert shown.subject.startswith("sealed:")
        assert (shown.aliases, shown.identifiers, shown.facets) == ((), (), ())
        assert other == clear
        assert keyless.named("Tor Hagen") == [clear]
        for ask in (keyless.targets, lambda: keyless.get("t-1"), keyless.check_trail):
            with pytest.raises(SealError, match=f"`t-1` is sealed with the key {OLD.id}"):
                ask()


def test_without_a_key_nothing_is_added_and_nothing_changes(path: Path) -> None:
    with Registry.open(path) as keyless:
        with pytest.raises(InvalidRequestError, match="no key to seal a target with"):
            keyless.add_all([osk("t-2", sealed=False), osk()], actor="me")
        assert keyless.revision() == 0
        assert keyless.targets() == []


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE targets SET sealed = replace(sealed, substr(sealed, 40, 1), "
        "CASE substr(sealed, 40, 1) WHEN 'A' THEN 'B' ELSE 'A' END)",
        "UPDATE targets SET sealed = substr(sealed, 1, length(sealed) - 4)",
        "UPDATE targets SET namespace = 'other'",
        "UPDATE targets SET version = 2",
        "UPDATE targets SET expires = '2099-01-01T00:00:00+00:00'",
        "UPDATE targets SET kind = 'topic'",
        "UPDATE targets SET id = 't-9'",
        "UPDATE targets SET sealed = (SELECT sealed FROM targets WHERE id = 't-2')",
    ],
)
def test_a_row_that_was_changed_does_not_open(registry: Registry, path: Path, forgery: str) -> None:
    registry.add(osk(), actor="me")
    registry.add(osk("t-2"), actor="me")
    with sqlite3.connect(path) as raw:
        raw.execute(f"{forgery} WHERE id = 't-1'")
    raw.close()
    with pytest.raises(SealError, match=r"^the target `t-\d` was changed by something") as caught:
        registry.targets()
    assert "\n" not in str(caught.value)


def test_a_row_that_lost_its_seal_is_no_target_without_a_name(
    registry: Registry, path: Path
) -> None:
    registry.add(osk(), actor="me")
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE targets SET sealed = ''")
    raw.close()
    with pytest.raises(RegistryCorruptError, match="the target `t-1` cannot be read"):
        registry.targets()


def test_a_target_without_a_name_is_not_written(registry: Registry) -> None:
    with pytest.raises(InvalidRequestError, match="the target has no name"):
        registry.add(osk(sealed=False, subject="\0"), actor="me")
    assert registry.targets() == []


def test_a_record_that_is_none_is_told_without_its_words(registry: Registry) -> None:
    class Odd(Seals):
        def opened(self, sealed: str, bound: str, what: str) -> Any:
            return {**super().opened(sealed, bound, what), "aliases": 7}

    row = sealed_row(osk(), registry.seals)
    assert opened_row(row, registry.seals).subject == "Mirela Osk"
    with pytest.raises(RegistryCorruptError, match="the target `t-1` holds what this") as caught:
        opened_row(row, Odd(registry.seals.keys))
    assert "Mirela" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_no_model_is_asked_about_it(registry: Registry) -> None:
    added = registry.add(osk(elicitation=Elicitation.PENDING), actor="me")
    assert added.elicitation is Elicitation.NONE
    assert registry.pending("default") == []
    with pytest.raises(TargetStateError, match="`t-1` is sealed: no model is asked"):
        registry.ask_again("t-1", actor="me")
    registry.revoke("t-1", actor="me")
    assert registry.restore("t-1", actor="me", elicit=True).elicitation is Elicitation.NONE


def test_everything_is_resealed_with_the_first_key(registry: Registry, path: Path) -> None:
    registry.add(osk(), actor="ann", reason="a letter")
    registry.edit(registry.get("t-1").model_copy(update={"terms": ("Pim",)}), actor="me")
    registry.add(osk("t-2", sealed=False), actor="me")
    registry.edit(registry.get("t-1").model_copy(update={"terms": ()}), actor="me")
    registry.edit(registry.get("t-1").model_copy(update={"terms": ("Pim",)}), actor="me")
    before, versions = registry.get("t-1"), registry.versions("t-1")
    assert OLD.id in on_disk(path)
    with Registry.open(path, Seals((NEW, OLD))) as rotating:
        assert [t.id for t in rotating.named("Mirela Osk")] == ["t-1", "t-2"]
        assert rotating.reseal(actor="me") == 1
        assert rotating.reseal(actor="me") == 0
    with Registry.open(path, Seals((NEW,))) as after:
        assert (after.get("t-1"), after.versions("t-1")) == (before, versions)
        assert [t.id for t in after.named("pim")] == ["t-1"]
        assert after.opened_trail(after.trail())[0].actor == "ann"
        after.check_trail()
        assert OLD.id not in on_disk(path)
    with pytest.raises(SealError, match=NEW.id):
        registry.get("t-1")


def test_resealing_without_all_keys_changes_nothing(registry: Registry, path: Path) -> None:
    registry.add(osk(), actor="me")
    before = everything(path)
    with Registry.open(path, Seals((NEW,))) as other, pytest.raises(SealError, match=OLD.id):
        other.reseal(actor="me")
    assert everything(path) == before


def test_a_registry_of_before_goes_on_and_takes_sealed_targets(path: Path) -> None:
    from tests.tools.registry.test_registry import _make_first_schema

    _make_first_schema(path)
    with Registry.open(path, Seals((OLD,))) as registry:
        assert registry.get("t-1").sealed is False
        registry.add(osk("t-2"), actor="me")
        assert [t.id for t in registry.targets()] == ["t-1", "t-2"]
        registry.check_trail()
