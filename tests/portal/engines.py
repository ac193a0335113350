"""The same tests on SQLite and on PostgreSQL: where this `portal_settings` is imported, each test of the whole portal runs twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import create_engine

from portal.settings import Settings
from portal.storage.base import Base


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def portal_settings(request: pytest.FixtureRequest, sqlite_settings: Settings) -> Iterator[Settings]:
    """The usual settings, with each engine's address; the tables in PostgreSQL are gone afterwards."""
    if request.param == "sqlite":
        yield sqlite_settings
        return
    url = request.getfixturevalue("postgres_url")
    yield replace(sqlite_settings, database_url=url)
    engine = create_engine(url)
    Base.metadata.drop_all(engine)
    engine.dispose()
