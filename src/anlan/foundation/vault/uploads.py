"""Uploads on their way in: written to disk as they come, stopped as soon as they are too large."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Stops a request as soon as its files together exceed ANLAN_MAX_FILE_MB."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        """Next bytes, or StopUpload."""
        self.received += len(raw_data)
        if self.received > settings.ANLAN.max_file_bytes:
            raise StopUpload(connection_reset=True)
        return super().receive_data_chunk(raw_data, start)
