"""The client: what it reads, how far it is, and why SwanLab's answer is missing or unusable."""

MESSAGES: dict[str, str] = {
    # What a request is about; stands inside other messages
    "client.about.login": "the login",
    "client.about.workspaces": "your workspaces",
    "client.about.projects": "the projects of {workspace}",
    "client.about.project": "the project {project}",
    "client.about.runs": "the runs of {project}",
    "client.about.selected-runs": "the selected runs of {project}",
    "client.about.run": "the run {run} of {project}",
    "client.about.summaries": "the metrics of {project}",
    "client.about.points": "the points of metrics of {project}",
    "client.about.metric-keys": "the metric keys of the run {run} of {project}",
    "client.about.curves": "the curves of the runs of {project}",
    "client.about.metrics": "the metrics of the run {run}",
    "client.about.metric": "the metric {key} of the run {run}",
    # What is under way, and how far it is
    "client.logging-in": "logging in to SwanLab",
    "client.reading": "reading {about}",
    "client.progress": "reading {about}: {done} of {total}",
    "client.progress-runs": "reading {about}: {done} of {total} runs",
    "client.listing": "listing {about}: {done} of {total}",
    "client.older-summaries": "SwanLab rejects the newer request for {about} ({status}); using the older one",
    "client.older-keys": "SwanLab does not know the newer request for {about}; reading the run's columns instead",
    "client.newer-files": "SwanLab does not know the older request for {about}; using the newer one",
    # Arguments of OpenApi's methods
    "client.one-of": "give only one of these: {arguments}",
    "client.argument": "{name}={value}",
    "client.argument-missing": "the argument `{name}` is missing",
    "client.shared-column": "two of these keys would share the column {column}; read them one at a time",
    # Key, host, names
    "client.no-key": "There is no SwanLab API key.",
    "client.no-key.advice": "Set `SWANLAB_API_KEY`, or run `swanlab login` once. Code can also pass `api_key`.",
    "client.bad-key": "The SwanLab API key contains white space or a character that no key has (it is not shown).",
    "client.bad-key.advice": "Copy the key again from your SwanLab settings, without a line break.",
    "client.saved-login": "The saved login {path} cannot be read ({error}).",
    "client.saved-login.advice": "Run `swanlab login` again.",
    "client.plain-http": "The host {host} would get the API key unencrypted.",
    "client.plain-http.advice": "Write https, or set `allow-http` (on the command line `--allow-http`) if you "
    "accept this.",
    "client.bad-host": "The host {host} is not an address that can be used.",
    "client.bad-web-host": "The web host {host} is not an address that can be used.",
    "client.bad-host.advice": (
        "Write it like `https://swanlab.example.com` or `https://example.com:8000/sub/path`, and nothing more."
    ),
    "client.bad-name": 'SwanLab cannot have a workspace, project or run with the name "{name}".',
    "client.bad-name.advice": "Write the workspace, project and run by name or id.",
    # SwanLab refuses
    "client.refused": "{what} ({answer}[[; SwanLab says: {said}]][[; trace id {trace_id}]]).",
    "client.redirect": "SwanLab's host answered with a redirect, and redirects are never followed",
    "client.redirect.advice": "Set `host` to the final address of the API, with https.",
    "client.session-rejected": "SwanLab does not accept the session for {about}",
    "client.session-rejected.advice": "Check that the API key is still valid.",
    "client.forbidden": "SwanLab denies access to {about}",
    "client.forbidden.advice": (
        "Check that the key's account is verified (self-hosted: activated) and is a member of the workspace."
    ),
    "client.not-found": "SwanLab does not know {about}",
    "client.not-found.advice": "Check the spelling, and that the key's account may see it. If SwanLab is "
    "self-hosted, an old version may lack the route.",
    "client.no-route": "SwanLab has no route for {about}",
    "client.no-route.advice": "Update the self-hosted SwanLab, and check that `host` is the address of its API.",
    "client.rate-limited": "SwanLab rejected the request for {about}: too many requests",
    "client.rate-limited.advice": "Try again later.",
    "client.server-failed": "SwanLab had an internal error on the request for {about}",
    "client.server-failed.advice": "Try again. If it keeps failing, report the trace id to SwanLab.",
    "client.refused-otherwise": "SwanLab rejected the request for {about}",
    "client.refused-otherwise.advice": "Check the names you gave. If they are right, report the trace id to SwanLab.",
    "client.key-rejected": "SwanLab does not accept the API key",
    "client.key-rejected.advice": "Copy the key again from your SwanLab settings.",
    "client.no-login-route": "There is no SwanLab API at this address",
    "client.no-login-route.advice": "Set `host` to the address of SwanLab's API.",
    "client.deleted": "SwanLab says that someone deleted {about}",
    "client.deleted.advice": "Select another run.",
    "client.unknown-metric": "SwanLab does not know the metric {key} of the run {run}.",
    "client.unknown-metric.advice": "Check its spelling.",
    # No answer
    "client.no-answer": "SwanLab at {base} did not answer the request for {about}: {reason}.",
    "client.no-answer.advice": "Check the host (`host`, `--host` or `SWANLAB_API_HOST`), the network and its "
    "proxy. If they are right, try again later.",
    "client.proxy-refused": "the proxy rejected the request",
    "client.no-connection": "no connection within {seconds}",
    "client.silence": "no data for {seconds}",
    "client.broken-off": "the connection closed in the middle of the answer",
    "client.unknown-host-name": "no address is known for this host name",
    "client.connection-failed": "the connection failed",
    "client.slow-answer": "SwanLab needed more than {seconds} for one answer while {doing}.",
    "client.tls-failed": "No secure connection to {base} was possible[[ ({reason})]].",
    "client.tls-failed.advice": "Check scheme, name and port in `host`.",
    "client.bad-bundle": "`REQUESTS_CA_BUNDLE` names no usable file of certificates: {bundle}.",
    "client.bad-bundle.advice": "Fix the path, or remove the variable.",
    "client.certificate": "The TLS certificate of {base} is not trusted: {reason}.",
    "client.certificate.set-bundle": ("Set `REQUESTS_CA_BUNDLE` to a file with your CA's certificates, or fix `host`."),
    "client.certificate.extend-bundle": (
        "`REQUESTS_CA_BUNDLE` is set: {bundle}. Add the certificate of the CA that signed the server's certificate to "
        "this file, or fix `host`."
    ),
    "client.certificate.loopback": (
        "`REQUESTS_CA_BUNDLE` is ignored for an address of this machine. Write `http://` in `host`, or the machine's "
        "network name."
    ),
    "client.certificate.strict": (
        "Python 3.13 and newer reject a CA certificate without `keyUsage` or a critical `basicConstraints`, and a "
        "server certificate without `authorityKeyIdentifier`, even if `REQUESTS_CA_BUNDLE` names it. Reissue the "
        "certificate with these extensions."
    ),
    "client.certificate.renew": "Renew the server's certificate, and check the clock of this machine.",
    "client.certificate.name": "Write in `host` the name that the certificate was issued for.",
    # An unusable answer
    "client.check-host": "Check that `host` is the address of SwanLab's API and that no proxy answers in its place.",
    "client.report-answer": "Check that `host` is the address of SwanLab's API. If it is, please report this answer.",
    "client.unexpected-status": "SwanLab answered {answer} to the request for {about}.",
    "client.not-json": "SwanLab's answer about {about} is not valid JSON: {reason}.",
    "client.json.web-page": "it is a web page",
    "client.json.syntax": "syntax error in line {line}, column {column}",
    "client.json.encoding": "it is not UTF-8 text",
    "client.json.number": "a number has too many digits",
    "client.json.too-deep": "it is nested too deeply",
    "client.json.duplicate-key": "an object contains a key twice",
    "client.no-session": "SwanLab's answer to the login contains no session.",
    "client.answer-too-large": "SwanLab's answer about {about} is larger than {limit} MiB.",
    "client.answers-too-large": "SwanLab's answers are too large together, the last one about {about}.",
    "client.bad-form": "SwanLab's answer about {about} does not have the expected form (`{error}`).",
    "client.bad-field": "SwanLab's answer about {about} has no usable `{field}` (`{error}`).",
    "client.workspaces-incomplete": "SwanLab's answer about your workspaces does not contain the whole list.",
    "client.workspace-unnamed": "SwanLab's answer about your workspaces has one without `username`.",
    "client.no-list": "SwanLab's answer about {about} contains no list.",
    "client.no-total": "SwanLab's answer about {about} does not say how many there are.",
    "client.endless-list": "SwanLab's list of {about} does not end.",
    "client.list-changed": "The list of {about} could not be read completely, {times} times in a row: {flaw}.",
    "client.list-changed.advice": "Try again when fewer of them are created or deleted.",
    "client.flaw.total-changed": "while it was read, their number changed from {low} to {high}",
    "client.flaw.duplicates": "{count} of them came twice",
    "client.flaw.missing": "SwanLab announced {total} and sent {count}",
    "client.flaw.beyond": "there are more than the {total} that SwanLab announced",
    "client.not-by-run": "SwanLab's answer about {about} is not one entry per run.",
    "client.not-by-metric": "SwanLab's answer about {about} is not one summary per metric.",
    "client.no-file": "SwanLab's answer about {about} names no file.",
    "client.unsafe-file": "SwanLab names a file at an address that is not safe to read.",
    "client.bad-file": "SwanLab's file about {about} is not a table of steps and values.",
}
