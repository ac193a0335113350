"""What is done here, and how sure we must be of the person first: the one table of levels and of how new a login must be.

The levels are those of NSIS, chosen by what a mistake would cost. The least level in the settings holds for everything; a
row here can only ask for more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.identity.levels import reaches

LOGIN = "login"


@dataclass(frozen=True)
class Action:
    """The least level, and how old in seconds a login made for it may be; None: any login that lasts will do."""

    level: str
    fresh_seconds: int | None = None

    def met_by(self, level: str | None, fresh_at: float | None, now: float) -> bool:
        """Whether a session of this level, with a login begun as a fresh one at `fresh_at`, may do it `now` (seconds since 1970).

        >>> Action("substantial", 900).met_by("substantial", 1000.0, 1900.0), Action("high").met_by("substantial", None, 0.0)
        (True, False)
        """
        if not reaches(level, self.level):
            return False
        return self.fresh_seconds is None or (fresh_at is not None and now - fresh_at <= self.fresh_seconds)


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        # Only the settings' own least level.
        LOGIN: Action("low"),
        # A partner proves that it is them, now: somebody at the same computer must not be able to approve for them.
        "consent": Action("substantial", 15 * 60),
        # Money that is sent to another's account does not come back.
        "payment_details": Action("substantial", 5 * 60),
        # Somebody may be looking for the person. A mistake can cost a life, which is NSIS' reason for its highest level.
        "address_protection": Action("high", 5 * 60),
    }
)
"""By the name that stands in the address of the login, and in the attempt."""
