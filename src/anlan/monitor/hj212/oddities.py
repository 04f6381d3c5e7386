"""What is odd about a frame that is taken all the same: stable codes with words, one heading each in the docs."""

from __future__ import annotations

from typing import NamedTuple

from anlan.foundation.calc.explain import Bilingual

ODDITIES: dict[str, Bilingual] = {
    "line_end": Bilingual("行尾不是 CR LF", "the line does not end with CR LF"),
    "skipped_bytes": Bilingual("帧前有不属于任何帧的字节", "bytes before the frame belong to none"),
    "crc_lower_case": Bilingual("CRC 用了小写", "CRC in lower case"),
    "long_segment": Bilingual("数据段超过 1024 字节", "data segment above 1024 bytes"),
    "gbk_text": Bilingual("文字为 GBK 编码，应为 UTF-8", "text in GBK instead of UTF-8"),
    "no_qn": Bilingual("没有 QN", "no QN"),
    "odd_qn": Bilingual("QN 不是 17 位时间", "QN is not a time of 17 digits"),
    "no_flag": Bilingual("没有 Flag，按 2005 版处理", "no Flag: taken as 2005"),
    "field_order": Bilingual("字段顺序与标准不同", "fields in another order"),
    "field_case": Bilingual("字段名大小写不对", "field name in the wrong case"),
    "extra_field": Bilingual("标准中没有的字段", "field the standard does not have"),
    "repeated_field": Bilingual("字段重复，取第一个", "field repeated: the first is taken"),
    "empty_pw": Bilingual("PW 为空", "PW empty"),
    "odd_pw": Bilingual("PW 不是 6 个字符", "PW is not 6 characters"),
    "no_mn": Bilingual("应答中没有 MN", "answer without MN"),
    "part_bit": Bilingual("有 PNUM、PNO 但 Flag 的 D 位为 0", "PNUM and PNO though bit D of Flag is 0"),
    "unknown_version": Bilingual("Flag 的版本位未知", "unknown version bits in Flag"),
    "version_before_issue": Bilingual("版本位早于该版发布", "written before the edition it names was issued"),
    "vendor_system": Bilingual("标准中没有的 ST", "ST the standard does not have"),
    "vendor_command": Bilingual("标准中没有的 CN", "CN the standard does not have"),
    "command_of_other_version": Bilingual("该版标准中没有这条命令", "command of another edition"),
    "vendor_factor": Bilingual("因子不在编码表中，单位未知", "factor not in the tables: its unit is unknown"),
    "old_code": Bilingual("2005 版因子编码，已换为现行编码", "factor code of 2005, given as the current one"),
    "old_code_in_new_version": Bilingual("新版报文用了 2005 版因子编码", "factor code of 2005 in a later edition"),
    "separator_at_end": Bilingual("最后一项后多了分隔符", "separator after the last item"),
    "empty_item": Bilingual("有空项", "empty item"),
    "comma_between_items": Bilingual("不同的项用逗号分隔，应为分号", "items parted by a comma instead of ;"),
    "item_split": Bilingual("同一因子分成几项，应用逗号", "one factor in several items, where a comma should stand"),
    "repeated_item": Bilingual("同一项重复，取第一个", "item repeated: the first is taken"),
    "milliseconds": Bilingual("时间为 17 位（含毫秒）", "time with 17 digits (milliseconds)"),
    "not_start_of_period": Bilingual("DataTime 不是时段的起点", "DataTime is not the start of a period"),
    "placeholder": Bilingual("以 -99 之类代替缺失值", "-99 or the like in place of a missing value"),
    "negative_value": Bilingual("负值", "negative value"),
    "empty_value": Bilingual("没有值", "no value"),
    "exponent": Bilingual("数值用了指数写法", "number with an exponent"),
    "unknown_flag": Bilingual("标准中没有的数据标记", "data flag the standard does not have"),
    "answer_wants_answer": Bilingual("应答又要求应答，不再应答", "an answer that wants an answer: it gets none"),
}


class Oddity(NamedTuple):
    """One oddity: its code in `ODDITIES` and what it is about, as printed."""

    code: str
    what: str = ""

    def words(self) -> Bilingual:
        """Oddity in words, with what it is about."""
        words = ODDITIES[self.code]
        return Bilingual(f"{words.zh}：{self.what}", f"{words.en}: {self.what}") if self.what else words
