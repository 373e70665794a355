"""How forget requests in plain words are read: `request_reading.py`, which says what is measured.

    python benchmarks/requests.py --data ../shared/data/requests --json requests.json

A library has the same name. Whoever imports `requests` while this folder is searched for modules
gets the library.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    from request_reading import main

    sys.exit(main())

_searched = list(sys.path)
sys.path[:] = [place for place in _searched if Path(place or ".").resolve() != HERE]
try:
    del sys.modules[__name__]
    sys.modules[__name__] = importlib.import_module(__name__)
finally:
    sys.path[:] = _searched
