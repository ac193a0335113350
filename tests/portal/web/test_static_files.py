"""Static files carry the same protection as pages, and nothing but them is served from their folder."""

from __future__ import annotations

import pytest

from portal.web import static_files

ALIKE = (
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
)


@pytest.mark.parametrize("path", ["/static/js/app.js", "/static/css/portal.css"])
def test_a_file_carries_what_a_page_carries(portal_app, path):
    client = portal_app.test_client()
    page, file = client.get("/"), client.get(path)
    assert file.status_code == 200
    assert {name: file.headers.get(name) for name in ALIKE} == {name: page.headers[name] for name in ALIKE}
    assert "Access-Control-Allow-Origin" not in file.headers
    assert "max-age=31536000" in file.headers["Cache-Control"]
    file.close()


def test_nothing_but_the_files_is_served(portal_app, portal_settings):
    client = portal_app.test_client()
    for name in ("", "css/", ".made-from", "static.made-from", "../static.made-from", "%2e%2e/static.made-from"):
        assert client.get(f"/static/{name}").status_code == 404
    assert not [path.name for path in (portal_settings.var / "static").rglob(".*")]


def test_a_changed_file_is_served_anew(tmp_path):
    source, folder = tmp_path / "source", tmp_path / "var" / "static"
    source.mkdir()
    (source / "a.css").write_text("one")
    static_files.prepare(source, folder)
    (source / "a.css").write_text("another")
    static_files.prepare(source, folder)
    assert (folder / "a.css").read_text() == "another"
    (folder / "a.css").write_text("kept, as nothing has changed")
    static_files.prepare(source, folder)
    assert (folder / "a.css").read_text() == "kept, as nothing has changed"
