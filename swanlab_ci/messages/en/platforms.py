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
    "github.read-protection": "read what the branch requires",
    "github.not-asked": "GitHub was not asked what the branch requires: {names} must both be set.",
    "github.armed": "{name} is required on {branch}.",
    "github.not-armed": "Not required on {branch}: {names}. Red does not stop a merge there.[[ Required: {others}.]]",
    "github.not-armed-advice": "Require the check in the rules of the branch.",
    "github.any-app": "{name} is required on {branch}, but from any source: anyone who may set a "
    "status can turn it green.",
    "github.any-app-advice": "Choose GitHub Actions as the source of the check, in the rules of the branch.",
    "github.other-app": "{name} is required on {branch}, but from the App with id {app}, which is not "
    "known to be GitHub Actions.",
    "github.no-gate-workflow": "No workflow in {folder} uses this action.",
    "github.workflow-unreadable": "{file} cannot be read: {reason}.",
    "github.workflow-fine": "{file}: nothing skips the job {job} silently.",
    "github.no-pull-request-event": "{file} does not run on {event}.",
    "github.path-filter": "{file} has {key}. Where no file fits, the workflow does not run, and the "
    "required check waits for ever.",
    "github.branch-filter": "{file}: the branches of {event} leave out {branch}.",
    "github.types-filter": "{file}: {key} lacks {missing}, so some commits are not checked.",
    "github.no-merge-group": "{branch} has a merge queue, but {file} does not run on `merge_group`.",
    "github.job-condition": "{file}: the job {job} has the condition {condition}. GitHub counts a skipped "
    "job as passed.",
    "github.job-needs": "{file}: the job {job} needs {needs}. If one of them fails, it is skipped, "
    "and GitHub counts it as passed. Add {remedy} to the job.",
    "github.step-condition": "{file}: in the job {job}, the step of the gate has the condition "
    "{condition}. A skipped step fails nothing.",
    "github.continue-on-error": "{file}: {key} hides a red gate in the job {job}.",
    "github.shadow": "{file} has {input}: the gate reports and stops nothing.",
    "gitea.name": "Gitea",
    "gitea.forgejo": "Forgejo",
    "gitea.fork-is-read-only": "On a pull request from a fork the token may only read.",
    "gitea.no-output-file": "The outputs were not written: this forge's runner does not set {variable}.",
    "gitea.no-summary-file": "The job summary was not written: this forge does not set {variable}. The report is in "
    "the report folder.",
    "gitee.name": "Gitee",
    "gitee.gitcode": "GitCode",
    "gitee.no-repository": "{variable} is not the address of a repository, such as `https://gitee.com/my-team/resnet`.",
    "gitee.token-advice": "Save a personal access token with the rights {rights} as the secret variable {variable}.",
    "gitee.read-advice": "{advice} To judge a pull request by its own gate file instead, pass {flag}.",
    "gitee.no-token": "The comment was not written: there is no token. {advice}",
    "gitee.no-statuses": "{forge} does not describe how; require the job instead",
    "gitee.commit-not-visible": "the token may not see the base commit",
}
