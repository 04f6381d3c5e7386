"""Deadlines: every mention of a limit, its last day and its kind; the plan is of 2024 and the sentences are invented."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.compiler.notation import deadlines, item_of

from anlan.plan.compiler import deadlines as compiler
from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import DeadlineKind, Precision

# The last day of what is named: 2024 is a leap year.
BY = [
    ("6月底前完成。", "by 2024-06-30"),
    ("6月30日前完成。", "by 2024-06-30"),
    ("2024年6月底前完成。", "by 2024-06-30"),
    ("2024年底前完成。", "by 2024-12-31"),
    ("年底前完成。", "by 2024-12-31"),
    ("今年年底前完成。", "by 2024-12-31"),
    ("今年底前完成。", "by 2024-12-31"),
    ("到2025年，建成示范点。", "by 2025-12-31"),
    ("至2025年底，建成示范点。", "by 2025-12-31"),
    ("到2025年末，建成示范点。", "by 2025-12-31"),
    ("三季度前完成清淤。", "by 2024-09-30"),
    ("三季度末前完成清淤。", "by 2024-09-30"),
    ("9月上旬前完成清淤。", "by 2024-09-10"),
    ("9月中旬完成清淤。", "by 2024-09-20"),
    ("10月下旬前完成清淤。", "by 2024-10-31"),
    ("12月31日之前完成清淤。", "by 2024-12-31"),
    ("12月31日24时前完成清淤。", "by 2024-12-31"),
    ("6月5日17:00前报送。", "by 2024-06-05"),
    ("6月5日下班前报送。", "by 2024-06-05"),
    ("6月份完成排查。", "by 2024-06-30"),
    ("2024年6月完成排查。", "by 2024-06-30"),
    ("于6月完成排查。", "by 2024-06-30"),
    ("六月底前完成排查。", "by 2024-06-30"),
    ("十二月底前完成排查。", "by 2024-12-31"),
    ("二〇二四年六月底前完成排查。", "by 2024-06-30"),
    ("6月末前完成排查。", "by 2024-06-30"),
    ("6月底完成排查。", "by 2024-06-30"),
    ("“十四五”末，覆盖率达到90%。", "by 2025-12-31"),
    ("2月底前完成。", "by 2024-02-29"),
    ("2025年2月底前完成。", "by 2025-02-28"),
    ("到2026年6月，建成投用。", "by 2026-06-30"),
    ("2026年底前完成主体，2027年底前投用。", "by 2026-12-31 | by 2027-12-31"),
    ("于6月底、12月底前报送总结。", "by 2024-06-30 | by 2024-12-31"),
    ("6月底和12月底前报送总结。", "by 2024-06-30 | by 2024-12-31"),
    ("9月底前完成60%，11月底前完成90%，年底前全部完成。", "by 2024-09-30 | by 2024-11-30 | by 2024-12-31"),
    ("明年3月底前完成。", "by 2025-03-31"),
    ("2024 年 6 月底前完成。", "by 2024-06-30"),
    ("2024年6\n月底前完成。", "by 2024-06-30"),
    ("2024年10月底前，完成50%；2025年6月底前，全部完成。", "by 2024-10-31 | by 2025-06-30"),
    ("项目于2024年3月开工，2025年12月竣工。", "by 2024-03-31 | by 2025-12-31"),
    ("计划2024年6月开工建设，2025年底建成。", "by 2024-06-30 | by 2025-12-31"),
    ("确保10月1日前投入使用。", "by 2024-10-01"),
    ("不迟于9月30日完成。", "by 2024-09-30"),
    ("最迟9月底完成。", "by 2024-09-30"),
    ("9月底以前完成。", "by 2024-09-30"),
    ("12月中旬前完成。", "by 2024-12-20"),
    ("2024年年底前完成。", "by 2024-12-31"),
    ("2024年底之前完成。", "by 2024-12-31"),
    ("到年底，建成5个。", "by 2024-12-31"),
    ("到今年底，建成5个。", "by 2024-12-31"),
    ("到今年年底，建成5个。", "by 2024-12-31"),
    ("今年6月底前完成。", "by 2024-06-30"),
    ("明年底前完成。", "by 2025-12-31"),
    ("明年6月底前完成。", "by 2025-06-30"),
    ("6月中旬前完成。", "by 2024-06-20"),
    ("8月31日前（含31日）完成。", "by 2024-08-31"),
    ("9月1日18时前报送。", "by 2024-09-01"),
    ("力争于2024年10月1日前建成。", "by 2024-10-01"),
    ("2024年6月份前完成。", "by 2024-06-30"),
    ("2024年6月前完成。", "by 2024-06-30"),
    ("2025年前完成。", "by 2025-12-31"),
    ("2024.06.30前完成。", "by 2024-06-30"),
    ("2024-06-30前完成。", "by 2024-06-30"),
    ("2024年9月10日上午10:00前报送。", "by 2024-09-10"),
    (
        "2024年3月1日前，各单位报送方案；3月15日前，区水利局汇总；3月底前，报区政府审定。",
        "by 2024-03-01 | by 2024-03-15 | by 2024-03-31",
    ),
    ("力争到2026年，形成体系。", "by 2026-12-31"),
    ("到2035年，全面建成美丽临江。", "by 2035-12-31"),
    ("2023年度考核结果于4月底前公布。", "by 2024-04-30"),
    ("6月15日、12月15日前报送总结。", "by 2024-06-15 | by 2024-12-15"),
    ("务必于9月15日（星期日）前报送。", "by 2024-09-15"),
    ("8月31日（含）前完成。", "by 2024-08-31"),
    ("2024年6月30日（周日）前完成。", "by 2024-06-30"),
]

DURING = [
    ("上半年完成清淤。", "during 2024-06-30"),
    ("2024年上半年完成清淤。", "during 2024-06-30"),
    ("力争上半年完成清淤。", "during 2024-06-30"),
    ("二季度完成清淤。", "during 2024-06-30"),
    ("2024年1月至6月，开展排查。", "during 2024-06-30"),
    ("1-6月开展排查。", "during 2024-06-30"),
    ("1月—3月开展排查。", "during 2024-03-31"),
    ("2024年3月1日至5月31日开展排查。", "during 2024-05-31"),
    ("3月1日—10日开展排查。", "during 2024-03-10"),
    ("（2024.3-2024.6）开展排查。", "during 2024-06-30"),
    ("2024年第一季度完成排查。", "during 2024-03-31"),
    ("“十四五”期间，新建5座泵站。", "during 2025-12-31"),
    ("“十五五”期间，新建5座泵站。", "during 2030-12-31"),
    ("2024年内完成改造。", "during 2024-12-31"),
    ("年内完成改造。", "during 2024-12-31"),
    ("全年完成改造5个。", "during 2024-12-31"),
    ("本年度内完成改造。", "during 2024-12-31"),
    ("2024年11月至2025年2月开展攻坚。", "during 2025-02-28"),
    ("2024—2026年，每年改造5个。", "during 2026-12-31"),
    ("2024-2026年完成改造。", "during 2026-12-31"),
    ("7月1日—7月31日开展排查。", "during 2024-07-31"),
    ("7月1日至31日开展排查。", "during 2024-07-31"),
    ("7月1日至8月底开展排查。", "during 2024-08-31"),
    ("即日起至6月30日开展排查。", "during 2024-06-30"),
    ("即日起至2024年底开展排查。", "during 2024-12-31"),
    ("2024年4月-10月开展排查。", "during 2024-10-31"),
    ("4-10月开展排查。", "during 2024-10-31"),
    ("4~6月开展排查。", "during 2024-06-30"),
    ("４月至６月开展排查。", "during 2024-06-30"),
    ("4 月至 6 月开展排查。", "during 2024-06-30"),
    ("2024年3月中旬至4月底开展排查。", "during 2024-04-30"),
    ("第一阶段（3月—4月）开展排查，第二阶段（5月—10月）集中整治。", "during 2024-04-30 | during 2024-10-31"),
    ("今年上半年完成。", "during 2024-06-30"),
    ("2024年9月—2025年3月开展攻坚。", "during 2025-03-31"),
    ("从6月1日到8月31日开展巡查。", "during 2024-08-31"),
    ("10月15日-20日组织验收。", "during 2024-10-20"),
    ("10月15日至20日组织验收。", "during 2024-10-20"),
    ("3月下旬至4月中旬开展排查。", "during 2024-04-20"),
    ("前三季度完成投资8亿元。", "during 2024-09-30"),
    ("二、三季度完成。", "during 2024-09-30"),
    ("今年内完成。", "during 2024-12-31"),
    ("2024年11月至次年2月开展攻坚。", "during 2025-02-28"),
    ("11月至次年2月开展攻坚。", "during 2025-02-28"),
    ("10月底至次年3月底开展巡护。", "during 2025-03-31"),
    ("即日起至年底开展排查。", "during 2024-12-31"),
    ("从现在起至6月底开展排查。", "during 2024-06-30"),
    ("2024年年内完成。", "during 2024-12-31"),
    ("2024年度内完成。", "during 2024-12-31"),
    ("2024年度完成改造5个。", "during 2024-12-31"),
    ("6月1日起至8月31日开展巡查。", "during 2024-08-31"),
    ("自3月起至10月底开展巡查。", "during 2024-10-31"),
    ("从3月份开始至10月底结束。", "during 2024-10-31"),
    ("一至三季度完成。", "during 2024-09-30"),
]

# Recurring, or hanging on an event: no day can be named.
UNDATED = [
    ("每月5日前报送进展。", "by -"),
    ("每季度末月25日前报送进展。", "by -"),
    ("每周五前报送进展。", "by -"),
    ("每年12月底前报送总结。", "by -"),
    ("次月10日前报送进展。", "by -"),
    ("一周内完成整改。", "by -"),
    ("5个工作日内办结。", "by -"),
    ("30日内办结。", "by -"),
    ("两个月内完成。", "by -"),
    ("24小时内处置。", "by -"),
    ("三年内完成改造。", "during -"),
    ("3年内完成改造。", "during -"),
    ("自通知印发之日起10日内报送。", "by -"),
    ("印发后一个月内报送。", "by -"),
    ("汛期前完成清淤。", "by -"),
    ("主汛期前完成清淤。", "by -"),
    ("汛前完成清淤。", "by -"),
    ("入冬前完成改造。", "by -"),
    ("春节前兑付到位。", "by -"),
    ("国庆节前完成整治。", "by -"),
    ("秋季开学前投用。", "by -"),
    ("次年3月底前完成总结。", "by -"),
    ("当日内处置完毕。", "by -"),
    ("72小时内完成处置。", "by -"),
    ("1小时内上报。", "by -"),
    ("任期内完成整改。", "during -"),
    ("雨季来临前完成检修。", "by -"),
    ("入汛前完成检修。", "by -"),
    ("5月1日前（汛前）完成检修。", "by 2024-05-01 | by -"),
    ("收到交办单后5个工作日内反馈。", "by -"),
    ("自收到申请之日起7日内办结。", "by -"),
    ("问题发现后48小时内处置。", "by -"),
    ("每年3月底前报送。", "by -"),
    ("每年11月30日前报送。", "by -"),
    ("每周四下午5点前报送。", "by -"),
    ("每季度第一个月10日前报送。", "by -"),
    ("每季度结束后10日内报送。", "by -"),
    ("每月底前报送。", "by -"),
    ("每季度末报送。", "by -"),
    ("每月28日前、每季度末前报送。", "by - | by -"),
    ("五一前完成布置。", "by -"),
    ("元旦春节前完成检查。", "by -"),
    ("中秋国庆前完成检查。", "by -"),
    ("春耕前完成检修。", "by -"),
    ("竣工后3个月内备案。", "by -"),
    ("项目完工后30日内验收。", "by -"),
    ("会议结束后2个工作日内报送。", "by -"),
    ("降雨后24小时内处置。", "by -"),
    ("10个工作日之内办结。", "by -"),
    ("十五日内办结。", "by -"),
    ("三十日内办结。", "by -"),
    ("六十日内办结。", "by -"),
    ("一个半月内办结。", "by -"),
    ("3至5日内办结。", "by -"),
    ("3—5个工作日内办结。", "by -"),
    ("确保2024年汛期前完工。", "by -"),
    ("确保2024年汛前完成。", "by -"),
    ("2024年春节前兑付。", "by -"),
    ("2024年国庆节前投用。", "by -"),
    ("每年6月底、12月底前报送总结。", "by -"),
    ("“五一”前完成布置。", "by -"),
    ("“十一”前完成布置。", "by -"),
    ("“七一”前完成布置。", "by -"),
    ("季度末前报送进展。", "by -"),
    ("台风季节前完成检查。", "by -"),
]

AT_ONCE = [
    ("对群众反映问题立行立改。", "immediate -"),
    ("坚持即知即改、立行立改。", "immediate - | immediate -"),
]


@pytest.mark.parametrize(("text", "expected"), BY)
def test_a_limit_ends_on_the_last_day_of_what_it_names(text: str, expected: str) -> None:
    assert deadlines(item_of(text)) == expected


@pytest.mark.parametrize(("text", "expected"), DURING)
def test_a_period_ends_on_its_last_day(text: str, expected: str) -> None:
    assert deadlines(item_of(text)) == expected


@pytest.mark.parametrize(("text", "expected"), UNDATED)
def test_a_limit_that_recurs_or_hangs_on_an_event_has_no_date(text: str, expected: str) -> None:
    assert deadlines(item_of(text)) == expected


@pytest.mark.parametrize(("text", "expected"), AT_ONCE)
def test_a_paired_at_once_counts_wherever_it_stands(text: str, expected: str) -> None:
    assert deadlines(item_of(text)) == expected


# Rhythm, display periods, limits without a time, past facts, documents, thresholds.
NONE = [
    "自2024年10月1日起施行。",
    "每半年开展一次评估。",
    "每季度召开一次会议。",
    "每月至少巡查1次。",
    "实行周调度、月通报。",
    "每周一调度。",
    "力争用3年时间完成改造。",
    "将审批时限压缩至3个工作日。",
    "将审批时限压缩至3个工作日内。",
    "审批时限由10个工作日压减到5个工作日以内。",
    "企业开办时间压缩至1个工作日以内。",
    "公示不少于5个工作日。",
    "公示期为7日，接受监督。",
    "责令限期整改。",
    "限期内完成整改。",
    "按期完成整改。",
    "保存期限不少于3年。",
    "合同有效期3年。",
    "2020年以来建成的项目。",
    "截至2023年底，已完成一半。",
    "截至6月底，已完成一半。",
    "落实《临江区水污染防治行动计划（2021—2025年）》。",
    "落实“十四五”规划。",
    "较2020年下降10%。",
    "统筹2024年预算资金。",
    "争取2024年中央资金支持。",
    "制定2024年度工作计划。",
    "落实2024年政府工作报告部署。",
    "开展2024年度考核。",
    "发现隐患立即整改。",
    "坚持当下改与长期坚持相结合。",
    "持续推进污染防治。",
    "对照2024年3月省督察组反馈的问题。",
    "2023年12月，督察组指出问题。",
    "打造15分钟便民生活圈。",
    "建设1小时交通圈。",
    "去年底已建成5个。",
    "通过3年努力，水质达标。",
    "经过三年时间，水质达标。",
    "连续3年未达标的，予以通报。",
    "每3年开展一次评估。",
    "每两年修订一次。",
    "最长不超过2年。",
    "及时完成、尽快完成。",
    "适时开展评估。",
    "同步完成验收。",
    "2025年起全面实施。",
    "从2025年1月1日起执行。",
    "自2024年起每年改造5个。",
    "将2023年12月31日前建成的小区纳入改造。",
    "对2000年底前建成的老旧小区开展排查。",
    "2020年前建成的管网全部更新。",
    "统计截至2024年6月底的数据。",
    "以2020年为基准年。",
    "不低于2023年水平。",
    "确保优于2023年同期。",
    "做好2024年元旦春节期间值守。",
    "汛期期间每日巡查。",
    "汛期24小时值班。",
    "建立24小时值守制度。",
    "提供7×24小时服务。",
    "开展“百日攻坚”行动。",
    "开展为期3个月的专项整治。",
    "开展“安全生产月”活动。",
    "举办2024年世界水日活动。",
    "抓好6月5日世界环境日宣传。",
    "依托3月22日“世界水日”开展宣传。",
    "学习2024年3月1日起施行的条例。",
    "实施2024—2026年三年行动。",
    "编制2025年度计划。",
    "申报2025年项目。",
    "谋划2025年重点项目。",
    "做好2025年项目储备。",
    "5月、10月各开展一次督查。",
    "5月和10月分别开展一次督查。",
    "分析2024年上半年经济运行情况。",
    "公布一季度水质排名。",
    "对上半年工作进行总结。",
    "通报三季度水质状况。",
    "编制四季度工作计划。",
    "落实2024年3月召开的动员会要求。",
    "对照2024年1月印发的方案逐项落实。",
    "申报企业近三年内无违法记录。",
    "三年内未发生安全事故的企业优先。",
    "改造房龄20年以内的小区。",
    "去年12月印发方案。",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_limit_gives_none(text: str) -> None:
    assert deadlines(item_of(text)) == ""


FIELDS = [
    ("巩固成果，长期坚持。", "long_term -"),
    ("整改时限：立行立改，长期坚持", "immediate - | long_term -"),
    ("整改时限：立行立改并长期坚持。", "immediate - | long_term -"),
    ("整改时限：立即整改", "immediate -"),
    ("整改时限：已完成", ""),
    ("整改时限：已完成，长期坚持", "long_term -"),
    ("整改时限：2024年6月底前完成，并长期坚持", "by 2024-06-30 | long_term -"),
    ("完成时限：2024年6月", "by 2024-06-30"),
    ("完成时限：6月-9月", "during 2024-09-30"),
    ("完成时限：2024年1月—12月", "during 2024-12-31"),
    ("完成时限：6月30日", "by 2024-06-30"),
    ("完成时限：持续推进", "long_term -"),
    ("时限要求：常态化推进", "long_term -"),
    ("实施时间：2024年—2026年", "during 2026-12-31"),
    ("完成时限：2024-06-30", "by 2024-06-30"),
    ("完成时限：2024/6/30", "by 2024-06-30"),
    ("完成时限：2024.6.30", "by 2024-06-30"),
    ("完成时限：2024.06", "by 2024-06-30"),
    ("完成时限：每年12月底", "by -"),
    ("完成时限：按上级要求", ""),
    ("完成时限：全年", "during 2024-12-31"),
    ("完成时限：2024年全年", "during 2024-12-31"),
    ("完成时限：年底", "by 2024-12-31"),
    ("完成时限：年底前", "by 2024-12-31"),
    ("完成时限：2024年12月底前", "by 2024-12-31"),
    ("完成时限：2024年第二季度", "during 2024-06-30"),
    ("完成时限：三季度", "during 2024-09-30"),
    ("时间节点：6月底前完成方案，10月底前完成施工", "by 2024-06-30 | by 2024-10-31"),
    ("完成时限：立行立改", "immediate -"),
    ("整改时限：整改完成并长期保持", "long_term -"),
    ("完成时限：贯穿全年", "during 2024-12-31"),
    ("完成时限：即日起至12月底", "during 2024-12-31"),
    ("办结时限：7个工作日内", "by -"),
    ("整改时限：2024年底前，并长期坚持", "by 2024-12-31 | long_term -"),
    ("整改时限：2024年12月31日（长期坚持）", "by 2024-12-31 | long_term -"),
    ("整改时限：已于2024年3月完成整改", ""),
    ("完成时限：立行立改，2024年3月底前", "immediate - | by 2024-03-31"),
    ("完成时限：持续整改", "long_term -"),
    ("整改时限：立即整改、长期坚持", "immediate - | long_term -"),
    ("完成时限：3-12月", "during 2024-12-31"),
    ("完成时限：第一阶段2024年6月底，第二阶段2025年12月底", "by 2024-06-30 | by 2025-12-31"),
    ("完成时限：2024年6月底前（长期坚持）", "by 2024-06-30 | long_term -"),
    ("实施期限：2024—2026年", "during 2026-12-31"),
    ("进度安排：6月底前完成设计，9月底前开工", "by 2024-06-30 | by 2024-09-30"),
    ("工作进度：6月底前完成设计", "by 2024-06-30"),
    ("时间要求：即日起，长期坚持", "long_term -"),
    ("整改时限：2024年11月30日前完成整改并销号。", "by 2024-11-30"),
    ("整改时限：立行立改（已完成）", "immediate -"),
    ("完成时间：2024年12月", "by 2024-12-31"),
    ("完成时间：12月31日前", "by 2024-12-31"),
    ("完成时限：2024年内", "during 2024-12-31"),
    ("时限：6月", "by 2024-06-30"),
    ("完成时限：长期", "long_term -"),
    ("完成时限：1个月", "by -"),
    ("整改期限：3个月", "by -"),
    ("办理时限：5个工作日", "by -"),
]


@pytest.mark.parametrize(("field", "expected"), FIELDS)
def test_a_field_of_time_states_its_limits(field: str, expected: str) -> None:
    assert deadlines(item_of(f"加强监管。落实责任。\n{field}")) == expected


IN_BRACKETS = [
    ("加强监管。（责任单位：区水利局；完成时限：6月底前）", "by 2024-06-30"),
    ("加强监管。（区水利局负责，6月底前完成）", "by 2024-06-30"),
    ("加强监管。（区水利局负责，2024年6月）", "by 2024-06-30"),
    ("加强监管。（区水利局；6月底）", "by 2024-06-30"),
    ("加强监管。（区水利局负责，长期坚持）", "long_term -"),
    ("加强监管。（区水利局负责，持续推进）", "long_term -"),
    ("加强监管。（区水利局负责，立行立改）", "immediate -"),
    ("加强监管。（完成时限：全年）", "during 2024-12-31"),
    ("加强监管。（2024年12月底前）", "by 2024-12-31"),
    ("加强监管。（区水利局负责，全年）", "during 2024-12-31"),
    ("加强监管（2024年6月底前完成）。", "by 2024-06-30"),
]


@pytest.mark.parametrize(("text", "expected"), IN_BRACKETS)
def test_a_duty_bracket_may_state_a_limit(text: str, expected: str) -> None:
    assert deadlines(item_of(text)) == expected


def test_standing_work_counts_only_as_a_stated_limit() -> None:
    assert deadlines(item_of("长期坚持河长制，持续推进污染防治。发现问题立即整改。")) == ""
    assert deadlines(item_of("坚持河长制。巩固成果。\n完成时限：长期坚持")) == "long_term -"


def test_what_a_problem_says_is_no_limit() -> None:
    text = "管网破损\n问题描述：原定2024年3月底前修复的管网仍未修复。\n整改措施：全部修复。\n整改时限：2024年10月底前"
    assert deadlines(item_of(text)) == "by 2024-10-31"


@pytest.mark.parametrize(
    ("bracket", "expected"),
    [
        ("（3月）", "during 2024-03-31"),
        ("（2024年3月）", "during 2024-03-31"),
        ("（3月—4月）", "during 2024-04-30"),
        ("（2024年3月1日至3月15日）", "during 2024-03-15"),
        ("（3月底前）", "by 2024-03-31"),
        ("（长期坚持）", "long_term -"),
        ("（一）", ""),
    ],
)
def test_a_time_in_brackets_behind_a_phase_says_when_it_runs(bracket: str, expected: str) -> None:
    assert deadlines(item_of(f"动员部署阶段{bracket}。召开动员会，制定实施方案。")) == expected


# ——— the recogniser by itself ———


def read(text: str, year: int | None = 2024, **options: object) -> list[tuple[str, dt.date | None, str, str]]:
    return [
        (text[f.start : f.end], f.date, f.kind.value, f.precision.value)
        for f in compiler.find(text, year, **options)  # type: ignore[arg-type]
    ]


PRECISIONS = [
    ("6月5日前完成", Precision.DAY),
    ("6月底前完成", Precision.MONTH),
    ("三季度末前完成", Precision.QUARTER),
    ("上半年完成", Precision.HALF_YEAR),
    ("到2025年完成", Precision.YEAR),
    ("每月5日前报送", Precision.RECURRING),
    ("5个工作日内办结", Precision.RELATIVE),
    ("立行立改", Precision.NONE),
]


@pytest.mark.parametrize(("text", "precision"), PRECISIONS)
def test_a_limit_says_how_finely_it_is_named(text: str, precision: Precision) -> None:
    assert [f.precision for f in compiler.find(text, 2024)] == [precision]


def test_without_a_year_a_bare_month_has_no_date() -> None:
    assert read("6月底前完成", None) == [("6月底前", None, "by", "month")]
    assert read("2025年6月底前完成", None) == [("2025年6月底前", dt.date(2025, 6, 30), "by", "month")]


def test_a_day_that_the_calendar_has_not_gives_no_date() -> None:
    assert [f.date for f in compiler.find("2月30日前完成", 2024)] == [None]
    assert [f.date for f in compiler.find("2月29日前完成", 2023)] == [None]
    assert [f.date for f in compiler.find("2月29日前完成", 2024)] == [dt.date(2024, 2, 29)]


def test_a_date_before_the_earliest_year_is_a_fact_of_the_past() -> None:
    assert read("2023年12月底前完成整改", earliest=2024) == []
    assert [r[1] for r in read("2023年12月底前完成整改", earliest=2023)] == [dt.date(2023, 12, 31)]


def test_a_skipped_stretch_is_not_read() -> None:
    text = "6月底前报送，9月底前完成"
    assert [r[0] for r in read(text, skip=[(0, 6)])] == ["9月底前"]


def test_a_bare_date_counts_only_in_a_field() -> None:
    assert read("2024年6月") == []
    assert read("2024年6月", fields=[(0, 7)]) == [("2024年6月", dt.date(2024, 6, 30), "by", "month")]


@pytest.mark.parametrize("event", ["印发之日起", "收到交办单后", "会议结束后"])
def test_a_relative_limit_takes_in_the_event_before_it(event: str) -> None:
    assert [r[0] for r in read(f"{event}5个工作日内报送")] == [f"{event}5个工作日内"]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_ends_on_its_own_last_day(month: int) -> None:
    (found,) = compiler.find(f"{month}月底前完成", 2023)
    assert found.date is not None
    assert found.date.month == month
    assert (found.date + dt.timedelta(days=1)).month == month % 12 + 1


@pytest.mark.parametrize(("quarter", "day"), [("一", "03-31"), ("二", "06-30"), ("三", "09-30"), ("四", "12-31")])
def test_every_quarter_ends_on_its_own_last_day(quarter: str, day: str) -> None:
    assert [str(f.date) for f in compiler.find(f"{quarter}季度末前完成", 2024)] == [f"2024-{day}"]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["{0.year}年{0.month}月{0.day}日"]))
def test_every_day_of_the_calendar_is_read_as_itself(day: dt.date, form: str) -> None:
    found = compiler.find(f"{form.format(day)}前完成", 2024)
    assert [(f.date, f.kind) for f in found] == [(day, DeadlineKind.BY)]


@given(st.text(alphabet="2024年16月底前至日内完成季度上半工作立行改每、，（）-", max_size=60))
def test_limits_stand_in_order_and_apart(text: str) -> None:
    found = compiler.find(text, 2024)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


# ——— which year a bare month takes ———

ITEMS = "\n一、治水\n（一）排查管网，6月底前完成。\n（二）修复管网，年底前完成。\n"


@pytest.mark.parametrize(
    ("title", "tail", "expected"),
    [
        ("临江区2024年治水方案", "", ["2024-06-30", "2024-12-31"]),
        # Issued in the last days of the year before: the year in the title counts.
        ("临江区2025年治水方案", "临江区水利局\n2024年12月30日\n", ["2025-06-30", "2025-12-31"]),
        ("临江区治水方案", "临江区水利局\n2023年3月5日\n", ["2023-06-30", "2023-12-31"]),
        ("临江区治水方案", "临江区水利局\n二〇二三年三月五日\n", ["2023-06-30", "2023-12-31"]),
        # A span of years is not the year of a bare month.
        ("临江区治水三年行动（2022-2024年）方案", "临江区水利局\n2022年3月5日\n", ["2022-06-30", "2022-12-31"]),
        ("临江区治水方案", "", ["None", "None"]),
    ],
)
def test_a_bare_month_takes_the_year_of_the_plan(title: str, tail: str, expected: list[str]) -> None:
    plan = compile_text(title + ITEMS + tail)
    assert [str(d.date) for m in plan.measures for d in m.deadlines] == expected


def test_a_year_given_from_outside_overrides_that_of_the_text() -> None:
    plan = compile_text("临江区2024年治水方案" + ITEMS, 2026)
    assert plan.year == 2026
    assert [str(d.date) for m in plan.measures for d in m.deadlines] == ["2026-06-30", "2026-12-31"]
