"""Files belong to the version of the draft that was checked: none comes or goes between the check and the sending."""

from __future__ import annotations

import io

import pytest

from portal.web.citizen import apply, files

RENT = {"other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000"}}
MANY = "Choose at most 5 files"


def upload(walker, path, *names):
    """Send files to the page of papers."""
    fields = {
        "csrf_token": walker.browser.csrf,
        "version": "99",
        "papers": [(io.BytesIO(b"\x89PNG\r\n\x1a\n" + name.encode()), name) for name in names],
    }
    with walker.browser.client.post(path.replace("/check", "/papers"), data=fields, buffered=True) as answer:
        return answer.status_code, answer.location, answer.text


@pytest.fixture
def check(visit):
    """Sofie has answered everything and sent no file."""
    return visit("sofie").fill_in(RENT)


def test_a_file_that_came_after_the_check_is_shown_before_it_is_sent(check, records):
    assert upload(check.walker, check.path, "late.png")[0] == 303
    again = check.press("Send application")
    assert (again.status, records.count("applications")) == (409, 0)
    assert "late.png" in again.text
    again.press("Send application")
    assert [each["type"] for each in records.application("sofie")["documents"]] == ["image/png"]
    assert records.documents()[0].case_id == records.case("sofie").id


def test_a_file_taken_out_after_the_check_is_not_sent_unseen(check, records):
    upload(check.walker, check.path, "one.png", "two.png")
    check = check.walker.open(check.path)
    one = records.documents()[0]
    check.walker.browser.post(check.path.replace("/check", f"/papers/files/{one.id}/remove"))
    again = check.press("Send application")
    assert (again.status, records.count("applications")) == (409, 0)
    again.press("Send application")
    assert [each["id"] for each in records.application("sofie")["documents"]] == [str(each.id) for each in records.documents()]
    assert len(records.documents()) == 1


def test_a_file_that_comes_while_the_application_is_sent_is_not_left_on_its_draft(check, records, monkeypatch):
    whole = apply.find

    def send_meanwhile(*args):
        monkeypatch.setattr(apply, "find", whole)
        check.press("Send application")
        return whole(*args)

    monkeypatch.setattr(apply, "find", send_meanwhile)
    status, location, _text = upload(check.walker, check.path, "late.png")

    assert (status, "/receipt/" in location) == (303, True)
    assert records.documents() == []
    assert records.application("sofie")["documents"] == []


def test_a_sent_file_stays_where_it_was_sent(check, records):
    upload(check.walker, check.path, "one.png")
    check.walker.open(check.path).press("Send application")
    (one,) = records.documents()
    answer = check.walker.browser.post(check.path.replace("/check", f"/papers/files/{one.id}/remove"))
    assert (answer.status_code, "/receipt/" in answer.location) == (303, True)
    assert [each.id for each in records.documents()] == [one.id]


def test_the_files_are_counted_where_they_are_stored(check, records, monkeypatch):
    upload(check.walker, check.path, *[f"{number}.png" for number in range(5)])
    before = records.draft(check.path.split("/")[3]).version
    # Another window that has not seen the five.
    monkeypatch.setattr(files, "of_draft", lambda _draft_id: [])
    status, _location, text = upload(check.walker, check.path, "6.png")
    assert (status, MANY in text, len(records.documents())) == (422, True, 5)
    assert records.draft(check.path.split("/")[3]).answers["saved"]["papers"] <= before


def test_a_file_among_fit_ones_that_is_not_fit_is_told_and_the_others_are_kept(check, records):
    fields = [(io.BytesIO(b"\x89PNG\r\n\x1a\ngood"), "good.png"), (io.BytesIO(b"no"), "bad.png")]
    data = {"csrf_token": check.walker.browser.csrf, "version": "99", "papers": fields}
    answer = check.walker.browser.client.post(check.path.replace("/check", "/papers"), data=data, buffered=True)
    assert answer.status_code == 422
    assert "good.png" in answer.text
    assert [each.name for each in records.documents()] == ["good.png"]
