"""Every sentence that a user reads: messages by id, a catalogue for each language, and how they become text."""

from swanlab_ci.messages.message import Key, Language, Message, Name, Param, Seconds, Url, as_data
from swanlab_ci.messages.pieces import Kind, Piece, pieces, plain

__all__ = [
    "Key",
    "Kind",
    "Language",
    "Message",
    "Name",
    "Param",
    "Piece",
    "Seconds",
    "Url",
    "as_data",
    "pieces",
    "plain",
]
