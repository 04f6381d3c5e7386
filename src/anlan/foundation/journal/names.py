"""What actions and kinds of objects are called when the journal is read. A code nobody knows is shown as it is."""

from __future__ import annotations

from anlan.foundation.access.rules import PERMISSIONS
from anlan.settings import Words

# Actions that nobody needs a permission for.
_ACTIONS = {
    "access.sign_in": Words("登录", "sign in"),
    "access.sign_in_failed": Words("登录失败", "fail to sign in"),
    "access.sign_out": Words("退出", "sign out"),
    "access.locked": Words("账户被锁定", "account locked"),
}
# Labels of models as entries keep them, of this version and of earlier ones.
_KINDS = {
    "access.account": Words("账户", "account"),
    "access.grant": Words("授权", "grant"),
    "jobs.run": Words("后台处理", "background work"),
    "notices.notice": Words("待办与消息", "notice"),
    "org.group": Words("集合", "group"),
    "org.person": Words("人员", "person"),
    "org.post": Words("岗位", "post"),
    "org.unit": Words("单位", "unit"),
    "plan.document": Words("文稿正文", "document"),
    "plan.measure": Words("措施", "measure"),
    "plan.plan": Words("文稿", "plan"),
    "plan.task": Words("任务", "task"),
    "vault.receipt": Words("文件", "file"),
}


def action(code: str) -> Words:
    """What an action is called."""
    declared = PERMISSIONS.get(code)
    return declared.words if declared else _ACTIONS.get(code, Words(code, code))


def kind(label: str) -> Words:
    """What an object of a kind is called; `label` is app and model as in plan.task."""
    return _KINDS.get(label, Words(label, label))
