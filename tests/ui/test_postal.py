"""Addresses as their countries write them."""

from __future__ import annotations

import re

import pytest

from foundation.ui import postal

HAMBURG = {"street": "Am Kai 1", "postal_code": "20457", "city": "Hamburg"}
FOSHAN = {"region": "广东省", "city": "佛山市", "district": "南海区", "street": "桂城路1号", "postal_code": "528200"}


@pytest.mark.parametrize(
    ("country", "values", "expected"),
    [
        ("DE", HAMBURG, ["Am Kai 1", "20457 Hamburg"]),
        ("DE", {**HAMBURG, "region": "HH"}, ["Am Kai 1", "HH", "20457 Hamburg"]),
        ("CN", FOSHAN, ["528200", "广东省佛山市南海区桂城路1号"]),
        ("CN", {**FOSHAN, "region": "上海市", "city": "上海市"}, ["528200", "上海市南海区桂城路1号"]),
        (
            "CN",
            {"street": "1 Guicheng Rd", "district": "Nanhai", "city": "Foshan", "region": "Guangdong", "postal_code": "528200"},
            ["1 Guicheng Rd", "Nanhai", "Foshan, Guangdong 528200"],
        ),
        ("US", {"street": "1 Main St", "city": "Austin", "region": "TX", "postal_code": "78701"}, ["1 Main St", "Austin, TX 78701"]),
        ("US", {"street": "1 Main St", "city": "Austin", "postal_code": "78701"}, ["1 Main St", "Austin, 78701"]),
        ("GB", {"street": "1 Quay", "city": "London", "postal_code": "SE1 9SG"}, ["1 Quay", "London", "SE1 9SG"]),
        ("HK", {"street": "弥敦道1号", "district": "旺角", "city": "九龙"}, ["九龙旺角弥敦道1号"]),
        ("XX", {"street": "Road 1", "city": "Town", "region": "Part"}, ["Road 1", "Town, Part"]),
    ],
)  # fmt: skip
def test_an_address_stands_as_its_country_writes_it(country, values, expected):
    assert postal.lines_of(country, values) == expected


@pytest.mark.parametrize("country", sorted(postal.FORMS))
def test_every_country_knows_its_own_example_and_writes_every_part(country):
    form = postal.form_of(country)
    assert form.required <= set(form.parts) <= set(postal.PARTS)
    if form.pattern:
        assert form.fits(form.example) and not form.fits("nonsense!")
    for lines in (form.lines, form.local):
        written = {name for line in lines for name in re.findall(r"\{(\w+)\}", line)}
        assert not lines or set(form.parts) <= written


def test_a_code_is_kept_in_one_writing():
    assert postal.tidy_code(" k1a  0b1 ") == "K1A 0B1"
    assert postal.form_of("CA").fits("K1A 0B1")
