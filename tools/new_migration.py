"""Write the next migration from the difference between the models and the migrations so far.

python tools/new_migration.py 002 "say what changes"
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from portal.storage.database import Database
from portal.storage.migrations import HERE, migrate, revisions


def main(number: str, words: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/scratch.sqlite3")
        if revisions():
            migrate(database)
        config = Config()
        config.set_main_option("script_location", str(HERE))
        config.set_main_option("path_separator", "os")
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message=words, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(*sys.argv[1:])
