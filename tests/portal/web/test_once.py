"""One application, however often it is sent: by eight clicks at once, a reload, the back button, or a try after a lost answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from portal.web.citizen import apply
from tests.portal.walking import START

CLICKS = 8


def click(portal_app, browser, path, data, number=CLICKS):
    """Send the same form so many times at once, each from a browser of its own with the same cookies."""
    cookie = browser.client.get_cookie("portal").value
    barrier = Barrier(number)

    def send(_which):
        client = portal_app.test_client()
        client.set_cookie("portal", cookie)
        barrier.wait()
        answer = client.post(path, data={"csrf_token": browser.csrf, **data})
        return answer.status_code, answer.location

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(send, range(number)))


def test_eight_clicks_at_once_make_one_application(portal_app, visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in()

    answers = click(portal_app, sofie.browser, check.path, {"version": check.value("version")})

    assert {status for status, _location in answers} == {303}
    assert len({location for _status, location in answers}) == 1
    assert "/receipt/" in answers[0][1]
    assert sofie.open(answers[0][1]).heading == "We have received your application"
    assert {table: records.count(table) for table in ("applications", "cases", "holds")} == {"applications": 1, "cases": 1, "holds": 1}
    assert len(records.outbox("decide")) == 1


def test_eight_clicks_ask_the_partner_once(portal_app, visit, records):
    maria = visit("maria")
    check = maria.fill_in({"household": {"living": "couple:a1"}})

    click(portal_app, maria.browser, check.path, {"version": check.value("version")})

    assert (records.count("requests"), records.count("letters")) == (1, 1)
    assert {kind: len(records.outbox(kind)) for kind in ("letter", "remind", "expire", "decide")} == {
        "letter": 1,
        "remind": 1,
        "expire": 1,
        "decide": 0,
    }


def test_the_partner_approves_once(portal_app, visit, worker, records):
    visit("maria").apply({"household": {"living": "couple:a1"}})
    anders = visit("anders", fresh=True)
    page = anders.open(f"/my-page/tasks/{records.request('maria').id}").fill({"use": "yes"}).press()
    data = {"version": page.value("version"), "carried": page.value("carried"), "other": "no", "agree": "yes"}

    answers = click(portal_app, anders.browser, page.path, data)

    assert {status for status, _location in answers} == {303}
    assert records.events("maria") == ["submitted", "consent_asked", "consent_given"]
    worker.drain()
    assert records.events("maria").count("decided") == 1


def test_a_reload_and_the_back_button_lead_to_the_receipt(visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in()
    receipt = check.press("Send application")

    again = check.press("Send application")
    back_to_check = sofie.open(check.path)
    back_to_a_page = sofie.open(check.path.replace("/check", "/household"))
    changed_afterwards = sofie.send(check.path.replace("/check", "/household"), {"living": "couple", "version": "99"})

    assert {page.path for page in (again, back_to_check, back_to_a_page, changed_afterwards)} == {receipt.path}
    assert records.count("applications") == 1
    assert records.application("sofie")["household"]["kind"] == "single"


def test_a_try_after_a_lost_answer_gets_the_receipt(portal_app, visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in()

    def lose(response):
        response.set_data(b"")
        response.status_code = 504
        return response

    portal_app.after_request_funcs.setdefault(None, []).insert(0, lose)
    lost = sofie.browser.post(check.path, {"version": check.value("version")})
    portal_app.after_request_funcs[None].remove(lose)
    assert lost.status_code == 504

    assert "/receipt/" in check.press("Send application").path
    assert records.count("applications") == 1


def test_a_failure_on_the_way_leaves_nothing_half_written(portal_app, visit, records, monkeypatch):
    sofie = visit("sofie")
    check = sofie.fill_in()
    with monkeypatch.context() as broken:
        broken.setattr("portal.cases.submit.audit.record", _fail)
        portal_app.testing = False
        page = check.press("Send application")

    assert page.status == 500
    assert {table: records.count(table) for table in ("applications", "cases", "holds", "outbox")} == dict.fromkeys(
        ("applications", "cases", "holds", "outbox"), 0
    )
    assert "/receipt/" in check.press("Send application").path


def test_a_finished_draft_is_not_offered_and_holds_nothing(visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in()
    draft_id = check.path.split("/")[3]
    check.press("Send application")

    assert "You have already begun" not in sofie.open(START).text
    assert records.draft(draft_id).answers == {"pages": {}, "saved": {}}
    assert records.draft(draft_id).facts == {}


def test_a_page_saved_while_the_application_is_sent_leads_to_the_receipt(visit, records, monkeypatch):
    sofie = visit("sofie")
    check = sofie.fill_in()
    page = sofie.open(check.path.replace("/check", "/reason"))
    whole = apply.find

    def send_meanwhile(*args):
        monkeypatch.setattr(apply, "find", whole)
        check.press("Send application")
        return whole(*args)

    monkeypatch.setattr(apply, "find", send_meanwhile)
    late = page.fill({"reason": "household"}).press()

    assert "/receipt/" in late.path
    assert records.application("sofie")["reason"] == "income"


def test_a_draft_sent_while_it_is_thrown_away_or_the_other_way_round_is_one_of_the_two(visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in()
    sofie.open(START).press("Throw the draft away")

    assert check.press("Send application").status == 404
    assert records.count("applications") == 0


def _fail(*_args, **_values):
    raise RuntimeError("on purpose")
