"""Letters as PDF/UA-1: what a screen reader needs is there, and what may be loaded is ours alone."""

from __future__ import annotations

import http.server
import io
import logging
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import replace

import pikepdf
import pytest

from portal.post.content import Section
from portal.post.pdf import ROOT, STATIC, LetterNotAccessible, _press, render_pdf

PAGE = '<!DOCTYPE html><html lang="da"><head><title>Brev</title></head><body><h1>Brev</h1>{}</body></html>'
PICTURE = (STATIC / "vendor/dkfds-11.2.0/img/svg-icons").glob("*.svg")


def render(body: str = "", page: str = PAGE) -> bytes:
    return render_pdf(page.format(body), language="da", title="Brev")


@pytest.fixture
def opened(renderer, decision):
    with pikepdf.open(io.BytesIO(renderer.pdf(decision))) as document:
        yield document


def elements(node, found=None) -> list:
    """Every structure element, in reading order."""
    found = [] if found is None else found
    if isinstance(node, pikepdf.Array):
        for each in node:
            elements(each, found)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        found.append(node)
        elements(node.get("/K", pikepdf.Array()), found)
    return found


def tree(document) -> list:
    return elements(document.Root.StructTreeRoot.K)


def test_it_says_its_language_and_title_and_that_it_is_pdf_ua_1(opened, decision):
    assert opened.Root.Lang == "da"
    assert opened.Root.MarkInfo.Marked
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert opened.docinfo.Title == decision.title
    with opened.open_metadata() as xmp:
        assert xmp["pdfuaid:part"] == "1"
        assert xmp["dc:title"] == decision.title


def test_all_pages_are_tabbed_in_reading_order(opened):
    assert {str(page.Tabs) for page in opened.pages} == {"/S"}


def test_the_headings_are_one_title_and_then_sections(opened):
    levels = [str(e.S) for e in tree(opened) if re.fullmatch(r"/H\d?", str(e.S))]
    assert levels == ["/H1", *["/H2"] * 5]


def test_every_header_cell_is_referred_to_and_every_cell_has_its_header(opened):
    cells = [e for e in tree(opened) if e.S in {"/TH", "/TD"}]
    headers = [str(e.ID) for e in cells if e.S == "/TH"]
    assert len(headers) == len(set(headers)) == 6
    referred = [[str(each) for each in e.A.Headers] for e in cells if e.S == "/TD"]
    assert referred == [[each] for each in headers]


def test_all_fonts_are_inside_and_ours(opened):
    names = set()
    for page in opened.pages:
        for font in page.Resources.Font.values():
            names.add(str(font.BaseFont))
            assert "/ToUnicode" in font
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
    assert {name.partition("+")[2] for name in names} == {
        "IBM-Plex-Sans", "IBM-Plex-Sans-Medium", "IBM-Plex-Sans-Semi-Bold",
    }  # fmt: skip


def test_there_are_no_pictures_without_words(opened):
    assert all("/Alt" in e for e in tree(opened) if e.S == "/Figure")


def test_a_normal_decision_is_one_page(opened):
    assert len(opened.pages) == 1


def test_names_beyond_western_europe_are_kept(renderer, decision, tmp_path):
    text = as_text(renderer.pdf(replace(decision, recipient_name="Łukasz Şahin Eksempelsen")), tmp_path)
    assert "Łukasz Şahin" in text


def test_nothing_personal_but_the_title_is_in_the_metadata(opened, decision):
    with opened.open_metadata() as xmp:
        known = str(opened.docinfo) + str(xmp)
    assert "Eksempelsen" not in known
    assert decision.case_number not in known
    assert not re.search(r"\d{6}-?\d{4}", known)


def as_text(pdf: bytes, folder) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler is not on this machine")
    file = folder / "letter.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-enc", "UTF-8", file, "-"], capture_output=True, check=True).stdout.decode()


def test_it_is_read_in_the_order_it_is_meant(renderer, decision, tmp_path):
    if not shutil.which("pdfinfo"):
        pytest.skip("poppler is not on this machine")
    file = tmp_path / "letter.pdf"
    file.write_bytes(renderer.pdf(decision))
    told = subprocess.run(["pdfinfo", "-struct-text", file], capture_output=True, check=True).stdout.decode()
    spoken = " ".join(re.findall(r'"(.*)"', told)).replace("\N{NO-BREAK SPACE}", " ")
    order = ["Eksempel Kommune", "Maja Eksempelsen", "3. december 2026", "2026-000123", "Du får økonomisk", "Vi giver dig",
             "Sådan har vi regnet", "Pris for Alma", "3.961,00 kr.", "Pris for Villads", "I alt om måneden", "2.129,40 kr.",
             "Det sker der nu", "Din regning for januar", "Hvis du er uenig", "00 00 00 00", "Dagtilbudsloven",
             "Rådhuspladsen"]  # fmt: skip
    at = -1
    for words in order:
        at = spoken.find(words, at + 1)
        assert at >= 0, words


def test_a_long_letter_numbers_its_later_pages(renderer, decision, tmp_path):
    long = replace(decision, sections=(Section("Regler", tuple(f"Afsnit {n}. " * 40 for n in range(12))),))
    pages = as_text(renderer.pdf(long), tmp_path).split("\f")[:-1]
    numbers = [re.search(r"^(\d)\s*/\s*(\d)$", page, re.MULTILINE) for page in pages]
    assert [found and found.groups() for found in numbers] == [None, ("2", "2")]


def test_a_picture_with_words_is_fine_and_one_without_is_refused():
    icon = next(PICTURE).relative_to(STATIC)
    with pikepdf.open(io.BytesIO(render(f'<img src="{icon}" alt="Byvåben">'))) as document:
        (figure,) = [e for e in tree(document) if e.S == "/Figure"]
        assert str(figure.Alt) == "Byvåben"
    with pytest.raises(LetterNotAccessible):
        render(f'<img src="{icon}">')


@pytest.mark.parametrize(
    "markup",
    [
        PAGE.replace(' lang="da"', ""),
        PAGE.replace('lang="da"', 'lang="en"'),
        PAGE.replace("<title>Brev</title>", ""),
        PAGE.replace("<title>Brev", "<title>Andet"),
    ],
)
def test_a_page_without_its_language_or_title_is_refused(markup):
    with pytest.raises(LetterNotAccessible):
        render(page=markup)


def test_what_weasyprint_only_logs_stops_the_letter_and_does_not_quote_it():
    with pytest.raises(LetterNotAccessible) as refusal:
        render('<p style="colour: 7203914002">Hej</p>')
    assert "7203914002" not in str(refusal.value)
    assert render()


def test_what_others_log_meanwhile_is_theirs():
    from portal.post.pdf import nothing_logged

    with nothing_logged():
        thread = threading.Thread(target=logging.getLogger("weasyprint").warning, args=("elsewhere",))
        thread.start()
        thread.join()


@pytest.fixture
def redirector():
    """A server that leads to a file of ours, and counts who asks."""

    class Redirect(http.server.BaseHTTPRequestHandler):
        asked = 0

        def do_GET(self):
            type(self).asked += 1
            self.send_response(302)
            self.send_header("Location", next((STATIC / "vendor/dkfds-11.2.0/img").glob("*.svg")).as_uri())
            self.end_headers()

        def log_message(self, *_args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirect) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", Redirect
        server.shutdown()
        thread.join()


ELSEWHERE = [
    "file:///etc/passwd",
    "file:///etc/passwd?a.svg",
    "file:///etc/passwd%00.svg",
    "file://localhost/etc/hostname",
    "file://somewhere/a.svg",
    "../portal/settings.py",
    "../templates/letters/letter.css",
    "vendor/../../docs/a.svg",
    "vendor/%2e%2e/%2e%2e/docs/a.svg",
    "vendor/dkfds-11.2.0/css/dkfds.min.css",
    "img/not-there.svg",
    "data:image/png;base64,iVBORw0KGgo=",
    "ftp://portal.example/a.svg",
]


@pytest.mark.parametrize("address", ELSEWHERE)
@pytest.mark.parametrize(
    "body",
    [
        '<img src="{}" alt="x">',
        '<object data="{}">x</object>',
        '<link rel="stylesheet" href="{}">',
        '<link rel="attachment" href="{}">',
        '<a rel="attachment" href="{}">x</a>',
        '<style>@import url("{0}"); p {{ background: url("{0}") }}</style><p>x</p>',
        '<style>@font-face {{ font-family: x; src: url("{}") }} p {{ font-family: x }}</style><p>x</p>',
    ],
)
def test_a_letter_loads_nothing_from_elsewhere(body, address):
    with pytest.raises(LetterNotAccessible) as refusal:
        render(body.format(address))
    assert "root:" not in str(refusal.value)


@pytest.mark.parametrize("body", ['<img src="{}" alt="x">', '<link rel="stylesheet" href="{}">'])
def test_the_network_is_not_even_asked_so_no_redirect_is_followed(redirector, body):
    address, server = redirector
    with pytest.raises(LetterNotAccessible):
        render(body.format(address))
    assert server.asked == 0


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    from portal.post.fetcher import AddressRefused, OwnFilesOnly

    outside, inside = tmp_path / "outside.svg", tmp_path / "static"
    outside.write_text("<svg/>")
    inside.mkdir()
    (inside / "a.svg").symlink_to(outside)
    with pytest.raises(AddressRefused):
        OwnFilesOnly(inside).fetch((inside / "a.svg").as_uri())


def test_the_fonts_are_read_once_for_all_letters(renderer, decision, monkeypatch):
    first = renderer.pdf(decision)
    read = []
    monkeypatch.setattr(type(_press()._fetcher), "fetch", lambda self, url, headers=None: read.append(url))
    assert renderer.pdf(decision) == first
    assert read == []


def test_web_processes_do_not_load_weasyprint():
    code = "import sys, portal.post.letters, portal.post.mailbox; sys.exit('weasyprint' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("sign", ["\N{GRINNING FACE}", "\u4f60", "\u0e2a", "\x1b", "\ufffe", "\x07"])
def test_a_sign_no_font_has_does_not_stop_a_letter(sign):
    assert render(f"<p>Hej {sign} du</p>").startswith(b"%PDF")
