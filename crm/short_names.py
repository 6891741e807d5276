"""Short forms of a company's name, without the database: 上海锦绣装饰 or 锦绣装饰 for 上海锦绣装饰工程有限公司, Parkett Müller for
Müller Parkett & Fliesen GmbH.

A name is taken apart into its places, its trade words and what is left, the brand. Two names may be one where the brand is
the same, no place contradicts the other, one has no trade that is foreign to the other, and enough of it is common: 锦绣
alone is half of the country's companies. Legal forms are gone before (`crm.keys`). The words are rows of an administrator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crm.keys import name_words, sound
from foundation.lists.tokens import fold, is_han, strip_accents

# What an installation starts with: provinces and the larger cities, of which the Latin writing follows by itself; then others.
PLACES = """
北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西
甘肃 青海 宁夏 新疆 香港 澳门 台湾 中国 石家庄 太原 沈阳 大连 长春 哈尔滨 南京 苏州 无锡 常州 南通 扬州 徐州 杭州 宁波 温州 嘉兴 绍兴 金华
义乌 合肥 福州 厦门 泉州 南昌 济南 青岛 烟台 潍坊 临沂 郑州 洛阳 武汉 宜昌 长沙 株洲 广州 深圳 佛山 东莞 中山 珠海 惠州 汕头 江门 顺德 南宁
桂林 柳州 海口 三亚 成都 绵阳 贵阳 昆明 西安 兰州 西宁 银川 乌鲁木齐 呼和浩特 浦东 昆山
berlin hamburg münchen köln frankfurt stuttgart düsseldorf leipzig dortmund essen bremen dresden hannover nürnberg wien zürich
london paris singapore dubai china deutschland germany asia europe hongkong taiwan
"""
TRADES = """
装饰 装修 装潢 工程 建筑 建设 建材 材料 设计 幕墙 室内 家装 家居 家具 家私 地板 木业 木地板 门窗 瓷砖 陶瓷 石材 涂料 防水 贸易 商贸 进出口 国际 实业
科技 技术 发展 投资 控股 管理 服务 咨询 文化 传媒 餐饮 酒店 置业 房地产 地产 物业 园林 景观 环境 环保 机电 机械 电器 电子 五金 灯饰 照明 橱柜 卫浴
洁具 制品 制造 工业 商业 商行 工厂 经营部 工作室 事务所
parkett boden böden bodenbeläge bodenbelag fußboden fussboden fliesen holz holzhandel bau bauunternehmen ausbau innenausbau raumausstattung
raumausstatter objekteinrichtung einrichtung möbel handel handels vertrieb vertriebs großhandel grosshandel tischlerei schreinerei baustoffe
service services interior interiors design designs decoration decorations decorating decor construction constructions contractor contractors
engineering building builders materials material flooring floors floor tile tiles wood timber furniture trading trade group holding holdings
international import imports export exports industry industries industrial enterprise enterprises technology technologies
zhuangshi gongcheng jiancai jianzhu sheji maoyi
"""
MOST_FORMS = 16
LONG_WORD = 8  # letters; so long a word tells a company by itself
ENOUGH = 3


def same_form(word: str) -> str:
    """A place or a trade as `name_words` writes it."""
    folded = fold(word.strip())
    return folded if is_han(folded) else "".join(name_words(folded)) or strip_accents(folded)


@dataclass(frozen=True)
class NameWords:
    """Places and trades in the form in which names are compared."""

    places: frozenset[str]
    trades: frozenset[str]

    @classmethod
    def of(cls, places: Iterable[str], trades: Iterable[str]) -> NameWords:
        """The words as somebody wrote them; a Chinese place is known by its sound too: 广州 as Guangzhou."""
        written = [same_form(one) for one in places]
        heard = [sound(one) for one in written if is_han(one)]
        return cls(frozenset(filter(None, [*written, *heard])), frozenset(filter(None, map(same_form, trades))))


@dataclass(frozen=True)
class Parts:
    """A name taken apart; brand and trades as they stand in it."""

    places: tuple[str, ...]
    brand: tuple[str, ...]
    trades: tuple[str, ...]


@lru_cache(maxsize=4096)
def parts_of(name: str, words: NameWords) -> tuple[Parts, ...]:
    """What the name consists of; two readings where it has umlauts, which people write in two ways."""
    readings = (name_words(name), name_words(name, umlauts=False))
    return tuple(dict.fromkeys(_apart(one, words) for one in readings))


def _apart(found: Sequence[str], words: NameWords) -> Parts:
    places: list[str] = []
    brand: list[str] = []
    trades: list[str] = []
    for word in found:
        if is_han(word):
            rest, its_places = _front(word, words.places)
            rest, its_trades = _end(rest, words.trades)
            places += its_places
            trades += its_trades
            brand += [rest] if rest else []
        else:
            (places if word in words.places else trades if word in words.trades else brand).append(word)
    return Parts(tuple(places), tuple(brand), tuple(trades))


def _front(run: str, places: frozenset[str]) -> tuple[str, list[str]]:
    found: list[str] = []
    while place := next((run[:size] for size in (4, 3, 2) if run[:size] in places), ""):
        found.append(place)
        run = run[len(place) :]
    return run, found


def _end(run: str, trades: frozenset[str]) -> tuple[str, list[str]]:
    """Trades from the end on; one letter that would be left is no name, so that the last of them belongs to it."""
    found: list[str] = []
    while trade := next((run[-size:] for size in (4, 3, 2) if run[-size:] in trades), ""):
        if len(run) == len(trade) + 1:
            break
        found.insert(0, trade)
        run = run[: -len(trade)]
    return run, found


def _weight(words: Iterable[str]) -> int:
    """How much a few words say: a Chinese character one, a Latin word two, a long one three."""
    return sum(len(one) if is_han(one) else 3 if len(one) >= LONG_WORD else 2 for one in words)


def is_short_form(one: str, other: str, words: NameWords) -> bool:
    """Whether one of the names may be a short form of the other, or both of a third."""
    return any(_fits(here, there) for here in parts_of(one, words) for there in parts_of(other, words))


def _fits(here: Parts, there: Parts) -> bool:
    if not here.brand or sorted(here.brand) != sorted(there.brand):
        return False
    mine, its = set(here.places), set(there.places)
    if mine and its and not mine & its:
        return False
    do, does = set(here.trades), set(there.trades)
    if not (do <= does or does <= do):
        return False
    return _weight([*here.brand, *(mine & its), *(do & does)]) >= ENOUGH


def searches(name: str, words: NameWords) -> list[str]:
    """What the search finds longer forms by, the narrower first: 上海 锦绣 装饰, then 锦绣 装饰. Empty for what says too little."""
    found = []
    for one in parts_of(name, words)[:1]:
        told = [*one.brand, *one.trades]
        if one.brand and one.places and _weight([*one.places, *told]) >= ENOUGH:
            found.append(" ".join([*one.places, *told]))
        if one.brand and _weight(told) >= ENOUGH:
            found.append(" ".join(told))
    return found


def short_texts(name: str, words: NameWords) -> set[str]:
    """By which keys shorter forms of the name are found: with the place and without, with all of the trades down to none."""
    found: set[str] = set()
    for one in parts_of(name, words):
        if not one.brand:
            continue
        for places in {one.places, ()}:
            for most in range(len(one.trades), -1, -1):
                for trades in {one.trades[:most], one.trades[len(one.trades) - most :]}:
                    if len(found) < MOST_FORMS and _weight([*places, *one.brand, *trades]) >= ENOUGH:
                        found.add("w:" + "".join(sorted(_as_words([*places], [*one.brand], [*trades]))))
    return found


def _as_words(*groups: list[str]) -> list[str]:
    """The words as `name_words` would find them in the short form: what is Chinese stands together."""
    flat = [word for group in groups for word in group]
    run = "".join(word for word in flat if is_han(word))
    return [*([sound(run)] if run else []), *(word for word in flat if not is_han(word))]
