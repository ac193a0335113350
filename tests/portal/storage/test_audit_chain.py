"""The form of an entry under the mac: no two entries look alike in it, and it never changes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

from portal.clock import COPENHAGEN
from portal.storage.audit_chain import ChainKey, canonical, chain_of
from portal.storage.crypto import Keyring, new_key, use_keyring

ENTRY: dict[str, Any] = {
    "chain": 202600,
    "sequence": 1,
    "id": uuid.UUID(int=1),
    "at": datetime(2026, 11, 21, 10, 0, 0, 5, tzinfo=timezone.utc),
    "actor_role": "case_worker",
    "actor": "a",
    "person_id": uuid.UUID(int=2),
    "verb": "view",
    "subject": "case:é",
    "purpose": None,
    "case_id": None,
    "municipality": "0461",
    "reason": 'said "no", \\ and left',
    "results": 0,
}


def test_the_form_is_the_one_that_was_written_with() -> None:
    # Every log ever written rests on these bytes.
    assert (
        canonical(ENTRY)
        == (
            '[1,202600,1,"00000000000000000000000000000001",1795255200000005,"case_worker","a",'
            '"00000000000000000000000000000002","view","case:é",null,null,"0461","said \\"no\\", \\\\ and left",0]'
        ).encode()
    )


def test_the_same_moment_and_id_give_the_same_form() -> None:
    elsewhere = {**ENTRY, "at": ENTRY["at"].astimezone(COPENHAGEN), "id": ENTRY["id"].hex}
    assert canonical(elsewhere) == canonical(ENTRY)


def test_what_moves_between_fields_looks_different() -> None:
    forms = {
        canonical({**ENTRY, **change})
        for change in ({}, {"actor": None}, {"actor": ""}, {"actor": "null"}, {"actor": 'a","b'}, {"results": None}, {"verb": "viewcase"})
    }
    assert len(forms) == 7


def test_macs_seals_and_signatures_are_never_taken_for_one_another() -> None:
    use_keyring(Keyring((f"a:{new_key()}",), new_key()))
    key = ChainKey()
    assert len({key.mac(b"", ENTRY), key.seal(1, 1, canonical(ENTRY)), key.signature(canonical(ENTRY).decode())}) == 3
    use_keyring(Keyring((f"a:{new_key()}",), new_key()))
    assert ChainKey().mac(b"", ENTRY) != key.mac(b"", ENTRY)


def test_a_year_begins_in_utc() -> None:
    begins = datetime(2027, 1, 1, 0, 30, tzinfo=COPENHAGEN)
    assert (chain_of(begins), chain_of(begins + timedelta(hours=1), 3)) == (202600, 202703)
