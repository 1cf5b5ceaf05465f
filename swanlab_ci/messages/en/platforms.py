"""What only one forge needs to say: its name, its rights, its runner."""

MESSAGES: dict[str, str] = {
    "github.name": "GitHub",
    "github.read-advice": "Give the job {permissions}.",
    "github.add-permission": "Give the job {permission}.",
    "github.fork-is-read-only": "On a pull request from a fork the token may only read; "
    "the report is in the job summary.",
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
    "gitlab.no-version": "the merge request has no diff from {base} to {head} any more",
    "gitlab.diff-not-whole": "GitLab does not have the whole diff",
    "gitlab.not-in-target": "The target branch has no {file}. The gate file of this merge request is used.",
    "gitlab.several-merge-requests": "{count} open merge requests have this branch. Choose one by {flag}, or run this "
    "job in merge request pipelines.",
    "github.not-armed-advice": "Require the check in the rules of the branch.",
    "github.any-app": "{name} is required on {branch}, but from any source: anyone who may set a "
    "status can turn it green.",
    "github.any-app-advice": "Choose GitHub Actions as the source of the check, in the rules of the branch.",
    "github.other-app": "{name} is required on {branch}, but from the App with id {app}, which is not "
    "known to be GitHub Actions.",
    "github.no-pull-request-event": "{file} does not run on {event}.",
    "github.path-filter": "{file} has {key}. Where no file fits, the workflow does not run, and the "
    "required check waits for ever.",
    "github.branch-filter": "{file}: the branches of {event} leave out {branch}.",
    "github.types-filter": "{file}: {key} lacks {missing}, so some commits are not checked.",
    "github.not-retargeted": "{file}: {event} does not start the gate when the base branch of a pull request is "
    "changed, so the result by the old rules stays. Write {types}.",
    "github.no-gate-file": "{file}: the job {job} reads {gates}, which does not exist.",
    "github.placeholder": "{file}: {placeholder} is a placeholder: replace it with the repository of the action.",
    "github.no-merge-group": "{branch} has a merge queue, but {file} does not run on `merge_group`.",
    "github.job-condition": "{file}: the job {job} has the condition {condition}. GitHub counts a skipped "
    "job as passed.",
    "github.job-needs": "{file}: the job {job} needs {needs}. If one of them fails, it is skipped, "
    "and GitHub counts it as passed. Add {remedy} to the job.",
    "github.step-condition": "{file}: in the job {job}, the step of the gate has the condition "
    "{condition}. A skipped step fails nothing.",
    "github.continue-on-error": "{file}: {key} hides a red gate in the job {job}.",
    "gitea.name": "Gitea",
    "gitea.forgejo": "Forgejo",
    "gitea.fork-is-read-only": "On a pull request from a fork the token may only read.",
    "gitea.no-output-file": "The outputs were not written: this forge's runner does not set {variable}.",
    "gitea.no-summary-file": "The job summary was not written: this forge does not set {variable}. The report is in "
    "the report folder.",
    "gitee.name": "Gitee",
    "gitee.gitcode": "GitCode",
    "gitee.cannot-notify": "the API of {forge} describes nothing that starts a job; start it "
    "at the end of the command by a web hook",
    "gitee.no-repository": "{variable} is not the address of a repository, such as `https://gitee.com/my-team/resnet`.",
    "gitee.token-advice": "Save a personal access token with the rights {rights} as the secret variable {variable}.",
    "gitee.read-advice": "{advice} To judge a pull request by its own gate file instead, pass {flag}.",
    "gitee.no-token": "The comment was not written: there is no token. {advice}",
    "gitee.no-statuses": "{forge} does not describe how; require the job instead",
    "gitee.commit-not-visible": "the token may not see the base commit",
    "gitea.not-armed-advice": "Require the check in the protection of the branch; a pattern with {key} fits, too.",
    "gitee.requirements-unknown": "{branch} is protected, but the API of {forge} does not say which checks "
    "it requires. Look at its settings.",
    "gitlab.must-succeed": "A merge request can be merged only if its pipeline succeeds.",
    "gitlab.need-not-succeed": "A merge request can be merged though its pipeline failed.",
    "gitlab.must-succeed-advice": "Select `Pipelines must succeed` in the settings of merge requests.",
    "gitlab.setting-unknown": "GitLab did not say whether `Pipelines must succeed` is selected.",
    "gitlab.skipped-succeed": "`Skipped pipelines are considered successful` is selected: a pipeline that is skipped "
    "lets a merge request pass without the gate.",
    "gitlab.developers-push": "{branch} is protected, but developers may push to it without a merge request.",
    "gitlab.no-job": "No job in {file} runs `swanlab-ci check`.",
    "gitlab.includes": "No job in {file} itself runs `swanlab-ci check`; files that it includes are not read.",
    "gitlab.allow-failure": "{file}: {key} lets the job {job} fail without failing the pipeline.",
    "gitlab.hidden-failure": "{file}: in the job {job}, what follows the check in its line hides the exit code.",
    "gitlab.manual": "{file}: the job {job} has {key}, so a pipeline can succeed without it.",
    "gitlab.path-filter": "{file}: the job {job} has {key}. Where no file fits, the pipeline succeeds "
    "without the gate.",
    "gitlab.allowed-code": "{file}: the job {job} lets the pipeline succeed on exit code {code}, without a verdict.",
    "gitlab.own-rules": "{file}: the job {job} has {flag}, so a merge request is judged by its own gate file.",
}
