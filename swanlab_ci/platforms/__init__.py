"""What a forge tells about a change, and where a verdict is published on it."""
