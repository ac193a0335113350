"""A request holds no more than its page can use: a flood is refused before anything reads it."""

from __future__ import annotations

import io
import json

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.portal.walking import START

MB = 1024 * 1024
NO_DRAFT = "00000000-0000-0000-0000-000000000000"


class Body(io.RawIOBase):
    """A body that tells how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left, self.taken = size, 0

    def read(self, size: int = -1) -> bytes:
        given = self.left if size < 0 else min(size, self.left)
        self.left -= given
        self.taken += given
        return b"x" * given

    def tell(self) -> int:
        return self.taken

    def seek(self, *_where: int) -> int:
        return 0


def send(client, path, size, content_type, **headers):
    """Send a body of so many bytes; the answer, and how much of the body was read."""
    body = Body(size)
    told = {"CONTENT_LENGTH": str(size)}
    answer = client.post(path, input_stream=body, content_type=content_type, headers=headers, environ_overrides=told)
    return answer, body.taken


FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


@pytest.mark.parametrize("content_type", [FORM, MULTIPART, "application/json", "text/plain"])
def test_a_flood_from_somebody_unknown_is_never_read(portal_app, content_type):
    for path in ("/what-will-i-pay", "/check-field", "/logout", START, f"{START}/{NO_DRAFT}/papers", "/my-page/tasks/x"):
        answer, taken = send(portal_app.test_client(), path, 50 * MB, content_type)
        assert answer.status_code in (303, 400, 404, 413)
        assert taken == 0, path


@pytest.mark.parametrize("path", ["/what-will-i-pay", START, "a page of one's own draft"])
def test_a_flood_from_somebody_who_is_logged_in_is_refused_with_a_page(visit, path):
    sofie = visit("sofie", "da")
    address = path if path.startswith("/") else sofie.begin().path
    for content_type in (FORM, MULTIPART):
        answer, taken = send(sofie.browser.client, address, 50 * MB, content_type)
        assert (answer.status_code, taken) == (413, 0)
        assert "Det var for meget" in answer.text


def test_a_flood_to_what_is_not_theirs_is_never_read(visit):
    answer, taken = send(visit("sofie").browser.client, f"{START}/{NO_DRAFT}/household", 50 * MB, FORM)
    assert (answer.status_code, taken) == (404, 0)


def test_only_the_page_that_takes_files_takes_megabytes(visit):
    sofie = visit("sofie")
    page = sofie.fill_in({"other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000"}}, until="papers")
    papers = [FileStorage(io.BytesIO(b"just text" * 100_000), "a.pdf", "papers")]
    boundary, body = encode_multipart({"csrf_token": sofie.browser.csrf, "version": page.value("version"), "papers": papers})
    options = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
    assert sofie.browser.client.post(page.path, **options).status_code == 422
    assert sofie.browser.client.post(page.path.replace("papers", "household"), **options).status_code == 413
    _answer, taken = send(sofie.browser.client, page.path, 61 * MB, MULTIPART)
    assert taken == 0


def check(browser, body):
    return browser.client.post("/check-field", data=body, content_type="application/json", headers={"X-CSRFToken": browser.csrf})


def test_the_field_check_reads_a_field_and_no_more(visit):
    browser = visit("sofie").browser
    assert check(browser, json.dumps({"kind": "cpr", "value": "1" * 5000})).status_code == 200
    assert check(browser, json.dumps({"kind": "cpr", "value": "1" * 9000})).status_code == 413


def test_json_too_deep_to_read_is_refused_and_no_failure(visit):
    browser = visit("sofie").browser
    for body in (b"[" * 8000, b'{"a":' * 1500, b"[" * 4000 + b"]" * 4000):
        assert check(browser, body).status_code == 400
