"""The words the city is made of: names of people, streets, trades and customers. All of them are made up."""

from __future__ import annotations

SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_FEMALE = tuple(
    """
    秀英 桂兰 静 丽 敏 燕 雪梅 婷婷 欣怡 雨桐 思琪 佳慧 晓芸 文静 玉兰 春梅 海燕 若溪 诗涵 梓萱
    慧敏 小芳 爱华 月娥 凤英 书瑶 清禾 念慈 云舒 以宁 映雪 采薇 南乔 知夏 令仪 素心 婉清 木槿 星遥 竹君
    """.split()
)
GIVEN_MALE = tuple(
    """
    伟 强 磊 军 洋 勇 建国 志强 俊杰 浩然 子轩 宇航 明远 文博 国栋 海涛 建华 立新 晓东 振宇 一鸣 天佑
    家豪 德明 永福 知行 怀瑾 修远 景行 砚秋 云帆 望舒 承泽 牧之 守拙 思齐 允中 松年 远山 竹溪
    """.split()
)
"""Given names, of women and of men."""

FOREIGNERS = (
    ("LINDQVALE MARIT", "玛丽特·林德韦尔", "SWE", "2"),
    ("OKONDE JAMES", "詹姆斯·奥孔德", "GBR", "1"),
    ("MOREAUX CLAIRE", "克莱尔·莫罗", "FRA", "2"),
    ("TANIMURO KENTA", "谷室健太", "JPN", "1"),
    ("HARGELL THOMAS", "托马斯·哈格尔", "DEU", "1"),
    ("SEONGJU MINA", "成周美娜", "KOR", "2"),
    ("FERRANDI LUCA", "卢卡·费兰迪", "ITA", "1"),
    ("WHITLOCKE EMMA", "艾玛·惠洛克", "USA", "2"),
)
"""Latin name, Chinese name, country (ISO 3166-1 alpha-3) and sex of residents from abroad."""

STREETS = tuple(
    """
    人民路 解放路 滨江路 书院街 青年路 文庙街 翠湖路 环城南路 北门街 金马巷 碧鸡路 学府路 白塔路 东风路
    拓东路 春城路 关上路 龙泉路 竹影巷 云水街 石板街 桥头街
    """.split()
)

TRADES = {
    "文具": "文具用品零售",
    "建材": "建筑材料批发",
    "茶叶": "茶叶销售",
    "餐饮管理": "餐饮服务",
    "机械": "通用机械制造",
    "服饰": "服装零售",
    "图文设计": "专业设计服务",
    "信息科技": "软件和信息技术服务",
    "园艺": "花卉种植与销售",
    "物流": "道路货物运输",
    "印务": "印刷",
    "药业": "药品零售",
    "家居": "家具零售",
    "电器": "家用电器零售",
    "农产品": "农产品批发",
    "文化传媒": "广告设计",
}
"""Trade in a company's name, and the industry it is registered in."""
BRANDS = tuple(
    """
    晨光 恒信 德润 嘉禾 明达 华泰 金桥 瑞丰 同创 启航 博雅 锦程 安和 聚源 天成 云岭 翠屏 滇池 远大 祥和
    立诚 汇通 宏图 新川 众合 春晓 长青 知行 鼎盛 广源
    """.split()
)
BUSINESSES = tuple(
    """
    云川市第一中学 云川市人民医院 云川市图书馆 云川师范学院 云川市公交集团 云川市书院区教育局
    滇中银行云川分行 云川市自来水公司 云川科创园管理中心 云川市老年大学 云川日报社 云川大酒店
    云川市江畔区第二小学 云川植物园 云川市博物馆 云川客运站
    """.split()
)
BUYERS = (*BUSINESSES, *["个人"] * 4)
"""Customers named on invoices; special invoices go to businesses alone."""
