"""What the demo's registers say of a demo person."""

from __future__ import annotations

from typing import Any

from portal.registers.demo import demo_persons
from portal.web.parts import Parts


def facts_of(parts: Parts, key: str) -> dict[str, Any]:
    """The facts gathered of the person with this key."""
    return parts.services["free-place"].gather(parts.ask, demo_persons()[key].cpr, parts.clock.today())
