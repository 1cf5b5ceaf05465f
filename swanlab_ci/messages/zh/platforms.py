"""What only one forge needs to say: its name, its rights, its runner; in Chinese."""

MESSAGES: dict[str, str] = {
    "github.name": "GitHub",
    "github.read-advice": "请为该作业添加 {permissions}。",
    "github.add-permission": "请为该作业添加 {permission}。",
    "github.fork-is-read-only": "来自复刻仓库的 PR 所用的令牌只有读取权限；报告见作业摘要。",
    "github.send-training-ended": "通知训练已结束",
    "github.graphql-failed": "GitHub 没有响应查询",
    "github.no-output-file": "没有写入输出：未设置 {variable}。请更新运行器。",
    "github.no-summary-file": "没有写入作业摘要：未设置 {variable}。请更新运行器。",
    "gitlab.name": "GitLab",
    "gitlab.read-advice": "{advice}若要按 MR 自己的门禁文件检查，请使用 {flag}。",
    "gitlab.token-advice": "请创建范围为 {scope}、角色为 {role} 的项目访问令牌，并保存为隐藏的 CI/CD 变量 {variable}。",
    "gitlab.fork-has-no-token": "在复刻项目中运行的流水线得不到本项目的 {variable}；请在本项目中启动该 MR 的流水线。",
    "gitlab.no-token": "没有写入评论：作业自身的令牌无权写入。{advice}",
    "gitlab.no-statuses": "在 GitLab 上，它会在另一条流水线中添加作业；请改为要求本作业通过",
    "gitlab.not-in-target": "目标分支中没有 {file}。采用本 MR 中的门禁文件。",
    "gitlab.several-merge-requests": "有 {count} 个未关闭的 MR 使用该分支。"
    "请用 {flag} 选择一个，或在 MR 流水线中运行本作业。",
}
