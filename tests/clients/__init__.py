"""Real clients through the doors; see README.md."""
