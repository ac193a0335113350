"""All tables, so that one import knows them all."""

from portal.storage.models.application import Application, Document, Draft
from portal.storage.models.audit import AuditEntry, AuditHead
from portal.storage.models.case import AnswerRequest, Case, CaseEvent, Decision, Grant
from portal.storage.models.key_proof import KeyProof
from portal.storage.models.letter import Letter, MailboxMessage
from portal.storage.models.outbox import OutboxRow
from portal.storage.models.payment import Invoice, PaymentHold
from portal.storage.models.person import Person, RegisterCopy
from portal.storage.models.web_guard import Switch, TryCount
from portal.storage.models.web_session import ParkedPost, SeenLogoutToken, WebSession

__all__ = [
    "AnswerRequest",
    "Application",
    "AuditEntry",
    "AuditHead",
    "Case",
    "CaseEvent",
    "Decision",
    "Document",
    "Draft",
    "Grant",
    "Invoice",
    "KeyProof",
    "Letter",
    "MailboxMessage",
    "OutboxRow",
    "ParkedPost",
    "PaymentHold",
    "Person",
    "RegisterCopy",
    "SeenLogoutToken",
    "Switch",
    "TryCount",
    "WebSession",
]
