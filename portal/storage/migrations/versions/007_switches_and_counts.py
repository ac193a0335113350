"""switches, and counts of tries"""

revision = "007"
down_revision = "006"


def upgrade() -> None:
    pass
