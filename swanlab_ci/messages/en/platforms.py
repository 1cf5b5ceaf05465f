"""What only one forge needs to say: its name, its rights, its runner."""

MESSAGES: dict[str, str] = {
    "github.name": "GitHub",
    "github.read-advice": "Give the job {permissions}.",
    "github.add-permission": "Give the job {permission}.",
    "github.fork-is-read-only": "On a pull request from a fork the token may only read; "
    "the report is in the job summary.",
    "github.send-training-ended": "report the end of the training",
    "github.graphql-failed": "GitHub did not answer the GraphQL query",
    "github.no-output-file": "The outputs were not written: {variable} is not set. Update the runner.",
    "github.no-summary-file": "The job summary was not written: {variable} is not set. Update the runner.",
    "gitlab.name": "GitLab",
    "gitlab.read-advice": "{advice} To judge a merge request by its own gate file instead, pass {flag}.",
    "gitlab.token-advice": "Save a project access token with the scope {scope} and the role {role} as the masked CI/CD "
    "variable {variable}.",
    "gitlab.fork-has-no-token": "A pipeline that runs in a fork does not get this project's {variable}; start the "
    "merge request's pipeline in this project.",
    "gitlab.no-token": "The comment was not written: the job's own token may not write it. {advice}",
    "gitlab.no-statuses": "on GitLab it would add a job to another pipeline; require this job instead",
    "gitlab.not-in-target": "The target branch has no {file}. The gate file of this merge request is used.",
    "gitlab.several-merge-requests": "{count} open merge requests have this branch. Choose one by {flag}, or run this "
    "job in merge request pipelines.",
}
