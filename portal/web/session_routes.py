"""Logging in and out."""

from __future__ import annotations

import time

import structlog
from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal import audit
from portal.audit.lookups import NotedAsk
from portal.i18n import get_locale
from portal.identity.actions import ACTIONS, LOGIN
from portal.identity.attempts import LoginAttempt, OpenAttempts
from portal.identity.next_path import local_path
from portal.identity.oidc import EidClient
from portal.identity.people import Identity, Login, StaffIdentity
from portal.identity.refusals import WORDS, LoginRefused, Words
from portal.identity.standing import right_standing
from portal.storage.people import ensure_person
from portal.web import limits, step_up
from portal.web.access import may_open, who_has
from portal.web.addresses import page_of
from portal.web.asking import asking_at_login
from portal.web.parts import parts, writing
from portal.web.visitor import only_municipality, staff_id, staff_role

log = structlog.get_logger("login")
blueprint = Blueprint("session", __name__)
# What survives a change of identity: nothing personal but the kept post, which only its own page of its own owner shows.
CARRIED = frozenset({"language", "parked"})
# Where to go afterwards is kept while somebody logs in, and anybody may begin to: no page of ours has a longer address.
LONGEST_NEXT = 300
OFFICE = "/back-office"
# Where the eID's answer comes, which is good once: no page to come back to.
ANSWERED_AT = ("session.callback", "session.staff_callback")
# As long as a record's name for somebody can be; the end of it tells most.
LONGEST_ID = 80


@blueprint.get("/login")
def login() -> Response:
    """Begin a citizen's login: `for` names what it is for, `fresh=1` asks for the eID again though somebody is logged in."""
    action, again = step_up.named(request.args.get("for")), request.args.get("fresh") == "1"
    if "person_id" in session and not again and step_up.is_met(action):
        return redirect(_wanted(url_for("mine.overview")))
    return _begin(parts().citizen_eid, "session.callback", action=action, again=again, otherwise=url_for("mine.overview"))


@blueprint.get("/login/staff")
def staff_login() -> Response:
    """Begin a member of staff's login."""
    return _begin(parts().staff_eid, "session.staff_callback", otherwise=OFFICE)


@blueprint.get("/login/callback")
def callback() -> Response:
    """A citizen comes back from the eID."""
    attempt = _take()
    try:
        identity = parts().citizen_eid.finish(attempt, request.args)
    except LoginRefused as refused:
        return _refused(refused, **_same_again(attempt))
    before = session.get("person_id")
    try:
        person_id = _let_in(identity.cpr)
    except LoginRefused as refused:
        _become()
        return _refused(refused)
    _become()
    session.update(
        person_id=person_id,
        cpr=identity.cpr,
        name=identity.name,
        loa=identity.loa,
        eid=_origin(identity),
        id_token=identity.id_token_for_logout,
        fresh_at=_fresh_at(attempt, identity),
    )
    if before not in (None, person_id):
        # Somebody else than the one who was asked to log in again: what the first was doing is not theirs.
        session.pop("parked", None)
        return redirect(url_for("mine.overview"))
    return redirect(_next_path(attempt))


@blueprint.get("/login/staff/callback")
def staff_callback() -> Response:
    """A member of staff comes back."""
    attempt = _take()
    try:
        identity = parts().staff_eid.finish(attempt, request.args)
    except LoginRefused as refused:
        if refused.account is not None:
            _write_down("staff", refused.account, "log_in_refused", f"login:{refused.code}")
        return _refused(refused, staff="1")
    limits.count_login(f"{identity.issuer}#{identity.subject}")
    _become()
    session["staff"] = {
        "id": _as_recorded(f"{identity.issuer}#{identity.subject}"),
        "name": identity.display_name,
        "roles": sorted(identity.roles),
        "municipalities": sorted(identity.municipalities),
    }
    session.update(eid=_origin(identity), id_token=identity.id_token_for_logout)
    _write_down(staff_role(identity.roles), staff_id(), "log_in", "session", only_municipality())
    next_path = _next_path(attempt)
    return redirect(_first_page() if next_path == OFFICE else next_path)


@blueprint.get("/login/refused/<reason>")
def refused(reason: str) -> tuple[str, int]:
    """Why a login was turned away. A page of its own, which can be read again and in the other language: an answer is good once."""
    if reason not in WORDS:
        abort(404)
    return _refused_page(WORDS[reason], _begin_again())


@blueprint.post("/logout")
def logout() -> Response:
    """End the session here, and at the eID when it can be told."""
    logged_in = "person_id" in session or "staff" in session
    token = session.get("id_token", "")
    client: EidClient[Identity] | EidClient[StaffIdentity] = parts().staff_eid if "staff" in session else parts().citizen_eid
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    back = _absolute("session.logged_out")
    try:
        elsewhere = client.logout_url(token, back) if logged_in else None
    except LoginRefused:
        elsewhere = None
    response = redirect(elsewhere or back, 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/logged-out")
def logged_out() -> str:
    """The page after logging out."""
    return render_template("pages/logged_out.html")


def _begin(
    client: EidClient[Identity] | EidClient[StaffIdentity],
    callback_endpoint: str,
    *,
    otherwise: str,
    action: str = LOGIN,
    again: bool = False,
) -> Response:
    needed = ACTIONS[action]
    try:
        attempt = client.begin(
            _absolute(callback_endpoint),
            fresh=again or needed.fresh_seconds is not None,
            max_age=needed.fresh_seconds or 0,
            min_loa=needed.level,
            locale=get_locale(),
            purpose=action,
            next_path=_wanted(otherwise),
        )
    except LoginRefused as refused:
        _note(refused)
        return current_app.make_response(_refused_page(refused.words, request.full_path))
    attempts = OpenAttempts(session.get("logins"))
    attempts.add(attempt)
    session["logins"] = attempts.kept
    return redirect(attempt.url)


def _first_page() -> str:
    """Where the member of staff who has logged in begins, when they asked for no page."""
    who = who_has(session)
    return OFFICE if may_open("office.queue", who) or not may_open("audit.page", who) else url_for("audit.page")


def _write_down(role: str, actor: str, verb: str, subject: str, municipality: str | None = None) -> None:
    with writing() as work:
        now = parts().clock.now()
        audit.record(work, now, role=role, actor=_as_recorded(actor), verb=verb, subject=subject, municipality=municipality)


def _as_recorded(account: str) -> str:
    return account[-LONGEST_ID:]


def _wanted(otherwise: str) -> str:
    wanted = request.args.get("next")
    if not wanted or len(wanted) > LONGEST_NEXT or _is_way_in(wanted):
        return otherwise
    return page_of(local_path(wanted, otherwise))


def _is_way_in(path: str) -> bool:
    """Whether an address is one where a login ends: nobody goes back there."""
    bare = path.partition("?")[0]
    return bare in {url_for(each) for each in ANSWERED_AT} or bare.startswith(url_for("session.refused", reason=""))


def _take() -> LoginAttempt | None:
    """The attempt that this answer belongs to; it can be taken once."""
    attempts = OpenAttempts(session.get("logins"))
    attempt = attempts.take(request.args.get("state", ""))
    if "logins" in session:
        session["logins"] = attempts.kept
    return attempt


def _next_path(attempt: LoginAttempt | None) -> str:
    return local_path(attempt.next_path if attempt else "/")


def _same_again(attempt: LoginAttempt | None) -> dict[str, str]:
    """What the page of a refusal must know to begin the same login once more."""
    return {"next": attempt.next_path, "for": attempt.purpose} if attempt and attempt.purpose != LOGIN else {}


def _begin_again() -> str:
    """Where the same login begins once more, for the same thing; of what the address says only what is known here counts."""
    if request.args.get("staff") == "1":
        return url_for("session.staff_login")
    action = step_up.named(request.args.get("for"))
    if action == LOGIN:
        return url_for("session.login")
    return url_for("session.login", next=_wanted(url_for("mine.overview")), **{"for": action})


def _fresh_at(attempt: LoginAttempt | None, identity: Identity) -> float | None:
    """When the person identified themselves, if they were asked to do it anew: by the broker's clock, and never later than now."""
    if attempt is None or not attempt.fresh or identity.auth_time is None:
        return None
    return min(identity.auth_time.timestamp(), time.time())


def _let_in(cpr: str) -> str:
    """The portal's id of whoever has proved to have this number. Raises LoginRefused and TooOften, and makes no row of a person then."""
    # What was asked is written down when the block ends, well or badly: by then the portal knows whom it has let in.
    with asking_at_login() as ask:
        _check_standing(ask, cpr)
        limits.count_login(cpr)
        now = parts().clock.now()
        with writing() as work:
            person = ensure_person(work, cpr, now, get_locale())
            person.language = get_locale()
            audit.record(work, now, role="citizen", actor=str(person.id), verb="log_in", subject="session", person_id=person.id)
            return str(person.id)


def _check_standing(ask: NotedAsk, cpr: str) -> None:
    """Turn away whom the people register cannot let in. When it is silent the login goes on: nothing is decided on this answer."""
    told = ask("people", "person", cpr)
    if told.status in ("ok", "unknown"):
        today, person = parts().clock.today(), told.value
        right_standing(person.status if person else None, person.age(today) if person else 0)


def _origin(identity: Login) -> dict[str, str]:
    """What the eID will call this session when it ends it."""
    return {"issuer": identity.issuer, "subject": identity.subject, "sid": identity.sid}


def _become() -> None:
    """A new identity: everything of the old one goes, and the session gets a new name."""
    kept = {key: session[key] for key in CARRIED if key in session}
    session.clear()
    session.update(kept)
    session.renew = True  # type: ignore[attr-defined]


def _refused(refused: LoginRefused, **again: str) -> Response:
    _note(refused)
    return redirect(url_for("session.refused", reason=refused.code, **again), 303)


def _note(refused: LoginRefused) -> None:
    log.warning("login_refused", code=refused.code, words=refused.log_words)


def _refused_page(words: Words, again: str) -> tuple[str, int]:
    return render_template("pages/login_refused.html", words=words, again=again), words.status


def _absolute(endpoint: str) -> str:
    """Addresses given to others are built from the settings, never from what the request claims."""
    return parts().settings.base_url + url_for(endpoint)
