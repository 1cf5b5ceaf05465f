"""Commands, the process, and messages of other programs."""

MESSAGES: dict[str, str] = {
    "text": "{text}",
}
