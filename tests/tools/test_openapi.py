"""The description for tools that try the portal from outside names every route, each method, and each part of an address."""

from __future__ import annotations

import json

import pytest

from portal.journey import fields
from portal.web.access import ROUTES
from tools import openapi


def test_every_route_is_described(portal_app) -> None:
    told = openapi.description(portal_app, {"slug": ["free-place"]})
    described = {operation["operationId"] for methods in told["paths"].values() for operation in methods.values()}
    there = {
        f"{rule.endpoint}.{method.lower()}"
        for rule in portal_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == there
    assert {name.rsplit(".", 1)[0] for name in described} == set(ROUTES)
    for path, methods in told["paths"].items():
        for operation in methods.values():
            named = {part["name"] for part in operation["parameters"] if part["in"] == "path"}
            assert named == {part.strip("{}") for part in path.replace(".json", "").split("/") if part.startswith("{")}
    page = told["paths"]["/apply/{slug}/{draft_id}/{page}"]["post"]
    form = page["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert {"gross", "version", "then"} <= set(form)
    assert {"anyOf": [{"type": "string", "enum": ["free-place"]}, openapi.KINDS["UnicodeConverter"]]} in [
        part["schema"] for part in page["parameters"]
    ]


def test_tables_of_the_tool_name_routes_that_are_there() -> None:
    assert {*openapi.ANSWERS, *openapi.QUERIES, *openapi.FORMS, *openapi.BESIDE} <= set(ROUTES)


def test_it_is_written_to_standard_output(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Making an application for the demo lets made-up numbers through, here for this test alone.
    monkeypatch.setattr(fields, "allow_fictional_numbers", fields.allow_fictional_numbers)
    assert openapi.main(["slug=free-place"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"
    assert openapi.main(["slug"]) == 2
