"""What was typed, without what nobody can type or see: dropped before any page reads it, so that none can show it again."""

from __future__ import annotations

import re
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

# What no page may hold (HTML, 13.2.3.5) and PostgreSQL does not keep: controls but tab and line ends, halves of surrogate
# pairs, and what Unicode says is no character.
NO_SIGN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    r"\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0004fffe\U0004ffff\U0005fffe\U0005ffff\U0006fffe\U0006ffff"
    r"\U0007fffe\U0007ffff\U0008fffe\U0008ffff\U0009fffe\U0009ffff\U000afffe\U000affff\U000bfffe\U000bffff\U000cfffe\U000cffff"
    r"\U000dfffe\U000dffff\U000efffe\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff]"
)


def signs_only(typed: str) -> str:
    """The text without them."""
    return NO_SIGN.sub("", typed)


class TypedText(FormDataParser):
    """Reads forms as the one it is made from does."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        typed: Any = self.cls([(signs_only(name), signs_only(value)) for name, value in form.items(multi=True)])
        return rest, typed, files


class TypedRequest(Request):
    """A request whose forms hold text alone."""

    form_data_parser_class = TypedText
