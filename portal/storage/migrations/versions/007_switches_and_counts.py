"""switches, and counts of tries"""

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"


def upgrade() -> None:
    op.create_table(
        "switch",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words_da", sa.String(length=500), nullable=True),
        sa.Column("words_en", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switch")),
    )
    op.create_table(
        "try_count",
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_try_count")),
    )
    with op.batch_alter_table("try_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_try_count_ends"), ["ends"], unique=False)
