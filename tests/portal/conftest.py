"""The portal in one process, for every test of it."""

from tests.portal.engines import portal_settings  # noqa: F401 - every test of the whole portal runs on both engines
from tests.portal.fixtures import (  # noqa: F401 - fixtures are found by their names here
    clock,
    database,
    login,
    portal_app,
    portal_parts,
    send_application,
    sqlite_settings,
    staff_login,
    worker,
)
from tests.portal.misbehaving_login import issuer  # noqa: F401 - the same
from tests.portal.walking import records, visit  # noqa: F401 - the same
