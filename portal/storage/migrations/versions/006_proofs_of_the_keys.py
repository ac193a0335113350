"""proofs of the keys that values are sealed with"""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"


def upgrade() -> None:
    op.create_table(
        "key_proof",
        sa.Column("name", sa.String(length=260), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_proof")),
    )
