"""Namespaces of a MeMo message, and file names Digital Post accepts."""

from __future__ import annotations

import re
import unicodedata

MEMO = "https://DigitalPost.dk/MeMo-1"
CORE = "https://data.gov.dk/model/core/"
KLE = "http://kle-online.dk/"
# SF1601 has been seen to insist on the prefix "memo" itself, not only on the namespace.
PREFIXES = {"memo": MEMO, "grd": CORE, "kle": KLE}

# Refused in production since 10 September 2025, in MeMo 1.1 and 1.2 alike.
FORBIDDEN_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\r\n\u00a0\u2000-\u200a\u2028\u205f\u2060\u3000]')
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
# A date (day 01-31, or 61-91 for made-up people) and four digits, standing alone: no part of a UUID looks like that.
_PERSONAL_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2])\d\d[-\s]?\d{4}(?![0-9A-Za-z])")
_LONGEST = 200


def holds_personal_number(text: str) -> bool:
    """Whether `text` holds something shaped like a CPR number."""
    return bool(_PERSONAL_NUMBER.search(text))


def clean_file_name(title: str) -> str:
    """A file name without its extension, made from a title: ``"Svar: friplads 2027/1"`` -> ``"Svar friplads 2027 1"``.

    Forbidden characters become spaces, numbers shaped like a CPR number go, and there is always a name left.
    """
    name = unicodedata.normalize("NFC", title)
    name = FORBIDDEN_IN_FILE_NAMES.sub(" ", name)
    name = _NOT_SHOWN.sub("", name)
    name = _PERSONAL_NUMBER.sub(" ", " ".join(name.split()))
    return " ".join(name.split())[:_LONGEST].strip(" .") or "brev"
