"""The portal's fixtures, for the tools that look at the whole of it."""

from tests.portal.fixtures import clock, database, portal_app, portal_parts, portal_settings, sqlite_settings

__all__ = ["clock", "database", "portal_app", "portal_parts", "portal_settings", "sqlite_settings"]
