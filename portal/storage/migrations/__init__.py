"""Bringing a database to the newest form. Forward only; a copy of an SQLite file is taken first."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.storage.database import Database

HERE = Path(__file__).parent


def migrate(database: Database, target: str = "head") -> tuple[str | None, str | None]:
    """Upgrade to `target`. Returns the revisions before and after."""
    before = current(database)
    config = _config()
    if before == (ScriptDirectory.from_config(config).get_current_head() if target == "head" else target):
        return before, before
    if before is not None:
        _copy_first(database)
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
        connection.commit()
    return before, current(database)


def current(database: Database) -> str | None:
    """The revision the database is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """All revisions, oldest first."""
    return [script.revision for script in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return config


def _copy_first(database: Database) -> None:
    # SQLite's driver commits DDL as it goes, so a migration that fails half-way is undone by putting the copy back.
    name = database.engine.url.database
    if not database.is_sqlite or not name or name == ":memory:":
        return
    stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%f")
    raw = database.engine.raw_connection()
    try:
        raw.execute("VACUUM INTO ?", (f"{name}.before-{stamp}",))
    finally:
        raw.close()
