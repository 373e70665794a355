"""The forms of names, and finding them in a text, also hidden, misspelt or spread over fields.

In: what targets are called, and a `Reading`. Out: `NameHit`s with their places; typed
identifiers and facts such as addresses and numbers; who else a text names, and who is speaking.
"""

from __future__ import annotations

from amnestic.tools.names.capitals import Capital, capital_of
from amnestic.tools.names.column_labels import kind_of_head
from amnestic.tools.names.dates import dates_in
from amnestic.tools.names.exact_facts import (
    ADDRESSES,
    AMOUNT,
    KnownFacts,
    facts_in,
    target_facts,
)
from amnestic.tools.names.forms import NameForm, Strength, forms_of
from amnestic.tools.names.given_names import is_given_name
from amnestic.tools.names.identifier_codes import writings_of
from amnestic.tools.names.identifier_index import IdentifierIndex, names_apart
from amnestic.tools.names.identifiers import identifier_of
from amnestic.tools.names.matcher import NameHit, NameMatcher
from amnestic.tools.names.name_words import PARTICLES
from amnestic.tools.names.naming import is_everyday, is_name_of, is_only_a_name
from amnestic.tools.names.nicknames import nicknames_in, says_one_of
from amnestic.tools.names.other_people import Record, is_of_another, record_of
from amnestic.tools.names.pairing import asks_beyond, others_beside, relates, tells_of_other
from amnestic.tools.names.phones import national_forms
from amnestic.tools.names.plain_words import is_often_small
from amnestic.tools.names.short_names import other_given_names
from amnestic.tools.names.speakers import asks_of_speaker, is_speaker
from amnestic.tools.names.told_names import names_told

__all__ = [
    "ADDRESSES",
    "AMOUNT",
    "PARTICLES",
    "Capital",
    "IdentifierIndex",
    "KnownFacts",
    "NameForm",
    "NameHit",
    "NameMatcher",
    "Record",
    "Strength",
    "asks_beyond",
    "asks_of_speaker",
    "capital_of",
    "dates_in",
    "facts_in",
    "forms_of",
    "identifier_of",
    "is_everyday",
    "is_given_name",
    "is_name_of",
    "is_of_another",
    "is_often_small",
    "is_only_a_name",
    "is_speaker",
    "kind_of_head",
    "names_apart",
    "names_told",
    "national_forms",
    "nicknames_in",
    "other_given_names",
    "others_beside",
    "record_of",
    "relates",
    "says_one_of",
    "target_facts",
    "tells_of_other",
    "writings_of",
]
