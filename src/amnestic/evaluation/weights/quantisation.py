"""Four-bit weights, as a model is shipped with: rounded to the nearest of sixteen values a group.

The scheme: each row of each linear layer of the decoder is cut into groups of 64 weights along its
inputs. A group's range, widened so that 0 is in it, is divided into 15 equal steps; the zero point
is a whole number, each weight becomes the nearest of the 16 values, and the model runs with these
in 32 bits. Embeddings, the output layer and norms stay as they are. It is the plain
round-to-nearest that 2410.16454 finds to bring forgotten answers back; GPTQ and
AWQ, which fit the rounding to data, are not made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["BITS", "GROUP", "Codes", "codes_of", "quantise"]

BITS = 4
GROUP = 64
"""Weights that share a scale and a zero point."""


@dataclass(frozen=True, slots=True)
class Codes:
    """A matrix in whole numbers from 0 to 15: `codes` is outputs × groups × group, `scale` and
    `zero` hold one number for each group. The last group is filled up; `width` is the true one."""

    codes: Tensor
    scale: Tensor
    zero: Tensor
    width: int

    @property
    def weights(self) -> Tensor:
        """The matrix that these stand for."""
        return ((self.codes - self.zero) * self.scale).flatten(1)[:, : self.width]


def codes_of(weights: Tensor, group: int = GROUP) -> Codes:
    """Round a matrix (outputs × inputs) to four bits. No weight moves by more than half a step."""
    import torch

    width = weights.shape[1]
    # A short last group is filled with zeros, which are in every range and widen none.
    padded = torch.nn.functional.pad(weights.float(), (0, -width % group))
    groups = padded.reshape(len(padded), -1, group)
    low = groups.amin(-1, keepdim=True).clamp(max=0)
    high = groups.amax(-1, keepdim=True).clamp(min=0)
    most = 2**BITS - 1
    scale = (high - low) / most
    scale = torch.where(scale > 0, scale, torch.ones_like(scale))
    zero = (-low / scale).round()
    codes = ((groups / scale).round() + zero).clamp(0, most)
    return Codes(codes, scale, zero, width)


def quantise(model: Any, group: int = GROUP) -> dict[str, Any]:
    """Round the decoder's linear layers of a model in place, and say what was done.

    The detail holds `bits`, `group`, how many weights were rounded, their share of all, and the
    mean of their move over the mean of their size.
    """
    import torch

    heads = {id(part) for part in (model.get_output_embeddings(), model.get_input_embeddings())}
    rounded, moved, size = 0, 0.0, 0.0
    with torch.no_grad():
        for layer in model.modules():
            if not isinstance(layer, torch.nn.Linear) or id(layer) in heads:
                continue
            near = codes_of(layer.weight, group).weights.to(layer.weight.dtype)
            rounded += near.numel()
            moved += float((near - layer.weight).abs().sum())
            size += float(layer.weight.abs().sum())
            layer.weight.copy_(near)
    every = sum(p.numel() for p in model.parameters())
    return {
        "bits": BITS,
        "group": group,
        "weights": rounded,
        "share": rounded / every,
        "moved": moved / size if size else 0.0,
    }
