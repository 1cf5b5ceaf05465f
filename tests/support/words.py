"""What the program says for a message, so that a test of a whole process names ids and not sentences."""

from swanlab_ci.messages import Language, Message, Param, plain


def words(id_: str, /, language: Language = Language.EN, **params: Param) -> str:
    """Return the words of a message."""
    return plain(Message(id_, **params), language)


def warning(id_: str, /, **params: Param) -> str:
    """Return the words of a message that is printed as a warning."""
    return words("console.warning", text=Message(id_, **params))
