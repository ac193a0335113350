"""Are these the keys that the database's values are sealed with? Asked before the portal starts on it.

A wrong key is otherwise found value by value, while new values are sealed with it; a wrong index key finds nobody and makes
everybody a second time.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import LargeBinary, delete, inspect, select, text, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.storage.crypto import KeyProblem, Keyring
from portal.storage.database import Database
from portal.storage.models import KeyProof, Person

VERSIONS = Path(__file__).parent / "migrations" / "versions"
INDEX, KEY = "index", "key:"
KNOWN = b"This is the key."
LABEL = "key_proof.proof"
NOT_MIGRATED = "The database is empty or of an older form. Run python -m portal migrate first"
WRONG_INDEX = "PORTAL_INDEX_KEY is not the one this database was begun with"


def problems(database: Database, ring: Keyring) -> list[str]:
    """Why the portal cannot work on this database with these keys; empty when it can. Reads only."""
    if not _is_migrated(database):
        return [NOT_MIGRATED]
    with database.session(reads_only=True) as session:
        proofs: dict[str, bytes] = dict(session.execute(select(KeyProof.name, KeyProof.proof)).all())
        if not proofs:
            return _by_a_person(session, ring)
    found = [told for name, proof in sorted(proofs.items()) if name.startswith(KEY) and (told := _judge(ring, name[len(KEY) :], proof))]
    if INDEX in proofs and not hmac.compare_digest(proofs[INDEX], _of_index(ring)):
        found.append(WRONG_INDEX)
    return found


def key_problems(database: Database, ring: Keyring) -> list[str]:
    """The same for what is about to migrate: a database without proofs is no problem then."""
    return [told for told in problems(database, ring) if told != NOT_MIGRATED]


def remember(database: Database, ring: Keyring, now: datetime) -> None:
    """Keep a proof of the index key and of the key that is written with, if there is none. Ask for `problems` first."""
    wanted = {INDEX: _of_index(ring), KEY + ring.current: ring.encrypt(KNOWN, LABEL)}
    with database.session(reads_only=True) as session:
        there = set(session.scalars(select(KeyProof.name)))
    for name in wanted.keys() - there:
        try:
            with database.transaction() as session:
                session.add(KeyProof(name=name, proof=wanted[name], made=now))
        except IntegrityError:
            # Another process began at the same moment. If it began with other keys, whoever starts next is told.
            continue


def proven(session: Session) -> list[str]:
    """The ids of the keys there are proofs of."""
    return [name[len(KEY) :] for name in session.scalars(select(KeyProof.name).order_by(KeyProof.name)) if name.startswith(KEY)]


def forget(session: Session, key_ids: Sequence[str]) -> None:
    """Nothing is sealed with these keys any more: the portal may start without them."""
    session.execute(delete(KeyProof).where(KeyProof.name.in_([KEY + key_id for key_id in key_ids])))


def _is_migrated(database: Database) -> bool:
    # Read by hand: Alembic is much to load for one word, and the web never needs it.
    newest = max(path.name[:3] for path in VERSIONS.glob("[0-9]*.py"))
    with database.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        at = connection.scalar(text("SELECT version_num FROM alembic_version")) if "alembic_version" in tables else newest
    return KeyProof.__tablename__ in tables and at is not None and at >= newest


def _judge(ring: Keyring, key_id: str, proof: bytes) -> str | None:
    if key_id not in ring.ids:
        return f"Values are sealed with the key {key_id}, which is not in PORTAL_ENCRYPTION_KEYS"
    try:
        right = ring.decrypt(proof, LABEL) == KNOWN
    except KeyProblem:
        right = False
    return None if right else f"The key {key_id} in PORTAL_ENCRYPTION_KEYS is not the one that values are sealed with"


def _by_a_person(session: Session, ring: Keyring) -> list[str]:
    """A database from before there were proofs: the newest person in it is one."""
    query = select(type_coerce(Person.cpr, LargeBinary), Person.cpr_index).order_by(Person.created.desc()).limit(1)
    found = session.execute(query).one_or_none()
    if found is None:
        return []
    key_id = found[0][1 : 1 + found[0][0]].decode("utf-8", "replace")
    if key_id not in ring.ids:
        return [f"Values are sealed with the key {key_id}, which is not in PORTAL_ENCRYPTION_KEYS"]
    try:
        cpr = ring.decrypt(found[0], "person.cpr").decode()
    except KeyProblem:
        return [f"The key {key_id} in PORTAL_ENCRYPTION_KEYS is not the one that values are sealed with"]
    return [] if hmac.compare_digest(ring.index("cpr", cpr), found[1]) else [WRONG_INDEX]


def _of_index(ring: Keyring) -> bytes:
    return ring.index("proof", KNOWN.decode())
