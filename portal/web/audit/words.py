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
