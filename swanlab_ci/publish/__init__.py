"""Publishing: the order in which a verdict reaches each surface, and the files of the report folder."""
