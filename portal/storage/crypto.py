"""Encryption of what is stored, and the keyed hash by which a person is found again.

AES-256-GCM with the key's id in each value; the name of the column is authenticated with it, so that a value moved to
another column does not open. Look-up by CPR number is HMAC-SHA256 with a key that is not in the database: an unkeyed
hash over all possible numbers takes minutes to reverse.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class KeyProblem(Exception):
    """A key is missing, malformed or not the one a value was written with. Says nothing of the value."""


class Keyring:
    """Encryption keys by id, the first one used for writing, and the index key.

    `keys` are texts ``id:base64`` (32 bytes each), newest first.
    """

    def __init__(self, keys: tuple[str, ...], index_key: str) -> None:
        if not keys:
            raise KeyProblem("there is no encryption key (PORTAL_ENCRYPTION_KEYS)")
        self._ciphers = {}
        for text in keys:
            key_id, _colon, encoded = text.partition(":")
            if not key_id or len(key_id.encode()) > 255 or key_id in self._ciphers:
                raise KeyProblem("each encryption key needs an id of its own: id:base64")
            self._ciphers[key_id] = AESGCM(_decode(encoded, "an encryption key"))
        self._current = next(iter(self._ciphers))
        self._index_key = _decode(index_key, "the index key (PORTAL_INDEX_KEY)")

    @property
    def current(self) -> str:
        """The id of the key that is written with."""
        return self._current

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, in their order."""
        return tuple(self._ciphers)

    def encrypt(self, plain: bytes, column: str) -> bytes:
        """Seal `plain` for one column."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, column.encode())
        return head_of(self._current) + nonce + sealed

    def decrypt(self, value: bytes, column: str) -> bytes:
        """Open what `encrypt` made; raises KeyProblem when the key is gone or the value was changed."""
        end = 1 + value[0]
        key_id = value[1:end].decode("utf-8", "replace")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyProblem("a stored value was written with a key that is not in PORTAL_ENCRYPTION_KEYS")
        try:
            return cipher.decrypt(value[end : end + NONCE_BYTES], value[end + NONCE_BYTES :], column.encode())
        except InvalidTag:
            raise KeyProblem("a stored value does not open with its key: wrong key, or the value was changed") from None

    def index(self, purpose: str, value: str) -> bytes:
        """The keyed hash of `value`, the same each time, different for each purpose."""
        return hmac.new(self._index_key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


def head_of(key_id: str) -> bytes:
    """What every value sealed with this key begins with."""
    name = key_id.encode()
    return bytes([len(name)]) + name


def new_key() -> str:
    """A fresh key in base64."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _decode(encoded: str, what: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyProblem(f"{what} must be {KEY_BYTES} bytes in base64")
    return key


_keyring: Keyring | None = None


def use_keyring(keyring: Keyring) -> None:
    """Set the process's keys. Column types have no other way to be told."""
    global _keyring
    _keyring = keyring


def keyring() -> Keyring:
    """The process's keys."""
    if _keyring is None:
        raise KeyProblem("no keys have been loaded")
    return _keyring
