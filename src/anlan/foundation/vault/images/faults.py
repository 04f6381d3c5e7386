"""Why a picture could not be looked at. The file stays evidence; only nothing is known of what it shows."""

from __future__ import annotations

from typing import Final

from anlan.settings import Words

TOLD: Final = {
    "damaged": Words("图片已损坏或不完整，无法读取画面", "the picture is damaged or cut short and cannot be read"),
    "too_large": Words(
        "图片尺寸超过可以读取的上限，没有读取画面；请用原始照片，不要放大或拼接",
        "the picture has more pixels than are read; hand in the original, neither enlarged nor pieced together",
    ),
    "too_heavy": Words(
        "读取图片超过了时间或内存上限，没有读取画面",
        "reading the picture took more time or memory than is allowed, so it was left unread",
    ),
    "not_read": Words(
        "这种格式的画面不能读取，不能与其他照片比对；请在手机相机设置里改用 JPEG（“兼容性最佳”）再拍，或同时上传 JPEG",
        "pictures of this format are not read, so it cannot be compared; set the camera to JPEG (“most compatible”) "
        "or hand in a JPEG beside it",
    ),
    "missing": Words("文件不在文件库中", "the file is not in the vault"),
}


class PictureError(ValueError):
    """A picture that cannot be looked at: `code` is a key of `TOLD`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> Words:
        """Why, for people."""
        return TOLD[self.code]
