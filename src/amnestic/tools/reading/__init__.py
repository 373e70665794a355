"""Text as it is read: normalised, decoded, cut into sentences; no target is known here.

In: any text. Out: a `Reading`, the text with everything undone that hides words and a way back to
the places in the source; `segments`, the pieces that can be judged, kept or dropped on their own;
the telling words, the language, and how a question or an answer is phrased.
"""

from __future__ import annotations

from amnestic.tools.reading.asking import ASKING
from amnestic.tools.reading.codes import looks_written
from amnestic.tools.reading.confusables import uncased
from amnestic.tools.reading.cutting import (
    MAX_WINDOWS,
    answer_spans,
    answer_windows,
    question_spans,
    question_windows,
    sentences_of,
)
from amnestic.tools.reading.decode import Reading, View, letters_together, read
from amnestic.tools.reading.encodings import BREAKS
from amnestic.tools.reading.ignorance import asks_back, ignorance_words, says_ignorance
from amnestic.tools.reading.kept import Kept
from amnestic.tools.reading.language import language_of
from amnestic.tools.reading.letters import (
    MARK,
    Signs,
    bare_word,
    letter_runs,
    signs_of,
    windows,
)
from amnestic.tools.reading.normalise import Token, clean, fold, fold_word, folded_words, tokenise
from amnestic.tools.reading.passages import (
    asks,
    asks_again,
    asks_apart,
    blank_filled,
    is_abstention,
    novel,
    refers_back,
    separate_requests,
    speaks_of_self,
    takes_role,
)
from amnestic.tools.reading.phrasing import Phrasing, phrasing_of, roles_in, roles_of
from amnestic.tools.reading.plainly import Part, PlainReader, PlainText
from amnestic.tools.reading.segments import (
    Segment,
    SegmentKind,
    SettledEnds,
    question_parts,
    segments,
    settled_ends,
)
from amnestic.tools.reading.spelled import spellings
from amnestic.tools.reading.telling import Words, is_telling, stem, words_in, words_of
from amnestic.tools.reading.words import is_common, is_marked_word, rank, rarity, small_share

__all__ = [
    "ASKING",
    "BREAKS",
    "MARK",
    "MAX_WINDOWS",
    "Kept",
    "Part",
    "Phrasing",
    "PlainReader",
    "PlainText",
    "Reading",
    "Segment",
    "SegmentKind",
    "SettledEnds",
    "Signs",
    "Token",
    "View",
    "Words",
    "answer_spans",
    "answer_windows",
    "asks",
    "asks_again",
    "asks_apart",
    "asks_back",
    "bare_word",
    "blank_filled",
    "clean",
    "fold",
    "fold_word",
    "folded_words",
    "ignorance_words",
    "is_abstention",
    "is_common",
    "is_marked_word",
    "is_telling",
    "language_of",
    "letter_runs",
    "letters_together",
    "looks_written",
    "novel",
    "phrasing_of",
    "question_parts",
    "question_spans",
    "question_windows",
    "rank",
    "rarity",
    "read",
    "refers_back",
    "roles_in",
    "roles_of",
    "says_ignorance",
    "segments",
    "sentences_of",
    "separate_requests",
    "settled_ends",
    "signs_of",
    "small_share",
    "speaks_of_self",
    "spellings",
    "stem",
    "takes_role",
    "tokenise",
    "uncased",
    "windows",
    "words_in",
    "words_of",
]
