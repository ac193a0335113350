"""A draft is saved at every page, found again, never overwritten in silence, and nobody else's."""

from __future__ import annotations

import uuid

import pytest

from tests.portal.walking import PAYSLIP, START

COUPLE = {"household": {"living": "couple:a1"}}


def at(page, name):
    """The address of another page of the same draft."""
    return "/".join([*page.path.split("/")[:4], name])


def draft_of(records, page):
    return records.draft(page.path.split("/")[3])


def test_every_page_is_saved_when_it_is_sent(visit, records):
    sofie = visit("sofie")
    page = sofie.begin()
    for number, (name, answer) in enumerate(
        [("household", {"living": "single"}), ("declaration", {"sworn": "yes"}), ("children", {"right": "yes"})], start=1
    ):
        assert page.step == name
        page = page.fill(answer).press()
        assert len(draft_of(records, page).answers["pages"]) == number


def test_a_draft_is_found_again_after_a_new_login_and_offered_first(visit, records):
    left = visit("sofie").fill_in(until="income").fill({"use": "no"}).press("Save and close")
    assert left.heading == "My page"

    later = visit("sofie")
    start = later.open(START)
    assert start.text.index("You have already begun") < start.text.index("How it goes")
    assert start.main.xpath("(.//a[contains(@class, 'button-primary')] | .//button[contains(@class, 'button-primary')])[1]")[0].text == (
        "Go on with my application"
    )
    page = start.link("Go on with my application")
    assert page.step == "payslip"
    assert later.open(at(page, "income")).value("use") == ["no"]
    assert "Go on with my application" in later.open("/").text
    assert "Go on with my application" in later.open("/my-page").text
    assert records.count("drafts") == 1


def test_a_draft_is_thrown_away_with_what_it_held(visit, records):
    sofie = visit("sofie")
    page = sofie.fill_in(until="income")
    sofie.open(START).press("Throw the draft away")

    assert "You have already begun" not in sofie.open(START).text
    assert draft_of(records, page).facts == {}
    assert sofie.open(page.path).status == 404


def test_the_same_page_in_two_tabs_ends_in_a_choice(visit, records):
    sofie = visit("sofie")
    answered = sofie.fill_in(until="income")
    one, other = sofie.open(at(answered, "reason")), sofie.open(at(answered, "reason"))
    one.fill({"reason": "household"}).press()

    choice = other.fill({"reason": "stop"}).press()

    assert choice.status == 409
    assert choice.heading == "This page was changed in another window"
    cells = choice.rows("Your two answers")
    assert cells == [
        [
            "What has happened?",
            "We have moved in together or split up, or the number of children at home has changed",
            "I no longer want the subsidy",
        ]
    ]
    assert draft_of(records, one).answers["pages"]["reason"]["reason"] == "household"


def test_what_is_saved_is_kept(visit, records):
    _sofie, choice = _conflict(visit)
    kept = choice.link("Keep what is saved")
    assert kept.value("reason") == ["household"]
    assert draft_of(records, kept).answers["pages"]["reason"]["reason"] == "household"


def test_what_was_typed_is_used(visit, records):
    _sofie, choice = _conflict(visit)
    after = choice.press("Use what I typed here")
    assert after.status == 200
    assert draft_of(records, after).answers["pages"]["reason"]["reason"] == "stop"


def test_a_choice_that_was_overtaken_is_a_choice_again(visit, records):
    sofie, choice = _conflict(visit)
    third = sofie.open(at(choice, "reason"))
    third.fill({"reason": "income"}).press()

    assert choice.press("Use what I typed here").status == 409
    assert draft_of(records, choice).answers["pages"]["reason"]["reason"] == "income"


def test_two_tabs_on_different_pages_save_both(visit, records):
    sofie = visit("sofie")
    answered = sofie.fill_in(until="other-income")
    one, other = sofie.open(at(answered, "reason")), sofie.open(at(answered, "income"))
    assert one.fill({"reason": "household"}).press().status == 200
    assert other.fill({"use": "yes"}).press().status == 200
    pages = draft_of(records, one).answers["pages"]
    assert (pages["reason"]["reason"], pages["income"]["use"]) == ("household", "yes")


def test_answers_changed_after_they_were_checked_are_shown_again_before_they_are_sent(visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in()
    sofie.open(at(check, "reason")).fill({"reason": "household"}).press()

    again = check.press("Send application")

    assert again.status == 409
    assert again.heading == "Check your answers"
    assert "Your answers were changed in another window" in again.text
    assert "We have moved in together or split up" in again.text
    assert records.count("applications") == 0
    again.press("Send application")
    assert records.application("sofie")["reason"] == "household"


def test_a_page_cannot_be_skipped(visit, records):
    sofie = visit("sofie")
    page = sofie.begin()
    for name in ("declaration", "children", "income", "payment", "check", "nowhere"):
        assert sofie.open(at(page, name)).path == page.path
    jumped = sofie.send(at(page, "income"), {"use": "yes", "version": "1"})
    assert jumped.path == page.path
    assert sofie.send(at(page, "check"), {"version": "1"}).path == page.path
    assert draft_of(records, page).answers["pages"] == {}
    assert records.count("applications") == 0


def test_a_page_off_the_way_cannot_be_answered(visit, records):
    sofie = visit("sofie")
    page = sofie.fill_in(until="children")
    sofie.send(at(page, "partner-number"), {"cpr": "6107924015", "version": "99"})
    assert "partner-number" not in draft_of(records, page).answers["pages"]


def test_answers_that_no_longer_count_are_not_sent(visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in(
        {
            "income": {"use": "no"},
            "payslip": PAYSLIP,
            "other-income": {"kinds": ["rent", "shares"]},
            "other-amounts": {"rent": "12000", "shares": "9000"},
            "children": {"right": "no"},
            "correction": {"text": "Noah er stoppet"},
        }
    )
    paper = sofie.browser.client.post(
        at(check, "papers"),
        data={"csrf_token": sofie.browser.csrf, "version": check.value("version"), "papers": (_file(b"%PDF-1.7 paper %%EOF"), "paper.pdf")},
    )
    assert paper.status_code == 303
    for name, answer in (("income", {"use": "yes"}), ("other-income", {"kinds": ["none"]}), ("children", {"right": "yes"})):
        sofie.open(at(check, name)).fill(answer).press()
    final = sofie.walk(sofie.open(check.path), {})
    assert "paper" not in final.text
    final.press("Send application")

    sent = records.application("sofie")
    assert sent["income"]["payslip"] is None
    assert sent["income"]["other"] == []
    assert sent["income"]["monthly_base"] == "25000.00"
    assert sent["places"]["correction"] is None
    assert sent["documents"] == []
    assert records.documents() == []


def test_a_single_parent_who_becomes_a_couple_has_declared_nothing(visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in()
    page = sofie.open(at(check, "household")).fill({"living": "couple"}).press()
    assert page.step == "partner-number"
    page = page.fill({"cpr": "6107924015"}).press()
    sofie.walk(page, {}).press("Send application")

    household = records.application("sofie")["household"]
    assert (household["kind"], household["declared"], household["partner"]["cpr"]) == ("couple", False, "6107924015")


def test_a_couple_that_becomes_a_single_parent_names_no_partner(visit, records):
    sofie = visit("sofie")
    check = sofie.fill_in(
        {"household": {"living": "couple"}, "partner-number": {"cpr": "6107924015"}, "partner-income": {"estimate": "10000"}}
    )
    page = sofie.open(at(check, "household")).fill({"living": "single"}).press()
    sofie.walk(page, {}).press("Send application")

    sent = records.application("sofie")
    assert (sent["household"]["partner"], sent["income"]["partner_estimate"]) == (None, None)
    assert records.count("requests") == 0


def test_a_month_that_has_passed_shows_the_start_again(visit, records, clock):
    sofie = visit("sofie")
    check = sofie.fill_in()
    assert "December 2026" in check.text
    clock.move(days=12)

    shown = check.press("Send application")

    assert shown.step == "start-date"
    assert "Something has changed since you saw this page" in shown.text
    assert "January 2027" in shown.text
    assert records.count("applications") == 0
    assert sofie.open(check.path).step == "start-date"
    sofie.walk(shown.press(), {}).press("Send application")
    assert records.application("sofie")["start"]["month"] == "2027-01"


def test_changing_one_answer_leads_back_to_the_check(visit):
    sofie = visit("sofie")
    check = sofie.fill_in()
    change = sofie.open(f"{at(check, 'reason')}?change=1")
    assert change.fill({"reason": "household"}).press().step == "check"


def test_a_change_that_opens_new_pages_goes_through_them_first(visit):
    sofie = visit("sofie")
    check = sofie.fill_in()
    change = sofie.open(f"{at(check, 'income')}?change=1")
    page = change.fill({"use": "no"}).press()
    assert page.step == "payslip"
    assert sofie.walk(page, {"payslip": PAYSLIP}).step == "check"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_belongs_to_somebody_else_is_not_there(visit, worker, records, method):
    maria = visit("maria")
    drafted = maria.fill_in(COUPLE)
    receipt = maria.apply(COUPLE)
    worker.drain()
    request = records.request("maria")
    letter = records.letters("anders")[0]
    visit("sofie").apply()
    worker.drain()
    own = records.letters("sofie")[0]
    stranger = visit("emma")
    paths = {
        "GET": [
            drafted.path,
            at(drafted, "household"),
            receipt.path,
            f"/my-page/cases/{records.case('maria').id}",
            f"/my-page/tasks/{request.id}",
            f"/my-page/post/{letter.id}",
            f"/my-page/post/{own.id}/pdf",
        ],
        "POST": [
            drafted.path,
            at(drafted, "household"),
            at(drafted, "discard"),
            f"{at(drafted, 'papers')}/files/{uuid.uuid4()}/remove",
            f"/my-page/cases/{records.case('maria').id}/withdraw",
            f"/my-page/tasks/{request.id}",
            f"/my-page/tasks/{request.id}/withdraw",
        ],
    }[method]
    for path in paths:
        answer = stranger.browser.get(path) if method == "GET" else stranger.browser.post(path, {"version": "1", "living": "single"})
        assert answer.status_code == 404, path
        assert "Maria" not in answer.text
    assert records.case("maria").state == "awaiting_consent"
    assert records.draft(drafted.path.split("/")[3]).ended is None


def test_what_does_not_exist_looks_the_same_as_what_is_not_ones_own(visit):
    stranger = visit("emma")
    other = visit("sofie").begin()
    gone = stranger.browser.get(f"{START}/{uuid.uuid4()}/household")
    theirs = stranger.browser.get(other.path)
    assert (gone.status_code, theirs.status_code) == (404, 404)
    assert _without_paths(gone.text) == _without_paths(theirs.text)


def _conflict(visit):
    sofie = visit("sofie")
    answered = sofie.fill_in(until="income")
    one, other = sofie.open(at(answered, "reason")), sofie.open(at(answered, "reason"))
    one.fill({"reason": "household"}).press()
    return sofie, other.fill({"reason": "stop"}).press()


def _file(content):
    import io

    return io.BytesIO(content)


def _without_paths(text):
    import re

    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|content=\"[^\"]+\"|value=\"[^\"]+\"", "", text)
