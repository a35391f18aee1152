"""Files that are no tables or mean harm, each with the code by which it is refused."""

import os

from tests.features.table_reading import OCTOBER
from tests.features.tables import DAYS_HEAD, OLD_WORKBOOK, comma_separated, far_cell, repacked, workbook, zipped

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
HOSTILE = {
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n \n", "empty"),
    "a picture": (PNG, "not_a_table"),
    "a program": (b"\x7fELF" + os.urandom(3000), "not_a_table"),
    "bytes of no encoding": (b"\xff\xfa\xff" * 40, "encoding"),
    "another text": ("亲爱的同事：\n你好".encode(), "no_head"),
    "JSON": (b'{"rows": [1, 2]}', "no_head"),
    "a table of something else": (comma_separated([["姓名", "电话"], ["张三", "1"]]), "no_head"),
    "the head alone": (comma_separated([DAYS_HEAD]), "no_rows"),
    "a column twice": (comma_separated([["工号", "日期", "金额", "金额"], ["1", "2025-10-01", "1", "2"]]), "column_twice"),
    "1,000 columns of text": (comma_separated([["工号", "日期", "金额", *["x"] * 997], ["1"] * 1000]), "too_many_columns"),
    "1,000 columns": (workbook([["工号", "日期", "金额", *["x"] * 997], ["1"] * 1000]), "too_many_columns"),
    "a quotation mark alone": ('工号,日期,金额\n1,2025-10-01,"5\n2,2025-10-01,6\n3,2025-10-01,"7"\n'.encode(), "bad_quotes"),
    "half a workbook": (workbook(OCTOBER)[:-200], "damaged"),
    "a package of nothing": (zipped({"readme.txt": b"hello"}), "not_a_table"),
    "a workbook without its sheet": (zipped({"xl/workbook.xml": b"<workbook/>"}), "damaged"),
    "no XML": (repacked(workbook(OCTOBER), **{"xl__worksheets__sheet1.xml": b"<worksheet><sheetData><row r='1'><c r='A1'><v>"}), None),
    "macros": (repacked(workbook(OCTOBER), **{"xl__vbaProject.bin": b"macro"}), "macros"),
    "a password": (OLD_WORKBOOK.read_bytes() + "EncryptedPackage".encode("utf-16-le"), "password"),
    "macros of 1997": (OLD_WORKBOOK.read_bytes() + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
    "half an old workbook": (OLD_WORKBOOK.read_bytes()[:1000], "damaged"),
    "a cell at the end of the world": (far_cell(), "too_large_inside"),
    "an empty sheet": (workbook([]), "empty"),
}
