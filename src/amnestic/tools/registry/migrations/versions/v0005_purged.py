"""Targets can be purged: of their lines in the trail who and why may be taken out, and no more.

What a registry held before stays as it is.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

_PURGED = (
    "NEW.actor = 'purged' AND NEW.reason = '' AND NEW.revision = OLD.revision AND NEW.at = OLD.at "
    "AND NEW.action = OLD.action AND NEW.target_id = OLD.target_id AND NEW.version = OLD.version "
    "AND NEW.digest = OLD.digest AND NEW.chain = OLD.chain "
    "AND EXISTS (SELECT 1 FROM targets WHERE id = OLD.target_id AND status = 'purged')"
)


def upgrade() -> None:
    """Let the trail's guard pass that one change."""
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        op.execute("DROP TRIGGER trail_refuses_update")
        op.execute(
            f"CREATE TRIGGER trail_refuses_update BEFORE UPDATE ON trail WHEN NOT ({_PURGED}) "
            "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
        )
    elif dialect == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION trail_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {_PURGED} THEN RETURN NEW; END IF; END IF; "
            "RAISE EXCEPTION 'the trail is append-only'; END $$"
        )
