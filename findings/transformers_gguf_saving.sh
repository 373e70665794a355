#!/usr/bin/env bash
# transformers: a model that was loaded from a GGUF file cannot be saved, though nothing in it is
# quantised any more.
#
# Seen with transformers 5.23.0 on a file whose weights are 32-bit floats, and on quantised ones: the
# weights are widened to 32 bits as they are loaded, `is_quantized` is true all the same, and
# `save_pretrained` ends with "The model is quantized with gguf and is not serializable". One would
# expect what its page on GGUF shows: load, train, `save_pretrained`, convert back. Where the
# quantizer and the entry in the configuration are taken away, the model is saved, and gives the same
# logits when it is loaded again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile \
    transformers==5.23.0 torch==2.13.0 gguf==0.19.0 accelerate
"$folder/venv/bin/python" - "$folder" 2> "$folder/err" <<'PY' || { cat "$folder/err"; exit 1; }
import sys

import numpy as np
import torch
import transformers
from gguf import GGUFWriter
from transformers import AutoModelForCausalLM

folder = sys.argv[1]
random = np.random.default_rng(0)
writer = GGUFWriter(f"{folder}/tiny.gguf", "llama")
writer.add_context_length(64)
writer.add_embedding_length(32)
writer.add_block_count(1)
writer.add_feed_forward_length(64)
writer.add_head_count(4)
writer.add_head_count_kv(4)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_vocab_size(8)
writer.add_tokenizer_model("gpt2")
writer.add_token_list(["<end>", *"abcdefg"])
writer.add_token_types([3, *[1] * 7])
writer.add_token_merges([])
writer.add_eos_token_id(0)
shapes = {"token_embd": (8, 32), "output": (8, 32), "output_norm": (32,)}
layer = {"attn_norm": (32,), "ffn_norm": (32,), "ffn_down": (32, 64), "ffn_up": (64, 32)}
layer |= {"ffn_gate": (64, 32)} | {f"attn_{part}": (32, 32) for part in ("q", "k", "v", "output")}
for name, shape in (shapes | {f"blk.0.{part}": shape for part, shape in layer.items()}).items():
    writer.add_tensor(f"{name}.weight", random.normal(size=shape).astype(np.float32))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

print("transformers", transformers.__version__)
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file="tiny.gguf")
kinds = {str(weights.dtype) for weights in model.parameters()}
print("weights:", *kinds, "- is_quantized:", model.is_quantized)
try:
    model.save_pretrained(f"{folder}/saved")
except ValueError as error:
    print("save_pretrained:", str(error).partition(" - ")[0])
else:
    raise SystemExit("saved: the note is out of date")
model.hf_quantizer = None
del model.config.quantization_config
model.save_pretrained(f"{folder}/saved")
again = AutoModelForCausalLM.from_pretrained(f"{folder}/saved")
asked = torch.tensor([[1, 2, 3]])
with torch.no_grad():
    apart = float((model(asked).logits - again(asked).logits).abs().max())
print("without the quantizer: saved; logits of the loaded one differ by", apart)
assert kinds == {"torch.float32"}
assert apart == 0
PY
echo "as described"
