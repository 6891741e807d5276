"""The quote as paper: complete, readable and in the customer's language."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from foundation.accounts.models import Company
from orders.papers import quote_paper
from tests.crm.factories import make_address, make_contact, make_customer
from tests.orders.factories import make_lines, make_quote, staff
from tests.support.pdf import language_of, words_of

pytestmark = pytest.mark.django_db

WORDS = {
    "en": ["Quote", "Unit price", "Cargo insurance", "SPC flooring Oak Natural", "1,200.5 m²", "Accepted: date"],
    "de": ["Angebot", "Einzelpreis", "Transportversicherung", "SPC-Boden Eiche Natur", "1.200,5 m²", "0,3 % von 110 %"],
    "zh-hans": ["报价单", "单价", "货物运输保险", "石塑地板 天然橡木", "1,200.5 m²", "买方"],
    "zh-hant": ["報價單", "單價", "貨物運輸保險", "石塑地板 天然橡木", "1,200.5 m²", "買方"],
}


@pytest.mark.parametrize("language", list(WORDS))
def test_a_quote_prints_in_the_customers_language_with_every_glyph(language: str) -> None:
    company = Company.current()
    company.name, company.bank_details = "Nordlicht Floors Ltd.", "Bank of China SWIFT BKCHCNBJ400"
    company.save()
    customer = make_customer("Parkett Müller GmbH", local_name="上海光明装饰有限公司" if "zh" in language else "")
    make_address(customer, street="Große Straße 3")
    contact = make_contact(customer, name="王建国" if "zh" in language else "Jörg Weiß")
    quote = make_quote(staff("sales"), customer=customer, contact=contact, language=language, terms="30 % / 30%，余款")
    paper = quote_paper(quote)
    text = words_of(paper.data)
    assert paper.missing == ()
    for word in [*WORDS[language], quote.reference, contact.name, "Große Straße 3", "Nordlicht Floors Ltd.", "SWIFT"]:
        assert unicodedata.normalize("NFKC", word).replace(" ", "") in text.replace(" ", ""), word
    assert language_of(paper.data).lower() == language


def test_what_a_quote_says_under_cif_adds_up_on_paper() -> None:
    quote = make_quote(staff("sales"), currency="USD")
    text = words_of(quote_paper(quote).data)
    for amount in ("US$9,423.93", "US$18,847.86", "US$350.00", "US$80.00", "US$1,850.00", "US$69.95", "US$21,197.81"):
        assert amount in text
    assert "US$23,317.60" in text  # 110 % of the total, rounded up
    assert "not included" in text


def test_a_long_quote_repeats_its_head_and_numbers_its_pages() -> None:
    quote = make_quote(staff("sales"), lines=make_lines(60))
    paper = quote_paper(quote)
    text = words_of(paper.data)
    assert paper.pages >= 4
    assert text.count("Unit price") >= 3
    plain = text.replace(" ", "")
    assert f"1/{paper.pages}" in plain and f"{paper.pages}/{paper.pages}" in plain


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="file:///etc/hostname">',
        "<script>document.write(1)</script>",
        '"><link rel=attachment href=file:///etc/passwd>',
        "<style>@import 'http://127.0.0.1:9/'</style>",
        "{{ settings.SECRET_KEY }}{% load x %}",
        "\x00\ufffe‮evil",
    ],
)
def test_markup_in_any_text_is_printed_as_it_was_typed(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from foundation.documents import pdf

    seen: dict[str, Any] = {}

    def spy(html: str, **kwargs: Any) -> Any:
        seen["html"] = html
        return pdf.Paper(b"%PDF", 1)

    monkeypatch.setattr(pdf, "print_html", spy)
    typed = hostile.replace("\x00", "")
    customer = make_customer(typed[:150])
    contact = make_contact(customer, name=typed[:100])
    lines = make_lines(1, description=typed[:200], specification=typed)
    quote_paper(
        make_quote(
            customer=customer, contact=contact, lines=lines, intro=typed, terms=typed, incoterm_place=typed[:100]
        )
    )
    html = seen["html"]
    assert "<img" not in html and "<script" not in html and "<link" not in html and "<style" not in html
    assert html.count("settings.SECRET_KEY") == (
        0 if "settings" not in hostile else html.count("{{ settings.SECRET_KEY }}")
    )
