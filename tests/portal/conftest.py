"""The portal in one process, for every test of it."""

from tests.portal.fixtures import (  # noqa: F401 - fixtures are found by their names here
    clock,
    database,
    login,
    portal_app,
    portal_parts,
    portal_settings,
    send_application,
    staff_login,
    worker,
)
from tests.portal.walking import records, visit  # noqa: F401 - the same
