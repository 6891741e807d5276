"""Places have many writings, and names in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from foundation.ui.places import zone_name
from foundation.ui.regions import is_listed, is_region, region_key


@pytest.mark.parametrize(
    ("country", "writings"),
    [
        ("CN", ["广东", "广东省", "廣東省", "Guangdong", "GUANGDONG Province", " guang dong ", "Guangdong Sheng"]),
        ("CN", ["广西壮族自治区", "Guangxi", "Guangxi Zhuang Autonomous Region", "廣西"]),
        ("CN", ["北京市", "北京", "Beijing"]),
        ("CN", ["新疆维吾尔自治区", "Xinjiang", "新疆"]),
        ("DE", ["Bayern", "Freistaat Bayern", "Bavaria", "BY", "by"]),
        ("DE", ["Thüringen", "thuringen", "Thuringia"]),
        ("US", ["California", "CA", "State of California"]),
        ("US", ["Washington", "WA", "Washington State"]),
        ("CA", ["Québec", "Quebec", "QC"]),
        ("FR", ["Île-de-France", "ile de france"]),  # of which we have no list
    ],
)
def test_writings_of_one_region_are_the_same(country, writings):
    assert len({region_key(country, one) for one in writings}) == 1, [region_key(country, one) for one in writings]
    assert is_listed(country) == all(is_region(country, one) for one in writings)


def test_different_regions_stay_apart():
    pairs = [
        ("CN", "Shanxi", "Shaanxi"),
        ("CN", "湖南", "湖北"),
        ("CN", "河南", "湖南"),
        ("CN", "Guangdong", "Guangxi"),
    ]
    pairs += [
        ("DE", "Sachsen", "Sachsen-Anhalt"),
        ("US", "Virginia", "West Virginia"),
        ("US", "Washington", "Washington DC"),
    ]
    for country, one, other in pairs:
        assert region_key(country, one) != region_key(country, other)
    assert region_key("CN", "") == "" and not is_region("CN", "")
    assert not is_region("CN", "Guangdnog")


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("en", "Europe/London", "London"),
        ("en", "America/Sao_Paulo", "Sao Paulo"),
        ("zh-hans", "Asia/Dubai", "迪拜"),
        ("zh-hant", "Asia/Kolkata", "加爾各答"),
        ("de", "Asia/Kolkata", "Kalkutta"),
        ("de", "UTC", "UTC"),
        ("de", "", ""),
    ],
)
def test_a_time_zone_is_called_by_its_city_in_the_readers_language(language, zone, shown):
    with translation.override(language):
        assert zone_name(zone) == shown
