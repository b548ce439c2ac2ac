//! Spreadsheets, as they save CSV and text.

use super::Bytes::{Raw, Utf8, Utf8Bom, Utf16Le, Windows};
use super::Out::{People, Refused};
use super::Try;

pub(crate) const TRIES: &[Try] = &[
    Try {
        by: "Excel, CSV UTF-8",
        name: "people.csv",
        file: Utf8Bom(
            "email,permission,expires\r\nada@example.com,Viewer,14d\r\nbob@example.com,Editor,\r\n",
        ),
        options: &[],
        out: People(&["ada@example.com read 336h", "bob@example.com write"]),
    },
    Try {
        by: "Excel, CSV UTF-8, where the comma is the decimal sign",
        name: "people.csv",
        file: Utf8Bom("email;permission;expires\r\nada@example.com;READ;2027-01-31\r\n"),
        options: &[],
        out: People(&["ada@example.com read 2027-01-31T23:59:59Z"]),
    },
    Try {
        by: "Excel, with its own first line",
        name: "people.csv",
        file: Utf8("sep=;\r\nE-Mail;permission\r\nada@example.com;admin\r\nnobody;read\r\n"),
        options: &[],
        out: Refused(&["line 4: the address \"nobody\" is not an e-mail address: it has no @"]),
    },
    Try {
        by: "a website for Excel, with its own first line in quotes",
        name: "people.csv",
        file: Utf8Bom("\"sep=,\"\n\"email\",\"permission\"\n\"ada@example.com\",\"billing\"\n"),
        options: &[],
        out: People(&["ada@example.com billing"]),
    },
    Try {
        by: "Excel, Unicode text",
        name: "people.txt",
        file: Utf16Le(
            "Name\tE-mail\tpermission\r\nJosé\tjose@example.com\tViewer\r\n\"Ada\t\"\"Countess\"\"\"\tada@example.com\tEditor\r\n",
        ),
        options: &["--ignore-other-columns"],
        out: People(&["jose@example.com read", "ada@example.com write"]),
    },
    Try {
        by: "Excel, CSV (the old one), with names that are not ASCII",
        name: "people.csv",
        file: Windows("Name;E-Mail;Abteilung\r\nJörg Müller;joerg@example.com;Vertrieb\r\n"),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: People(&["joerg@example.com read"]),
    },
    Try {
        by: "Excel, CSV (the old one), with an address that is not ASCII",
        name: "people.csv",
        file: Windows("E-Mail;permission\r\nada@example.com;read\r\njörg@example.com;read\r\n"),
        options: &[],
        out: Refused(&[
            "line 3: \"j\u{fffd}rg@example.com\" cannot be read, because the file is not UTF-8; save it as CSV UTF-8",
        ]),
    },
    Try {
        by: "Excel, Text (tab delimited)",
        name: "people.txt",
        file: Windows("email\tpermission\r\nada@example.com\tread\r\n"),
        options: &[],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "Excel, CSV (Macintosh), which ends lines with CR",
        name: "people.csv",
        file: Raw(
            b"email,permission,Ort\rada@example.com,read,Z\x9frich\rbob@example.com,reed,Bern\r",
        ),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 3: the permission \"reed\" is unknown; write read (Viewer), write (Editor), admin or billing",
        ]),
    },
    Try {
        by: "Excel, where rows were emptied and not deleted",
        name: "people.csv",
        file: Utf8Bom(
            "email,permission,,\r\nada@example.com,read,,\r\n,,,\r\n\r\nbob@example.com,write,,\r\n,,,\r\n",
        ),
        options: &[],
        out: People(&["ada@example.com read", "bob@example.com write"]),
    },
    Try {
        by: "Excel, with a note beside the table",
        name: "people.csv",
        file: Utf8Bom("email,permission,\r\nada@example.com,read,asked twice\r\n"),
        options: &[],
        out: Refused(&[
            "line 2: \"asked twice\" is in a column without a name; name it in line 1, or pass --ignore-other-columns",
        ]),
    },
    Try {
        by: "Excel, with dates as the country writes them",
        name: "people.csv",
        file: Utf8Bom("email;permission;expires\r\nada@example.com;read;31.12.2026\r\n"),
        options: &[],
        out: Refused(&[
            "line 2: expires \"31.12.2026\": write how long from now (90m, 12h, 7d, 2w), a time with its zone (2026-12-31T18:00:00Z), or a date (2026-12-31)",
        ]),
    },
    Try {
        by: "Excel, a cell of several lines before the one that is wrong",
        name: "people.csv",
        file: Utf8Bom(
            "email,permission,Note\r\nada@example.com,read,\"first\nsecond\nthird\"\r\n\r\nbob@example.com,owner,\r\n",
        ),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 6: the permission \"owner\" is unknown; write read (Viewer), write (Editor), admin or billing",
        ]),
    },
    Try {
        by: "Excel, a workbook",
        name: "people.csv",
        file: Raw(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00"),
        options: &[],
        out: Refused(&[
            "line 1: the file is a workbook (Excel, LibreOffice or Numbers) or another ZIP archive; save it as CSV UTF-8",
        ]),
    },
    Try {
        by: "Excel 97, a workbook",
        name: "people.xls",
        file: Raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"),
        options: &[],
        out: Refused(&["line 1: the file is a workbook of Excel; save it as CSV UTF-8"]),
    },
    Try {
        by: "LibreOffice, all texts in quotes, with tabs",
        name: "people.tsv",
        file: Utf8("\"email\"\t\"permission\"\t\"expires\"\n\"ada@example.com\"\t\"write\"\t\n"),
        options: &[],
        out: People(&["ada@example.com write"]),
    },
    Try {
        by: "LibreOffice, semicolons, with landscapes",
        name: "people.csv",
        file: Utf8("email;permission;landscapes\nada@example.com;read;\"x1=true;x2=FALSE\"\n"),
        options: &[],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "LibreOffice, semicolons, with landscapes that somebody typed without quotes",
        name: "people.csv",
        file: Utf8("email;permission;landscapes\nada@example.com;read;x1=true;x2=false\n"),
        options: &[],
        out: Refused(&[
            "line 2: 4 cells, where line 1 names 3 columns; a text with the separator in it needs quotes",
        ]),
    },
    Try {
        by: "Google Sheets, which ends the last line with nothing",
        name: "people.csv",
        file: Utf8("Email Address,permission\r\nada@example.com,Admin\r\nbob@example.com,Billing"),
        options: &[],
        out: People(&["ada@example.com admin", "bob@example.com billing"]),
    },
    Try {
        by: "Google Sheets, addresses with blanks behind them",
        name: "people.tsv",
        file: Utf8("email\tpermission\nada@example.com \t read\n\u{a0}bob@example.com\twrite"),
        options: &[],
        out: People(&["ada@example.com read", "bob@example.com write"]),
    },
    Try {
        by: "Numbers, with the name of the table",
        name: "people.csv",
        file: Utf8("Table 1\nName,Email,permission\nAda,ada@example.com,read\n"),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 1: the names of the columns are in line 2 only; delete the lines before it",
        ]),
    },
    Try {
        by: "Numbers",
        name: "people.csv",
        file: Utf8("Name;Email;permission\nAda „Countess“ L;ada@example.com;Viewer"),
        options: &["--ignore-other-columns"],
        out: People(&["ada@example.com read"]),
    },
];
