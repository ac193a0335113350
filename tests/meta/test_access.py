"""Every route says what it does to what, and lets in nobody whom portal/access.py does not name."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, request, session
from werkzeug.exceptions import NotFound

from portal.access import RULES, STAFF
from portal.web.access import ROUTES
from portal.web.guard import check_access

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
    assert routes == set(ROUTES)


def test_a_route_without_a_row_answers_nobody(portal_app: Flask) -> None:
    with portal_app.test_request_context("/"):
        session["staff"] = {"id": "x", "name": "x", "roles": ["case_worker"], "municipalities": ["0461"]}
        request.url_rule.endpoint = "nobody.knows"  # type: ignore[union-attr]
        with pytest.raises(NotFound):
            check_access()


@pytest.mark.parametrize("roles", [[], ["citizen"], ["system"], ["nobody"], ["king"]])
def test_a_role_that_no_staff_can_have_opens_nothing(portal_app: Flask, roles: list[str]) -> None:
    public = {endpoint for endpoint, (verb, thing) in ROUTES.items() if "nobody" in RULES[thing][verb]}
    assert {ROUTES[endpoint][1] for endpoint in public} == {"public page", "session"}
    for endpoint, method, address in _walk(portal_app):
        if endpoint in public:
            continue
        with portal_app.test_request_context(address, method=method):
            session["staff"] = {"id": "x", "name": "x", "roles": roles, "municipalities": ["all"]}
            with pytest.raises(NotFound):
                check_access()


def test_nobody_gets_a_page_of_ours_without_a_login(portal_app: Flask) -> None:
    for endpoint, method, address in _walk(portal_app):
        verb, thing = ROUTES[endpoint]
        if "nobody" in RULES[thing][verb] or method != "GET":
            continue
        answer = portal_app.test_client().get(address)
        assert (answer.status_code, answer.location.split("?")[0].rsplit("/", 1)[-1]) in ((302, "login"), (302, "staff")), endpoint


def test_a_denial_looks_like_a_page_that_is_not_there(login: Any) -> None:
    maria = login("maria")
    denied, absent = maria.get("/back-office"), maria.get("/no-such-page")
    assert (denied.status_code, denied.data) == (404, absent.data)


def test_every_role_of_staff_is_one_of_the_rules(portal_app: Flask) -> None:
    assert {"front_desk", "case_worker", "decider", "municipality_admin", "auditor"} == STAFF
