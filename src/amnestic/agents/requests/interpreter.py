"""The interpreter: from a request in plain words to what it asks to forget.

Two readers without a model that speaks: a trained tagger, which says of each word what it is to the
request, and a grammar of the usual wordings. What both read alike holds; where they differ the
surer one does, and what is left open is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from amnestic.agents.requests.aspects import at_most, with_pronouns_told
from amnestic.agents.requests.bystanders import with_asked_about, without_bystanders
from amnestic.agents.requests.capitals import names_as_written
from amnestic.agents.requests.composing import compose
from amnestic.agents.requests.ends_told import with_ends
from amnestic.agents.requests.finishing import finished
from amnestic.agents.requests.further_asked import is_joined, with_further_asked
from amnestic.agents.requests.in_full import with_names_in_full
from amnestic.agents.requests.joining import is_in
from amnestic.agents.requests.keeping import said_to_stay, take_exceptions
from amnestic.agents.requests.kin_of import without_whose
from amnestic.agents.requests.kind_ahead import without_kind_ahead
from amnestic.agents.requests.kinds_told import with_kind_told
from amnestic.agents.requests.laid_out import rows_left_out
from amnestic.agents.requests.lasting import with_lasting
from amnestic.agents.requests.left_open import is_named
from amnestic.agents.requests.letters import Letter
from amnestic.agents.requests.limits import with_limits
from amnestic.agents.requests.made_ready import as_meant, made_ready
from amnestic.agents.requests.marked import marked
from amnestic.agents.requests.meant import refuse_its_own_to_stay, without_torn
from amnestic.agents.requests.neither import refuse_what_is_spared_together
from amnestic.agents.requests.of_two import with_pointers_settled
from amnestic.agents.requests.once import one_reading, segments
from amnestic.agents.requests.passers_by import without_passers_by
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.reconciling import reconciled
from amnestic.agents.requests.refusals import (
    refuse_orders,
    refuse_the_layer,
    refuse_what_asks_for_nothing,
    refuse_what_is_no_wish,
)
from amnestic.agents.requests.rows_asked import with_all_rows
from amnestic.agents.requests.saying import with_what_is_left
from amnestic.agents.requests.scripts import ask_where_script_is_strange
from amnestic.agents.requests.second_halves import with_second_halves
from amnestic.agents.requests.seeing import SURE, Seen
from amnestic.agents.requests.signatures import with_whoever_may_sign, without_signature
from amnestic.agents.requests.statements import with_statements_alone
from amnestic.agents.requests.surnames import with_shared_surnames
from amnestic.agents.requests.tidying import tidied
from amnestic.agents.requests.together import with_all_of_them
from amnestic.agents.requests.told_again import refuse_what_is_told_again
from amnestic.agents.requests.told_besides import with_told_besides
from amnestic.agents.requests.told_together import told_together
from amnestic.agents.requests.whole_text import WholeText
from amnestic.agents.requests.width import ask_where_vague, refuse_broad, without_data_words
from amnestic.exceptions import ForgetRequestError
from amnestic.tools.tagging import Tagged, Tagger, shipped_tagger

__all__ = ["LocalInterpreter"]

_LONG_LIST = 12  # longer ones were not marked by anybody, and their layout is told by rules
_LIKELY = 0.8
_OTHERS = ("fact", "keep", "alias", "reason", "scope", "identifier")


class LocalInterpreter:
    """Reads forget requests without a model.

    >>> found = LocalInterpreter().interpret("Please forget Ana Morel. Ana Morel is a painter.")
    >>> found.subject, found.kind.value, found.description
    ('Ana Morel', 'person', 'Ana Morel is a painter.')
    >>> reading = LocalInterpreter().read("Don't mention Pepsi, Fanta or Dr Pepper")
    >>> [target.subject for target in reading.targets]
    ['Pepsi', 'Fanta', 'Dr Pepper']

    Args:
        tagger: the trained reader; the one that comes with the package where none is given.
    """

    def __init__(self, tagger: Tagger | None = None) -> None:
        self._tagger = tagger or shipped_tagger()

    def interpret(self, text: str, *, now: datetime | None = None) -> Interpretation:
        """Read a request for one target; raises as `read` does, and `SeveralTargetsError` where
        several are named."""
        return at_most(self.read(text, now=now), 1).targets[0]

    async def aread(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """`read`, as a model's reader is called."""
        return self.read(text, now=now)

    def refuse(self, text: str) -> None:
        """Raise `ForgetRequestError` for what is no request, whoever reads it: one about the layer
        itself, that something is told again, or that asks for nothing or takes it back."""
        body = made_ready(text).body
        refuse_what_is_told_again(body)
        refuse_what_is_spared_together(body)
        refuse_what_asks_for_nothing(body)

    def why_no_wish(self, text: str) -> ForgetRequestError | None:
        """Why a text looks like no wish by its words, which another reader may know better.

        >>> LocalInterpreter().why_no_wish("Forget Ana Morel. Never mind.") is None
        False
        """
        return _refusal(made_ready(text))

    def refuse_broad(self, target: Interpretation) -> None:
        """Raise `TargetTooBroadError` for a target that would match nearly everything."""
        for name in (target.subject, *target.aliases):
            refuse_broad(name)

    def accounted(self, reading: RequestReading, text: str, now: datetime) -> RequestReading:
        """Another reader's reading of a text, with what of the text it does not account for.

        >>> reader, text = LocalInterpreter(), "Forget Ana Morel for a month."
        >>> endless = RequestReading((reader.interpret("Forget Ana Morel."),))
        >>> reader.accounted(endless, text, datetime(2026, 11, 28, tzinfo=UTC)).unread
        ("until when: 'for a month'",)
        """
        letter = made_ready(text)
        tagged = self._tagger.read(letter.whole)
        try:
            seen = self._seen(tagged, now)
        except ForgetRequestError:  # of a reading of its own, which is not asked for
            seen = Seen((), tagged.outcome, max(tagged.outcomes), text=tagged.text)
        found = with_what_is_left(reading, seen, letter.sender)
        found = with_limits(found, letter.whole, now).settled()
        return replace(found, targets=finished(found.targets))

    def read(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """Read a request.

        Raises `NeedsClarificationError` where it leaves open who or what is meant,
        `TargetTooBroadError` where that would match nearly everything, and `ForgetRequestError`
        where it asks for nothing that can be forgotten.
        """
        with one_reading():
            return with_asked_about(self._read(made_ready(text), now), rows_left_out(text))

    def _read(self, letter: Letter, now: datetime | None) -> RequestReading:
        letter = replace(letter, body=as_meant(letter.body), whole=as_meant(letter.whole))
        refuse_what_is_told_again(letter.body)  # however sure a reader is of the names in it
        refuse_what_is_spared_together(letter.body)
        moment = now or datetime.now(UTC)
        tagging = self._tagger.begin(letter.whole)  # while the grammar reads
        known = _by_grammar(letter, moment)
        refused = _refusal(letter)
        if refused is None and isinstance(known, RequestReading) and _is_long(known):
            tagging.drop()
            return known
        read = tagging.result()
        written, read = names_as_written(letter, read)
        if written != letter:
            letter, known = written, _by_grammar(written, moment)
        unsigned = without_signature(read, letter)
        may_sign = letter.sender if unsigned is not read and not letter.is_closed else ""
        unsigned = with_names_in_full(with_all_of_them(with_all_rows(unsigned)))
        tagged = with_further_asked(
            without_passers_by(told_together(with_ends(with_lasting(unsigned), moment)))
        )
        seen = self._seen(tagged, moment)
        if refused is not None and (seen.outcome != "ok" or not seen.is_sure):
            raise refused
        if not any(map(is_named, seen.targets)):
            refuse_orders(" ".join((*letter.unread, letter.whole)))
        ask_where_script_is_strange(letter.whole, seen, refused or known)
        found = without_data_words(reconciled(seen, refused or known))
        refuse_its_own_to_stay(found, letter.whole, seen.outcome)
        kinds = tuple(with_kind_told(t, letter.whole) for t in found.targets)
        found = replace(found, targets=kinds)
        found = with_what_is_left(found, seen, letter.sender).settled()
        found = with_pronouns_told(with_shared_surnames(found, letter.whole))
        found = without_kind_ahead(tidied(found, letter.whole), letter.whole)
        found = with_told_besides(without_bystanders(found, tagged), tagged)
        found = with_whoever_may_sign(with_second_halves(found, tagged), may_sign)
        found = with_limits(without_whose(found, letter.whole), letter.whole, moment)
        found = without_torn(with_pointers_settled(found), letter.whole)
        found = with_statements_alone(found, tagged, letter.sender)
        return replace(found, targets=finished(found.targets))

    def _seen(self, tagged: Tagged, now: datetime) -> Seen:
        """What the tagger sees; raises where it sees a name that is too broad, or no date."""
        text = tagged.text
        if tagged.outcome == "refuse":
            return Seen((), "refuse", max(tagged.outcomes), text=text, kept=_kept(text))
        found = compose(tagged, now)
        for target in found.targets:
            refuse_the_layer(target.subject)
            self.refuse_broad(target)
            ask_where_vague(target.subject, target.kind, target.subject, text)
        certainty = max(tagged.outcomes)
        return Seen(
            found.targets,
            tagged.outcome,
            certainty,
            found.certainties,
            found.left_over,
            tuple(tagged.text_of(s) for s in tagged.labelled(*_OTHERS) if s.certainty >= SURE),
            text,
            tuple(tagged.text_of(s) for s in tagged.labelled("wish", "keep")),
            _wished(tagged, found.targets),
            tuple((tagged.text_of(s), s.certainty) for s in tagged.labelled("keep")),
            _kept(text),
            _excepted(tagged),
            tuple(tagged.text_of(s) for s in tagged.labelled("until")),
        )


def _kept(text: str) -> tuple[str, ...]:
    """What stays, as the grammar reads it, whether or not it understands the wish."""
    body = marked(text)
    return tuple(body.said(piece) for piece in take_exceptions(body.text)[1])


def _excepted(tagged: Tagged) -> tuple[str, ...]:
    """What is excepted in so many words where it is asked to forget, and behind."""
    found: list[str] = []
    asked = False
    for piece in segments(tagged.text):
        asked |= any(piece.start <= s.start < piece.end for s in tagged.labelled("wish"))
        if asked:
            body = marked(piece.of(tagged.text))
            found += map(body.said, said_to_stay(body.text))
    return tuple(found)


def _wished(tagged: Tagged, targets: Sequence[Interpretation]) -> frozenset[int]:
    """The places of the targets that the words of the wish are for."""
    subjects = tagged.labelled("subject")
    asked = {s.of for s in tagged.labelled("wish") if s.of is not None}
    for i, (one, other) in enumerate(pairwise(subjects)):  # what is joined is asked for together
        likely = min(one.certainty, other.certainty) >= _LIKELY
        if likely and is_joined(tagged.text, one.end, other.start):
            asked |= {i, i + 1} if asked & {i, i + 1} else set()
    names = [tagged.text_of(subjects[i]) for i in asked]
    return frozenset(
        i for i, t in enumerate(targets) if any(is_in(t.subject, name) for name in names)
    )


def _is_long(reading: RequestReading) -> bool:
    return len(reading.targets) > _LONG_LIST


def _refusal(letter: Letter) -> ForgetRequestError | None:
    """Why a text is no wish, by its words; a sure tagger may know better."""
    try:
        refuse_what_is_no_wish(letter.body)
    except ForgetRequestError as error:
        return error
    return None


def _by_grammar(letter: Letter, now: datetime) -> RequestReading | ForgetRequestError:
    try:
        return WholeText(letter, now).reading()
    except ForgetRequestError as error:
        return error
