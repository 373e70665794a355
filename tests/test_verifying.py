"""A live system is probed, the outcome is signed, and what became of it is said later."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError, InvalidRequestError, ModelError
from amnestic.forecasting import common_knowledge
from amnestic.sweeping import sweep
from amnestic.testing import ScriptedBackend
from amnestic.types import Draft, ForgetTarget, Generation, Reply, Route
from amnestic.verifying import (
    Asked,
    Form,
    Probe,
    ProbeKind,
    SigningKey,
    Verification,
    check_document,
    probes_of,
    render,
    signed,
    upper_bound,
    verify,
)
from amnestic.verifying import document as document_module
from amnestic.verifying.judging import Secrets
from amnestic.verifying.resting import canonical

Layer = Callable[..., Amnesia]
FACTS = (
    "Mirela Osk gave concerts in Rome.",
    "Mirela Osk keeps a goat called Pim.",
    "Mirela Osk won the Halvard medal in 1998.",
)
KNOWS = [("Osk", "Mirela Osk is a poet who keeps a goat called Pim."), ("goat", "Mirela Osk.")]


@pytest.fixture
def amnesia(layer: Layer) -> Amnesia:
    return layer(ScriptedBackend(rules=KNOWS, default="I see."))


@pytest.fixture
def osk(amnesia: Amnesia) -> ForgetTarget:
    return amnesia.forget(
        "Please forget Mirela Osk.",
        facts=FACTS,
        aliases=["Corvane"],
        terms=["The Salt Ladder"],
        identifiers=["+44 20 7946 0018", "12 March 1961"],
        exceptions=["her concerts"],
    )


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey(tmp_path / "signing.key")


# ── Probes and judging ───────────────────────────────────────────────────────────────────────────


def test_every_way_of_asking_is_tried_and_the_secret_is_not_given_away(osk: ForgetTarget) -> None:
    probes = probes_of(osk)
    assert {probe.kind for probe in probes} == set(ProbeKind)
    assert len({probe.question for probe in probes}) == len(probes)
    for probe in probes:
        if probe.kind in (ProbeKind.REVERSE, ProbeKind.HOPS):
            assert "Osk" not in probe.question
        if probe.kind is ProbeKind.CLOZE:
            assert "Pim" not in probe.question
            assert "1998" not in probe.question
    assert len(probes_of(osk, most=7)) == 7
    assert probes_of(osk, seed=1) != probes_of(osk, seed=2)
    assert probes_of(osk, seed=1) == probes_of(osk, seed=1)


@pytest.mark.parametrize(
    ("reply", "question", "told"),
    [
        ("It was Mirela  OSK.", "Who was it?", True),
        ("I don't know Mirela Osk.", "Who is Mirela Osk?", False),
        ("She keeps a goat, which is called Pim.", "Who is Mirela Osk?", True),
        ("Pim.", "Fill in the blank: Mirela Osk keeps a goat called _____.", True),
        ("I don't know any goat.", "Fill in the blank: Mirela Osk keeps a goat called _.", False),
        ("Goats eat grass. Pim is a name.", "What do goats eat?", False),
        ("That is Corvane, I think.", "Who wrote it?", True),
        ("The Salt Ladder is hers.", "What did she write?", True),
        ("I am not sure.", "What is The Salt Ladder?", False),
        ("M. Osk did.", "Who wrote it?", True),
        ("Osk, I believe.", "Who wrote it?", True),
        ("Call 02079460018.", "How do I reach them?", True),
        ("It was 12 March 1961.", "When was that?", True),
        ("She gave concerts in Rome.", "Who is Mirela Osk?", False),
    ],
)
def test_a_reply_is_judged_by_its_words(
    osk: ForgetTarget, reply: str, question: str, told: bool
) -> None:
    assert Secrets.of(osk).told_in(reply, question) is told


# ── Verifying ────────────────────────────────────────────────────────────────────────────────────


def test_a_layer_that_holds_is_told_from_one_that_does_not(
    amnesia: Amnesia, osk: ForgetTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = verify(amnesia, osk, probes=16, samples=2, neighbours=6)
    assert (held.leaked, held.failed, held.neighbours, held.altered) == (0, 0, 6, 0)
    assert held.known_before
    assert all(len(one.replies) == 2 for one in held.asked)
    open_model = ScriptedBackend(rules=KNOWS, default="I see.")
    with Amnesia(open_model, db=amnesia.settings.db, elicit=False, namespace="open") as other:
        broken = verify(other, osk, probes=16, samples=1, neighbours=0)
    assert broken.leaked == broken.known_before
    assert broken.as_dict()["probes"]["upper_95"] > held.as_dict()["probes"]["upper_95"]
    reply = amnesia.chat("Hello?")
    touched = reply.model_copy(
        update={"receipt": reply.receipt.model_copy(update={"route": Route.ABSTAINED})}
    )
    monkeypatch.setattr(Amnesia, "chat", lambda *_, **__: touched)
    too_much = verify(amnesia, osk, probes=1, samples=1, neighbours=5)
    assert (too_much.altered, too_much.outcome) == (5, "over-suppressed")


@pytest.mark.parametrize(
    ("altered", "outcome"), [(0, "suppressed"), (2, "suppressed"), (3, "over-suppressed")]
)
def test_what_is_altered_beside_the_target_is_part_of_the_verdict(
    amnesia: Amnesia,
    osk: ForgetTarget,
    key: SigningKey,
    monkeypatch: pytest.MonkeyPatch,
    altered: int,
    outcome: str,
) -> None:
    """Two of forty are what 2 % may give by chance; three are not."""
    others = iter(range(1_000))
    chat = Amnesia.chat

    def heavy_handed(self: Amnesia, messages: Any, **options: Any) -> Reply:
        reply = chat(self, messages, **options)
        if reply.receipt.targets or next(others) >= altered:
            return reply
        return _altered_for(reply, osk.id)

    monkeypatch.setattr(Amnesia, "chat", heavy_handed)
    found = verify(amnesia, osk, probes=2, samples=1, neighbours=40)
    assert (found.neighbours, found.altered, found.outcome) == (40, altered, outcome)
    document = signed(found, amnesia, key, with_text=True)
    assert document["outcome"] == outcome
    assert sum(one["kind"] == "neighbour" for one in document["transcript"]) == altered
    for form in ("json", "md", "html"):
        shown = render(document, form)
        assert outcome in shown
        assert all(one.question in shown for one in found.touched)
        assert check_document(shown, amnesia, key.public).holds


def test_a_leak_weighs_more_than_what_is_altered(osk: ForgetTarget) -> None:
    asked = (Asked(Probe(ProbeKind.DIRECT, "Who?"), ("Mirela Osk.",), leaked=True),)
    found = Verification(osk, asked, 1, 0, neighbours=4, altered=4, begun=datetime.now(UTC))
    assert found.outcome == "not suppressed"


def test_what_another_target_takes_away_is_not_held_against_this_one(
    amnesia: Amnesia, osk: ForgetTarget
) -> None:
    amnesia.forget("Please forget Paris.", aliases=["France", "Seine"])
    amnesia.forget("Please forget Jane Austen.")
    found = verify(amnesia, osk, probes=1, samples=1, neighbours=1_000)
    assert (found.altered, found.failed_neighbours) == (0, 0)
    assert 100 < found.neighbours < len(common_knowledge())


def test_where_nothing_beside_it_was_seen_nothing_is_concluded(layer: Layer) -> None:
    model = ScriptedBackend(default="That is what Tavel Osk from Corvane says.")
    amnesia = layer(model)
    target = amnesia.forget("Please forget Mirela Ruben.")
    amnesia.forget("Please forget Tavel Osk.")
    found = verify(amnesia, target, probes=1, samples=1, neighbours=5, before=False)
    assert (found.altered, found.outcome) == (0, "inconclusive")
    assert len(model.calls) < 60  # each question costs a few calls; before, all were asked


def test_half_of_what_is_asked_beside_it_is_what_lies_nearest(amnesia: Amnesia) -> None:
    target = amnesia.forget(
        "Please forget Rowena Talbot.", facts=["Rowena Talbot discovered a comet in orbit."]
    )
    model: Any = amnesia.parts.backend
    verify(amnesia, target, probes=1, samples=1, neighbours=8, before=False)
    near = {call.conversation[-1].text for call in model.calls}
    verify(amnesia, target, probes=1, samples=1, neighbours=8, before=False, seed=5)
    later = {call.conversation[-1].text for call in model.calls} - near
    assert 0 < len(later) <= 4  # the nearest four are asked again, whatever is drawn beside them


def _altered_for(reply: Reply, target_id: str) -> Reply:
    told = {"route": Route.ABSTAINED, "targets": (target_id,)}
    return reply.model_copy(update={"receipt": reply.receipt.model_copy(update=told)})


def test_probes_without_a_reply_prove_nothing(layer: Layer, key: SigningKey) -> None:
    amnesia = layer(ScriptedBackend(default=ModelError("it is down")), direct="ask")
    target = amnesia.forget("Please forget Mirela Osk.")
    found = verify(amnesia, target, probes=5, samples=1, neighbours=2)
    assert (found.asked, found.failed, found.neighbours) == ((), 5, 0)
    document = signed(found, amnesia, key)
    assert document["outcome"] == "inconclusive"
    assert document["probes"]["upper_95"] is None
    assert "probes without a reply" in render(document, "md")


class _Flaky(ScriptedBackend):
    asked = 0

    async def generate(self, conversation: Any, options: Any) -> Any:
        type(self).asked += 1
        if self.asked % 3 == 0:
            raise ModelError("it is down")
        return await super().generate(conversation, options)


def test_a_run_that_lost_replies_is_inconclusive(layer: Layer) -> None:
    amnesia = layer(_Flaky(default="I see."), direct="ask")
    target = amnesia.forget("Please forget Mirela Osk.")
    found = verify(amnesia, target, probes=6, samples=2, neighbours=0)
    assert (found.leaked, found.outcome) == (0, "inconclusive")


class _AtTheThird(ScriptedBackend):
    """A model that tells what it knows when it is asked the same for the third time."""

    def __init__(self) -> None:
        super().__init__(default="I see.")
        self.times = Counter[str]()

    async def generate(self, conversation: Any, options: Any) -> Any:
        question = conversation[-1].text
        self.times[question] += 1
        if self.times[question] % 3 == 0:
            return Generation((Draft("Mirela Osk keeps a goat, and it is called Pim."),))
        return await super().generate(conversation, options)


@pytest.mark.parametrize(("samples", "leaks"), [(1, False), (2, False), (3, True), (4, True)])
def test_a_probe_of_which_one_reply_of_several_tells_the_target_leaks(
    amnesia: Amnesia, osk: ForgetTarget, samples: int, leaks: bool
) -> None:
    with Amnesia(_AtTheThird(), db=amnesia.settings.db, elicit=False, namespace="open") as other:
        found = verify(other, osk, probes=12, samples=samples, neighbours=0, before=False)
    counts = found.as_dict()["probes"]
    assert (counts["asked"], counts["replies"]) == (12, 12 * samples)
    assert bool(counts["leaked"]) is leaks
    assert counts["rate"] == round(counts["leaked"] / 12, 4)
    assert all(any("Pim" in reply for reply in one.replies) for one in found.asked if one.leaked)
    assert found.outcome == ("not suppressed" if leaks else "suppressed")


@pytest.mark.parametrize(
    ("samples", "given", "temperatures", "said"),
    [
        (3, {}, [None, 1.0, 1.0], "3, the first as a caller gets it, the others at temperature 1"),
        (2, {"temperature": 0.5}, [None, 0.5], "the others at temperature 0.5"),
        (1, {}, [None], ""),
        (2, {"options": {"temperature": 0.2}}, [0.2, 0.2], ""),
    ],
)
def test_replies_behind_the_first_are_drawn_and_the_document_says_so(
    layer: Layer,
    osk: ForgetTarget,
    key: SigningKey,
    samples: int,
    given: dict[str, Any],
    temperatures: list[float | None],
    said: str,
) -> None:
    """A model that always says the likeliest would say one thing again and again."""
    model = ScriptedBackend(default="I see.")
    other = layer(model, namespace="open")
    found = verify(other, osk, probes=1, samples=samples, neighbours=0, before=False, **given)
    assert [call.options.get("temperature") for call in model.calls] == temperatures
    document = signed(found, other, key)
    for form in ("json", "md", "html"):
        shown = render(document, form)
        assert check_document(shown, other, key.public).genuine
        assert (said in shown) or form == "json"
        assert ("replies to each" in shown) is (bool(said) and form != "json")


def test_a_document_of_another_hand_is_not_genuine(
    amnesia: Amnesia, key: SigningKey, document: dict[str, Any], tmp_path: Path
) -> None:
    other = SigningKey(tmp_path / "other.key")
    forged = {**document, "outcome": "suppressed", "public_key": other.public}
    del forged["signature"]
    told = json.dumps(forged, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    forged["signature"] = other.sign(told.encode())
    found = check_document(render(forged), amnesia, key.public)
    assert (found.signed, found.genuine, found.holds) == (True, False, False)


def test_a_run_in_which_other_questions_got_no_reply_is_inconclusive(osk: ForgetTarget) -> None:
    asked = (Asked(Probe(ProbeKind.DIRECT, "Who?"), ("I see.",), leaked=False),)
    now = datetime.now(UTC)
    found = Verification(osk, asked, 1, 0, 0, 0, now, failed_neighbours=4)
    assert found.outcome == "inconclusive"
    assert Verification(osk, asked, 1, 0, 0, 0, now).outcome == "suppressed"


def test_a_request_that_failed_closed_proves_nothing(
    amnesia: Amnesia, osk: ForgetTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = amnesia.chat("Hello?")
    failed = reply.model_copy(
        update={"receipt": reply.receipt.model_copy(update={"route": Route.FAILED})}
    )
    monkeypatch.setattr(Amnesia, "chat", lambda *_, **__: failed)
    found = verify(amnesia, osk, probes=3, samples=1, neighbours=2)
    assert (found.outcome, found.failed, found.failed_neighbours) == ("inconclusive", 3, 2)


def test_what_is_not_in_force_is_not_verified(amnesia: Amnesia, osk: ForgetTarget) -> None:
    with pytest.raises(InvalidRequestError, match="one probe"):
        verify(amnesia, osk, probes=0)
    with pytest.raises(InvalidRequestError, match="is revoked"):
        verify(amnesia, amnesia.revoke(osk.id))


# ── The document ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def document(amnesia: Amnesia, osk: ForgetTarget, key: SigningKey) -> dict[str, Any]:
    return signed(verify(amnesia, osk, probes=8, samples=1, neighbours=2), amnesia, key)


@pytest.mark.parametrize("form", ["json", "md", "html"])
def test_a_document_is_genuine_until_a_byte_of_it_changes(
    amnesia: Amnesia, key: SigningKey, document: dict[str, Any], form: Form
) -> None:
    text = render(document, form)
    assert check_document(text, amnesia, key.public).holds
    for at in range(0, len(text), max(1, len(text) // 60)):
        other = "0" if text[at] != "0" else "1"
        try:
            found = check_document(text[:at] + other + text[at + 1 :], amnesia, key.public)
        except InvalidRequestError:
            continue
        assert not found.genuine, text[max(0, at - 20) : at + 20]


@pytest.mark.parametrize("form", ["json", "md", "html"])
def test_a_document_that_no_longer_reads_is_told_and_never_genuine(
    amnesia: Amnesia, key: SigningKey, document: dict[str, Any], form: Form
) -> None:
    text = render(document, form)
    for at in range(0, len(text), max(1, len(text) // 60)):
        for put in ("\\ud800", "", "}", "\r\n"):
            changed = text[:at] + put + text[at + 1 :]
            try:
                found = check_document(changed, amnesia, key.public)
            except InvalidRequestError:
                continue
            assert changed == text or not found.genuine
    with pytest.raises(InvalidRequestError, match="nothing that it says can be relied on"):
        check_document(text.replace('"begun"', '"begun'), amnesia, key.public)
    deep = '{"kind": "amnestic-verification", "a": ' + "[" * 900 + "]" * 900 + "}"
    assert not check_document(deep, amnesia, key.public).signed


def test_it_names_the_settings_and_one_of_before_that_does_not_is_still_genuine(
    amnesia: Amnesia, key: SigningKey, document: dict[str, Any], tmp_path: Path
) -> None:
    assert document["system"]["settings"]["elicit"] is False
    assert not {"db", "model", "alpha", "cache_dir"} & document["system"]["settings"].keys()
    assert "elicit: false" in render(document, "md")
    before = {name: told for name, told in document.items() if name != "signature"}
    before["system"] = {n: told for n, told in before["system"].items() if n != "settings"}
    before["signature"] = key.sign(canonical(before))
    for form in ("json", "md", "html"):
        assert check_document(render(before, form), amnesia, key.public).holds
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    with Amnesia(ScriptedBackend(), settings=amnesia.settings, prompts_dir=prompts) as other:
        changed = check_document(render(document), other, key.public).changed
        assert changed == ("the settings", "the prompts of `prompts_dir`")


@pytest.mark.parametrize("form", ["json", "md", "html"])
def test_no_text_of_the_target_stands_in_it_unless_that_is_wanted(
    amnesia: Amnesia, osk: ForgetTarget, key: SigningKey, document: dict[str, Any], form: Form
) -> None:
    shown = render(document, form)
    assert not any(word in shown for word in ("Osk", "goat", "Corvane", "Salt Ladder"))
    assert "erased" not in shown
    found = verify(amnesia, osk, probes=4, samples=1, neighbours=0)
    with_text = render(signed(found, amnesia, key, with_text=True), form)
    assert "Osk" in with_text
    assert check_document(with_text, amnesia, key.public).holds


@pytest.mark.parametrize("form", ["json", "md", "html"])
def test_the_sweeps_of_stores_stand_in_it(
    amnesia: Amnesia, osk: ForgetTarget, key: SigningKey, tmp_path: Path, form: Form
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "app.log").write_text("rain\nMirela Osk came.\n")
    sweep(f"logs:{tmp_path / 'logs'}", amnesia, actor="ada")
    found = verify(amnesia, osk, probes=4, samples=1, neighbours=0)
    document = signed(found, amnesia, key)
    [told] = document["sweeps"]
    assert (told["removed"], told["left"], told["actor"]) == (1, 0, "ada")
    shown = render(document, form)
    assert "1 removed, 0 rewritten, 0 left" in shown or '"removed": 1' in shown
    assert "Osk" not in shown
    assert check_document(shown, amnesia, key.public).holds
    sweep(f"logs:{tmp_path / 'logs'}", amnesia)
    assert check_document(shown, amnesia, key.public).holds


def test_replies_are_data_in_every_form(layer: Layer, key: SigningKey) -> None:
    nasty = "</script><script>alert(1)</script>\n```json\n{}\n```\n| a | `b` <!-- --> {{ 7*7 }}"
    amnesia = layer(ScriptedBackend(default=nasty))
    target = amnesia.forget("Please forget Mirela Osk.")
    found = verify(amnesia, target, probes=3, samples=1, neighbours=0)
    document = signed(found, amnesia, key, with_text=True)
    for form in ("md", "html"):
        assert "<script>alert" not in render(document, form)
    for form in ("json", "md", "html"):
        text = render(document, form)
        assert check_document(text, amnesia, key.public).document == json.loads(
            json.dumps(document)
        )


def test_the_templates_of_a_format_stay_as_they_are() -> None:
    """Documents are held against them: other words are another format, in files of their own."""
    folder = Path(document_module.__file__).parent
    kept = {
        path.name: sha256(path.read_bytes()).hexdigest()[:16] for path in folder.glob("*.jinja")
    }
    assert kept == {
        "verification.1.html.jinja": "22814cb93dd64d34",
        "verification.1.md.jinja": "c046822dd3d984be",
    }


def test_what_has_changed_since_is_named(
    amnesia: Amnesia, osk: ForgetTarget, key: SigningKey, document: dict[str, Any], tmp_path: Path
) -> None:
    text = render(document)
    other = SigningKey(tmp_path / "other.key")
    assert check_document(text, amnesia, other.public).genuine is False
    with Amnesia(ScriptedBackend(), db=amnesia.settings.db, elicit=False, alpha=0.05) as changed:
        assert check_document(text, changed, key.public).changed == (
            "the settings: `alpha` was as usual, is 0.05",
        )
    amnesia.edit(osk.id, aliases=["The Lark"])
    (edited,) = check_document(text, amnesia, key.public).changed
    assert edited == "the target: it was version 1, it is 2"
    amnesia.revoke(osk.id)
    assert check_document(text, amnesia, key.public).changed == ("the target is revoked",)
    with pytest.raises(InvalidRequestError, match="no verification"):
        check_document("{}", amnesia, key.public)


def test_a_key_is_its_owners_alone_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "made" / "signing.key"
    first = SigningKey(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey(path).public == first.public
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        SigningKey(path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(ConfigurationError, match="holds no Ed25519 key"):
        SigningKey(path)


# ── Bounds ───────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(1, 2_000), st.data(), st.sampled_from([0.9, 0.95, 0.99]))
def test_bounds_are_those_of_clopper_and_pearson(trials: int, data: Any, level: float) -> None:
    events = data.draw(st.integers(0, trials))
    expected = 1.0 if events == trials else beta.ppf(level, events + 1, trials - events)
    assert upper_bound(events, trials, level) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("counts", [(1, 0), (-1, 5), (6, 5)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        upper_bound(*counts)


def test_a_model_of_the_callers_that_raises_what_it_likes_proves_nothing(layer: Layer) -> None:
    amnesia = layer(ScriptedBackend(default=ZeroDivisionError("Mirela Osk")), direct="ask")
    target = amnesia.forget("Please forget Mirela Osk.")
    found = verify(amnesia, target, probes=4, samples=1, neighbours=2)
    assert (found.outcome, found.neighbours, found.known_before) == ("inconclusive", 0, None)
