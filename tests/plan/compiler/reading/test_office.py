"""Old formats through LibreOffice, which the tests play themselves."""

import os
import sys
from pathlib import Path

import pytest
from tests.plan.compiler.reading.samples import docx, ole, p, zipped

from anlan.plan.compiler.reading import Format, Unreadable, office, read

DOC = ole("WordDocument", "1Table")
RTF = rb"{\rtf1\ansi old}"
ODT = zipped({"mimetype": "application/vnd.oasis.opendocument.text"})
WORD_XML = b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>'


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Only folder on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, script: str, name: str = "soffice") -> None:
    program = folder / name
    program.write_text(f"#!{sys.executable}\nimport os, pathlib, sys, time\n{script}\n")
    program.chmod(0o755)


# Checks what LibreOffice is given, then answers with a document that says so.
ANSWER = """
arguments = sys.argv[1:]
assert "--headless" in arguments and arguments[0].startswith("-env:UserInstallation=file:///")
source = pathlib.Path(arguments[-1])
out = pathlib.Path(arguments[arguments.index("--outdir") + 1])
out.mkdir()
answer = pathlib.Path(os.environ["ANSWER"]).read_bytes()
(out / (source.stem + ".docx")).write_bytes(answer)
pathlib.Path(os.environ["SEEN"]).write_text(source.suffix + " " + str(len(source.read_bytes())))
"""


@pytest.mark.parametrize(
    ("data", "suffix", "form"),
    [
        (DOC, ".doc", Format.DOC),
        (RTF, ".rtf", Format.RTF),
        (ODT, ".odt", Format.ODT),
        (WORD_XML, ".xml", Format.WORD_XML),
    ],
    ids=["doc", "rtf", "odt", "word_xml"],
)
@pytest.mark.parametrize("program", ["soffice", "libreoffice"])
def test_an_old_format_is_converted_and_read(
    data: bytes,
    suffix: str,
    form: Format,
    program: str,
    bin_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "answer").write_bytes(docx(p("一、总体要求")))
    monkeypatch.setenv("ANSWER", str(tmp_path / "answer"))
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    install(bin_folder, ANSWER, program)
    source = read(data)
    assert (source.text, source.format) == ("一、总体要求", form)
    assert [remark.code for remark in source.remarks] == ["converted"]
    assert (tmp_path / "seen").read_text() == f"{suffix} {len(data)}"


@pytest.mark.usefixtures("bin_folder")
@pytest.mark.parametrize("data", [DOC, RTF, ODT, WORD_XML], ids=["doc", "rtf", "odt", "word_xml"])
def test_without_libreoffice_the_message_names_both_ways_out(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.code == "needs_office"
    assert "另存为 .docx" in refused.value.zh
    assert "安装 LibreOffice" in refused.value.zh
    assert "Save the file as .docx" in refused.value.en


@pytest.mark.parametrize("script", ["sys.exit(1)", "pass"])
def test_a_conversion_that_gives_no_file_is_refused(script: str, bin_folder: Path) -> None:
    install(bin_folder, script)
    with pytest.raises(Unreadable) as refused:
        read(DOC)
    assert refused.value.code == "conversion_failed"


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(bin_folder: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # The child holds the writing end; reading sees its end only once the child is gone too.
    install(bin_folder, f"os.fork()\nstream = open({str(pipe)!r}, 'w')\ntime.sleep(600)")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(Unreadable) as refused:
            office.convert(DOC, "doc", "doc", seconds=0.3)
        assert refused.value.code == "conversion_slow"
        os.set_blocking(reader, True)
        assert os.read(reader, 1) == b""
    finally:
        os.close(reader)


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (ole("Workbook"), "other_format", "电子表格"),
        (ole("PowerPoint Document"), "other_format", "演示文稿"),
        (ole("__substg1.0_0037001F"), "other_format", "邮件"),
        (ole("EncryptedPackage", "EncryptionInfo"), "encrypted", "密码"),
        (ole("WordDocument", encrypted=True), "encrypted", "密码"),
        (ole("Contents"), "other_format", "旧版 Office"),
        (DOC[:520], "damaged", "损坏"),
        (zipped({"xl/workbook.xml": ""}), "other_format", "电子表格"),
        (zipped({"ppt/presentation.xml": ""}), "other_format", "演示文稿"),
        (zipped({"附件.txt": "x"}), "other_format", "压缩包"),
        (b"\x89PNG\r\n\x1a\n....", "picture", "PNG"),
        (b"\xff\xd8\xff\xe0....", "picture", "JPEG"),
        (b"Rar!\x1a\x07\x00", "other_format", "压缩包"),
    ],
)
def test_what_is_no_plan_is_called_by_its_name(data: bytes, code: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data, "要点.doc")
    assert refused.value.code == code
    assert said in refused.value.zh
