"""Files are judged by what is in them: what could run, reach out or be two things at once is not taken."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
import zlib
from types import SimpleNamespace

import pytest

from portal.journey import pdf as pdf_reader
from portal.journey.uploads import FileProblem, NoScanner, accept

PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/OpenAction[2 0 R/Fit]/AcroForm 3 0 R>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(inside: bytes) -> bytes:
    return PDF.replace(b"endobj\n", b"endobj\n2 0 obj\n" + inside + b"\nendobj\n", 1)


def packed(inside: bytes) -> bytes:
    content = zlib.compress(inside)
    return pdf(b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\r\n" % len(content) + content + b"\nendstream")


def problem(content: bytes) -> str | None:
    try:
        accept("paper.pdf", content, NoScanner(), 10)
    except FileProblem as found:
        return found.code
    return None


HARMFUL = [
    b"<</S/JavaScript/JS(app.alert(1))>>",
    b"<</S/J#61vaScript/J#53(app.alert(1))>>",
    b"<</S/#4a#61#76#61#53#63#72#69#70#74>>",
    b"<</S/Rendition/JS 5 0 R>>",
    b"<</S/Rendition /JS %hidden\n <61>>>",
    b"<</OpenAction<</S /JavaScript>>>>",
    b"<</S/Rendition/JS" + b"%hidden\n" * 60 + b"<61>>>",
    b"<</S/Rendition/JS %" + b"hidden" * 60 + b"\r<61>>>",
    b"(/AA % )/JS(app.alert(1))\n",
    b"(/AA % )/JS %\n(app.alert(1))\n",
    b"<</AA<</O 4 0 R>>>>",
    b"<</AA 4 0 R>>",
    b"<</#41A 4 0 R>>",
    b"<</S/Launch/F(x.exe)>>",
    b"<</S/GoToR/F(x.pdf)>>",
    b"<</S/GoToE>>",
    b"<</Subtype/RichMedia>>",
    b"<</RichMediaContent 4 0 R>>",
    b"<</XFA[(template) 4 0 R]>>",
    b"<</Names<</EmbeddedFiles 4 0 R>>>>",
    b"<</Type/EmbeddedFile>>",
    b"<</Type/Embedded#46ile>>",
]


@pytest.mark.parametrize("inside", HARMFUL)
def test_a_pdf_that_does_something_is_refused_however_it_is_written(inside):
    assert problem(pdf(inside)) == "file_unsafe"
    assert problem(packed(b"4 0 " + inside)) == "file_unsafe"


@pytest.mark.parametrize(
    "inside",
    [
        b"<</Type/Page/Annots[]>>",
        b"<</Type/Page/JSX/Launcher/AAA 4 0 R/GoToRoom>>",
        b"<</OpenAction<</S/GoTo/D[2 0 R/Fit]>>>>",
        b"<</S/URI/URI(https://odense.example/#4a)>>",
        b"<</Title(Kvittering #12)>>",
    ],
)
def test_a_pdf_that_only_shows_something_is_taken(inside):
    assert problem(PDF) is None
    assert problem(pdf(inside)) is None
    assert problem(packed(b"4 0 " + inside)) is None


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "x")
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        PDF + zipped(),
        b"%PDF-1.7\n" + zipped() + b"%%EOF",
        b"%PDF-1.7\n<!DOCTYPE html><script>alert(1)</script>\n%%EOF",
        PDF + b"<ScRiPt>alert(1)</script>",
        PDF + b"<html onload=x>",
        PDF + b"<iframe src=x>",
    ],
)
def test_a_file_that_is_two_things_at_once_is_refused(content):
    assert problem(content) == "file_unsafe"


def test_a_pdf_that_is_not_whole_is_told_so():
    assert problem(PDF[: len(PDF) // 2]) == "file_broken"


def test_what_cannot_be_unpacked_is_no_failure():
    assert problem(pdf(b"<</Type/ObjStm/Filter/FlateDecode>>stream\nnot packed\nendstream")) is None
    assert problem(pdf(b"<</Type/ObjStm>>")) is None


@pytest.mark.parametrize(
    "part",
    [
        b"/AA ",
        b"/AA%",
        b"/JS1",
        b"/AA%\n",
        b"/AA%" * 24 + b"\n%",
        b"<</Type/ObjStm>>stream\n",
        b"#",
        b"/#4a",
        b"/JS 1 ",
        b"<s",
        b"/ObjStm",
        b"stream\r\n",
    ],
)
def test_a_file_made_to_be_slow_is_judged_at_once(part):
    # A tenth of what may be sent: what grows with the size takes a blink of the processor, what grows with its square an hour.
    content = b"%PDF-1.7\n" + part * (1_000_000 // len(part)) + b"\n%%EOF"
    begun = time.process_time()
    problem(content)
    assert time.process_time() - begun < 20


@pytest.fixture
def opened(monkeypatch):
    """What openers are given and what they make of it, in bytes, for each object stream."""
    streams: list[list[int]] = []

    class Opener:
        def __init__(self):
            self._real, self._counts = zlib.decompressobj(), [0, 0]
            streams.append(self._counts)

        def decompress(self, given, most):
            self._counts[0] += len(given)
            made = self._real.decompress(given, most)
            self._counts[1] += len(made)
            return made

        @property
        def eof(self):
            return self._real.eof

    monkeypatch.setattr(pdf_reader, "zlib", SimpleNamespace(decompressobj=Opener, error=zlib.error))
    return streams


def stored(inside: bytes, *, last: bool = False) -> bytes:
    return bytes([last]) + struct.pack("<HH", len(inside), 0xFFFF ^ len(inside)) + inside


def one_stream(content: bytes) -> bytes:
    return b"1 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n" + content + b"\nendstream endobj\n"


def test_a_pack_that_swells_is_refused_and_opened_only_so_far(opened):
    assert problem(b"%PDF-1.7\n" + one_stream(zlib.compress(bytes(5_000_000))) * 100 + b"%%EOF") == "file_packed"
    assert sum(made for _given, made in opened) <= pdf_reader.MOST_MADE + 1


def test_streams_within_streams_that_hold_nothing_are_refused_and_read_only_so_far(opened):
    # Each stream's blocks hold the beginning of the next one, and all of them end in the same two million bytes of nothing.
    unit = b"/ObjStm stream\n\x78\x01"
    content = b"%PDF-1.7\n" + unit + stored(unit) * 99 + stored(b"") * 400_000 + b"\n%%EOF\n"
    assert problem(content) == "file_packed"
    assert sum(given for given, _made in opened) <= pdf_reader.MOST_READ


def test_very_many_streams_are_refused_and_some_hundred_are_not(opened):
    some = one_stream(zlib.compress(b"1 0 <</Type/Page>>"))
    assert problem(pdf(some * pdf_reader.MOST_STREAMS)) is None
    assert len(opened) == pdf_reader.MOST_STREAMS
    assert problem(pdf(some * (pdf_reader.MOST_STREAMS + 1))) == "file_packed"
    assert len(opened) == 2 * pdf_reader.MOST_STREAMS


def test_as_much_as_may_be_sent_is_read_when_it_is_packed_as_programs_pack(opened):
    noise = random.Random(7).randbytes(95_000)
    assert problem(pdf(one_stream(zlib.compress(noise.replace(b"/", b"."))) * 100)) is None
    assert sum(made for _given, made in opened) == 100 * len(noise)


def test_harm_behind_a_stream_that_claims_the_rest_of_the_file_is_found():
    harm = one_stream(zlib.compress(b"4 0 <</S/JavaScript/JS(app.alert(1))>>"))
    assert problem(pdf(one_stream(b"\x78\x01" + stored(b"x") + stored(harm, last=True)))) == "file_unsafe"


def test_the_test_virus_is_harmful_before_it_is_anything_else():
    from portal.journey.uploads import TEST_VIRUS

    assert problem(b"%PDF-1.7 " + TEST_VIRUS) == "file_unsafe"
