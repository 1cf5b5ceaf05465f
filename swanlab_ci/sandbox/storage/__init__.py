"""The data of the embedded SwanLab, in memory and on disk."""
