"""What BERT's word pieces take each character for, asked of `tokenizers`: `data/characters.json`.

Four lists of ranges, both ends included: characters that are left out, that are spaces, that are
signs (a word each), and that are symbols (Chinese, a word each however they are decomposed); and
the small letters of characters that the oldest Python that the package runs on has others for.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from tokenizers import normalizers, pre_tokenizers

FILE = Path(__file__).parent.parent / "src/amnestic/tools/embedding/data/characters.json"
SURROGATES = range(0xD800, 0xE000)


def ranges(codes: Iterable[int]) -> list[list[int]]:
    """Numbers as ranges of neighbours."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def main() -> None:
    """Ask for every character, and write the table."""
    normalize = normalizers.BertNormalizer().normalize_str
    cut = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    codes = [code for code in range(sys.maxunicode + 1) if code not in SURROGATES]
    made = {code: normalize(f"a{chr(code)}a")[1:-1] for code in codes}
    gone = {code for code, text in made.items() if not text}
    small = {}
    for code, text in made.items():
        plain = unicodedata.normalize("NFD", chr(code))
        kept = "".join(d for d in plain if ord(d) not in gone)
        if kept and text.strip() and text.strip() != kept.lower():
            small[chr(code)] = text
    table = {
        "source": f"tokenizers {version('tokenizers')}",
        "gone": ranges(gone),
        "spaces": ranges(code for code, text in made.items() if text == " "),
        "signs": ranges(code for code in codes if len(cut(f"a{chr(code)}a")) == 3),
        "symbols": ranges(
            code for code, text in made.items() if len(text) > 2 and text[0] == text[-1] == " "
        ),
        "small": small,
    }
    FILE.write_text(json.dumps(table, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
