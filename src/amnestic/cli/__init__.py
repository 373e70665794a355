"""The command line. Errors that Amnestic knows end in one line and exit code 2."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from amnestic.cli.app import app
    from amnestic.cli.common import told
    from amnestic.exceptions import AmnesticError

    try:
        app()
    except AmnesticError as error:
        print(f"amnestic: {told(error)}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
