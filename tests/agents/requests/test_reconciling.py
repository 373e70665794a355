"""What holds of two readings of a request."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amnestic.agents.requests.expiry import UnreadDateError
from amnestic.agents.requests.masked import masked_refusal
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.reconciling import reconciled
from amnestic.agents.requests.seeing import Seen
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError
from amnestic.types import Identifier, TargetKind

OSK = Interpretation("Mirela Osk", TargetKind.PERSON, "Mirela Osk is a potter.")
TARN = Interpretation("Benno Tarn", TargetKind.PERSON)
MAIL = Identifier(type="email", value="osk@tavel.example")
NOT_READ = ForgetRequestError("the request does not say what to forget")


def _seen(*targets: Interpretation, outcome: str = "ok", sure: float = 0.99) -> Seen:
    return Seen(targets, outcome, sure, tuple(sure for _ in targets))


def test_what_both_read_alike_is_joined() -> None:
    until = datetime(2027, 3, 31, tzinfo=UTC)
    more = Interpretation(
        "MIRELA OSK",
        TargetKind.PERSON,
        "Mirela Osk is a potter. She lives in Tavel.",
        ("Mira",),
        ("her exhibitions",),
        until,
        identifiers=(MAIL,),
        scope="the shop",
    )
    reading = reconciled(_seen(more), RequestReading((OSK,)))
    (target,) = reading.targets
    assert target.subject == "Mirela Osk"
    assert target.description == "Mirela Osk is a potter. She lives in Tavel."
    assert (target.aliases, target.exceptions) == (("Mira",), ("her exhibitions",))
    assert (target.expires, target.identifiers, target.scope) == (until, (MAIL,), "the shop")
    assert not reading.unread


def test_the_surer_kind_holds_where_the_name_alone_spoke_for_the_other() -> None:
    guessed = Interpretation("Fennick Hollow", TargetKind.PERSON, kind_guessed=True)
    place = Interpretation("Fennick Hollow", TargetKind.PLACE)
    (target,) = reconciled(_seen(place), RequestReading((guessed,))).targets
    assert target.kind is TargetKind.PLACE


def test_what_the_grammar_could_not_read_is_read_by_the_tagger() -> None:
    reading = reconciled(_seen(OSK), NOT_READ)
    assert reading.targets == (OSK,)
    assert reading.unread == ("the wording of the wish; its names were taken",)


def test_an_unsure_reading_is_taken_with_a_word_of_doubt() -> None:
    assert reconciled(_seen(OSK, sure=0.6), NOT_READ).unread
    differing = reconciled(_seen(OSK, sure=0.6), RequestReading((TARN,)))
    assert differing.targets == (OSK,)
    assert "Benno Tarn" in differing.unread


def test_no_request_is_refused_with_the_grammars_reason() -> None:
    with pytest.raises(ForgetRequestError, match="does not say what"):
        reconciled(_seen(outcome="refuse"), NOT_READ)


def test_a_sure_refusal_holds_against_the_grammar_and_an_unsure_one_is_said() -> None:
    with pytest.raises(ForgetRequestError, match="nothing in the text asks"):
        reconciled(_seen(outcome="refuse"), RequestReading((OSK,)))
    reading = reconciled(_seen(outcome="refuse", sure=0.6), RequestReading((OSK,)))
    assert reading.targets == (OSK,)
    assert reading.unread


def test_what_is_left_open_is_asked_back() -> None:
    with pytest.raises(NeedsClarificationError, match="give the name"):
        reconciled(_seen(outcome="ask"), NOT_READ)
    with pytest.raises(NeedsClarificationError, match="leaves open whether 'Mirela Osk'"):
        reconciled(_seen(OSK, outcome="ask"), RequestReading((OSK,)))
    assert reconciled(_seen(OSK, outcome="ask", sure=0.5), NOT_READ).unread


def test_a_name_goes_as_far_as_the_grammar_says_where_the_tagger_is_unsure() -> None:
    begun = Interpretation("Mirela", TargetKind.PERSON)
    for sure, name in ((0.6, "Mirela Osk"), (0.99, "Mirela")):
        reading = reconciled(_seen(begun, sure=sure), RequestReading((OSK,), ("Tavel",)))
        assert [t.subject for t in reading.targets] == [name]
        assert reading.unread


def test_what_a_grammar_that_read_all_leaves_out_of_a_name_is_none_of_it() -> None:
    wide = Interpretation("Mirela Osk of Tavel", TargetKind.PERSON)
    (target,) = reconciled(_seen(wide), RequestReading((OSK,))).targets
    assert target.subject == "Mirela Osk"


def test_pieces_of_one_name_are_one() -> None:
    pieces = (Interpretation("Osk", TargetKind.PERSON), Interpretation("Mirela", TargetKind.PERSON))
    listed = Interpretation("Osk, Mirela", TargetKind.PERSON)
    assert len(reconciled(_seen(*pieces), RequestReading((listed,))).targets) == 1


def test_a_name_that_only_the_grammar_read_is_taken_where_it_read_all_and_else_said() -> None:
    added = reconciled(_seen(OSK), RequestReading((OSK, TARN)))
    assert added.targets == (OSK, TARN)
    assert any("Benno Tarn" in doubt for doubt in added.unread)
    said = reconciled(_seen(OSK), RequestReading((OSK, TARN), ("Tavel",)))
    assert said.targets == (OSK,)
    assert "Benno Tarn" in said.unread


def test_a_name_that_is_surely_something_else_is_not_taken() -> None:
    seen = Seen((OSK,), "ok", 0.99, (0.99,), claimed=("her brother Benno Tarn",))
    assert reconciled(seen, RequestReading((OSK, TARN))).targets == (OSK,)


def test_a_time_that_neither_can_read_as_a_date_is_asked_back() -> None:
    unread = UnreadDateError("write it as 'until YYYY-MM-DD'")
    with pytest.raises(NeedsClarificationError, match="YYYY-MM-DD"):
        reconciled(_seen(OSK), unread)
    dated = Interpretation(
        "Mirela Osk", TargetKind.PERSON, expires=datetime(2027, 3, 31, tzinfo=UTC)
    )
    assert reconciled(_seen(dated), unread).targets == (dated,)


def test_a_person_told_by_one_word_is_asked_back_where_the_grammar_asks() -> None:
    asked = NeedsClarificationError("who or what is meant by 'my sister Quenby'? Give the name")
    with pytest.raises(NeedsClarificationError, match="Quenby"):
        reconciled(_seen(Interpretation("Quenby", TargetKind.PERSON)), asked)
    assert reconciled(_seen(OSK), asked).targets == (OSK,)


def test_what_is_told_of_a_name_and_of_its_pronoun_is_told_once() -> None:
    known = Interpretation("Mirela Osk", TargetKind.PERSON, "She is a potter.")
    (target,) = reconciled(_seen(OSK), RequestReading((known,))).targets
    assert target.description == "She is a potter."


def test_a_tagger_that_is_lost_gives_way_to_a_grammar_that_read_all() -> None:
    reading = reconciled(_seen(OSK, TARN, sure=0.3), RequestReading((OSK,)))
    assert reading.targets == (OSK,)
    assert reading.unread


def test_what_is_told_of_a_target_by_its_name_is_no_exception() -> None:
    seen = Interpretation("Mirela Osk", TargetKind.PERSON, exceptions=("a potter", "her shop"))
    (target,) = reconciled(_seen(seen), RequestReading((OSK,))).targets
    assert target.exceptions == ("her shop",)


def test_a_name_of_everyday_words_is_masked_in_what_is_asked_back() -> None:
    april = Interpretation("April May", TargetKind.PERSON)
    with pytest.raises(NeedsClarificationError) as caught:
        reconciled(_seen(april, outcome="ask"), NOT_READ)
    assert "April May" in str(caught.value)
    masked = masked_refusal(caught.value, "Remove April May, or better not.")
    assert "April" not in str(masked)
