"""The figures for Prometheus are for the one who knows the token."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.web.application import make_application


@pytest.fixture
def guarded(portal_parts):
    """The application with a token that has more than plain letters in it."""
    parts = replace(portal_parts, settings=replace(portal_parts.settings, metrics_token="nøgle-7"))
    return make_application(parts).test_client()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer nøgle-7".encode().decode("latin-1"), 200),
        ("Bearer nogle-7", 404),
        ("Bearer \xe6\xf8\xe5", 404),
        ("Bearer \xc3\x28", 404),
        ("", 404),
    ],
)
def test_any_token_gets_an_answer_and_only_the_right_one_the_figures(guarded, given, status):
    assert guarded.get("/health/metrics", environ_overrides={"HTTP_AUTHORIZATION": given}).status_code == status
