"""Every column of every table, read past our own types on both engines, after a journey with all that the portal keeps of people."""

from __future__ import annotations

import base64

from sqlalchemy import inspect, select

from portal.storage.models import AuditEntry, Document, Letter, MailboxMessage, ParkedPost, WebSession
from tests.portal.fixtures import SELF_EMPLOYED
from tests.portal.storage.test_nothing_in_clear import journey, readable  # noqa: F401 - a fixture
from tests.portal.storage.test_rotation import raw

WHY = "Sagen hos Fantasifirmaet kræver adressen på Line"
PARKED = "Børnehaven ringede til Fantasifirmaet"


def dump(database):
    """All that stands in the database, table by table, as it lies there."""
    with database.engine.connect() as connection:
        return {
            table: b"\n".join(plain(value) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"') for value in row)
            for table in inspect(connection).get_table_names()
        }


def plain(value):
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else str(value).encode()


def test_no_column_can_be_read(journey, visit, worker, send_application, staff_login, database, portal_settings):  # noqa: F811
    maria = visit("maria")
    page = maria.begin()
    page = maria.walk(page, {"household": {"living": "single"}, "children": {"right": "no"}}, until="correction")
    stale = {"csrf_token": "grown.old", "version": "99", "text": PARKED}
    assert maria.browser.client.post(page.path, data=stale, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    case_id = send_application("line", SELF_EMPLOYED)
    worker.drain()
    assert staff_login("karen").post(f"/back-office/cases/{case_id}/reveal", {"reason": WHY}).status_code == 200
    kept = {
        Document: "content",
        Letter: "pdf",
        MailboxMessage: "memo",
        ParkedPost: "fields",
        WebSession: "data",
        AuditEntry: "reason",
    }
    with database.session() as session:
        for model, column in kept.items():
            values = [value for value in session.scalars(select(raw(model.__table__, column))) if value is not None]
            assert values, f"nothing of the kind {model.__name__} was kept, so nothing is proven"
    found = dump(database)
    assert b"consent_asked" in found["case_event"]
    assert {table: readable(content) for table, content in found.items() if readable(content)} == {}
    everything = b"\n".join(found.values())
    assert not [words for words in (WHY, PARKED, "Dække") if words.encode() in everything]
    keys = [portal_settings.secret_key, portal_settings.index_key, *(key.split(":", 1)[1] for key in portal_settings.encryption_keys)]
    assert not [key for key in keys if key.encode() in everything or base64.b64decode(key) in everything]
