"""Targets named in Chinese and Japanese, which write no spaces and no capitals."""

from __future__ import annotations

import re

from amnestic.agents.requests.marked import Marked
from amnestic.agents.requests.readings import Interpretation
from amnestic.agents.requests.width import refuse_broad
from amnestic.types import Identifier, TargetKind

__all__ = ["FAR_EAST", "eastern_target"]

FAR_EAST = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
"""A letter of Chinese, Japanese or Korean."""

_ROLE = re.compile(
    r"(?:.*的)?(?:前)?(?:作家|歌手|演员|教授|律师|记者|画家|导演|主席|总裁|校长|市长|同事|客户|顾客|员工|"
    r"职员|病人|患者|朋友|邻居|老师|医生|学生|经理|老板|租客|住户|会员|用户|"
    r"公司|小说|电影|歌曲|城市|村庄)?"
)
_KINDS = (
    (r"公司|集团|银行|大学|協会|协会", TargetKind.ORGANISATION),
    (r"《|「|小说|电影|歌曲", TargetKind.WORK),
    (r"(?:市|村|镇|县|省|山|湖|岛|城)$|城市|村庄", TargetKind.PLACE),
)


def eastern_target(
    phrase: str, told: str, marked: Marked, identifiers: tuple[Identifier, ...]
) -> Interpretation:
    """A target named in Chinese or Japanese: what stands behind the last word of its role."""
    first = re.split(r"[，。；、,;]", phrase)[0]
    role = _ROLE.match(first)
    name = first[role.end() :] if role and role.end() < len(first) else first
    name = re.sub(
        r"(?:先生|女士|小姐|同学|老师|这个?(?:人|公司|地方)|此人|本人|さん|氏|という(?:人|会社)|的(?:一切|所有|信息|资料|事))+$",
        "",
        name,
    ).strip(" 《》「」“”")
    refuse_broad(name)
    kind = next((k for ending, k in _KINDS if re.search(ending, first)), TargetKind.PERSON)
    said = f"{first}。" if first != name else ""
    numbers = " ".join(f"{i.told}。" for i in identifiers)
    description = f"{said}{marked.bare(told)} {numbers}".strip()
    return Interpretation(name, kind, description, identifiers=identifiers)
