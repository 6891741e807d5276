"""Pages filled with made-up data, so that the shell can be looked at and measured on its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.utils import timezone
from django.utils.safestring import SafeString

from foundation.ui import formats, html, nav
from foundation.ui import parts as p
from foundation.ui.errors import conflict
from foundation.ui.forms import SignatureField
from foundation.ui.submissions import submit_once
from foundation.ui.table import Head, Row, render_rows

CUSTOMERS = [
    (
        "Nordholz Böden GmbH",
        "Hamburg · German · dealer",
        "Strategic",
        "Call back today 16:00",
        "Sample SPC 6.5",
        "EUR",
        "412300",
        "1 h 20 min",
        "soon",
    ),
    (
        "广州华居装饰工程有限公司",
        "Guangzhou · Chinese · fit-out",
        "Key",
        "Visit tomorrow 09:30",
        "Two sets of samples",
        "CNY",
        "1860000",
        "tomorrow 12:00",
        "in-time",
    ),
    (
        "Podłogi Wisła Sp. z o.o.",
        "Kraków · English · dealer",
        "Normal",
        "Answer the inquiry",
        "CIF Gdańsk, two containers",
        "USD",
        "96500",
        "overdue 25 min",
        "late",
    ),
    (
        "臺北明亮室內裝修",
        "Taipei · Traditional Chinese",
        "Normal",
        "Showroom 26 Nov",
        "6 people",
        "TWD",
        "540000",
        "waiting for customer",
        "paused",
    ),
    (
        "Alpenboden AG",
        "Zürich · German · importer",
        "Key",
        "Quarterly survey 1 Dec",
        "",
        "CHF",
        "230900",
        "nothing due",
        "done",
    ),
]


class ShipmentForm(forms.Form):
    carrier = forms.CharField(label="Carrier", help_text="The name as it stands on the waybill.")
    waybill = forms.CharField(label="Waybill number")
    mode = forms.ChoiceField(
        label="Mode", choices=[("sea", "Sea"), ("air", "Air"), ("road", "Road")], widget=forms.RadioSelect
    )
    eta = forms.DateField(label="Expected arrival", widget=forms.DateInput(attrs={"type": "date"}))
    insured = forms.BooleanField(label="Insured", required=False, help_text="All risks, 110 % of the value.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    email = forms.EmailField(label="Notify", required=False)


class SignForm(forms.Form):
    signature = SignatureField(label="Signature of the consignee")


def list_page(total: int = 5) -> p.List:
    heads = [
        Head("Customer", "title", sort_url="?sort=name", sorted="ascending"),
        Head("Tier"),
        Head("Next step", "fact"),
        Head("Orders this year", "fact", is_number=True, sort_url="?sort=-value"),
        Head("Promise", "end", sort_url="?sort=due"),
    ]
    rows = [
        Row(
            [
                html.two_lines(html.link(name, "/record/"), sub),
                tier,
                html.two_lines(step, note),
                formats.money(Decimal(value), currency, 0),
                html.clock(clock, state),
            ],
            pk=i,
            label=name,
        )
        for i, (name, sub, tier, step, note, currency, value, clock, state) in enumerate(
            (CUSTOMERS * (total // 5 + 1))[:total]
        )
    ]
    return p.List(
        title="Customers",
        heads=heads,
        rows=render_rows(heads, rows),
        caption="Customers, by name",
        actions=p.Actions(
            p.Action("New customer", "/form/", icon="plus", style="primary"),
            [p.Action("Import", "#", "arrow-up-tray"), p.Action("Export", "#", "arrow-down-tray")],
        ),
        tabs=[
            p.Tab("My customers", "?", 48, True),
            p.Tab("To contact today", "?view=today", 7),
            p.Tab("Overdue", "?view=overdue", 2),
            p.Tab("Unassigned", "?view=pool", 126),
        ],
        filters=FilterForm(),
        search="",
        chips=[p.Chip("Type: dealer", "?"), p.Chip("Country: Germany, Poland", "?")],
        clear_url="?",
        pager=p.Pager(2, "?page=1", "?page=3", "", "26–50", "126 customers"),
    )


class FilterForm(forms.Form):
    kind = forms.ChoiceField(label="Type", required=False, choices=[("", "All"), ("dealer", "Dealer")])
    country = forms.ChoiceField(label="Country", required=False, choices=[("", "All"), ("DE", "Germany")])


def record_page(now: dt.datetime) -> p.Record:
    ago = lambda **k: now - dt.timedelta(**k)  # noqa: E731
    steps = [
        ("Received", "done", "Mon 09:14, web"),
        ("Acknowledged", "done", "Mon 09:20"),
        ("Investigating", "current", "Zhang, since Mon 10:02"),
        ("Proposed", "future", "by Tue 09:14"),
        ("In progress", "future", ""),
        ("Resolved", "future", ""),
        ("Closed", "future", ""),
    ]
    return p.Record(
        title="T-2026-0481 · Click joints open on 40 m² of SPC Oak 6.5",
        type="Ticket",
        number="T-2026-0481",
        subtitle=SafeString(
            '<a href="#">Nordholz Böden GmbH</a>, Hamburg (08:42 there) · Order <a href="#">SO-2026-1177</a> · Frau Petersen, German'
        ),
        crumbs=[p.Crumb("After-sales", "/"), p.Crumb("Overdue first", "/"), p.Crumb("3 of 12")],
        badges=[
            html.clock("Solution due in 1 h 20 min", "soon", due_at=now),
            html.clock("Resolution paused, waiting for photos", "paused"),
        ],
        actions=p.Actions(
            p.Action("Propose a solution", "/form/?step=propose", style="primary", opens_dialog=True),
            [p.Action("Ask department", "/form/")],
            [
                p.Action(
                    "Cancel ticket",
                    "/act/",
                    style="danger",
                    method="post",
                    confirm="Cancel ticket T-2026-0481?",
                    icon="no-symbol",
                )
            ],
        ),
        path=p.Path(
            [p.Step(*step) for step in steps],
            [p.Blocked("Resolve", ["The customer has not accepted the proposal.", "There is no sign-off."])],
        ),
        next_step="Call Frau Petersen, tomorrow 09:00",
        edit_url="/form/",
        ref="aftersales.ticket:1",
        facts=[
            p.Fact("Warranty", "Until 14 Mar 2027 · free"),
            p.Fact("Fault", "Ours, batch GZ-0611"),
            p.Fact("Product", "SPC Oak 6.5, 1,240 m² delivered"),
            p.Fact("Defect rate", "3.2 %"),
            p.Fact("Demand", "Replacement and fitting"),
            p.Fact("Owner", "Chen Yu, service"),
            p.Fact("Phone", html.phone("+494012345", "+49 40 12345")),
            p.Fact("Purchase date", "", "/form/"),
        ],
        related=[
            p.Related("quotes", "#", 4),
            p.Related("orders", "#", 12),
            p.Related("shipments", "#", 9),
            p.Related("open tickets", "#", 2, True),
        ],
        sections=[
            p.Section(
                "Similar cases",
                SafeString(
                    '<ul class="plain-list"><li><a href="#">T-2026-0412</a> Joints open, batch GZ-0611, Poland '
                    + html.badge("replaced, 2 days", "done", quiet=True)
                    + "</li></ul>"
                ),
            )
        ],
        timeline=p.Timeline(
            [
                p.Entry("note", "stock of GZ-0611 checked, 6 of 40 boxes show it.", ago(minutes=25), "Zhang"),
                p.Entry(
                    "message",
                    "Email to Frau Petersen: please send photos of the joints",
                    ago(hours=2),
                    state=html.badge("delivered", "done", quiet=True),
                    url="#",
                    body="Sehr geehrte Frau Petersen,\nbitte senden Sie uns Fotos der Fugen.",
                    body_language="de",
                ),
                p.Entry("system", "Investigation started", ago(hours=5), "Zhang"),
                p.Entry(
                    "system",
                    "Complaint received through the customer's page",
                    ago(days=2),
                    files=[("joint-1.jpg", "#"), ("joint-2.jpg", "#")],
                ),
            ],
            [
                p.Tab("All", "?", 4, True),
                p.Tab("Notes", "?k=note", 1),
                p.Tab("Messages", "?k=message", 1),
                p.Tab("System", "?k=system", 2),
            ],
            p.Composer("/act/", True, "Frau Petersen, German", True),
            "?older=1",
        ),
    )


def show_list(request: HttpRequest) -> HttpResponse:
    page = list_page(int(request.GET.get("rows", 5)))
    if request.GET.get("q"):
        page.rows, page.pager, page.empty = "", None, p.Empty("nomatch")
    return render(request, "ui/list.html", {"page": page})


def show_record(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/record.html", {"page": record_page(timezone.now())})


def show_form(request: HttpRequest) -> HttpResponse:
    form = ShipmentForm(request.POST or None)
    if form.is_valid():
        return redirect("/record/")
    return render(
        request,
        "ui/form.html",
        {
            "form": form,
            "title": "Dispatch shipment SH-2026-0007",
            "lead": "The customer gets the tracking link at once.",
            "submit": "Dispatch",
            "cancel_url": "/record/",
        },
    )


def show_day(request: HttpRequest) -> HttpResponse:
    from foundation.ui.charts import spark

    now = timezone.now()
    figures = [
        ("First response in time", "97.4 %", "in-time", "target 95 %", [20, 18, 22, 26, 28, 30, 31]),
        ("On-time delivery", "96.1 %", "soon", "target 98 %", [30, 28, 29, 22, 24, 18, 19]),
        ("Solution within 24 h", "100 %", "in-time", "target 100 %", [18, 20, 20, 22, 23, 24, 24]),
        ("Touches still due", "9", "late", "4 working days left", [24, 20, 18, 14, 12, 8, 6]),
    ]
    promises = [
        ("25 min late", "late", "Podłogi Wisła: two containers CIF Gdańsk", "first response, urgent", "Answer"),
        ("1 h 20 min", "soon", "Nordholz Böden: click joints open", "solution proposed, T-2026-0481", "Open"),
        ("Tomorrow 12:00", "in-time", "SO-2026-1190: ready or late?", "readiness, promised Friday", "Say"),
        ("Paused", "paused", "Sample SPC-6.5 for Alpenboden", "waiting for customer since Monday", "Open"),
    ]
    return render(
        request,
        "ui/day.html",
        {
            "title": "Good afternoon, Li Wei",
            "lead": f"{formats.weekday(now)} · two promises run out before you leave",
            "actions": p.Actions(
                p.Action("New inquiry", "/form/", style="primary"), [p.Action("Log a call", "/form/", icon="phone")]
            ),
            "figures": [
                {"label": a, "value": b, "state": c, "note": d, "url": "#", "spark": spark(e, c)}
                for a, b, c, d, e in figures
            ],
            "promises": [
                {"badge": html.clock(a, b), "title": c, "url": "#", "sub": d, "action": {"label": e, "url": "#"}}
                for a, b, c, d, e in promises
            ],
            "today": [
                p.Entry("record", "Call Frau Petersen", now, "09:00 in Hamburg", url="#"),
                p.Entry("system", "Office closes; automatic reply with the emergency number", now),
            ],
        },
    )


@login_not_required
def show_public(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "ui/public_demo.html",
        {
            "form": SignForm(request.POST or None),
            "company": {"name": "Lingnan Floors", "phone": "+862012345678", "email": "service@example.com"},
        },
    )


@submit_once
def act(request: HttpRequest) -> HttpResponse:
    return redirect("/record/") if request.POST.get("text") else HttpResponse("refused", status=422)


def show_conflict(request: HttpRequest) -> HttpResponse:
    return conflict(
        request,
        message="Zhang Min confirmed this order at 10:31.",
        back_url="/record/",
        form=ShipmentForm({"carrier": "COSCO", "waybill": "OOLU-1"}),
    )


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def register() -> None:
    """The seven areas of the rail."""
    for i, (code, label, icon, url, count) in enumerate(
        [
            ("day", "My day", "home", "demo-day", (7, True)),
            ("customers", "Customers", "users", "demo-list", 0),
            ("orders", "Orders", "clipboard-document-list", "demo-form", 3),
            ("way", "On the way", "truck", "demo-act", 2),
            ("service", "After-sales", "lifebuoy", "demo-record", (5, True)),
            ("figures", "Figures", "chart-bar", "demo-public", 0),
        ]
    ):
        nav.register_area(code, label, icon, url, i, counter=lambda user, count=count: count)
    nav.register_new("inquiry", "Inquiry", "inbox-arrow-down", "demo-form", 1)
    nav.register_new("customer", "Customer", "user-plus", "demo-list", 2)


urlpatterns = [
    path("", show_day, name="demo-day"),
    path("list/", show_list, name="demo-list"),
    path("record/", show_record, name="demo-record"),
    path("form/", show_form, name="demo-form"),
    path("public/", show_public, name="demo-public"),
    path("act/", act, name="demo-act"),
    path("conflict/", show_conflict),
    path("fail/", fail),
    path("ui/", include("foundation.ui.urls")),
    path("", include("config.urls")),
]
handler400 = "foundation.ui.errors.bad_request"
handler403 = "foundation.ui.errors.permission_denied"
handler404 = "foundation.ui.errors.page_not_found"
handler500 = "foundation.ui.errors.server_error"
