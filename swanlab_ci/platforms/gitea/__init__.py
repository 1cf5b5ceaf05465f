"""Gitea and Forgejo: their runners follow GitHub's, their API has GitHub's form with differences of its own."""
