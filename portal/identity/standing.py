"""Who can do nothing here, whatever their eID says: nobody the people register knows, the dead, and children."""

from __future__ import annotations

from portal.identity.refusals import LoginRefused

LEAST_AGE = 15
"""Under this age a parent or guardian acts. Taken from the CPR Act, by which people of 15 report their own move."""


def right_standing(status: str | None, age: int) -> None:
    """Raises LoginRefused for somebody with this status in the people register; None is somebody it does not know.

    A number that was taken out of use belongs to nobody. Those who have left Denmark may come in: their letters and bills
    are here. What they cannot do, each application says itself.
    """
    if status is None or status == "annulled":
        raise LoginRefused("not_in_register", "the people register knows nobody by the login's number")
    if status == "dead":
        raise LoginRefused("dead", "the people register says that the person is dead")
    if age < LEAST_AGE:
        raise LoginRefused("too_young", f"the person is under {LEAST_AGE}")
