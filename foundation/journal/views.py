"""Handing out files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from foundation.journal.attachments import file_response, may_open
from foundation.journal.models import Attachment


@require_safe
@login_required
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """A file of a record that this person may see; 404 for any other."""
    attachment = get_object_or_404(Attachment.objects.select_related("content_type"), pk=pk)
    if not may_open(request.user, attachment):
        raise Http404("Not for this person")
    return file_response(attachment)
