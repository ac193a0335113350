"""What every scanner keeps to, tried on the embedded one and on ClamAV's client; and what the client makes of a bad clamd."""

from __future__ import annotations

import pytest

from portal.journey.clamav import PIECE, ClamAV, ScannerSilent
from portal.journey.uploads import TEST_VIRUS, AskedOnce, FileProblem, NoScanner, accept
from tests.servers import clamd

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


@pytest.fixture(params=["embedded", "clamav over a file's socket", "clamav over a port"])
def scanner(request, tmp_path):
    """Each scanner there is."""
    if request.param == "embedded":
        yield NoScanner()
        return
    with clamd.running(tmp_path / "clamd" if "file" in request.param else None) as server:
        yield ClamAV(server.address)


def test_the_test_virus_is_found_wherever_it_lies_in_a_file(scanner):
    assert scanner.scan(TEST_VIRUS) == "infected"
    assert scanner.scan(b"x" * (PIECE - 20) + TEST_VIRUS + b"y" * PIECE) == "infected"


def test_a_file_without_it_is_clean_only_where_somebody_looked(scanner):
    assert scanner.scan(PDF) == ("not_scanned" if isinstance(scanner, NoScanner) else "clean")
    assert scanner.scan(b"") in ("not_scanned", "clean")


def test_an_infected_file_is_not_taken_whatever_it_claims_to_be(scanner):
    for content in (TEST_VIRUS, PDF + TEST_VIRUS, b"\x89PNG\r\n\x1a\n" + TEST_VIRUS, b"\xff\xd8\xff" + TEST_VIRUS):
        with pytest.raises(FileProblem) as refused:
            accept("paper.pdf", content, scanner, 10)
        assert refused.value.code == "file_unsafe"


def test_a_fit_file_is_taken_and_says_whether_it_was_scanned(scanner):
    assert accept("paper.pdf", PDF, scanner, 10).scan == ("not_scanned" if isinstance(scanner, NoScanner) else "clean")


@pytest.mark.parametrize("manner", ["silent", "breaks_off", "nonsense", "chatters"])
def test_what_clamd_does_not_say_clearly_is_no_answer(manner):
    with clamd.running(manner=manner) as server:
        scanner = ClamAV(server.address, seconds=0.3)
        with pytest.raises(ScannerSilent):
            scanner.scan(PDF)
        assert accept("paper.pdf", PDF, scanner, 10).scan == "waiting"


def test_a_file_larger_than_clamd_takes_was_not_looked_at():
    with clamd.running(most=PIECE) as server, pytest.raises(ScannerSilent):
        ClamAV(server.address).scan(b"x" * (PIECE + 1))


def test_without_a_clamd_a_file_waits_and_is_not_called_clean():
    scanner = ClamAV(clamd.nobody())
    assert not scanner.answers()
    assert accept("paper.pdf", PDF, scanner, 10).scan == "waiting"
    with pytest.raises(FileProblem, match="file_type"):
        accept("paper.pdf", b"no paper", scanner, 10)


def test_a_silent_one_is_asked_once_for_all_files():
    with clamd.running(manner="breaks_off") as server:
        scanner = AskedOnce(ClamAV(server.address))
        assert [accept("paper.pdf", PDF, scanner, 10).scan for _ in range(5)] == ["waiting"] * 5
        assert server.asked == 1


def test_it_knows_whether_clamd_is_there(tmp_path):
    with clamd.running(tmp_path / "clamd") as server:
        assert ClamAV(server.address).answers()


@pytest.mark.parametrize(
    "address", ["unix:", "unix:clamd.ctl", "localhost", "localhost:", "localhost:0", "localhost:99999", ":3310", "x:y"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ValueError, match="PORTAL_CLAMAV"):
        ClamAV(address)
