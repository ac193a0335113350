"""where a session came from, so that the eID can end it"""

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"


def upgrade() -> None:
    op.create_table(
        "seen_logout_token",
        sa.Column("token_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_index", name=op.f("pk_seen_logout_token")),
    )
    with op.batch_alter_table("seen_logout_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_logout_token_ends"), ["ends"], unique=False)

    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("eid_subject", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("eid_session", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_web_session_eid_subject"), ["eid_subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_session_eid_session"), ["eid_session"], unique=False)
