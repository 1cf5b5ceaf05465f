"""The only way for untrusted text to a surface, and for this program to a file that others may have written."""
