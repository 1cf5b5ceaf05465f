// Use @gitbeaker/rest as the program uses GitLab: MODULE URL TOKEN PROJECT IID COMMIT TRIGGER, prints what it got.

const [module, host, token, project, iid, commit, trigger] = process.argv.slice(2)
const { Gitlab } = await import(module)
const client = new Gitlab({ host, token })
const notes = client.MergeRequestNotes
const kept = await notes.create(project, iid, 'first')
const gone = await notes.create(project, iid, 'second')
await notes.edit(project, iid, kept.id, { body: 'changed' })
await notes.remove(project, iid, gone.id)
const found = await notes.all(project, iid, { orderBy: 'created_at', sort: 'asc' })
const request = await client.MergeRequests.show(project, iid)
const file = await client.RepositoryFiles.show(project, 'ci/gate.yml', 'main')
const versions = await client.MergeRequests.allDiffVersions(project, iid)
const version = await client.MergeRequests.showDiffVersion(project, iid, versions[0].id)
const compared = await client.Repositories.compare(project, commit, request.sha, { straight: true })
const settings = await client.Projects.show(project)
const branch = await client.Branches.show(project, 'main')
await client.PipelineTriggerTokens.trigger(project, 'main', trigger, { variables: { SWANLAB_CI_PR: iid } })
await client.MergeRequests.createPipeline(project, iid)
const files = (diffs) => diffs.map((each) => [each.old_path, each.new_path, each.a_mode, each.b_mode])
process.stdout.write(
  JSON.stringify({
    user: (await client.Users.showCurrentUser()).username,
    head: request.sha,
    base: request.diff_refs.base_sha,
    branches: [request.source_branch, request.target_branch],
    notes: found.map((note) => [note.id, note.author.username, note.body]),
    file: Buffer.from(file.content, 'base64').toString(),
    commit: (await client.Commits.show(project, commit)).id,
    version: [version.state, version.real_size, files(version.diffs)],
    compared: [compared.compare_timeout, files(compared.diffs)],
    required: [settings.only_allow_merge_if_pipeline_succeeds, branch.protected],
  }),
)
