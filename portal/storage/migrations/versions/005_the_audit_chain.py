"""each audit entry is chained to the one before it"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from portal.storage import append_only
from portal.storage.audit_chain import START, ChainKey, chain_of
from portal.storage.types import EncryptedText, UtcDateTime

revision = "005"
down_revision = "004"

ENTRIES = sa.table(
    "audit_entry",
    sa.column("id", sa.Uuid()),
    sa.column("at", UtcDateTime()),
    sa.column("actor_role", sa.String()),
    sa.column("actor", sa.String()),
    sa.column("person_id", sa.Uuid()),
    sa.column("verb", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("purpose", sa.String()),
    sa.column("case_id", sa.Uuid()),
    sa.column("municipality", sa.String()),
    sa.column("reason", EncryptedText("audit_entry.reason")),
    sa.column("results", sa.Integer()),
    sa.column("chain", sa.Integer()),
    sa.column("sequence", sa.Integer()),
    sa.column("mac", sa.LargeBinary()),
)


def upgrade() -> None:
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chain", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mac", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_index("ix_audit_entry_actor", ["actor", "at"], unique=False)
        batch_op.create_index("ix_audit_entry_case", ["case_id", "at"], unique=False)
        batch_op.create_index("ix_audit_entry_at", ["at"], unique=False)
    heads = op.create_table(
        "audit_head",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("last", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    chain_what_is_there(op.get_bind(), heads)
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.alter_column("chain", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("sequence", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("mac", existing_type=sa.LargeBinary(length=32), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_audit_entry_chain"), ["chain", "sequence"])
    for statement in append_only.statements(op.get_bind().dialect.name):
        op.execute(statement)


def chain_what_is_there(connection, heads) -> None:
    """Entries written before there was a chain are chained in the order of their time. What was changed earlier cannot be seen."""
    found = connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.at, ENTRIES.c.id)).mappings().all()
    if not found:
        return
    key, ends = ChainKey(), defaultdict(lambda: (0, START))
    for row in found:
        chain = chain_of(row["at"])
        number, before = ends[chain]
        mac = key.mac(before, {**row, "chain": chain, "sequence": number + 1})
        chained = {"chain": chain, "sequence": number + 1, "mac": mac}
        connection.execute(sa.update(ENTRIES).where(ENTRIES.c.id == row["id"]).values(chained))
        ends[chain] = (number + 1, mac)
    for chain, (sequence, last) in ends.items():
        sealed = key.seal(chain, sequence, last)
        connection.execute(sa.insert(heads).values(chain=chain, sequence=sequence, last=last, seal=sealed))
