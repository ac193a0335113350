"""where a session came from, so that the eID can end it"""

revision = "004"
down_revision = "003"


def upgrade() -> None:
    pass
