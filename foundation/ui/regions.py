"""Provinces and states below their countries: the same one is known in any of its usual writings.

An address holds what people wrote: 广东省, 廣東, Guangdong or Guangdong Province; Bayern or Bavaria; California or CA.
Where we have no list, a region is compared as it is written, without case, accents and the word for its kind.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# One region a line of its country: writings between slashes, first the one in Latin letters, then others.
_CHINA = """
Beijing/北京; Tianjin/天津; Hebei/河北; Shanxi/山西; Inner Mongolia/内蒙古/內蒙古/Nei Mongol/Neimenggu; Liaoning/辽宁/遼寧;
Jilin/吉林; Heilongjiang/黑龙江/黑龍江; Shanghai/上海; Jiangsu/江苏/江蘇; Zhejiang/浙江; Anhui/安徽; Fujian/福建; Jiangxi/江西;
Shandong/山东/山東; Henan/河南; Hubei/湖北; Hunan/湖南; Guangdong/广东/廣東/Canton; Guangxi/广西/廣西; Hainan/海南;
Chongqing/重庆/重慶; Sichuan/四川; Guizhou/贵州/貴州; Yunnan/云南/雲南; Tibet/西藏/Xizang; Shaanxi/陕西/陝西; Gansu/甘肃/甘肅;
Qinghai/青海; Ningxia/宁夏/寧夏; Xinjiang/新疆
"""
_GERMANY = """
Baden-Württemberg/BW; Bavaria/Bayern/BY; Berlin/BE; Brandenburg/BB; Bremen/HB; Hamburg/HH; Hesse/Hessen/HE;
Mecklenburg-Western Pomerania/Mecklenburg-Vorpommern/MV; Lower Saxony/Niedersachsen/NI;
North Rhine-Westphalia/Nordrhein-Westfalen/NRW/NW; Rhineland-Palatinate/Rheinland-Pfalz/RP; Saarland/SL; Saxony/Sachsen/SN;
Saxony-Anhalt/Sachsen-Anhalt/ST; Schleswig-Holstein/SH; Thuringia/Thüringen/TH
"""
_STATES = """
Alabama/AL; Alaska/AK; Arizona/AZ; Arkansas/AR; California/CA; Colorado/CO; Connecticut/CT; Delaware/DE;
District of Columbia/DC/Washington DC; Florida/FL; Georgia/GA; Hawaii/HI; Idaho/ID; Illinois/IL; Indiana/IN; Iowa/IA;
Kansas/KS; Kentucky/KY; Louisiana/LA; Maine/ME; Maryland/MD; Massachusetts/MA; Michigan/MI; Minnesota/MN; Mississippi/MS;
Missouri/MO; Montana/MT; Nebraska/NE; Nevada/NV; New Hampshire/NH; New Jersey/NJ; New Mexico/NM; New York/NY;
North Carolina/NC; North Dakota/ND; Ohio/OH; Oklahoma/OK; Oregon/OR; Pennsylvania/PA; Puerto Rico/PR; Rhode Island/RI;
South Carolina/SC; South Dakota/SD; Tennessee/TN; Texas/TX; Utah/UT; Vermont/VT; Virginia/VA; Washington/WA;
West Virginia/WV; Wisconsin/WI; Wyoming/WY
"""
_CANADA = """
Alberta/AB; British Columbia/BC; Manitoba/MB; New Brunswick/NB; Newfoundland and Labrador/NL; Northwest Territories/NT;
Nova Scotia/NS; Nunavut/NU; Ontario/ON; Prince Edward Island/PE; Quebec/QC/Québec; Saskatchewan/SK; Yukon/YT
"""
_AUSTRALIA = """
Australian Capital Territory/ACT; New South Wales/NSW; Northern Territory/NT; Queensland/QLD; South Australia/SA;
Tasmania/TAS; Victoria/VIC; Western Australia/WA
"""
_LISTS = {"CN": _CHINA, "DE": _GERMANY, "US": _STATES, "CA": _CANADA, "AU": _AUSTRALIA}
_CHINESE_KIND = re.compile(r"(?:壮族|壯族|回族|维吾尔|維吾爾)?(?:自治区|自治區|特别行政区|特別行政區|省|市|州|県|府)$")
_LATIN_KIND = re.compile(
    r"\b(?:zhuang|hui|uyghur|autonomous|region|province|provincia|provinz|state|sheng|shi|freistaat|of)\b"
)


def _plain(text: str) -> str:
    """Without case, accents, punctuation and the word for its kind."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = _CHINESE_KIND.sub("", "".join(text.split()) if not text.isascii() else text)
    bare = _LATIN_KIND.sub(" ", text)
    return re.sub(r"[\W_]+", "", bare) or re.sub(r"[\W_]+", "", text)


@lru_cache(maxsize=8)
def _known(country: str) -> dict[str, tuple[str, ...]]:
    """Every writing of a country's regions, each with all writings of its region."""
    found = {}
    for line in _LISTS.get(country, "").split(";"):
        writings = tuple(one.strip() for one in line.split("/"))
        found.update({_plain(one): writings for one in writings if one})
    return found


def region_key(country: str, written: str) -> str:
    """What is the same for all writings of a region; empty for none."""
    plain = _plain(written)
    known = _known(country).get(plain)
    return _plain(known[0]) if known else plain


def is_listed(country: str) -> bool:
    """Whether we know the regions of a country by name."""
    return country in _LISTS


def is_region(country: str, written: str) -> bool:
    """Whether this is one of a country's regions, in any of its writings."""
    return _plain(written) in _known(country)
