"""The partner's approval: theirs alone, with a login made for it, within three months, and theirs to take back."""

from __future__ import annotations

import time
from datetime import date

import pytest
from sqlalchemy import select

from portal.cases import requests
from portal.cases.decision import RequestSpec
from portal.registers.demo import demo_persons
from portal.storage.models import Case, WebSession

COUPLE = {"household": {"living": "couple:a1"}}


@pytest.fixture
def maria(visit):
    """Maria has applied; Anders is asked."""
    walker = visit("maria")
    walker.apply(COUPLE)
    return walker


def address(records):
    return f"/my-page/tasks/{records.request('maria').id}"


def test_the_partner_is_asked_by_letter_and_on_their_page(maria, visit, worker, records):
    worker.drain()
    anders = visit("anders")
    assert "Approve the application from Maria Prøve" in anders.open("/my-page/tasks").text
    (letter,) = records.letters("anders")
    text = anders.open(f"/my-page/post/{letter.id}").text
    # The portal has not met Anders before, so it writes to him in Danish.
    assert "Log ind med dit eget MitID senest 21. februar 2027" in text
    assert records.request("maria").deadline == date(2027, 2, 21)
    assert "Waiting for your partner" in maria.open("/my-page/cases").text


def test_an_approval_needs_a_login_made_for_it(maria, visit, records):
    anders = visit("anders")
    page = anders.browser.get(address(records))
    assert (page.status_code, page.location) == (302, f"/login?next={address(records)}&for=consent")
    sent = anders.browser.post(address(records), {"version": "1", "use": "yes"})
    assert (sent.status_code, "for=consent" in sent.location) == (303, True)
    assert records.request("maria").answered is None


def test_a_login_made_for_it_is_fresh_for_a_quarter_of_an_hour(maria, visit, records, database):
    anders = visit("anders", fresh=True)
    assert anders.open(address(records)).status == 200
    with database.transaction() as session:
        for row in session.scalars(select(WebSession).where(WebSession.person_id == anders.browser.person_id)):
            row.data = {**row.data, "fresh_at": time.time() - 15 * 60 - 1}
    assert anders.browser.get(address(records)).status_code == 302


@pytest.mark.parametrize("who", ["maria", "emma", "sofie"])
def test_nobody_else_can_see_or_answer_it(maria, visit, records, who):
    stranger = visit(who, fresh=True)
    assert stranger.browser.get(address(records)).status_code == 404
    for data in ({"use": "yes"}, {"refuse": "1"}, {"other": "no", "agree": "yes"}):
        assert stranger.browser.post(address(records), {"version": "1", **data}).status_code == 404
    assert records.case("maria").state == "awaiting_consent"


def test_one_cannot_name_oneself_as_the_partner(visit, records):
    sofie = visit("sofie")
    page = sofie.fill_in({"household": {"living": "couple"}}, until="partner-number")
    assert page.fill({"cpr": demo_persons()["sofie"].cpr}).press().errors == ["Write your partner's CPR number. This one is your own"]


def test_the_applicant_can_never_be_the_one_who_approves(maria, database, records, clock):
    spec = RequestSpec(demo_persons()["maria"].cpr, "consent", {}, date(2027, 2, 21))
    with database.session() as session:
        case = session.get_one(Case, records.case("maria").id)
        with pytest.raises(requests.SelfConsent):
            requests.ask(session, case, spec, clock.now())


def test_an_approval_decides_and_says_who_approved_what_and_how(maria, visit, worker, records):
    anders = visit("anders", fresh=True)
    assert anders.approve(records.request("maria").id).heading == "You have approved"
    worker.drain()

    answer = records.request("maria").answer
    assert (answer["monthly_base"], answer["source"]["kind"], answer["login"]["loa"]) == ("14900.00", "register", "substantial")
    assert answer["login"]["fresh_at"]
    decision = records.decision("maria")
    # 400,800 less 7,000 for the second child is in the 37th band above 218,100: 41 percent.
    assert decision.content["grants"][0]["content"]["own_percent_now"] == 41
    assert "Your partner approved." in maria.open(f"/my-page/cases/{records.case('maria').id}").text


def test_the_partners_income_is_not_the_applicants_to_see(maria, visit, worker, records):
    visit("anders", fresh=True).approve(records.request("maria").id)
    worker.drain()
    seen = [
        maria.open(path).text for path in (f"/my-page/cases/{records.case('maria').id}", f"/my-page/post/{records.letters('maria')[-1].id}")
    ]
    assert not any("14,900" in text for text in seen)
    assert "33,400.00" in seen[1]


def test_the_pages_of_an_approval_cannot_be_skipped(maria, visit, records):
    anders = visit("anders", fresh=True)
    page = anders.open(address(records))
    skipped = anders.send(page.path, {"version": "1", "carried": "", "other": "no", "agree": "yes"})
    assert skipped.status == 422
    forged = anders.send(page.path, {"version": "1", "carried": '[{"use":"yes"}].x', "other": "no", "agree": "yes"})
    assert forged.status == 422
    assert records.request("maria").answered is None


def test_what_one_approval_carries_is_worth_nothing_in_another(maria, visit, records):
    visit("henrik").apply(COUPLE)
    anders, louise = visit("anders", fresh=True), visit("louise", fresh=True)
    carried = anders.open(address(records)).fill({"use": "yes"}).press().value("carried")
    sent = louise.send(
        f"/my-page/tasks/{records.request('henrik').id}", {"version": "1", "carried": carried, "other": "no", "agree": "yes"}
    )
    assert sent.status == 422
    assert records.request("henrik").answered is None


def test_an_approval_must_be_ticked(maria, visit, records):
    anders = visit("anders", fresh=True)
    page = anders.open(address(records)).fill({"use": "yes"}).press()
    refused = page.fill({"other": "no"}).press("Approve")
    assert (refused.status, refused.errors) == (422, ["Tick the box if you approve that you apply together"])
    assert refused.value("other") == ["no"]
    assert refused.fill({"agree": "yes"}).press("Approve").heading == "You have approved"


def test_an_income_that_does_not_fit_is_written_from_a_payslip_and_looked_at(maria, visit, worker, records):
    anders = visit("anders", fresh=True)
    payslip = {"rhythm": "monthly", "gross": "9000", "am": "720", "atp": "66", "pension": "0"}
    anders.approve(records.request("maria").id, {"use": "no"}, payslip, {"other": "no", "agree": "yes"})
    worker.drain()
    assert records.why("maria") == ["The partner's income differs from the register by five steps or more"]
    assert records.request("maria").answer["contested"]


def test_other_income_of_the_partner_is_looked_at(maria, visit, worker, records):
    visit("anders", fresh=True).approve(records.request("maria").id, {"use": "yes"}, {"other": "yes", "agree": "yes"})
    worker.drain()
    assert records.why("maria") == ["The partner has other income that the register does not show"]


def test_a_partner_who_does_not_approve_brings_the_case_to_a_person(maria, visit, worker, records):
    anders = visit("anders", fresh=True)
    answered = anders.open(address(records)).press("Do not approve")
    assert answered.heading == "You did not approve"
    worker.drain()
    assert records.case("maria").state == "informed"
    assert "consent_refused" in records.events("maria")
    assert "Your partner did not approve." in maria.open(f"/my-page/cases/{records.case('maria').id}").text
    assert records.decision("maria") is None


def test_an_approval_taken_back_before_the_decision_stops_it(maria, visit, worker, records):
    anders = visit("anders", fresh=True)
    anders.approve(records.request("maria").id).press("Take the approval back")
    worker.drain()
    assert records.decision("maria") is None
    assert records.case("maria").state == "informed"


def test_an_approval_taken_back_after_the_decision_is_looked_at_while_the_decision_stands(maria, visit, worker, records):
    anders = visit("anders", fresh=True)
    answered = anders.approve(records.request("maria").id)
    worker.drain()
    taken_back = answered.press("Take the approval back")
    assert taken_back.heading == "You have taken your approval back"
    assert records.case("maria").state == "reconsidering"
    assert records.decision("maria") is not None
    assert answered.press("Take the approval back").status == 404


def test_a_reminder_comes_two_weeks_before_the_end(maria, worker, records, clock):
    worker.drain()
    clock.move(days=77)
    worker.drain()
    assert [letter.kind for letter in records.letters("anders")] == ["consent_request"]
    clock.move(days=2)
    worker.drain()
    worker.drain()
    assert [letter.kind for letter in records.letters("anders")] == ["consent_request", "consent_reminder"]


def test_no_reminder_to_somebody_who_has_answered(maria, visit, worker, records, clock):
    visit("anders", fresh=True).approve(records.request("maria").id)
    worker.drain()
    clock.move(days=85)
    worker.drain()
    assert [letter.kind for letter in records.letters("anders")] == ["consent_request"]


def test_the_last_day_is_a_day(maria, visit, worker, records, clock):
    clock.move(days=92, hours=12)
    assert clock.today() == date(2027, 2, 21)
    worker.drain()
    assert records.case("maria").state == "awaiting_consent"
    anders = visit("anders", fresh=True)
    assert anders.approve(records.request("maria").id).heading == "You have approved"


def test_after_three_months_the_request_ends_and_a_person_looks(maria, visit, worker, records, clock):
    clock.move(days=93)
    worker.drain()
    assert "consent_expired" in records.events("maria")
    assert records.case("maria").state == "informed"
    assert "Your partner did not answer in time." in maria.open(f"/my-page/cases/{records.case('maria').id}").text
    anders = visit("anders", fresh=True)
    page = anders.open(address(records))
    assert page.heading == "The time to answer has run out"
    assert anders.send(page.path, {"version": "1", "use": "yes"}).heading == "The time to answer has run out"
    assert records.request("maria").outcome == "expired"


def test_a_request_past_its_day_cannot_be_answered_while_the_worker_is_late(maria, visit, records, clock):
    clock.move(days=93)
    anders = visit("anders", fresh=True)
    page = anders.open(address(records))
    assert page.heading == "The time to answer has run out"
    anders.send(page.path, {"version": "1", "refuse": "1"})
    assert records.request("maria").outcome != "refused"


def test_a_withdrawn_application_needs_no_answer(maria, visit, worker, records):
    maria.open(f"/my-page/cases/{records.case('maria').id}").press("Withdraw the application")
    anders = visit("anders", fresh=True)
    assert anders.open(address(records)).heading == "Your answer is no longer needed"
    assert "Approve the application" not in anders.open("/my-page/tasks").text.split("Tasks that ended")[0]
    worker.drain()
    assert records.case("maria").state == "withdrawn"


def test_a_number_that_was_typed_is_told_no_childs_name(visit, worker, records):
    sofie = visit("sofie")
    sofie.apply({"household": {"living": "couple"}, "partner-number": {"cpr": demo_persons()["anders"].cpr}})
    worker.drain()
    names = [child["name"].split()[0] for child in records.application("sofie")["household"]["children"]]
    assert names
    asked = records.request("sofie")
    assert (asked.question["children"], asked.question["applicant"]) == ([], "Sofie Eksempel")
    anders = visit("anders", fresh=True)
    page = anders.open(f"/my-page/tasks/{asked.id}")
    assert "Sofie Eksempel has applied" in page.text
    assert "It covers all the children" not in page.text
    letter = anders.open(f"/my-page/post/{records.letters('anders')[0].id}")
    assert not any(name in shown.text for name in names for shown in (page, letter))


def test_a_partner_at_the_address_is_told_which_children(maria, visit, records):
    anders = visit("anders", fresh=True)
    children = [child["name"] for child in records.application("maria")["household"]["children"]]
    assert all(name in anders.open(address(records)).text for name in children)
