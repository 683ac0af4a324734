"""``python -m newsgraph`` is the command line."""

from newsgraph.cli import main

main()
