"""One realistic letter and one full message, which the tests of this folder bend to their needs."""

from __future__ import annotations

from datetime import date, datetime, timezone
from uuid import UUID

import pytest

from portal.post.content import LetterContent, Section, SenderBlock
from portal.post.letters import LetterRenderer, letter_environment
from portal.post.memo import Action, Document, File, Kle, MemoMessage, Recipient, Sender

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="session")
def renderer() -> LetterRenderer:
    return LetterRenderer(letter_environment())


@pytest.fixture
def message() -> MemoMessage:
    """Every part of a message that we can send."""
    return MemoMessage(
        message_uuid=UUID("8c2ea15d-61fb-4ba9-9366-42f8b194c114"),
        label="Du får økonomisk fripladstilskud",
        notification="Du har fået svar på din ansøgning om friplads.",
        sender=Sender(cvr="12345678", label="Eksempel Kommune"),
        recipient=Recipient(cpr="7203914002", label="Maja Eksempelsen"),
        created=datetime(2026, 12, 3, 9, 14, tzinfo=timezone.utc),
        main_document=Document(
            label="Afgørelse om økonomisk fripladstilskud",
            files=(File("Afgørelse.pdf", "application/pdf", "da", b"%PDF-1.7 not really"),),
            actions=(Action("SELVBETJENING", "Se din sag på Min Side", "https://portal.example/sager/1"),),
        ),
        additional_documents=(Document(label=None, files=(File("Sådan regner vi.txt", "text/plain", "da", "Sådan".encode()),)),),
        case_id="2026-000123",
        case_system="Portal",
        kle=Kle("28.77.08", "Maj 2025", "Økonomisk friplads i dagtilbud", "G01"),
        concerns_cpr=(("6105214008", "Alma Eksempelsen"), ("7208234006", "Villads Eksempelsen")),
        reply=True,
        reply_by=datetime(2026, 12, 31, 22, 59, tzinfo=timezone.utc),
        do_not_deliver_until=date(2026, 12, 4),
        mandatory=False,
        legal_notification=False,
        post_type="MYNDIGHEDSPOST",
    )


@pytest.fixture
def decision() -> LetterContent:
    """A couple, two children, a sum to check: in Danish."""
    return LetterContent(
        title="Du får økonomisk fripladstilskud",
        lead=f"Vi giver dig tilskud til pasning af Alma og Villads fra 1.{NBSP}januar{NBSP}2027. "
        f"Så betaler I 2.129,40{NBSP}kr. om måneden i stedet for 5.070,00{NBSP}kr.",
        case_number="2026-000123",
        date=date(2026, 12, 3),
        sender=SenderBlock(
            name="Eksempel Kommune",
            address=("Rådhuspladsen 1", "0999 Eksempelby"),
            phone="00 00 00 00",
            url="eksempel.example/friplads",
            cvr="12345678",
        ),
        recipient_name="Maja Eksempelsen",
        language="da",
        sections=(
            Section(
                heading="Sådan har vi regnet",
                paragraphs=(
                    f"Din og Anders’ løn er tilsammen 372.000,00{NBSP}kr. om året før skat. Så skal I betale 42 procent af prisen.",
                ),
                table=(
                    ("Jeres samlede løn om året, som vi har regnet med", f"372.000,00{NBSP}kr."),
                    ("Pris for Alma i vuggestue om måneden", f"3.961,00{NBSP}kr."),
                    ("Pris for Villads i børnehave efter søskendetilskud", f"1.109,00{NBSP}kr."),
                    ("Det betaler I for Alma: 42 procent", f"1.663,62{NBSP}kr."),
                    ("Det betaler I for Villads: 42 procent", f"465,78{NBSP}kr."),
                    ("I alt om måneden", f"2.129,40{NBSP}kr."),
                ),
                total=True,
            ),
            Section(
                heading="Det sker der nu",
                items=(
                    f"Din regning for januar er på 2.129,40{NBSP}kr. Du skal betale den senest 4.{NBSP}januar{NBSP}2027.",
                    "Vi sammenligner hver måned jeres løn med det, vi har regnet med. Du får brev, hvis tilskuddet ændrer sig.",
                    "Du skal give os besked, hvis I flytter, eller hvis der flytter nogen ind eller ud hos jer.",
                ),
            ),
        ),
        appeal=Section(
            heading="Hvis du er uenig",
            paragraphs=(
                f"Du kan klage indtil 31.{NBSP}december{NBSP}2026. Skriv til os på Min Side, eller ring.",
                "Vi ser på sagen igen. Hvis vi ikke ændrer afgørelsen, sender vi klagen til Ankestyrelsen.",
            ),
        ),
        law=("Dagtilbudsloven § 43, stk. 1, nr. 1", "Dagtilbudsbekendtgørelsen kapitel 7"),
    )
