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
    "fileerror.a-folder": "这是一个文件夹",
    "fileerror.link-loop": "符号链接形成了循环",
    "fileerror.disk-full": "磁盘已满",
    "fileerror.read-only": "文件系统是只读的",
    "fileerror.too-large": "文件过大",
    "fileerror.outside": "位于该文件夹之外",
    "fileerror.bad-name": "文件不能使用这个名称",
}
