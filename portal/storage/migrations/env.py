"""Run by Alembic, on the connection that `migrate` gives it."""

from alembic import context

from portal.storage import models  # noqa: F401 - the tables must be known
from portal.storage.base import Base
from portal.storage.types import EncryptedBytes, UtcDateTime


def plain_type(kind, item, autogen_context):
    """A migration names plain types, so that it stays true when ours change."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, EncryptedBytes):
        return "sa.LargeBinary()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
