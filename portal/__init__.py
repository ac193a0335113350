"""The citizen self-service portal. `create_app` joins the rooms; it has no logic of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping

from flask import Flask


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """The web application, by the PORTAL_ settings of `environ`. Raises portal.readiness.NotReady when they don't suffice."""
    from portal.readiness import ready_database, ready_settings
    from portal.web.application import make_application
    from portal.wiring import make_parts

    settings = ready_settings(os.environ if environ is None else environ)
    parts = make_parts(settings)
    ready_database(parts.database)
    return make_application(parts)
