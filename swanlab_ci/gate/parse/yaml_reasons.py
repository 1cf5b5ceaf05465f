"""The words of libyaml by which a common mistake is recognised."""

from swanlab_ci.messages import Message

REASONS = {
    "did not find expected '-' indicator": Message("gate-file.yaml-item"),
    "did not find expected ',' or ']'": Message("gate-file.yaml-list-open"),
    "did not find expected ',' or '}'": Message("gate-file.yaml-map-open"),
    "did not find expected node content": Message("gate-file.yaml-no-value"),
    "did not find expected key": Message("gate-file.yaml-no-key"),
    "could not find expected ':'": Message("gate-file.yaml-no-colon"),
    "found unexpected end of stream": Message("gate-file.yaml-quote-open"),
    "found unknown escape character": Message("gate-file.yaml-escape"),
    "found character that cannot start any token": Message("gate-file.yaml-start"),
    "block sequence entries are not allowed in this context": Message("gate-file.yaml-list-here"),
    "control characters are not allowed": Message("gate-file.yaml-control"),
}
"""What libyaml says most often, and the message that says what to write instead."""
