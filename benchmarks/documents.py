"""Cutting documents: `make bench-documents`.

Random documents of every form, a quarter of whose parts name a target, are cut; what is left must
parse, name it no more, and be byte for byte what it was elsewhere (`random_documents` of the
tests). Then the median time of cutting a draft of 300 words with a judge that only looks for a
name, on the processor's clock.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random

from machine import describe, percentile, table

from amnestic.tools.documents import cut

ROOT = Path(__file__).parent.parent
NAME = "Osk"
DRAFT = """# Four poets of the coast

The coast between Tavel and Ost has had more poets than harbours. Most of them were fishermen first,
and {first} wrote only in winter. Here are four poets whose books one can still buy:

1. **Edda Tarn** (1931) – *The Salt Stair*: poems about the lighthouse in which she grew up, with
   long lines and no rhymes; taught for a while by {other}.
2. **{name}** (1951) – *Tide Tables*: her best known book, translated early and often reprinted.
   - born in Tavel
   - lived in Ost
3. **Ivo Hilb** (1944) – *Eleven Bells*: funny, short and much loved by schools along the coast.
4. **Rosa Vey** (1960) – *Nets*: a long poem about a strike, in the voices of those who took part.

## Prizes

| Year | Prize | Who |
|---|---|---|
| 1974 | Coast Prize | Ivo Hilb |
| 1981 | Coast Prize | {name} |
| 1990 | Harbour Medal | Rosa Vey |

Hilb gave his prize money to the school in Ost. The prize of 1981 was never collected. Vey wore the
medal once, at the opening of the new quay, and then lent it to the museum, where it still hangs.

## Where to begin

If you read only one of these four, read *Nets*. It can be read in an evening, and it explains the
coast better than any guide. After that, *The Salt Stair* is the natural next step, and number 3 is
for a day on which it rains. {other} is harder, and some of the poems need notes.

> "We counted the boats and then the bells."
> — Rosa Vey

**In short:** begin with Vey. Leave {other} for later. All of these books are in the library of
Tavel, which lends them to visitors as well, and which is open on every day but Monday.
"""


def forms(many: int) -> None:
    """Print of each form the share of documents that hold, and the first fault."""
    sys.path.insert(0, str(ROOT))
    from tests.tools.documents.random_documents import FORMS

    rows = []
    for name, form in FORMS.items():
        faults = [f for seed in range(many) if (f := form.fault(form.make(Random(seed))))]
        share = 100 * (1 - len(faults) / many)
        rows.append([name, str(many), f"{share:.2f} %", faults[0][:60] if faults else ""])
    print(table(["form", "documents", "hold", "first fault"], rows))


def draft(times: int) -> None:
    """Print how long the draft takes."""
    text = DRAFT.format(first="Osk", other="Mirela Osk", name="Mirela Osk")
    took = []
    for _ in range(times):
        begin = time.process_time()
        cut(text, lambda piece: NAME in piece, names=["Mirela Osk", NAME])
        took.append(1_000 * (time.process_time() - begin))
    words = str(len(text.split()))
    middle, slow = (f"{percentile(took, share):.1f} ms" for share in (50, 95))
    print(table(["words", "p50", "p95"], [[words, middle, slow]]))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2_000, help="how many of each form")
    parser.add_argument("--times", type=int, default=200, help="how often the draft is cut")
    given = parser.parse_args()
    print(describe(), end="\n\n")
    forms(given.documents)
    print()
    draft(given.times)


if __name__ == "__main__":
    main()
