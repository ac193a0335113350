"""The triggers by which the database refuses to change or remove what was written in the audit log.

The sealed reason may be written anew: a change of encryption keys does so, and the chain covers what it says when it is
opened. Somebody who may alter tables can remove a trigger; what they then change, the chain shows.
"""

from __future__ import annotations

from collections.abc import Iterator

KEPT = "id, at, actor_role, actor, person_id, verb, subject, purpose, case_id, municipality, results, chain, sequence, mac"
WORDS = "audit entries are only added to"
FUNCTION = f"""CREATE OR REPLACE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"""
# The moment a trigger stands at, and the table it stands on.
GUARDS = (
    ("audit_entry_kept", f"UPDATE OF {KEPT}", "audit_entry"),
    ("audit_entry_there", "DELETE", "audit_entry"),
    ("audit_head_there", "DELETE", "audit_head"),
)


def statements(dialect: str) -> list[str]:
    """What makes the triggers, for a migration."""
    return [statement for name, _table, statement in on_creation() if name == dialect]


def on_creation() -> Iterator[tuple[str, str, str]]:
    """Dialect, table and statement of each trigger, and first the function that PostgreSQL's call."""
    yield "postgresql", "audit_entry", FUNCTION
    yield "postgresql", "audit_head", FUNCTION
    for name, moment, table in GUARDS:
        yield "sqlite", table, f"CREATE TRIGGER {name} BEFORE {moment} ON {table} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        yield "postgresql", table, f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION audit_only_added_to()"
    emptied = "CREATE TRIGGER audit_entry_all BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added_to()"
    yield "postgresql", "audit_entry", emptied
