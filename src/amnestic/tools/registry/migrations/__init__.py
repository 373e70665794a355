"""Alembic migrations of the registry, run when a database of an older schema is opened."""
