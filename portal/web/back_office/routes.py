"""The queue, the case, and what a case worker can do with it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("office", __name__, url_prefix="/back-office")
