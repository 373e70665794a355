"""Documents for `scrub.py`: plain ones, and plain ones with a mention of a target in every form.

The plain ones are made of the sentences of unrelated replies and of the descriptions of installed
packages. What is planted are the sentences of RWKU's cloze probes, which name their target.
"""

from __future__ import annotations

import base64
import codecs
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from detection_data import load

__all__ = ["KINDS", "Planted", "plain_documents", "planted_documents"]

WORDS = 200
_SENTENCE = re.compile(r"(?<=[a-z0-9)][.!?])\s+(?=[A-Z])")
_LEANS = re.compile(  # on the sentence before, so that it goes with that one, as it should
    r"(?:He|She|It|They|This|That|These|Those|His|Her|Its|Their|Such|Both|Each|Here|There|Then|So|"
    r"But|And|Or|Also|However|Therefore|Thus|Otherwise|Instead|Finally|Next|Now|Note)\b"
)
_ODD = re.compile(r"https?://|[`<>{}\[\]|=*_#]|\d{5}")


@dataclass(frozen=True, slots=True)
class Planted:
    """A record with a mention: what must be gone afterwards, and what must still be there."""

    kind: str
    record: Any
    gone: str
    kept: tuple[str, ...]


def plain_documents(data: Path, names: Sequence[str], count: int, seed: int = 0) -> list[list[str]]:
    """Documents of about 200 words, as sentences, in which no word of a target's name stands."""
    rng = random.Random(seed)
    either = re.compile(
        r"\b(?:" + "|".join({re.escape(w) for n in names for w in n.split()}) + r")\b"
    )
    found = [s for s in _sentences(data) if not either.search(s)]
    rng.shuffle(found)
    documents: list[list[str]] = []
    at = 0
    while len(documents) < count:
        chosen: list[str] = []
        while sum(len(s.split()) for s in chosen) < WORDS:
            if at == len(found):
                rng.shuffle(found)
                at = 0
            chosen.append(found[at])
            at += 1
        documents.append(list(dict.fromkeys(chosen)))
    return documents


def _sentences(data: Path) -> list[str]:
    rows = (data / "benign/replies.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(row)["reply"] for row in rows if row.strip()]
    texts += [d.metadata.get_payload() or "" for d in distributions()]  # type: ignore[attr-defined]
    pieces = (p.strip() for t in texts for line in t.split("\n\n") for p in _SENTENCE.split(line))
    flat = (" ".join(p.split()) for p in pieces)
    return list(dict.fromkeys(sentence for sentence in flat if _is_plain(sentence)))


def _is_plain(text: str) -> bool:
    """Whether a piece is one sentence that stands by itself."""
    if not 5 < len(text.split()) < 40 or not text.endswith((".", "!", "?")):
        return False
    return text[0].isupper() and not _ODD.search(text) and not _LEANS.match(text)


def planted_documents(data: Path, count: int, seed: int = 0) -> list[Planted]:
    """Records with one mention each, of every kind in turn."""
    rng, read = random.Random(seed), load(data)
    people = read.people
    told = [
        (people[p.target_id].subject, p.reply)
        for p in read.probes
        if p.forget and p.kind == "cloze" and people[p.target_id].subject in p.reply
    ]
    names = [p.subject for p in people.values()]
    documents = plain_documents(data, names, count, seed + 1)
    kinds = list(KINDS.items())
    return [
        _planted(*kinds[i % len(kinds)], rng.choice(told), documents[i], rng) for i in range(count)
    ]


def _planted(
    kind: str,
    plant: Callable[..., Any],
    told: tuple[str, str],
    plain: list[str],
    rng: random.Random,
) -> Planted:
    name, sentence = told
    sentence = sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
    record, gone, kept = plant(name, sentence, plain, rng)
    return Planted(kind, record, gone, tuple(kept))


# ── Ways to mention ──────────────────────────────────────────────────────────────────────────────

Made = tuple[Any, str, list[str]]


def _among(plain: list[str], new: str, rng: random.Random) -> str:
    """A text of paragraphs of four sentences, with one more somewhere."""
    at = rng.randrange(len(plain) + 1)
    every = [*plain[:at], new, *plain[at:]]
    return "\n\n".join(" ".join(every[i : i + 4]) for i in range(0, len(every), 4))


def _written(change: Callable[[str], str]) -> Callable[..., Made]:
    """The sentence with the name written in another way."""

    def plant(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
        other = change(name)
        return {"text": _among(plain, sentence.replace(name, other), rng)}, other, plain

    return plant


def _misspelt(name: str) -> str:
    words = name.split()
    at = max(range(len(words)), key=lambda i: len(words[i]))
    middle = len(words[at]) // 2
    words[at] = words[at][:middle] + words[at][middle + 1 :]
    return " ".join(words)


def _in_list(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    others = plain[:4]
    items = [*others[:2], f"**{name}**: {sentence}", *others[2:]]
    text = "\n".join(f"{i}. {item}" for i, item in enumerate(items, 1))
    return {"text": f"{' '.join(plain[4:])}\n\n{text}\n"}, name, plain


def _in_section(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    before, after = " ".join(plain[:4]), " ".join(plain[4:])
    text = f"# Notes\n\n{before}\n\n## {name}\n\n{sentence}\n\n## More\n\n{after}\n"
    return {"text": text}, name, plain


def _in_table(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    rows = f"| who | what |\n| --- | --- |\n| Ann Weller | baker |\n| {name} | {sentence} |\n"
    return {"text": f"{' '.join(plain)}\n\n{rows}"}, name, [*plain, "| Ann Weller | baker |"]


def _in_record(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    return {"name": name, "about": sentence, "id": 7}, name, []


def _in_fields(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    first, _, last = name.rpartition(" ")
    return {"first": first or last, "last": last, "text": " ".join(plain)}, last, []


def _in_key(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    record = {"people": {name: {"note": sentence}}, "text": " ".join(plain)}
    return record, name, plain


def _in_tags(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    return {"tags": ["weather", name, "bread"], "text": " ".join(plain)}, name, plain


def _in_chat(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    turns = [
        ("user", f"What do you know about {name}?"),
        ("assistant", sentence),
        ("user", "Thank you. Please go on with the other text."),
        ("assistant", " ".join(plain)),
    ]
    record = {"messages": [{"role": role, "content": said} for role, said in turns]}
    return record, name, plain


def _in_page(name: str, sentence: str, plain: list[str], rng: random.Random) -> Made:
    parts = "".join(f"<p>{p}</p>" for p in (*plain[:4], sentence, *plain[4:]))
    return {"html": f"<html><body>{parts}</body></html>"}, name, [f"<p>{p}</p>" for p in plain]


KINDS: dict[str, Callable[..., Made]] = {
    "in a sentence": _written(str),
    "possessive": _written(lambda name: f"{name}'s friend"),
    "in capitals": _written(str.upper),
    "in small letters": _written(str.lower),
    "misspelt": _written(_misspelt),
    "letters apart": _written(lambda name: " ".join(name.replace(" ", ""))),
    "with points": _written(lambda name: ".".join(name.replace(" ", ""))),
    "turned by 13": _written(lambda name: codecs.encode(name, "rot13")),
    "base64": _written(lambda name: base64.b64encode(name.encode()).decode()),
    "leet": _written(lambda name: name.translate(str.maketrans("aeios", "43105"))),
    "surname first": _written(lambda name: ", ".join(reversed(name.rsplit(" ", 1)))),
    "in a list": _in_list,
    "in a section": _in_section,
    "in a table": _in_table,
    "in a record": _in_record,
    "in two fields": _in_fields,
    "as a key": _in_key,
    "among tags": _in_tags,
    "in a conversation": _in_chat,
    "in a page": _in_page,
}
"""Every way in which a target is mentioned."""
