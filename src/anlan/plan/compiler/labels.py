"""Labels of field lines (责任单位, 整改时限, 问题描述 …) and what stands behind each.

A label is a role word with what offices put before and after it. The lists are open: a new word goes into
the list of its kind and nowhere else.
"""

from __future__ import annotations

import functools
import re
from enum import StrEnum

from anlan.plan.compiler.model import Role
from anlan.plan.compiler.patterns import any_of


class Content(StrEnum):
    """What a field holds."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    DEADLINE = "deadline"
    PERSON = "person"
    PROBLEM = "problem"
    TEXT = "text"

    @property
    def role(self) -> Role | None:
        """Role of the units the field lists, None where it lists none."""
        return _ROLES.get(self._value_)


_ROLES = {role.value: role for role in Role}
LONGEST = 14

_BODY = any_of(
    """
    单位 部门 机构 科室 主体 股室 处室 地区 镇街 乡镇 站所 单位（部门） 部门（单位） 方 单位及部门
    部门单位 单位名称
    """
)
_BEFORE = any_of(
    """
    整改 主要 主体 第一 第二 具体 共同 直接 监管 属地 落实 任务 工作 建设 考核 市级 区级 县级 省级
    区直 县直 市直 省直 责任 其他 项目 相关 总 分
    """
)
_PERSONS = any_of(
    """
    责任人 负责人 联系人 责任人员 牵头人 联络员 负责同志 责任同志 第一责任人 包保人 联系方式
    联系电话
    """
)
_ACTS = any_of(
    """
    责任 承办 落实 实施 负责 完成 主责 指导 督导 督办 督促 验收 监督 承担 执行 监管 项目 建设 申报
    主管 业主 报送 填报 推进 包保 用地 组织 管理 运营 管护 施工 考核 销号 督查 整改
    """
)
_JOINING = any_of("配合 协办 协作 参与 参加 协同 协助 支持 会办 联办 协同配合 支持配合 参与配合")
_TIMES = any_of(
    """
    时限 期限 时限要求 完成时间 完成日期 完成期限 时间要求 时间节点 时间安排 时间进度 截止时间
    截止日期 整改时间 销号时间 办结时间 工作时间 实施时间 进度要求 进度安排 计划时间 完成年限
    建设期限 建设年限 起止年限 起止时间 起止日期 时间 完成节点 节点 进度 工期 限时
    """
)
_MATTERS = any_of(
    """
    目标 措施 任务 内容 要求 举措 标准 指标 进展 成效 安排 方案 思路 事项 结果 情况 做法 重点 依据
    类型 类别 成果 效果 分值 步骤 计划 办法 清单 来源 地点 规模 性质 周期 名称 编号 序号 点位 位置
    备注 说明 投资 资金 估算 意见 建议 整改 原则
    """
)
_WHOSE = any_of(
    """
    省级 市级 区级 县级 镇级 牵头 分管 包保 挂点 联系 督办 整改 责任 主要 第一 包抓 包联 包片 挂钩
    挂联 总牵头 具体 直接 主管 省 市 县 区 镇 乡
    """
)
_WHEN = any_of(
    """
    整改 完成 办结 任务 工作 计划 落实 办理 销号 拟 预计 推进 实施 目标 验收 阶段 总体 具体 项目
    建设 开工 竣工 投产 限定 最后
    """
)
_FOUND = any_of(
    """
    具体 存在 反馈 主要 突出 督察 交办 发现 整改 通报 移交 警示片 审计 信访 存在的 反馈的 检查发现的
    共性 个性
    """
)
_WHICH = any_of(
    """
    整改 工作 年度 阶段 总体 绩效 具体 主要 任务 建设 预期 量化 治理 考核 行动 目标 实施 推进 重点
    验收 销号 资金 投资 政策 项目 完成 责任 评分 扣分 改革 创建 保障 总 年 质量 整治 进展 序时 落实
    """
)
_LABELS = (
    (Content.PERSON, f"(?:{_WHOSE}){{0,3}}(?:领导|{_PERSONS})(?:及职务|（签字）)?|组长|副组长"),
    (
        Content.LEAD,
        f"第一责任(?:{_BODY})|(?:{_BEFORE}){{0,2}}(?:总牵头|牵头|主办|总负责)(?:责任|整改|负责|落实)?(?:{_BODY})|牵头|主办",
    ),
    (
        Content.COOPERATING,
        f"(?:{_BEFORE}){{0,2}}(?:{_JOINING})(?:责任|整改|落实)?(?:{_BODY})|配合|协办|参与",
    ),
    (
        Content.RESPONSIBLE,
        f"(?:{_BEFORE}){{0,2}}(?:{_ACTS})(?:整改|落实|考核|实施|主体)?(?:{_BODY})(?:[及和]责任人)?|责任(?:分工)?"
        "|责任(?!人|领导|书|制|感|心|状|追究|清单|体系|意识|目标|措施|内容|期限|时限)[一-龥]{1,3}",
    ),
    (Content.DEADLINE, f"(?:{_WHEN}){{0,2}}(?:{_TIMES})(?:要求|及要求)?"),
    (
        Content.PROBLEM,
        f"(?:{_FOUND}){{0,2}}问题(?:描述|表现|情况|概述|简述|事实|内容|清单|基本情况|来源|详情|点位)?|(?:基本|整改前|存在)情况"
        "|现状(?:描述)?|反馈(?:意见)?(?:情况|内容|原文)?|存在不足",
    ),
    (Content.TEXT, f"(?:{_WHICH}){{0,2}}(?:{_MATTERS})(?:[及和与])?(?:{_MATTERS})?"),
)
_LABEL = re.compile("|".join(f"(?P<{content.value}>{pattern})" for content, pattern in _LABELS))
_REMARK = re.compile("（[^（）：]{1,8}）$")
# Words that end like a label and are none.
_NEVER = re.compile(
    "^(?:任务|工作任务|重点任务|主要任务|工作|建设|管理|实施|推进|整改|进度|资金|投资|重点|成员|原则|步骤|计划)$"
)


@functools.lru_cache(maxsize=4096)
def content_of(label: str) -> Content | None:
    """What a field of this label holds, None where the words are no label.

    >>> content_of("牵头单位"), content_of("责任站所"), content_of("整改时限"), content_of("加强领导机制建设")
    (<Content.LEAD: 'lead'>, <Content.RESPONSIBLE: 'responsible'>, <Content.DEADLINE: 'deadline'>, None)
    """
    label = _REMARK.sub("", label)
    if "（" in label:
        label = re.sub("（[^（）]{1,6}）", "", label)
    if not 2 <= len(label) <= LONGEST:
        return None
    match = _LABEL.fullmatch(label)
    return Content(str(match.lastgroup)) if match else None


def is_plain(label: str) -> bool:
    """Whether the words are too common to be a label where no colon says so (重点任务 as a heading)."""
    return bool(_NEVER.match(label))
