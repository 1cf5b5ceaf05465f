"""GitHub: its events, its API, the pull request, the comment, the commit status and the files of a step."""
