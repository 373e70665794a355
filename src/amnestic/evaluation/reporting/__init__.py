"""Reports: what came of runs, for a person who answers for forgetting.

In: run folders. Out: `write_report`, which makes one self-contained HTML page and a Markdown file
of them, and says what stands in them.
"""

from __future__ import annotations

from amnestic.evaluation.reporting.report import write_report

__all__ = ["write_report"]
