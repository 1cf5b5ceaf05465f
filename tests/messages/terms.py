"""Words that the style of the messages turns on: what may be Latin in Chinese, and what English may not say."""

TERMS = frozenset(
    {
        *(
            "SwanLab",
            "swanlab-ci",
            "GitHub",
            "Gitea",
            "Gitee",
            "GitLab",
            "Forgejo",
            "GitCode",
            "Git",
            "git",
            "Docker",
            "Python",
            "Markdown",
            "JUnit",
            "Jinja",
        ),
        *("YAML", "JSON", "HTML", "XML", "CSV", "UTF-8", "ASCII", "HTTP", "HTTPS", "URL", "API", "SSL", "TLS", "SDK"),
        *("ID", "NaN", "KiB", "MiB", "GiB", "README", "CI", "GPU", "CPU", "DNS", "PEP", "PR", "MR", "CD", "CA"),
        "Key",  # in "API Key", as SwanLab writes it
    }
)
"""Names that Chinese text keeps as they are."""

KEYWORDS = frozenset({"level.fail", "level.warn", "level.info"})
"""Entries that show a word of the gate language, which is the same in every language."""

AVOIDED = (
    r"for want of",
    r"whoever|whatever|whose|whom|whence|lest|hence|thus|upon|shall|nor|aught",
    r"lets? (it|them)|let it end",
    r"told|tells?|telling|cannot tell",
    r"dares?|meant|owes?|owed|customs|came?s? to|comes? to|comes to nothing",
    r"door|house|courts?|riddles?|nobody|nowhere|hears?|deaf|aloud",
    r"is none|are none|of them none|no finite number",
    r"put that right|corrects?",
    r"a miss|misses",
    r"as expected|under test|settles?|settled",
    r"would have ended",
    r"what\?",
)
"""Turns that a tired reader stumbles over, as patterns between the ends of words."""
