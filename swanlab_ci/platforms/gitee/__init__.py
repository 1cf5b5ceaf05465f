"""Gitee and GitCode: the API "v5" of both, from any CI that says which repository and pull request a job is about."""
