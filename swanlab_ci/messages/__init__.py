"""Every sentence that a user reads: messages by id, a catalogue for each language, and how they become text."""

from swanlab_ci.messages.message import (
    Key,
    Language,
    Linked,
    Message,
    Name,
    Param,
    Prose,
    Quantity,
    Seconds,
    Strong,
    Url,
    as_data,
)
from swanlab_ci.messages.pieces import Kind, Piece, alike, pieces, plain

__all__ = [
    "Key",
    "Kind",
    "Language",
    "Linked",
    "Message",
    "Name",
    "Param",
    "Piece",
    "Prose",
    "Quantity",
    "Seconds",
    "Strong",
    "Url",
    "alike",
    "as_data",
    "pieces",
    "plain",
]
