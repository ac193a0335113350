"""The portal in one process, as the tests of it have it."""

from tests.portal.fixtures import (  # noqa: F401 - fixtures are found by their names here
    clock,
    database,
    portal_app,
    portal_parts,
    portal_settings,
    sqlite_settings,
)
