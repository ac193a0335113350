"""Every route says who may use it, and lets in nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, session
from werkzeug.exceptions import NotFound

from portal.web.access import ANYBODY, STAFF, WHO_MAY, roles_of
from portal.web.guard import check_access

SESSIONS: dict[str, dict[str, Any]] = {
    "anybody": {},
    "citizen": {"person_id": "0" * 32},
    **{role: {"staff": {"id": "x", "name": "x", "roles": [role], "municipalities": ["0461"]}} for role in sorted(STAFF)},
    "staff without a role": {"staff": {"id": "x", "name": "x", "roles": [], "municipalities": ["0461"]}},
    "a citizen's role on staff": {"staff": {"id": "x", "name": "x", "roles": ["citizen"], "municipalities": ["0461"]}},
}
FILLERS = {"uuid": "00000000-0000-4000-8000-000000000000", "string": "x", "int": "1"}


def _walk(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of every route."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {
            name: FILLERS["uuid" if "UUID" in type(converter).__name__ else "int" if "Integer" in type(converter).__name__ else "string"]
            for name, converter in rule._converters.items()
        }
        adapter = app.url_map.bind("127.0.0.1")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((rule.endpoint, method, adapter.build(rule.endpoint, values, method=method)))
    return found


def test_every_route_has_a_row_and_every_row_a_route(portal_app: Flask) -> None:
    routes = {rule.endpoint for rule in portal_app.url_map.iter_rules()}
    assert routes == set(WHO_MAY)


@pytest.mark.parametrize("who", sorted(SESSIONS))
def test_every_route_lets_in_whom_its_row_names_and_nobody_else(portal_app: Flask, who: str) -> None:
    wrong = []
    for endpoint, method, address in _walk(portal_app):
        with portal_app.test_request_context(address, method=method):
            session.update(SESSIONS[who])
            allowed = bool(WHO_MAY[endpoint] & roles_of(session)) if who != "staff without a role" else False
            if _let_in() is not allowed:
                wrong.append(f"{method} {endpoint}")
    assert not wrong


def test_a_route_without_a_row_answers_nobody(portal_app: Flask) -> None:
    with portal_app.test_request_context("/"):
        session.update(SESSIONS["case_worker"])
        from flask import request

        request.url_rule.endpoint = "nobody.knows"  # type: ignore[union-attr]
        with pytest.raises(NotFound):
            check_access()


def test_a_denial_looks_like_a_page_that_is_not_there(login: Any) -> None:
    maria = login("maria")
    denied, absent = maria.get("/back-office"), maria.get("/no-such-page")
    assert (denied.status_code, denied.data) == (404, absent.data)


def test_nobody_gets_a_page_of_ours_without_a_login(portal_app: Flask) -> None:
    for endpoint, method, address in _walk(portal_app):
        if WHO_MAY[endpoint] is ANYBODY or method != "GET":
            continue
        answer = portal_app.test_client().get(address)
        assert (answer.status_code, answer.location.split("?")[0].rsplit("/", 1)[-1]) in ((302, "login"), (302, "staff")), endpoint


def _let_in() -> bool:
    try:
        return check_access() is None
    except NotFound:
        return False
