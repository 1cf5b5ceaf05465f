"""A comment as GitHub shows it: its own dialect of Markdown, its own style, its own drawings."""

import html
import re

import cmarkgfm
from browsing import package
from cmarkgfm.cmark import Options

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>comment</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>{style}
body {{ margin: 0; padding: 16px; }} .markdown-body {{ max-width: 860px; font-size: 14px; /* as a comment has it */ }}
.markdown-body table {{ display: block; overflow: auto; }}</style></head>
<body class="markdown-body"><main>{body}</main>
<script src="{mermaid}"></script>
<script>
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
mermaid.initialize({{startOnLoad: true, theme: dark ? "dark" : "default", securityLevel: "strict"}});
</script></body></html>"""


def comment_page(markdown: str) -> str:
    """Return a page that shows a comment."""
    text = re.sub(r"\A(<!--.*?-->\s*)*", "", markdown, flags=re.DOTALL)
    body = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    body = re.sub(
        r'<pre lang="mermaid"><code>(.*?)</code></pre>',
        lambda found: f'<div class="mermaid">{html.escape(html.unescape(found[1]), quote=False)}</div>',
        body,
        flags=re.DOTALL,
    )
    style = (package("github-markdown-css") / "github-markdown.css").read_text("utf-8")
    mermaid = (package("mermaid") / "dist" / "mermaid.min.js").as_uri()
    return _PAGE.format(style=style, body=body, mermaid=mermaid)
