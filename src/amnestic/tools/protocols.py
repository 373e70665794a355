"""The seams between the tools and those who use them.

Agents see a `Detector`; the detector sees an `Embedder` and the index. Each is a small protocol,
so that a test or another backend can stand in its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from amnestic.types import Assessment, ForgetTarget, Span

__all__ = [
    "JOINT_REACH",
    "Context",
    "Detector",
    "Drafts",
    "Embedder",
    "Joint",
    "JointTeller",
    "NameTeller",
    "Near",
    "Pair",
    "Sifter",
    "Surveyor",
    "Told",
    "Vectors",
    "Verifier",
]

JOINT_REACH = 100  # characters on each side of a joint that is read
Vectors = npt.NDArray[np.float32]


class Told(NamedTuple):
    """A text that a model gave, the question that it is read as an answer to, or nothing, and how
    many of its characters are out already: of these it is too late to say whose they are."""

    text: str
    asked: str = ""
    out: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Drafts:
    """The texts that what is judged was cut from, and the targets that they tell of; known by their
    digest, since they may be long. `kept` is for what was read of them.

    >>> drafts = Drafts((Told("A text."),))
    >>> drafts == Drafts((Told("A text."),)), "text." in repr(drafts)
    (True, False)
    """

    texts: tuple[Told, ...]
    targets: frozenset[str] = frozenset()
    key: str = field(init=False)
    kept: MutableMapping[object, object] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Digest the texts."""
        told = json.dumps([self.texts, sorted(self.targets)]).encode()
        object.__setattr__(self, "key", blake2b(told, digest_size=16).hexdigest())

    def __eq__(self, other: object) -> bool:
        """Whether both are of the same texts."""
        return isinstance(other, Drafts) and other.key == self.key

    def __hash__(self) -> int:
        """By the digest."""
        return hash(self.key)

    def behind(self, kept: str) -> Drafts:
        """The drafts, where the beginning of those that begin so is out already."""
        texts = (t._replace(out=len(kept)) if t.text.startswith(kept) else t for t in self.texts)
        return Drafts(tuple(texts), self.targets) if kept else self

    def __repr__(self) -> str:
        """Without a text."""
        return f"Drafts({self.key})"


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a text that is judged.

    `namespace` limits which targets count. `sticky` maps the ids of targets that the conversation
    has been about to a weight in (0, 1], which decays from turn to turn: a weak form of a name
    counts in such company. `cue` is the text of the turns before, for pronouns and ellipsis.
    `persona` holds the targets that the model was told to speak as, `speakers` those that the user
    is said to be, `nicknames` what the conversation calls a target, by its id. `own` says
    that the text was written by one who was told that it knows nothing of the targets, and who has
    been seen to keep to that: only its own evidence counts, so that a sentence that says something
    by itself is not read as an answer to its question. `named` holds the targets that the text
    around calls by their full names: a surname or a given name by itself is theirs. `others` holds
    those of whose surname the text around calls another bearer in full, and never them: by itself
    it is that other's. `called` holds those of whose surname others are called there, and who are
    themselves by their given names alone, as one of a family is. `company` holds
    those that are asked for: beside them also what many may share, a date or a short number, is
    told of them. `told` holds those that the same draft certainly tells of elsewhere: what shares
    words with one, and may be about it, is likelier to be than in a text that names nobody, unless
    these are the `common` words of the draft; those of them that are `aside` are told of by the
    way, where the question names somebody else and not them; `drafts` are the texts themselves, in
    which it shows whom a piece of them tells of. `reply` says that the text is a reply of a model,
    or was cut from one: whom each of its pieces tells of is worth a reader's time. `bulk` says that
    the text is one of very many, of which nearly all are far from every target: only what names
    one, or shares telling words with what is known of one, is looked at. `arrived`, for a text that
    is judged again and again while it arrives, or is cut, keeps what was read of its pieces, `cut`
    what was read of those of a draft.
    """

    namespace: str = "default"
    sticky: Mapping[str, float] = field(default_factory=dict)
    cue: str = ""
    persona: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
    nicknames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: bool = False
    named: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    company: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    drafts: Drafts | None = None
    reply: bool = False
    bulk: bool = False
    arrived: MutableMapping[str, object] | None = field(default=None, compare=False, repr=False)
    cut: MutableMapping[str, object] | None = field(default=None, compare=False, repr=False)


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def identity(self) -> str:
        """A stamp that changes whenever the vectors would: model, weights and quantisation."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts` into an array of shape `(len(texts), dimension)`, rows of length 1."""
        ...


class Pair(NamedTuple):
    """What is known of a target, the text that may tell of it, and what was said before that."""

    premise: str
    text: str
    before: str = ""


class Verifier(Protocol):
    """Reads what is known of a target together with a text."""

    def logits(self, pairs: Sequence[Pair]) -> Vectors:
        """The log-odds that each text tells of its target, of shape `(len(pairs),)`."""
        ...


class Detector(Protocol):
    """Judges texts against the targets in force.

    Both methods give the targets whose band is not clean, highest score first, and an empty tuple
    when the text is far from every target. They are safe to call from several threads.
    """

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        """Judge what a question or instruction asks for."""
        ...

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        """Judge what a text, given in answer to `question`, tells. `question` may be empty, as
        for a retrieved passage, a tool result or a system prompt."""
        ...

    def target(self, target_id: str) -> ForgetTarget:
        """The target with this id; raises `TargetNotFoundError`."""
        ...


@runtime_checkable
class NameTeller(Protocol):
    """Tells at a glance that a text names a target."""

    def names_one(self, text: str, question: str, context: Context) -> bool:
        """Whether an `audit` of the same would be certain of a target that the text names. It costs
        a look at its names; `False` where they do not tell that by themselves."""
        ...


class Joint(NamedTuple):
    """Where a text ends, and what goes on from there in place of what stands behind."""

    end: int
    rest: str

    def over(self, text: str) -> str:
        """Both in one, as much of the text as a name, an identifier or a fact may begin in.

        >>> Joint(3, "a Lovelace").over("It Ad hoc")
        'It a Lovelace'
        """
        return f"{text[max(0, self.end - JOINT_REACH) : self.end]}{self.rest}"

    def lies_under(self, span: Span, joined: str) -> bool:
        """Whether a place in both in one lies over the joint, so that neither has it by itself.

        >>> joint = Joint(6, " Lovelace")
        >>> joined = joint.over("It Ada")
        >>> joint.lies_under(Span(3, 15), joined), joint.lies_under(Span(7, 15), joined)
        (True, False)
        """
        end = len(joined) - len(self.rest)
        return span.start < end and span.end > end + self.rest[0].isspace()


@runtime_checkable
class JointTeller(Protocol):
    """Tells at a glance over which joints of texts nothing can stand."""

    def joints(
        self, text: str, ends: Sequence[int], rests: Sequence[str], context: Context
    ) -> list[Joint]:
        """Those of the joints of a text, at one of its `ends`, and one of the `rests`, over which a
        name, an identifier or an exact fact may stand. It costs a look at the words there."""
        ...


@dataclass(frozen=True, slots=True)
class Near:
    """That a text, or the question before it, is near a target, and which of its passages are;
    none where the whole may be, for what is asked.

    `likeness` is the highest cosine to anything that is known of the target. Nearness says that
    the same field of things is spoken of, and no more.
    """

    target_id: str
    likeness: float
    spans: tuple[Span, ...] = ()


@runtime_checkable
class Surveyor(Detector, Protocol):
    """A detector that also says what a text is near without telling of it, and whose names are."""

    def near(self, text: str, question: str, context: Context) -> tuple[Near, ...]:
        """The targets near a text and its question, the likest first; empty when the text is far
        from every target. What may still be told of a target (its exceptions) is not near it.
        After `vet` and `audit` of the same texts this costs nothing."""
        ...

    def named(self, name: str, context: Context) -> tuple[str, ...]:
        """The ids of the targets that a name, standing by itself, is a name of."""
        ...


@runtime_checkable
class Sifter(Surveyor, Protocol):
    """A surveyor that tells of many texts at once which are worth an audit."""

    def sift(self, texts: Sequence[str], context: Context) -> list[bool]:
        """Which of the texts may tell of a target, by their names, facts and telling words: the
        others cost a look at their words and no model. What the rest is judged by is embedded
        together, so that an `audit` of each in the same context finds it ready."""
        ...
