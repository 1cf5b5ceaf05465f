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
}
