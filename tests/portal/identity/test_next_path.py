"""After login one comes to this site, whatever the address said."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.identity.next_path import local_path


@pytest.mark.parametrize("path", ["/", "/min-side", "/apply/step?draft=3&x=%2F#top", "/søg?ord=bø"])
def test_paths_here_pass(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "min-side",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " /min-side",
        "https://evil.example/",
        "javascript:alert(1)",
        "/" + "a" * 3000,
        "/\x00",
    ],
)
def test_anything_else_does_not(wanted):
    assert local_path(wanted, "/home") == "/home"


@given(st.text(alphabet="/\\:.@?#%\t\n ae0", max_size=20))
@example("/\\/a")
def test_never_another_host(wanted):
    landed = urlsplit(urljoin("https://portal.example/login", local_path(wanted).replace("\\", "/")))
    assert (landed.scheme, landed.netloc) == ("https", "portal.example")
