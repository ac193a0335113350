"""Every code that is raised has words for the person, and every code with words is raised."""

from __future__ import annotations

import re
from pathlib import Path

from portal import identity
from portal.identity.refusals import WORDS
from portal.identity.tokens import _CODES


def test_codes_and_words_belong_together():
    source = "".join(path.read_text() for path in Path(identity.__file__).parent.glob("*.py"))
    raised = set(re.findall(r'LoginRefused\(\s*"(\w+)"', source)) | set(_CODES.values()) | {"wrong_claims"}
    assert raised == set(WORDS)


def test_every_page_has_a_heading_and_says_what_to_do():
    for words in WORDS.values():
        assert str(words.title)
        assert str(words.what_to_do).endswith(".")
        assert words.status in (200, 400, 403, 503)
