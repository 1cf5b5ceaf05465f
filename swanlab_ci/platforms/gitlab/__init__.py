"""GitLab: its predefined variables, its API, the merge request and its one note."""
