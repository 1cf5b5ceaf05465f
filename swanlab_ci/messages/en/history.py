"""A gate file held against the past."""

MESSAGES: dict[str, str] = {
    "backtest.commits": "{count} {count?commit|commits}",
    "backtest.values": "{count} {count?value|values} of {field}",
    "backtest.head": "{units}, {runs} {runs?run|runs}, {project}, {first} to {last}",
    "backtest.reason": "{gate}: {summary}",
    "backtest.reasons": "{reasons}[[; and {more} more {more?gate|gates}]]",
    "backtest.stopped": "{file} would have stopped {stopped} of {units}[[, {share} % (95 %: {low} to {high} %)]]",
    "backtest.difference": "{file} would have stopped {more} more and {fewer} fewer",
    "backtest.too-many": "This is more than {at_most} %.",
    "backtest.merged": "in {ref}: {merged} of these, of which {reverted} {reverted?was|were} reverted later"
    "[[; this checkout does not know {unknown}]]",
    "backtest.merged-needs-commits": "`--merged` needs commits, but each change here is a value of {field}.",
    "backtest.alone": "alone in stopping: {count}",
    "backtest.check-runs": "{remark}: check `runs` at {place}",
    "remark.never-had-a-run": "never had a run",
    "remark.never-failed": "never failed",
    "remark.never-passed": "never passed",
    "backtest.unplaced": "cannot be placed in time: {reason}",
    "unplaced.no-start": "a run has no time of creation",
    "unplaced.no-end": "a run has no time of its end",
    "unplaced.ends-before-start": "a run ended before it was created",
    "unplaced.in-the-future": "a run is dated in the future",
    "backtest.more-units": "and {count} more",
    "backtest.note-past": "Runs that were deleted, labels that were changed and runs that were resumed are seen as "
    "they are now.",
    "backtest.note-older": "{count} older {count?unit was|units were} left out: see `--last` and `--since`.",
    "backtest.note-unfit": "{count} {count?value|values} of {field} cannot be the number of a pull request.",
    "backtest.no-field": "{file} compares no field of its runs with {variables}. Name a field of which each value is "
    "one change, such as `--by git.commit`.",
    "backtest.two-fields": "{file} compares more than one field with the change. Choose one with `--by`: {fields}.",
    "backtest.no-unit": "There is no history: no run has {field}, or not in the time that was asked for.",
    "backtest.no-unit-advice": "Change `--by`, `--since` or `--project`.",
    "backtest.progress": "checked {done} of {total}",
    "backtest.last-or-since": "`--last` and `--since` cannot be used together.",
    "backtest.not-a-field": "{input}: {problem}",
    "backtest.not-a-count": '{input} is "{found}". Write a whole number, such as `50`.',
    "backtest.not-an-age": '{input} is "{found}". Write a time with its unit, such as `90d`.',
    "backtest.not-a-share": '{input} is "{found}". Write a percentage, such as `10%`.',
    "suggest.metric": "{field} ({direction}): {runs} {runs?run|runs} of {units} {units?change|changes}[[; runs of one "
    "change vary by {spread} (95 %: {low} to {high})]]",
    "suggest.higher": "higher is better",
    "suggest.lower": "lower is better",
    "suggest.existing": "at {place}: {missed} of {runs} past runs miss it, {share} % (95 %: {low} to {high} %)",
    "suggest.worst-run": "suggested, the worst of {runs} runs: stops {alarms} % of harmless changes of {new} "
    "{new?run|runs}",
    "suggest.normal": "suggested, if the values are normally distributed: stops {alarms} % of harmless changes "
    "of {new} {new?run|runs}",
    "suggest.no-floor": "no bound is suggested: {runs} {runs?run is|runs are} too few, {least} are needed",
    "suggest.allowance": "in the gate file: {fail} % of unchanged changes fail, {warn} % warn ({new} against {base} "
    "runs)",
    "suggest.allowance-suggested": "suggested: {fail} % of unchanged changes fail, {warn} % warn ({new} against {base} "
    "runs)",
    "suggest.no-spread": "no allowance is suggested: {least} changes with two runs are needed",
    "suggest.other-rule": "no allowance is suggested: the rates are known for means, `2 se`, outliers that fail and a "
    "warning within noise only",
    "suggest.seen": "seen 8 times in 10: {drops}",
    "suggest.drop": "{drop} with {runs} {runs?run|runs}",
    "suggest.held-out": "held out: a bound from the older changes stops {stopped} of the newest {units}",
    "suggest.without-history": "{field}: no finished run has a value",
    "suggest.head": "{units} {units?change|changes}, {runs} {runs?run|runs}, {project}; at most {alarms} % false "
    "alarms",
    "suggest.no-metric": "{file} bounds and compares no metric. Name one, such as `--metric val/acc --better higher`.",
    "suggest.too-little": "The history is too short to suggest anything.",
    "suggest.too-little-advice": "A bound needs 8 finished runs, an allowance 3 changes with two runs. "
    "Ask for more history with `--last` or `--since`.",
    "suggest.no-values": "No finished run has a value of {field}.",
    "suggest.no-values-advice": "Check the spelling: `swanlab-ci fields RUN` lists the metrics of a run.",
    "suggest.better": "{metric} and {better} belong together: the direction is never guessed.",
    "suggest.not-a-direction": '{input} is "{found}". Write `higher` or `lower`.',
    "suggest.not-a-metric": '{input} is "{found}". Write the key of a metric, such as `val/acc`.',
    "suggest.alarms": '{input} is "{found}". Write a percentage above 0, at most 25%.',
}
