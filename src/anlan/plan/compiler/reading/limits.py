"""How much a file may ask of the machine. A plan is some ten to a hundred pages; these are far above and still safe."""

from __future__ import annotations

from typing import Final

MB: Final = 1024 * 1024

# Whole file. Plans with photographs reach 30 MB; what is larger is a scan or a film.
FILE_BYTES: Final = 50 * MB
# All parts of one zip that are unpacked while reading. Pictures are never unpacked, so text alone counts.
UNPACKED_BYTES: Final = 200 * MB
# One XML part. A plan of 1 000 pages has about 15 MB of document.xml; lxml needs some ten times a part's size.
PART_BYTES: Final = 64 * MB
# Deflate reaches 1032:1 on zeros; Word's own XML, repetitive as it is, stays below 60:1.
UNPACKING_RATIO: Final = 200
# Below this size a high ratio does no harm: a table of equal empty rows may well have one.
RATIO_MATTERS_BYTES: Final = 10 * MB
# Parts in one zip. A long plan with pictures has some hundreds.
PARTS: Final = 20_000
# Pages in one PDF or OFD.
PAGES: Final = 3_000
# Tables inside tables on a web page. Old sites lay pages out with up to a dozen; the rest is an attack.
TABLE_DEPTH: Final = 40
# Columns one cell of a web table may span: browsers stop at 1 000 too.
SPAN_COLUMNS: Final = 1_000
# LibreOffice needs about 1 s for a plan, 2 s when started cold.
CONVERSION_SECONDS: Final = 60.0
