"""Why a login was turned away: a stable code, words for the log, and words for the person that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from babel.support import LazyProxy

from portal.i18n import lazy as _l


class LoginRefused(Exception):
    """A login that is not accepted. `code` is stable; `log_words` are ours alone, never anything that was sent to us.

    `account` is the issuer and subject of somebody who proved who they are and is not let in all the same.
    """

    def __init__(self, code: str, log_words: str) -> None:
        super().__init__(f"{code}: {log_words}")
        self.code = code
        self.log_words = log_words
        self.account: str | None = None

    @property
    def words(self) -> Words:
        """What to show the person."""
        return WORDS[self.code]


@dataclass(frozen=True)
class Words:
    """A page for the person: heading, what to do, the HTTP status it goes with, whether "Log in" belongs on it, and more to know."""

    title: LazyProxy
    what_to_do: LazyProxy
    status: int = 403
    try_again: bool = True
    more: tuple[LazyProxy, ...] = ()


_NOT_IN = _l("You are not logged in")

_STOPPED = Words(_NOT_IN, _l("You stopped before the login was finished. Log in again when you are ready."), 200)
_LOST = Words(
    _NOT_IN,
    _l("The login took too long, or it was started in another window. Log in again from here."),
    400,
)
_UNSURE = Words(
    _NOT_IN,
    _l("We could not be sure that it was you. Log in again. If it happens once more, contact your municipality."),
)
_SILENT = Words(
    _l("The login does not answer right now"),
    _l("Wait a few minutes and log in again. What you have saved is still here."),
    503,
)
_SETUP = Words(
    _l("You cannot log in right now"),
    _l("The login is set up wrongly on our side. Contact your municipality if you are in a hurry."),
    503,
    try_again=False,
)
_WEAK = Words(
    _l("You need a more secure login"),
    _l("Log in again with the MitID app, or with a MitID code display together with your password."),
)
_COMPANY = Words(
    _l("Use your private MitID"),
    _l("You logged in on behalf of a company. Log in again and choose yourself as a private person."),
)
_NO_CPR = Words(
    _l("Your MitID has no CPR number"),
    _l("We need your CPR number to find your case. Contact your municipality. They can help you apply in another way."),
    try_again=False,
)
_AGAIN = Words(
    _l("Show once more that it is you"),
    _l("Before you go on, log in with MitID once more."),
)
_NOT_AT_WORK = Words(
    _l("Use your work login"),
    _l("You logged in as a private person. Log in again with the login your workplace gave you."),
)
_NO_ROLE = Words(
    _l("You have no access to the case system"),
    _l("Ask the person at your workplace who gives out access. Then log in again."),
)
_NOT_IN_REGISTER = Words(
    _l("We cannot find you in the people register (CPR)"),
    _l("You are not logged in, because the people register knows nobody with the CPR number of your MitID."),
    try_again=False,
    more=(
        _l("Have you just moved to Denmark, or got a new CPR number? Then wait a day and log in again."),
        _l("Are you in a hurry? Contact your municipality. They can look at your case and help you apply in another way."),
    ),
)
_DEAD = Words(
    _l("This MitID cannot be used any more"),
    _l("The people register (CPR) says that the holder of this MitID is dead. That is why you are not logged in."),
    try_again=False,
    more=(
        _l("Are you dealing with the estate? Do not use the MitID of the one who died. Write or call with the probate court's paper."),
        _l("The municipality that sent the letter or the bill can help you. The probate court (skifteretten) says who may act."),
        _l("Is it you, and is the register wrong? Contact your municipality today. They can have it put right."),
    ),
)
_TOO_YOUNG = Words(
    _l("You must be 15 to log in here"),
    _l("You are not logged in. Ask your mother, your father or your guardian to log in with their own MitID."),
    try_again=False,
    more=(_l("Is there nobody you can ask? Call or write to your municipality. They will help you."),),
)

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "stopped": _STOPPED,
        "unknown_state": _LOST,
        "wrong_state": _LOST,
        "attempt_expired": _LOST,
        "wrong_response_issuer": _UNSURE,
        "no_code": _UNSURE,
        "provider_error": _UNSURE,
        "code_refused": _UNSURE,
        "no_id_token": _UNSURE,
        "malformed_id_token": _UNSURE,
        "wrong_algorithm": _UNSURE,
        "unknown_key": _UNSURE,
        "wrong_signature": _UNSURE,
        "wrong_issuer": _UNSURE,
        "wrong_audience": _UNSURE,
        "wrong_azp": _UNSURE,
        "wrong_nonce": _UNSURE,
        "wrong_claims": _UNSURE,
        "expired": _UNSURE,
        "issued_in_future": _UNSURE,
        "no_access_token": _UNSURE,
        "foreign_userinfo": _UNSURE,
        "level_too_low": _WEAK,
        "wrong_identity_type": _COMPANY,
        "wrong_staff_identity": _NOT_AT_WORK,
        "no_cpr": _NO_CPR,
        "not_fresh": _AGAIN,
        "no_role": _NO_ROLE,
        "no_municipality": _NO_ROLE,
        "provider_unreachable": _SILENT,
        "provider_nonsense": _SILENT,
        "demo_issuer": _SETUP,
        "insecure_issuer": _SETUP,
        "not_in_register": _NOT_IN_REGISTER,
        "dead": _DEAD,
        "too_young": _TOO_YOUNG,
    }
)
"""What to show for each code."""
