"""Templates compiled once a test process, however many applications it makes: compiling was a quarter of what a test costs."""

from __future__ import annotations

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Keeps what was compiled in memory. Jinja looks at the template's text itself before it uses it."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = Compiled()


def share_compiled(environment: Environment) -> None:
    """Let this environment use what others have compiled."""
    environment.bytecode_cache = _COMPILED
