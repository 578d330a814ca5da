"""The people a demonstration is played with: fixed, whatever the seed; figures as in the mock-ups."""

from __future__ import annotations

from datetime import date

from bureau.city.characters import Firm, Pay, Persona
from bureau.city.enterprises import CHENXING, FIRMS, HEMU, QINGHE, SHIGUANG

__all__ = ["CHENXING", "FIRMS", "HEMU", "PERSONAS", "QINGHE", "SHIGUANG", "WARDS", "Firm", "Persona"]

SHOWN = (
    (1_375_000, 41_250), (1_327_300, 39_820), (1_375_000, 41_250), (1_434_700, 43_040), (1_434_700, 43_040),
    (2_183_300, 65_500), (1_434_700, 43_040), (1_434_700, 43_040), (1_560_700, 46_820),
)  # fmt: skip
"""Nine months as the mock-ups print them (pictures 13 and 21); their tax is not computed by the tables."""

PERSONAS = (
    Persona(
        "li-xiulan", "李秀兰", "2", date(1985, 7, 9), 24, "19900001002", "云川市江畔区滨江路66号1幢1101室",
        "员工，月月有工资，二月有年终奖：打印纳税记录 · Employee with wages each month and a bonus each February.",
        ("employee",), Pay(1_860_000, 30, extra_fen=300_000, bonus_fen=4_600_000), area="539903",
    ),
    Persona(
        "chen-mo", "陈墨", "1", date(1991, 3, 27), 31, "19900001012", "云川市书院区书院街40号2单元301室",
        "禾木文具的办税员兼购票员：报上季度增值税，领发票 · Tax handler and invoice collector of Hemu Stationery: "
        "files the last quarter, collects paper invoices.",
        ("handler", "collector"), Pay(980_000, 16, extra_fen=150_000),
    ),
    Persona(
        "zhao-min", "赵旻", "2", date(1978, 8, 19), 42, "19900001013", "云川市江畔区解放路155号1单元102室",
        "远山建材法定代表人，有一期没申报，领不了发票 · Legal representative of Yuanshan Building Materials: "
        "an unfiled period, so no invoices.",
        ("blocked",), area="539903",
    ),
    Persona(
        "wang-guifen", "王桂芬", "2", date(1948, 10, 21), 96, "19900001009", "云川市书院区书院街12号",
        "老人，隔月有稿酬：大字、人工帮助 · Elder with author's pay every other month: large text, staff help.",
        ("elder",), Pay(320_000, 12, "royalties", every=2),
    ),
    Persona(
        "anna-schmidt", "安娜·施密特", "2", date(1988, 5, 14), 102, "19900001010", "",
        "德国人，永久居留身份证（2023版），用英文办理 · German with a permanent resident card of 2023, in English.",
        ("foreigner",), Pay(2_650_000, 18), latin_name="SCHMIDT ANNA", nationality="DEU",
    ),
    Persona(
        "shen-zhizhou", "沈知舟", "1", date(1986, 4, 18), 17, "19900001001", "云川市书院区文庙街18号3单元402室",
        "三家企业三种身份：先选企业；收入同样张 · Three enterprises, three roles: chooses one; the mock-ups' income.",
        ("chooser",), Pay(1_560_700, 24, newest=SHOWN),
    ),
    Persona(
        "he-mulan", "何木兰", "2", date(1979, 2, 26), 48, "19900001004", "云川市湖东区翠湖路9号",
        "禾木文具法定代表人 · Legal representative of Hemu Stationery.",
        ("owner",), Pay(1_240_000, 12, extra_fen=200_000), nation="03", area="539905",
    ),
    Persona(
        "zhou-mingyuan", "周明远", "1", date(1993, 11, 2), 33, "19900001003", "云川市云岭区学府路201号",
        "禾木文具购票员，只能领发票 · Invoice collector of Hemu Stationery: collects and nothing else.",
        (), Pay(760_000, 14), area="539904",
    ),
    Persona(
        "ma-yuan", "马原", "1", date(1983, 1, 15), 57, "19900001014", "云川市云岭区金马巷21号",
        "新篁印务购票员，都已申报缴清，随时能领 · Invoice collector of Xinhuang Printing: may collect on any day.",
        ("collector",), area="539904",
    ),
    Persona(
        "gao-wei", "高巍", "1", date(1975, 9, 30), 51, "19900001005", "云川市江畔区解放路155号2单元201室",
        "远山建材办税员，补报欠报的一期 · Tax handler of Yuanshan Building Materials, two returns behind.",
        (), area="539903",
    ),
    Persona(
        "lin-tao", "林涛", "1", date(1990, 6, 15), 65, "19900001006", "云川市云岭区金马巷7号",
        "晨星茶叶法定代表人，手中发票已到上限 · Legal representative of Chenxing Tea: holds all the blanks it may.",
        ("limit",), nation="05", area="539904",
    ),
    Persona(
        "xu-wen", "许闻", "2", date(1987, 12, 3), 76, "19900001015", "云川市江畔区滨江路9号",
        "松间茶舍财务负责人，已申报，待缴税 · Finance officer of Songjian Teahouse: filed, still to be paid.",
        ("payer",), area="539903",
    ),
    Persona(
        "chen-jing", "陈静", "2", date(1982, 12, 8), 72, "19900001007", "云川市书院区青年路88号",
        "北斗餐饮办税员，前一季税款逾期，带滞纳金补缴 · Tax handler of Beidou Catering: overdue tax, late charge.",
        ("debtor",), Pay(890_000, 9),
    ),
    Persona(
        "yang-shun", "杨顺", "1", date(1980, 5, 5), 93, "19900001016", "云川市石桥县桥头街3号",
        "县城企业办税员，城建税5%：离线按7%申报被退回；前一季欠税 · Handler of a county-town firm (5 %): a "
        "return filed offline at 7 % is refused; owes an earlier quarter.",
        ("county",), area="539921",
    ),
    Persona(
        "dong-hao", "董昊", "1", date(1989, 9, 9), 105, "19900001017", "云川市湖东区关上路77号",
        "启明机电办税员，开有专票且超过起征点 · Tax handler of Qiming Electromechanical: special invoices, over the "
        "threshold.",
        ("special",), area="539905",
    ),
    Persona(
        "bai-lu", "白璐", "2", date(1996, 9, 7), 118, "19900001018", "云川市书院区青年路15号",
        "花艺店经营者，季销售额不超30万元，免税 · Owner of a flower shop: at most 300 000 a quarter, exempt.",
        ("exempt",), nation="14",
    ),
    Persona(
        "he-jiaxin", "何嘉欣", "2", date(1992, 2, 20), 126, "19900001019", "云川市湖东区白塔路33号2幢501室",
        "香港居民居住证，有工资 · Hong Kong resident with a residence permit and wages.",
        ("hmt",), Pay(1_480_000, 20), area="810000", travel_permit="H08812345",
    ),
    Persona(
        "xie-an", "谢安禾", "2", date(1984, 11, 11), 134, "19900001020", "云川市云岭区学府路8号",
        "涉税代理人，代理三家企业 · Tax agent of three enterprises.",
        ("agent",), area="539904",
    ),
    Persona(
        "qian-sheng", "钱胜", "1", date(1968, 3, 3), 89, "19900001008", "云川市湖东区关上路31号",
        "旧梦服饰法定代表人，企业非正常状态 · Legal representative of Jiumeng Apparel, in abnormal state.",
        ("abnormal",), area="539905",
    ),
    Persona(
        "luo-ping", "罗平", "1", date(1975, 4, 2), 147, "19900001021", "云川市江畔区东风路19号",
        "身份证已过期 · His identity card has expired.",
        ("expired",), Pay(920_000, 30), area="539903", expired=True,
    ),
    Persona(
        "tang-yue", "唐悦", "2", date(2003, 6, 24), 152, "19900001022", "云川市书院区翠湖路51号",
        "学生，没有企业身份，也没有收入 · Student: no roles and no income.",
        ("nobody",),
    ),
    Persona(
        "sun-li", "孙立", "1", date(1999, 1, 27), 119, "19900001011", "云川市江畔区东风路5号",
        "没有实名登记，可以在终端采集 · Not enrolled: may enrol at the terminal.",
        ("stranger",), area="539903", enrolled=False,
    ),
)  # fmt: skip

WARDS = (
    Persona(
        "xu-zhixia", "许知夏", "2", date(2014, 8, 16), 158, "", "云川市江畔区滨江路9号",
        "许闻的女儿，随母姓，在少年报上发表漫画有稿酬 · Daughter of Xu Wen, with her name; author's pay for comics.",
        pay=Pay(150_000, 10, "royalties", every=2), area="539903",
    ),
    Persona(
        "lin-xiaohe", "林小禾", "1", date(2016, 3, 12), 161, "", "云川市云岭区金马巷7号",
        "林涛的儿子，拍广告有劳务报酬 · Son of Lin Tao, paid for an advertisement.",
        pay=Pay(200_000, 6, "labour", every=3), nation="05", area="539904",
    ),
)  # fmt: skip
"""Children of the cast, entered by who paid them; nobody plays them: their guardians come."""
