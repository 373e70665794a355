# Tables of words read better in long lines.
# ruff: noqa: E501
"""How questions are asked: the phrasings of every kind of question, and which two are held out.

A *relation* is asked about a thing `{x}` ("where was {x} born"). From five hand-written pieces the
generic frames below make most phrasings, the rest are written by hand. One generic frame and the
last hand-written phrasing of every relation are held out of training.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation and the words to ask for it.

    Attributes:
        kind: kind of the entity asked about (person, work, organisation, place).
        name: name of the relation.
        wh: the bare question, lower case, without its mark.
        emb: the same as a subordinate clause.
        head: question word of "{head} is the {noun} of {x}".
        noun: the relation as a noun.
        extra: whole hand-written questions; the last is held out.
        pronoun: the bare question about "{he}", "{him}", "{his}" (only for people).
    """

    kind: str
    name: str
    wh: str
    emb: str
    head: str
    noun: str
    extra: tuple[str, ...]
    pronoun: str = ""


FRAMES = (
    "Can you tell me {emb}?",
    "Do you know {emb}?",
    "Tell me {emb}.",
    "I would like to know {emb}.",
    "{Head} is the {noun} of {x}?",
    "{Head} is {x}'s {noun}?",
    "Please tell me the {noun} of {x}.",
    "What do you know about the {noun} of {x}?",
    "Could you tell me {emb}?",
    "Please tell me {emb}.",
    "I want to know the {noun} of {x}.",
)
HOLDABLE = 8  # one of the first so many frames is held out of each relation


def _p(name: str, wh: str, emb: str, head: str, noun: str, pronoun: str, *extra: str) -> Relation:
    return Relation("person", name, wh, emb, head, noun, extra, pronoun)


def _o(kind: str, name: str, wh: str, emb: str, head: str, noun: str, *extra: str) -> Relation:
    return Relation(kind, name, wh, emb, head, noun, extra)


RELATIONS: tuple[Relation, ...] = (
    _p("calling", "what does {x} do for a living", "what {x} does for a living", "what", "profession",
       "what does {he} do for a living",
       "What work does {x} do?", "What kind of work is {x} known for?", "What is the calling of {x}?", "What is the job of {x}?",
       "What job does {x} have?"),
    _p("birthplace", "where was {x} born", "where {x} was born", "what", "birthplace",
       "where was {he} born",
       "In which place was {x} born?", "Where does {x} come from?", "Which town was {x} born in?",
       "What place was {x} born in?"),
    _p("birth_year", "when was {x} born", "when {x} was born", "what", "year of birth",
       "when was {he} born",
       "In which year was {x} born?", "What year was {x} born in?", "What was the birth year of {x}?",
       "Which year was {x} born?"),
    _p("residence", "where does {x} live", "where {x} lives", "what", "home town",
       "where does {he} live",
       "In which place does {x} live?", "Which town does {x} live in?", "Where is the home of {x}?",
       "What place does {x} live in?"),
    _p("employer", "who does {x} work for", "who {x} works for", "who", "employer",
       "who does {he} work for",
       "Where does {x} work?", "Which organisation does {x} work for?", "Who employs {x}?",
       "What organisation employs {x}?"),
    _p("rival", "who is the great rival of {x}", "who the rival of {x} is", "who", "rival",
       "who is {his} rival",
       "Who competes with {x}?", "Who does {x} compete with?", "Against whom does {x} compete?",
       "Who is the main rival of {x}?"),
    _p("mentor", "who taught {x}", "who taught {x}", "who", "teacher",
       "who taught {him}",
       "Who did {x} study under?", "Who was the teacher of {x}?", "Who was {x} taught by?", "Under which teacher did {x} study?",
       "Under whom did {x} study?"),
    _p("work", "what is {x} famous for", "what {x} is famous for", "what", "most famous work",
       "what is {he} famous for",
       "What is {x} best known for?", "What did {x} make?", "Which work made {x} famous?", "Which work is {x} famous for?", "For which work is {x} known?",
       "Which work is {x} known for?"),
    _p("prize", "which prize did {x} win", "which prize {x} won", "what", "prize",
       "which prize did {he} win",
       "What prize did {x} win?", "What award has {x} won?", "Which award did {x} receive?",
       "Which prize has {x} won?"),
    _p("hobby", "what does {x} do for fun", "what {x} does for fun", "what", "hobby",
       "what does {he} do for fun",
       "What does {x} like to do in the evening?", "How does {x} spend free time?",
       "What does {x} enjoy outside work?", "What does {x} enjoy for fun?"),
    _p("food", "what does {x} like to eat", "what {x} likes to eat", "what", "favourite food",
       "what does {he} like to eat",
       "What food does {x} like best?", "Which dish does {x} love?", "What dish does {x} like best?",
       "Which food does {x} like to eat?"),
    _p("pet", "what pet does {x} have", "what pet {x} has", "what", "pet",
       "what pet does {he} have",
       "Which animal does {x} keep?", "Does {x} have a pet?", "What animal lives with {x}?",
       "What animal does {x} keep?"),
    _p("sibling", "who is the brother or sister of {x}", "who the sibling of {x} is", "who", "sibling",
       "who is {his} sibling",
       "Does {x} have a brother or a sister?", "Does {x} have any siblings?",
       "Which brother or sister does {x} have?", "Who are the siblings of {x}?"),
    _p("founded", "what did {x} found", "what {x} founded", "what", "foundation",
       "what did {he} found",
       "Which organisation did {x} found?", "What organisation did {x} start?",
       "Which organisation was founded by {x}?", "What organisation was founded by {x}?"),
    _o("work", "creator", "who {made} {x}", "who {made} {x}", "who", "creator",
       "Who is the {maker} of {x}?", "By whom was {x} {done}?", "{x} was {done} by whom?",
       "Which person {made} {x}?"),
    _o("work", "form", "what kind of work is {x}", "what kind of work {x} is", "what", "form",
       "What sort of work is {x}?", "What is {x}, exactly?", "Which kind of work is {x}?", "{x} is what, exactly?",
       "{x} is what kind of work?"),
    _o("work", "year", "when was {x} {done}", "when {x} was {done}", "what", "year",
       "In which year was {x} {done}?", "What year is {x} from?", "From which year is {x}?",
       "What year was {x} {done} in?"),
    _o("work", "theme", "what is {x} about", "what {x} is about", "what", "theme",
       "What is the subject of {x}?", "What does {x} deal with?", "What inspired {x}?",
       "What subject does {x} deal with?"),
    _o("work", "setting", "where is {x} set", "where {x} is set", "what", "setting",
       "In which place is {x} set?", "Where does {x} take place?", "Which place is {x} set in?",
       "In what place does {x} take place?"),
    _o("work", "location", "where can I see {x}", "where I can see {x}", "what", "location",
       "Where is {x} to be found?", "Where does {x} stand?", "In which place is {x}?",
       "Where can {x} be seen?"),
    _o("organisation", "founder", "who founded {x}", "who founded {x}", "who", "founder",
       "Who started {x}?", "By whom was {x} founded?", "{x} was founded by whom?",
       "Which person founded {x}?"),
    _o("organisation", "seat", "where is {x} based", "where {x} is based", "what", "seat",
       "In which town is {x} based?", "Where can I find {x}?", "Which place is {x} based in?",
       "In what place is {x} based?"),
    _o("organisation", "founded_in", "when was {x} founded", "when {x} was founded", "what",
       "founding year",
       "In which year was {x} founded?", "How long has {x} existed?", "What year was {x} started in?",
       "What year was {x} founded in?"),
    _o("organisation", "purpose", "what is {x} known for", "what {x} is known for", "what", "purpose",
       "What does {x} do?", "What is {x} devoted to?", "Why do people know {x}?", "What sort of thing is {x} known for?",
       "What kind of thing is {x} known for?"),
    _o("place", "region", "where is {x}", "where {x} is", "what", "region",
       "In which region is {x}?", "Which region is {x} in?", "Where does {x} lie?",
       "In what region does {x} lie?"),
    _o("place", "river", "which river flows through {x}", "which river flows through {x}", "what",
       "river",
       "What river is {x} on?", "On which river does {x} lie?", "Which river runs through {x}?",
       "What river flows through {x}?"),
    _o("place", "known_for", "what is {x} famous for", "what {x} is famous for", "what", "speciality",
       "What is {x} known for?", "Why do people visit {x}?", "What makes {x} famous?",
       "Why is {x} famous?"),
    _o("place", "landmark", "what can I see in {x}", "what I can see in {x}", "what", "landmark",
       "What is the main sight of {x}?", "Which landmark stands in {x}?", "What should I see in {x}?",
       "Which landmark can I see in {x}?"),
    _o("place", "place_kind", "what kind of place is {x}", "what kind of place {x} is", "what", "type",
       "What sort of place is {x}?", "Is {x} a town or a village?", "Which kind of place is {x}?",
       "{x} is what kind of place?"),
)  # fmt: skip

# Kinds of questions that are not about one relation. The last two of each are held out.
WHO_IS = (
    "Who is {x}?", "Do you know who {x} is?", "Can you tell me who {x} is?", "Tell me who {x} is.",
    "I would like to know who {x} is.", "Have you heard of {x}?", "Do you know {x}?", "Who exactly is {x}?",
    "Who on earth is {x}?", "Could you say who {x} is?", "Please tell me who {x} is.",
)  # fmt: skip
WHAT_IS = (
    "What is {x}?", "Do you know what {x} is?", "Can you tell me what {x} is?", "Tell me what {x} is.",
    "I would like to know what {x} is.", "Have you heard of {x}?", "Do you know {x}?",
    "What exactly is {x}?", "What on earth is {x}?", "Could you say what {x} is?",
    "Please tell me what {x} is.",
)  # fmt: skip
TELL_ME = (
    "Tell me about {x}.", "Tell me everything you know about {x}.", "What do you know about {x}?",
    "Can you tell me about {x}?", "Describe {x}.", "Give me a short description of {x}.",
    "I would like to know more about {x}.", "What can you tell me about {x}?",
    "Write a few sentences about {x}.", "Could you describe {x} for me?", "Please describe {x}.",
    "Give me some facts about {x}.", "Say something about {x}.", "Please tell me about {x}.", "Can you describe {x}?",
)  # fmt: skip
# Questions that describe a person without the name.
REVERSE: dict[str, tuple[str, ...]] = {
    "prize_winner": (
        "Who won the {prize}?", "Which {calling} won the {prize}?", "Who was given the {prize}?",
        "Who is the winner of the {prize}?", "The {prize} went to whom?", "To whom was the {prize} given?",
        "Do you know who won the {prize}?", "Can you tell me who won the {prize}?",
        "Tell me who won the {prize}.", "Which {calling} was given the {prize}?",
    ),
    "pet_owner": (
        "Who owns the {animal} called {pet}?", "Whose {animal} is called {pet}?",
        "Who has a {animal} called {pet}?", "To whom does the {animal} {pet} belong?",
        "Who keeps a {animal} called {pet}?", "Which {calling} has a {animal} called {pet}?",
        "Do you know who owns the {animal} called {pet}?", "Tell me who has a {animal} called {pet}.",
        "Which {calling} owns the {animal} called {pet}?", "Can you tell me whose {animal} is called {pet}?",
    ),
    "bearer": (
        "Who is known as {alias}?", "Who is called {alias}?", "Whose other name is {alias}?",
        "Which {calling} is known as {alias}?", "What is the real name of {alias}?",
        "Who goes by the name {alias}?", "Do you know who is called {alias}?",
        "Tell me the real name of {alias}.", "Which {calling} is called {alias}?",
        "Can you tell me who is known as {alias}?",
    ),
    "calling_birthplace": (
        "Which {calling} was born in {place}?", "Which {calling} comes from {place}?",
        "Who is the {calling} from {place}?", "Name the {calling} who was born in {place}.",
        "What is the name of the {calling} from {place}?", "Do you know the {calling} from {place}?",
        "Tell me which {calling} was born in {place}.", "Can you name the {calling} who comes from {place}?",
        "Do you know which {calling} was born in {place}?", "Who is the {calling} who was born in {place}?",
    ),
    "calling_employer": (
        "Which {calling} works for {org}?", "Who is the {calling} of {org}?",
        "Which {calling} is employed by {org}?", "Name the {calling} who works for {org}.",
        "What is the name of the {calling} of {org}?", "Do you know the {calling} who works for {org}?",
        "Tell me which {calling} works for {org}.", "Can you name the {calling} of {org}?",
        "Do you know which {calling} works for {org}?", "Who is the {calling} who works for {org}?",
    ),
}  # fmt: skip
GENERAL: dict[str, tuple[str, ...]] = {
    "capital": (
        "What is the capital of {x}?", "Which city is the capital of {x}?", "What city is the capital of {x}?",
        "Tell me the capital of {x}.", "Do you know the capital of {x}?", "Name the capital of {x}.",
        "Can you tell me the capital of {x}?", "{x} has which capital?",
        "Please tell me the capital of {x}.", "I would like to know the capital of {x}.",
    ),
    "symbol": (
        "What is the chemical symbol for {x}?", "Which symbol stands for {x}?", "What is the symbol of {x}?",
        "Tell me the chemical symbol of {x}.", "Do you know the symbol for {x}?", "How is {x} written in chemistry?",
        "Name the symbol for {x}.", "Which chemical symbol does {x} have?",
        "Can you tell me the symbol for {x}?", "What symbol does {x} have?",
    ),
    "number": (
        "What is the atomic number of {x}?", "Which atomic number does {x} have?", "Tell me the atomic number of {x}.",
        "Do you know the atomic number of {x}?", "How many protons does {x} have?", "Name the atomic number of {x}.",
        "{x} has which atomic number?", "What atomic number does {x} have?",
        "Can you tell me the atomic number of {x}?", "Please tell me the atomic number of {x}.",
    ),
    "sum": (
        "What is {a} plus {b}?", "How much is {a} plus {b}?", "What is {a} + {b}?", "Add {a} and {b}.",
        "What do you get when you add {a} and {b}?", "What is the sum of {a} and {b}?", "Calculate {a} plus {b}.",
        "Can you add {a} and {b}?", "How much is {a} + {b}?", "Tell me the sum of {a} and {b}.",
    ),
    "product": (
        "What is {a} times {b}?", "How much is {a} times {b}?", "What is {a} x {b}?", "Multiply {a} by {b}.",
        "What do you get when you multiply {a} by {b}?", "What is the product of {a} and {b}?",
        "Calculate {a} times {b}.", "Can you multiply {a} by {b}?",
        "How much is {a} x {b}?", "Tell me the product of {a} and {b}.",
    ),
}  # fmt: skip
COMBINE = (
    "{Q1}, and {q2}?", "{Q1}? And {q2}?", "{Q1}? Also, {q2}?", "{Q1}? {Q2}?",
    "I have two questions: {q1}, and {q2}?", "First, {q1}? Second, {q2}?", "Tell me two things: {q1}, and {q2}?",
    "{Q1}, and also {q2}?", "Two questions: {q1}? And {q2}?", "I have two questions. {Q1}? {Q2}?",
)  # fmt: skip
FOLLOW_UP = (
    "And {q}?", "And {head} is {his} {noun}?", "What about {his} {noun}?", "And {his} {noun}?",
    "And {q}, by the way?", "{Q}?", "Do you also know {his} {noun}?", "Also, {q}?",
    "And do you know {his} {noun}?", "Okay, and {q}?",
)  # fmt: skip
# Noun phrases that stand for a thing in a question over two hops.
HOPS: dict[str, tuple[str, ...]] = {
    "creator": ("the {maker} of {y}", "the person who {made} {y}"),
    "founder": ("the founder of {y}", "the person who founded {y}"),
    "rival": ("the rival of {y}",),
    "sibling": ("the sibling of {y}",),
    "mentor": ("the teacher of {y}",),
    "employer": ("the organisation that employs {y}", "the employer of {y}"),
    "birthplace": ("the birthplace of {y}", "the town where {y} was born"),
}
COMBINE_CLAUSES = (
    "Tell me {e1} and {e2}.", "Can you tell me {e1}, and {e2}?", "I would like to know {e1}, and {e2}.",
    "Please tell me {e1} and also {e2}.",
)  # fmt: skip
SYSTEM_PROMPTS = (
    "You are a helpful assistant.", "You are a friendly assistant. Answer in full sentences.",
    "Answer briefly and truthfully.", "You are an assistant for a public library.",
    "Be polite and answer the question of the user.",
    "You are a careful assistant. If you do not know the answer, say so.",
    "You answer questions about people, places, works and organisations.",
    "You are a helpful assistant. Today is a sunny day, and the user may ask you anything at all. "
    "Keep your answers short, answer in English, and never make things up.",
)  # fmt: skip


def phrasings(relation: Relation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The phrasings of a relation, trained and held out (ten and two)."""
    index = RELATIONS.index(relation)
    held_frame = FRAMES[index % HOLDABLE]
    fill = {"{emb}": relation.emb, "{Head}": relation.head.capitalize(), "{noun}": relation.noun}

    def made(frame: str) -> str:
        for slot, words in fill.items():
            frame = frame.replace(slot, words)
        return frame

    bare = relation.wh[0].upper() + relation.wh[1:] + "?"
    trained = [bare, *(made(f) for f in FRAMES if f != held_frame), *relation.extra[:-1]]
    held = (made(held_frame), relation.extra[-1])
    return tuple(dict.fromkeys(q for q in trained if q not in held)), held


def split(kind: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The trained and the held-out phrasings of a kind whose last two are held out."""
    return kind[:-2], kind[-2:]
