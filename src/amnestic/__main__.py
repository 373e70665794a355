"""`python -m amnestic` is the command line."""

from amnestic.cli import main

main()
