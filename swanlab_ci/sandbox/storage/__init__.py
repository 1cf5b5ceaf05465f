"""What the embedded SwanLab knows, in memory and on disk."""
