"""What `--help` says about swanlab-ci and about each command; in English, as argparse's own words are."""

ABOUT = "Merge gates for machine-learning experiments: check SwanLab runs against a gate file."
EPILOG = """\
a first gate in a minute:
  swanlab-ci init --project my-team/resnet         write swanlab-gate.yml
  swanlab-ci lint                                  find mistakes in it, offline
  swanlab-ci check                                 check the runs of the current commit
  swanlab-ci demo                                  see a red verdict, without an account

exit codes:
  0  the merge may go on               3  no verdict, so the check has not passed
  1  a gate failed                     4  runs are still running
  2  the gate file or a flag is wrong  70 a bug in swanlab-ci
"""
CHECK = """\
Fetch the project's runs, check them against the gate file, and print the verdict with its reasons.
The report goes to stdout, everything else to stderr. The exit code is the verdict (see swanlab-ci --help).

The API key comes from SWANLAB_API_KEY, or else from the login that `swanlab login` saved.
"""
LINT = "Print every mistake as FILE:LINE:COL: message; works offline."
INIT = "Write a first gate file; an existing file is never overwritten."
SCHEMA = "Print the JSON Schema of gate files, for editors."
SANDBOX = """\
Serve a SwanLab on this machine, at first with a made-up project `my-team/resnet`. Print the environment variables with
which the SwanLab SDKs and `swanlab-ci check` use it; run the printed lines in a shell. Ctrl-C ends the server. A run
that sends nothing for 30 minutes becomes CRASHED. With --data, every change is saved to disk before it is answered.
"""
TEST = """\
Check the made-up runs of each test, and compare the result with what the test expects, as promtool does for alerts;
works offline. Also prints the gates that no test makes fail. Exit code 1 if an expectation is not met. A file of tests:

  tests:
    - name: a crash stops the merge
      runs: [{labels: [smoke], state: CRASHED}]
      expect: {smoke-run-finished: fail}
      verdict: fail
"""
EXPLAIN = """\
Print how many runs are left after each condition of a gate, and every comparison with its values. With RUN, print what
the gate does with that run.
"""
BACKTEST = """\
Judge each change of the past by the gate file, as a check would have done when its last run ended: later runs do not
exist, and runs that ended later still run. Print how often each gate passed and failed, and what it would have stopped.
A change is one value of the field that the gate file compares with $pr_commits, $head_sha, $merge_sha, $pr_number or
$head_branch. The exit code is 1 if more is stopped than --at-most allows, and 3 if there is no history.
"""
SUGGEST = """\
Print for each metric that the gate file bounds or compares what its past supports: a bound that few harmless changes
miss, how much the runs of one change vary, an allowance with its rate of false alarms, and the drop that can be seen.

With --write, the gate file gets these values: in the place of its own, or as a new gate for --metric. With --tighten,
only bounds that become stricter are printed, as a diff, and written with --write.

Exit codes: 0 done, 2 a flag or the gate file is wrong or cannot be changed, 3 the history is too short.
"""
FIELDS = """\
Print every field of the run with this id or name, as lines to paste below `expect` of a gate: each condition holds for
the run. The type of each value follows as a comment. What no gate can expect is a comment, too.
"""
REPLAY = """\
Check a file of `check --bundle FILE` again: the same runs, rules and event give the same verdict. Works offline. For
bug reports, and to see what a new version of swanlab-ci, or another gate file, makes of an old case.
"""
DEMO = """\
Start an embedded SwanLab with a made-up project, run `check` on a pull request that broke training, and show why the
verdict is red. Needs no account and no network.
"""
DOCTOR = """\
Examine whether the gate holds: is its check required on the branch, by rulesets or branch protection, and from the
right App; can a workflow of this checkout skip it silently; do gate file, key and project work; do the last runs record
their commit; how many requests does a check take.

GitHub, Gitea and Forgejo are asked with GITHUB_REPOSITORY and GITHUB_TOKEN (`contents: read`), GitLab with
CI_PROJECT_ID and GITLAB_TOKEN (`read_api`), Gitee with SWANLAB_CI_REPOSITORY and SWANLAB_CI_TOKEN. Exit codes: 0 the
gate is armed, 1 it is not, 2 the gate file or a flag is wrong, 3 something could not be seen.
"""
EXEC = """\
Run a training and return its exit code. Its runs get the commit as group, job type and tag (SWANLAB_GROUP,
SWANLAB_JOB_TYPE, SWANLAB_TAGS), unless a variable is set or the code sets these itself; so a gate finds them with
`runs: {group: $pr_commits}`. In a CI job the commit is the head of the pull request, elsewhere the checked-out commit.
Signals go to the command.

With --notify, a job is started at the end, whether the command ends well, crashes or is killed: on GitHub by a
`repository_dispatch` of type `training-ended` (GITHUB_REPOSITORY, and GITHUB_TOKEN with `contents: write`), on GitLab
by a pipeline trigger (CI_PROJECT_ID, GITLAB_TRIGGER_TOKEN), on Gitea and Forgejo by the workflow `training-ended.yml`
(GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL). A notification that fails never changes the exit code, and takes at
most 10 seconds.

  swanlab-ci exec --notify -- python train.py --epochs 10

Exit codes: those of the command; 128 + N if signal N ended it, 127 if it was not found, 126 if it cannot be executed, 2
if no command is given.
"""
COMPLETION = """\
Print a script that completes commands, flags and files in a shell:

  bash: eval "$(swanlab-ci completion bash)", in ~/.bashrc
  zsh:  swanlab-ci completion zsh >DIR/_swanlab-ci, where DIR is in $fpath
  fish: swanlab-ci completion fish >~/.config/fish/completions/swanlab-ci.fish
"""
