"""Uploads on their way in: written into the vault's folder as they come, stopped as soon as they are too large.

A browser shows an answer only after it could send all of its request. So a body that is a little too large is read to
its end and dropped; one far beyond the limit is cut off, because reading it would cost more than the answer is worth.
A body that ends early (lost connection, wrong Content-Length) is no upload: without an answer of its own
the page would see a form without a file, or without its last ones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render

from anlan.foundation.vault import storing

# Bodies up to this many times the limit are read to their end so that the browser shows the answer.
_PATIENCE = 4


class IncomingFile(TemporaryUploadedFile):
    """Uploaded file in the vault's folder for files on their way in; gone when it is closed."""

    def __init__(
        self, name: str, content_type: str | None, size: int, charset: str | None, content_type_extra: Any
    ) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=storing.incoming())  # noqa: SIM115
        # Past the parent's constructor, which would open a file in the folder of the system.
        UploadedFile.__init__(self, file, name, content_type, size, charset, content_type_extra)


class LimitedUploadHandler(FileUploadHandler):
    """Stops a request as soon as its files together exceed ANLAN_MAX_FILE_MB.

    Sets `request.upload_fault` to "too_large" or "cut_short"; UploadMiddleware answers with it.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0
        self._file: IncomingFile | None = None
        self._expected = 0
        self._read = 0
        self._stopped = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Counts what is really read of the body."""
        self._expected = content_length
        read: Callable[..., bytes] = input_data.read

        def counted(*args: Any, **kwargs: Any) -> bytes:
            data = read(*args, **kwargs)
            self._read += len(data)
            return data

        input_data.read = counted

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Opens the temporary file."""
        super().new_file(*args, **kwargs)
        self._file = IncomingFile(self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Writes the next bytes. StopUpload when the limit is passed."""
        self.received += len(raw_data)
        if self.received > settings.ANLAN.max_file_bytes:
            self._fault("too_large")
            self._close()
            raise StopUpload(connection_reset=self._expected > _PATIENCE * settings.ANLAN.max_file_bytes)
        assert self._file is not None
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> IncomingFile | None:
        """The file, ready to be read."""
        file, self._file = self._file, None
        if file is not None:
            file.seek(0)
            file.size = file_size
        return file

    def upload_complete(self) -> None:
        """Sees whether the whole body came."""
        if self._read < self._expected and not self._stopped:
            self._fault("cut_short")

    def upload_interrupted(self) -> None:
        """Removes the file that did not come to its end."""
        self._fault("cut_short")
        self._close()

    def _fault(self, what: str) -> None:
        self._stopped = True
        if self.request is not None:
            self.request.upload_fault = what  # type: ignore[attr-defined]

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class UploadMiddleware:
    """Answers a request whose upload was too large (413) or ended early (400) before any page sees it.

    Stands before CsrfViewMiddleware: where the upload was stopped, the form's token may never have been read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page's answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """Reads the form, and answers if its files were not taken in whole."""
        if request.method != "POST" or request.content_type != "multipart/form-data":
            return None
        try:
            _ = request.POST
        except UnreadablePostError:
            # The connection broke, and nobody waits for the answer; the file on its way in has to go.
            for handler in request.upload_handlers:
                handler.upload_interrupted()
        fault = getattr(request, "upload_fault", "")
        if not fault:
            return None
        status = 413 if fault == "too_large" else 400
        response = render(
            request, "vault/upload_fault.html", {"fault": fault, "limit_mb": settings.ANLAN.max_file_mb}, status=status
        )
        # Bytes that were not read would be taken for the next request.
        response["Connection"] = "close"
        return response
