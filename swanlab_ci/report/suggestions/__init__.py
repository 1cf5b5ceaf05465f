"""What `suggest` prints: text for a terminal, or JSON."""

from swanlab_ci.report.suggestions.document import suggestions_json
from swanlab_ci.report.suggestions.text import suggestions_text

__all__ = ["suggestions_json", "suggestions_text"]
