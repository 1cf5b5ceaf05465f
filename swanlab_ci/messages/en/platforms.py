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
}
