"""Corpora without what belongs to a target."""
