#!/usr/bin/env bash
# llguidance: a matcher that has failed allows the token that ends the answer.
#
# Seen with llguidance 1.9.1: `LLMatcher` never raises, neither for a schema that it does not know how
# to keep to ("uniqueItems") nor for a token that the grammar forbids; it goes into an error state,
# and the mask of that state allows one token, the end of the text. A decoding loop that asks for the
# mask and nothing else gives an empty answer, or one that breaks off in the middle of its JSON, and
# takes it for whole: it has ended by itself ("stop"). One would expect an exception, or a mask that
# allows nothing. `is_error()` has to be asked after the making and after each mask.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check llguidance==1.9.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from llguidance import LLMatcher, LLTokenizer
from llguidance._tokenizer import TokenizerWrapper


class Bytes:
    """A token for the end of the text, and one for each byte."""

    eos_token_id, bos_token_id, special_token_ids = 0, None, [0]
    tokens = [b"<end>", *(bytes([byte]) for byte in range(256))]

    def __call__(self, text):
        return [byte + 1 for byte in text]


def matcher(schema):
    return LLMatcher(tokens, LLMatcher.grammar_from_json_schema(schema), log_level=0)


def allowed(found):
    mask = found.compute_bitmask()
    return [i for i in range(257) if mask[i // 8] >> i % 8 & 1]


tokens = LLTokenizer(TokenizerWrapper(Bytes()), n_vocab=257)
print("llguidance", version("llguidance"))
unknown = matcher({"type": "array", "uniqueItems": True})
print("a schema that is not known:", repr(unknown.get_error()), "allows", allowed(unknown))
begun = matcher({"type": "boolean"})
for byte in b"tr":
    begun.consume_token(byte + 1)
print("behind 'tr':", [chr(i - 1) for i in allowed(begun)], "whole:", begun.is_accepting())
begun.consume_token(ord("x") + 1)
print("behind 'trx':", repr(begun.get_error())[:60], "allows", allowed(begun))
assert unknown.is_error(), "the schema is known: the note is out of date"
assert begun.is_error()
assert allowed(unknown) == allowed(begun) == [Bytes.eos_token_id]
PY
echo "as described"
