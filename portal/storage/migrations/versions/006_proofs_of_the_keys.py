"""proofs of the keys that values are sealed with"""

revision = "006"
down_revision = "005"


def upgrade() -> None:
    pass
