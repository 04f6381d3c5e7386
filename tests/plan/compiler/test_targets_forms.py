"""Targets by form of speech, five sentences to each form, with those that only look like it; all invented."""

from __future__ import annotations

import pytest
from tests.plan.compiler.test_targets import read

FORMS = [
    # Where a movement ends: 到, 至 and 为 say where, only 以上 and 以内 make it a minimum or a maximum.
    ("污泥日处置规模由80吨扩至150吨。", "eq 150 吨"),
    ("公共机构绿色采购占比由三成提升至五成。", "eq 5 成"),
    ("抄告反馈时间由5天缩短为2天，回访率提升到95%以上。", "eq 2 天, ge 95 %"),
    ("夜间公交线路从4条增至7条。", "eq 7 条"),
    ("贫困监测对象由320户减至260户以内。", "le 260 户"),
    # A change against another year is committed unless the sentence reports.
    ("全区煤炭消费量比上年下降4%，光伏发电量增长三成。", "eq 4 %, eq 3 成"),
    ("投诉件数较上年减少120件，办理满意率不低于92%。", "eq 120 件, ge 92 %"),
    ("单位面积农药用量较2020年降低5%。", "eq 5 %"),
    ("2023年投诉量为860件，较上年减少120件。", ""),
    ("上半年已完成税收6亿元，同比增长7%。", ""),
    # A share whose whole stands between the comparator and the number.
    ("应急物资储备不少于年均消耗量的40%。", "ge 40 %"),
    ("补植面积不得低于采伐面积的1.2倍。", "ge 1.2 倍"),
    ("行政开支不超过上年预算的95%。", "le 95 %"),
    ("绿地面积达到总用地的35%。", "ge 35 %"),
    ("对超过合同价的10%的变更一律重新审批。", ""),
    # 低于…的 and 超过…的 name whom the measure is for.
    ("合格率低于85%的乡镇列入重点监管。", ""),
    ("满意度低于70%的窗口单位进行整改。", ""),
    ("空置率高于30%的商铺免收一年租金。", ""),
    ("出勤率不足80%的学员不予结业。", ""),
    ("办结率达到98%以上，低于90%的部门予以通报。", "ge 98 %"),
    # What borrowers pay on the average is an outcome, the terms of a loan are none.
    ("科技型企业贷款平均利率降低30个基点。", "eq 30 个基点"),
    ("普惠小微贷款利率上浮不超过20%的给予补偿。", ""),
    ("综合融资成本下降0.3个百分点。", "eq 0.3 个百分点"),
    ("贷款利率按基准下浮10个基点执行。", ""),
    ("制造业贷款加权平均利率较年初下降25个基点以上。", "ge 25 个基点"),
    # What each person owes in a year or a month.
    ("每名包联干部每月走访不少于15户次。", "ge 15 户次"),
    ("每位专家每年坐诊不少于60天。", "ge 60 天"),
    ("驻村工作队员每月在岗不少于20天。", "ge 20 天"),
    ("护林员人均管护面积不超过3000亩。", "le 3000 亩"),
    ("社区工作者配备标准为每万城镇人口18人。", "eq 18 人"),
    # Years measure ages, lives and schooling; else they are terms.
    ("营运船舶平均船龄降到10年以下。", "le 10 年"),
    ("公交车平均使用年限不超过8年。", "le 8 年"),
    ("船龄超过20年的货船限期退出。", ""),
    ("劳动力平均受教育年限达到10.9年。", "ge 10.9 年"),
    ("执业满5年以上的律师可以申请。", ""),
    # Days and months that a stock lasts.
    ("粮食应急成品粮库存保持在15天用量以上。", "ge 15 天"),
    ("重点药品储备不少于3个月用量。", "ge 3 个月"),
    ("矿井停产超过2个月的重新验收。", ""),
    ("电厂存煤可用天数不低于15天。", "ge 15 天"),
    ("库存积压6个月的商品下架。", ""),
    # Orders, tickets, milliseconds, rates of a population.
    ("电子运单签发2.8万单以上，网络时延不超过8毫秒。", "ge 2.8 万单, le 8 毫秒"),
    ("景区门票预约核销12万票。", "eq 12 万票"),
    ("服务热线日均接单300单。", "eq 300 单"),
    ("孕产妇死亡率控制在12/10万以内。", "le 12 /10万"),
    ("整改清单实行一单一码，责任单位逐项签字。", ""),
    # Figures in names of things.
    ("打造10亿级企业不少于3家、百亿级集群1个。", "ge 3 家, eq 1 个"),
    ("推进一、二期工程建设，实施三期扩容。", ""),
    ("完成5000吨级泊位改造2座。", "eq 2 座"),
    ("举办5人制足球赛12场。", "eq 12 场"),
    ("二期工程日处理能力3万吨。", "eq 3 万吨"),
    # Payments per unit are policy; what people earn or are charged is committed.
    ("粮食烘干每吨补助40元，烘干能力达到500吨/日。", "ge 500 吨/日"),
    ("筛查费用由财政承担，每例不超过260元。", ""),
    ("公益岗位补贴每人每月不高于800元。", ""),
    ("中药材种植每亩增收不少于600元。", "ge 600 元"),
    ("停车收费每小时不超过3元。", "le 3 元"),
    # Cases of a part of the year that has passed.
    ("一季度全区查处非法捕捞案件18起。", ""),
    ("上半年接报警情3200起，下半年警情下降10%。", "eq 10 %"),
    ("1-5月份检出不合格产品23批次。", ""),
    ("全年查处违法建设60处。", "eq 60 处"),
    ("一季度完成投资2亿元。", "eq 2 亿元"),
    # 不突破 and 不逾 are maxima.
    ("新增建设用地不突破800亩。", "le 800 亩"),
    ("政府债务余额不得突破120亿元限额。", "le 120 亿元"),
    ("事故起数不逾5起。", "le 5 起"),
    ("用水量突破红线8%的，暂停审批。", ""),
    ("产值突破90亿元。", "gt 90 亿元"),
    # Weights in an assessment.
    ("年度考核占绩效的10%，办结率占评分的20%。", ""),
    ("河长制工作占综合考核分值的5%。", ""),
    ("清洁能源占能源消费比重的18%。", "eq 18 %"),
    ("平时考核占50%，年终考核占50%。", ""),
    ("群众评议得分占30%权重。", ""),
    # Values found, and the number of factors in an analysis.
    ("出厂水余氯背景值为0.3毫克/升。", ""),
    ("地下水本底值为1.1毫克/升，管控后不超过1毫克/升。", "le 1 毫克/升"),
    ("现状值为45%，目标值达到60%。", "ge 60 %"),
    ("每季度开展一次97项水质检测。", ""),
    ("每月开展2次32项指标分析。", ""),
    # Capacity of one piece is its specification, capacity of a system an amount.
    ("电动船单船电池容量不低于1500千瓦时。", ""),
    ("储能电站总规模不低于50兆瓦时。", "ge 50 兆瓦时"),
    ("单桩功率不低于60千瓦。", ""),
    ("消防水池有效容积不小于200立方米。", ""),
    ("排涝能力不低于30立方米/秒。", "ge 30 立方米/秒"),
]


@pytest.mark.parametrize("text, expected", FORMS, ids=[text for text, _ in FORMS])
def test_each_form_is_read_with_its_limits(text: str, expected: str) -> None:
    assert [word.strip() for word in read(text)] == [word for word in expected.split(", ") if word]
