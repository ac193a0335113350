"""An auditor at work."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal import audit
from portal.web.parts import Parts
from tests.portal.fixtures import MOMENT, Browser, _browser
from tests.portal.web.back_office.conftest import text_of

WHY = {"purpose": "spot check"}


@pytest.fixture
def auditor(portal_app: Flask, portal_parts: Parts) -> Callable[..., Browser]:
    """An auditor of some municipalities, or of all."""

    def log_in(*municipalities: str, roles: tuple[str, ...] = ("auditor",)) -> Browser:
        staff = {"id": "demo#auditor", "name": "R", "roles": list(roles), "municipalities": list(municipalities) or ["all"]}
        return _browser(portal_app, portal_parts, {"staff": staff, "language": "en"}, None)

    return log_in


def note(parts: Parts, **changes: Any) -> None:
    entry = {"role": "case_worker", "actor": "demo#staff-karen", "verb": "view", "subject": "case:x", "municipality": "0461"}
    now = changes.pop("at", MOMENT)
    with parts.database.transaction() as work:
        audit.record(work, now, **{**entry, **changes})


def rows(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, text_of(answer)
    found = re.findall(r"<tr><th scope=\"row\">.*?</tr>", answer.get_data(as_text=True), re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]


def search(browser: Browser, **criteria: Any) -> Any:
    return browser.post("/audit", {**WHY, **criteria})
