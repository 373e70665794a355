"""What the benchmarks share: the machine's description, percentiles and a Markdown table."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

PACKAGES = ("torch", "onnxruntime", "faiss-cpu", "langgraph", "transformers")


def describe() -> str:
    """Processor, cores, memory, Python and the libraries that decide the figures."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, {libraries}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def percentile(values: Sequence[float], share: float) -> float:
    """The percentile `share` (0 to 100) of `values`."""
    return float(np.percentile(values, share))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def resident_mib() -> float:
    """Resident memory of this process in MiB."""
    return _told("VmRSS")


def peak_mib() -> float:
    """The most that this process took at any time, in MiB. (`getrusage` would tell of what started
    it, too: a program that takes a process's place keeps the peak of the one before.)"""
    return _told("VmHWM")


def _told(field: str) -> float:
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell resident memory")
