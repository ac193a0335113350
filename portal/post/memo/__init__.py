"""MeMo, the message format of Digital Post: the model, how it is written and read, and the rules it must meet.

Import from here: the modules beneath are rooms in one house.
"""

from portal.post.memo.build import build
from portal.post.memo.model import (
    Action,
    ActionCode,
    Document,
    File,
    Kle,
    MemoMessage,
    MessageType,
    Recipient,
    Sender,
    Version,
)
from portal.post.memo.names import clean_file_name
from portal.post.memo.parse import parse
from portal.post.memo.problems import InvalidLetter, Problem
from portal.post.memo.rules import check, refuse_invalid

__all__ = [
    "Action",
    "ActionCode",
    "Document",
    "File",
    "InvalidLetter",
    "Kle",
    "MemoMessage",
    "MessageType",
    "Problem",
    "Recipient",
    "Sender",
    "Version",
    "build",
    "check",
    "clean_file_name",
    "parse",
    "refuse_invalid",
]
