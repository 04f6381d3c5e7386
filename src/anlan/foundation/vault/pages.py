"""Pages: the file as it was received, and its receipt with the hashes."""

from __future__ import annotations

import base64

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from anlan.foundation.access.acting import demand
from anlan.foundation.vault import copies, queries, showing, types
from anlan.foundation.vault.models import Receipt

_NEVER_SHOWN = frozenset(one.media_type for one in types.PAGES)


def _receipt(request: HttpRequest, pk: int) -> Receipt:
    receipt = get_object_or_404(Receipt.objects.select_related("file"), pk=pk)
    demand(request.actor, "vault.see", receipt)  # type: ignore[attr-defined]
    return receipt


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, always to be saved and never shown by the browser; Repr-Digest (RFC 9530) carries its SHA-256.

    Web pages go out as mere bytes: some browsers show even what they were told to save.
    """
    receipt = _receipt(request, pk)
    try:
        stream = queries.open_file(receipt.file)
    except FileNotFoundError as error:
        raise Http404(receipt.file.sha256) from error
    kind = receipt.file.media_type
    if kind in _NEVER_SHOWN:
        kind = "application/octet-stream"
    response = FileResponse(stream, as_attachment=True, filename=receipt.name, content_type=kind)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    digest = base64.b64encode(bytes.fromhex(receipt.file.sha256)).decode()
    response["Repr-Digest"] = f"sha-256=:{digest}:"
    return response


@require_safe
def picture(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """Small copy of a picture: made by us, so the browser may show it; 404 while it was not read yet."""
    receipt = _receipt(request, pk)
    if size not in copies.SIZES or (data := showing.copy_of(receipt.file, size)) is None:
        raise Http404(size)
    response = HttpResponse(data, content_type="image/jpeg")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    # The copy of one content never changes; whether one may see it does.
    response["Cache-Control"] = "private, max-age=600"
    return response


@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Receipt: name, type, size, hashes, who handed it in and when; of a picture also what it shows and where else."""
    found = _receipt(request, pk)
    kind = types.BY_MEDIA_TYPE.get(found.file.media_type)
    return render(
        request,
        "vault/receipt.html",
        {
            "receipt": found,
            "type": kind,
            "is_picture": bool(kind and kind.is_picture),
            "shown": showing.shown(request.actor, found) if kind and kind.is_picture else None,  # type: ignore[attr-defined]
        },
    )


urlpatterns = [
    path("files/<int:pk>/", file, name="file"),
    path("files/<int:pk>/receipt/", receipt, name="receipt"),
    path("files/<int:pk>/picture/<str:size>/", picture, name="picture"),
]
