"""Inputs, the choice of the gate file, waiting, and how one check runs; in Chinese."""

MESSAGES: dict[str, str] = {
    "input.of-the-action": "输入 {name}",
    "input.wrong": "有 {count} 个输入不正确。",
    "input.no-key": "输入 `api-key` 为空。请写 `api-key: ${{ secrets.SWANLAB_API_KEY }}`，并在仓库中创建该机密。"
    "来自复刻仓库的 PR 得不到任何机密：请在 `workflow_run` 工作流中检查它。",
    "input.unknown": "{input} 不存在。可用的输入有 {names}。",
    "input.unknown-near": "{input} 不存在。是否想写 {near}？",
    "input.secret-with-white-space": "{input} 含有控制字符或空白（此处不显示其值）。请重新粘贴，不要带换行。",
    "input.secret-not-ascii": "{input} 含有密钥中不可能出现的字符（此处不显示其值）。请重新粘贴。",
    "input.key-too-short": "{input} 只有 {length} 个字符（此处不显示其值）；SwanLab 的密钥有 21 个字符。"
    "请从 SwanLab 的设置页面复制。",
    "input.not-a-project": "{input} 的值是“{found}”。请写 `workspace/project`，与该项目在 SwanLab 上的地址一致。",
    "input.not-a-time": "{input} 的值是“{found}”。请写 {least} 到 {most} 之间的时间，例如 `90s`、`5m` 或 `1h`。",
    "input.not-one-of": "{input} 的值是“{found}”。请写下列之一：{words}。",
    "input.not-a-status-name": "{input} 的值是“{found}”。请写一行以内、不超过 {most} 个字符的名称，例如 `swanlab-ci`。",
    "input.not-a-comment-key": "{input} 的值是“{found}”。请写 1 到 64 个字母、数字、点、连字符或下划线。",
    "input.not-a-commit": "{input} 的值是“{found}”。请写提交的哈希：至少 7 位十六进制数字。",
    "input.not-a-pull-request": "{input} 的值是“{found}”。请写 PR 的编号，例如 `42`。",
}
