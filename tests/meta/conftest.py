"""The portal's fixtures, for the tests about the system as a whole."""

from tests.portal.fixtures import clock, database, login, portal_app, portal_parts, portal_settings, sqlite_settings, staff_login, worker

__all__ = ["clock", "database", "login", "portal_app", "portal_parts", "portal_settings", "sqlite_settings", "staff_login", "worker"]
