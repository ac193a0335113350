"""The log's words as auditors read them."""

from __future__ import annotations

from portal.i18n import lazy as _l

VERBS = {
    "view": _l("Saw"),
    "list": _l("Saw a list"),
    "look_up": _l("Looked up in registers"),
    "take": _l("Took the case"),
    "give_back": _l("Gave the case back"),
    "ask": _l("Asked the citizen"),
    "hear": _l("Asked for comments (partshøring)"),
    "decide": _l("Decided the case"),
    "submit": _l("Sent an application"),
    "withdraw": _l("Withdrew an application"),
    "answer_request": _l("Answered a request"),
    "withdraw_consent": _l("Took an approval back"),
    "log_in": _l("Logged in"),
    "log_in_refused": _l("Was refused at login"),
    "denied": _l("Tried something they may not"),
    "reveal_protected": _l("Saw a protected name and address"),
    "remove_infected": _l("Removed a file with a virus"),
    "switch_off": _l("Closed something temporarily"),
    "switch_on": _l("Opened something again"),
    "rotate_keys": _l("Sealed everything with a new key"),
    "search_audit": _l("Searched the audit log"),
    "export_audit": _l("Saved a search of the audit log"),
}
SUBJECTS = {
    "case": _l("Case"),
    "document": _l("Document"),
    "decision": _l("Decision"),
    "request": _l("Request for an answer"),
    "registers": _l("Registers"),
    "queue": _l("List of cases"),
    "session": _l("Login"),
    "login": _l("Login"),
    "audit": _l("Audit log"),
    "audit entry": _l("Audit log"),
    "keys": _l("Keys"),
    "switch": _l("Switch"),
    "many": _l("Many things"),
    "draft": _l("Draft"),
    "application": _l("Application"),
    "letter": _l("Letter"),
    "payment": _l("Payments"),
    "look-up": _l("Look-ups"),
    "protected name": _l("Protected name and address"),
}
ROLES = {
    "citizen": _l("Citizen"),
    "system": _l("The portal"),
    "case_worker": _l("Case worker"),
    "decider": _l("Decider"),
    "front_desk": _l("Front desk"),
    "municipality_admin": _l("Administrator"),
    "auditor": _l("Auditor"),
    "staff": _l("Employee without access"),
}


def subject_words(subject: str) -> str:
    """What was looked at or done something with, by its kind: the id says nothing to somebody who reads. An unknown kind stays.

    Of an attempt that was stopped the log has what was tried too, as in "read case".
    """
    kind = subject.partition(":")[0]
    words = SUBJECTS.get(kind) or SUBJECTS.get(kind.partition(" ")[2])
    return str(words) if words else subject
