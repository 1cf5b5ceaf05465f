"""Files and where runs come from; in Chinese."""

MESSAGES: dict[str, str] = {
    "file.unreadable": "无法读取 {file}：{reason}。",
    "file.unwritable": "无法写入 {file}：{reason}。",
    "file.name-an-existing-one": "请填写一个存在的文件名。",
    "file.split": "请拆分成较小的文件。",
    "file.outside": "{file} 位于工作目录 {workspace} 之外。",
    "file.outside-advice": "请填写仓库内的文件，且不能是指向仓库之外的符号链接。",
    "file.not-utf-8": "{file} 的第 {line} 行不是 UTF-8 文本[[，该文件的编码是 {encoding}]]。",
    "file.save-as-utf-8": "请将文件保存为 UTF-8 编码。",
    "fileerror.missing": "文件不存在",
    "fileerror.forbidden": "没有权限",
    "fileerror.exists": "文件已存在",
    "fileerror.not-a-file": "不是普通文件",
    "fileerror.not-a-folder": "路径中有一部分不是文件夹",
    "fileerror.a-file": "它是文件，不是文件夹",
    "fileerror.a-folder": "这是一个文件夹",
    "fileerror.link-loop": "符号链接形成了循环",
    "fileerror.disk-full": "磁盘已满",
    "fileerror.read-only": "文件系统是只读的",
    "fileerror.no-room": "已没有剩余空间",
    "fileerror.too-large": "文件过大",
    "fileerror.outside": "位于该文件夹之外",
    "fileerror.bad-name": "文件不能使用这个名称",
    # Runs on a server
    "source.many-profiles": (
        "为了找到实验，需要逐个读取{project}的 {count} 个实验，因为 SwanLab 的列表不包含 `git.*`、`metadata.*`、"
        "`requirements.*` 和 `conda`。按列表中已有的内容选择会更快：请用 `swanlab.init(config={'commit': …})` "
        "记录提交，并写 `runs: {config.commit: $pr_commits}`。"
    ),
    # Run directories
    "source.no-run-of-project": "{folder}中没有{project}的实验，只有{others}的实验。",
    "source.no-run-of-project.advice": "请更正 `project`，或指定存放其实验的文件夹。",
    "source.other-projects": "{folder}：{total} 个实验中有 {count} 个属于其他项目。",
    "source.no-run-directories": "{folder}中没有实验目录。",
    "source.no-run-directories.advice": (
        '请指定 `swanlab.init(mode="offline")` 或 `"local"` 创建 `run-…` 目录的文件夹，默认是 `swanlog`。'
    ),
    "source.not-in-folder": "{folder} 中没有任何实验带有 {fields}：SwanLab 0.7.20 及更早版本不会把它写入该文件夹。"
    "请改用 `labels` 或 `git.commit` 选择实验。",
    "source.many-projects": "{folder}中有多个项目的实验：{projects}。",
    "source.many-projects.advice": "请选择一个：在门禁文件中写 `project: workspace/project`，或设置 `project`。",
    "source.same-run": "{first}和{second}中是同一个实验{run}。",
    "source.same-run.advice": "请删除过时的目录。",
    "source.unreadable": "无法读取{path}：{reason}。",
    "source.unreadable.advice": "请删除该实验的目录，或重新训练该实验。",
    "source.larger-than": "文件超过 {limit} MiB",
    "source.not-utf-8": "内容不是 UTF-8 文本",
    "source.not-json": "内容不是 JSON",
    "source.not-yaml": "内容不是 SwanLab 写出的 YAML",
    "source.not-started": (
        "其中没有实验开始的记录，也就没有名称和标签。实验被强行终止，或仍在运行："
        "SwanLab 0.8 及以上版本会把较短的实验保留在内存中，直到实验结束"
    ),
    "source.no-record-file": "其中没有记录文件（`backup.swanlab`、`run-….swanlab`）",
    "source.many-record-files": "其中有多个记录文件（`backup.swanlab`、`run-….swanlab`）",
    "source.not-swanlab": "不是 SwanLab 的文件",
    "source.unknown-version": "其版本是 {version}，只支持 1（SwanLab 0.6.13 至 0.7.20）和 2（自 0.8 起）",
    "source.damaged-record": "第 {number} 条记录已损坏：{reason}",
    "source.record.order": "各部分的顺序有误",
    "source.record.too-large": "超过 {limit} MiB",
    "source.record.header": "头部有误",
    "source.record.checksum": "校验和有误",
    "source.record.too-deep": "嵌套过深",
    "source.record.not-utf-8": "其中有文本不是 UTF-8",
    "source.record.no-value": "没有指标的步数和数值",
    "source.record.value-too-large": "数值过大",
    "source.record.no-end": "没有说明实验如何结束",
    "source.record.unknown-state": "实验的状态未知",
    "source.record.field-type": "字段 {number} 的类型有误",
    "source.record.endless-number": "其中有一个数字没有结尾",
    "source.record.not-protobuf": "不是 `protobuf` 消息",
    "source.record.cut-off": "在字段中间结束",
}
