"""A product is entered, changed, packed, pictured."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.forms.utils import ErrorDict
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from catalog import services
from catalog.forms.pictures import PicturesForm
from catalog.forms.products import PacksForm, ProductForm
from catalog.models import Product, ProductPicture
from catalog.selectors import visible_products
from foundation.journal.attachments import HEADERS
from foundation.journal.machine import Refused
from foundation.ui import parts
from foundation.ui.submissions import submit_once

LIST = gettext_lazy("Products")
A_DAY = 86400


def crumbs_of(product: Product | None = None) -> list[parts.Crumb]:
    """The way to a page below a product."""
    found = [parts.Crumb(LIST, reverse("catalog:products"))]
    return [*found, parts.Crumb(product.sku, product.get_absolute_url())] if product is not None else found


def product_or_404(request: HttpRequest, pk: int) -> Product:
    """The product, if this person may see it."""
    rows = visible_products(request.user).select_related("unit", "family").prefetch_related("packs__unit")
    return get_object_or_404(rows, pk=pk)


@permission_required("catalog.add_product", raise_exception=True)
@submit_once
def product_new(request: HttpRequest) -> HttpResponse:
    """Enter a product; `?family=` asks for its attributes from the start."""
    return _edit(request, None, _("New product"), reverse("catalog:products"))


@permission_required("catalog.change_product", raise_exception=True)
@submit_once
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a product and its attributes."""
    product = product_or_404(request, pk)
    return _edit(request, product, _("Edit %(record)s") % {"record": product.sku}, product.get_absolute_url())


def _edit(request: HttpRequest, product: Product | None, title: str, back: str) -> HttpResponse:
    crumbs = crumbs_of(product)
    initial = {"family": int(asked)} if (asked := request.GET.get("family", "")).isascii() and asked.isdigit() else {}
    form: Any = ProductForm(request.POST or None, instance=product, initial=initial)
    context = {"form": form, "title": title, "cancel_url": back, "crumbs": crumbs}
    template = "catalog/product_form.html"
    if request.method != "POST":
        return render(request, template, context)
    if "change_family" in request.POST or form.has_new_family():
        asks = form.has_new_family() and "change_family" not in request.POST
        form._errors = ErrorDict()  # nobody has pressed Save yet
        form.data = form.data.copy()
        form.data["shown_family"] = form.data.get("family", "")
        context["notice"] = _("Another family has other attributes: fill them in, then save.") if asks else ""
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        saved = services.save_product(form.save(commit=False), actor=request.user, values=form.values())
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return render(request, template, context, status=409)
    messages.success(request, _("Product saved."))
    return redirect(saved.get_absolute_url())


@permission_required("catalog.change_product", raise_exception=True)
@submit_once
def product_packs(request: HttpRequest, pk: int) -> HttpResponse:
    """What a box and a pallet hold."""
    product = product_or_404(request, pk)
    form = PacksForm(request.POST or None, product=product)
    context = {"form": form, "title": _("Packs of %(product)s") % {"product": product}, "crumbs": crumbs_of(product)}
    context["cancel_url"] = product.get_absolute_url()
    if form.is_bound and form.is_valid():
        try:
            services.save_packs(pk, form.packs(), actor=request.user)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("Packs saved."))
            return redirect(product.get_absolute_url())
    return render(request, "ui/form.html", context, status=422 if form.is_bound else 200)


# ---------------------------------------------------------------- pictures


@permission_required("catalog.change_product", raise_exception=True)
@submit_once
def product_pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """Add pictures, put them in order, say what they show, take them away."""
    product = product_or_404(request, pk)
    data: Any = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PicturesForm(*data, product=product)
    if form.is_bound and form.is_valid():
        try:
            services.change_pictures(pk, form.changes(), actor=request.user)
            services.add_pictures(pk, form.cleaned_data["pictures"], actor=request.user)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("Pictures saved."))
            return redirect(f"{product.get_absolute_url()}#pictures")
    context = {
        "form": form,
        "title": _("Pictures of %(product)s") % {"product": product},
        "cancel_url": product.get_absolute_url(),
        "crumbs": crumbs_of(product),
    }
    return render(request, "catalog/pictures_form.html", context, status=422 if form.is_bound else 200)


@require_safe
def picture(request: HttpRequest, pk: int) -> FileResponse:
    """A picture, for who may see its product."""
    return _file(request, pk, "file")


@require_safe
def picture_small(request: HttpRequest, pk: int) -> FileResponse:
    """Its small copy."""
    return _file(request, pk, "small")


def _file(request: HttpRequest, pk: int, name: str) -> FileResponse:
    found = get_object_or_404(ProductPicture, pk=pk, product__in=visible_products(request.user))
    try:
        handle = getattr(found, name).open("rb")
    except FileNotFoundError as error:
        raise Http404("The picture is not in the store") from error
    response = FileResponse(handle, content_type=found.media_type)
    for header, value in HEADERS.items():
        response[header] = value
    # its address changes with its content
    response["Cache-Control"] = f"private, max-age={A_DAY}, immutable"
    return response
