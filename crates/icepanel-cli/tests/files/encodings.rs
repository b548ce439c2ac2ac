//! Encodings and quotes: what is certain is read, and nothing is guessed.

use super::Bytes::{Raw, Utf8, Utf8Bom, Utf16Be, Utf16Le};
use super::Out::{People, Refused};
use super::Try;

pub(crate) const TRIES: &[Try] = &[
    Try {
        by: "a program for UTF-16, big end first",
        name: "people.csv",
        file: Utf16Be("email,permission\njörg@example.com,read\n"),
        options: &[],
        out: People(&["jörg@example.com read"]),
    },
    Try {
        by: "a download of UTF-16 that broke off",
        name: "people.csv",
        file: Raw(b"\xff\xfee\0m\0a\0i\0l\0,"),
        options: &[],
        out: Refused(&["line 1: the file is UTF-16, but is cut or damaged; save it as CSV UTF-8"]),
    },
    Try {
        by: "a program for UTF-16 without its mark",
        name: "people.csv",
        file: Raw(b"e\0m\0a\0i\0l\0\n\0a\0"),
        options: &[],
        out: Refused(&[
            "line 1: the file is not text in UTF-8: there is a control character; save it as CSV UTF-8",
        ]),
    },
    Try {
        by: "an editor, JSON in UTF-16",
        name: "people.json",
        file: Utf16Le("[{\"email\": \"ada@example.com\", \"permission\": \"Editor\"}]"),
        options: &[],
        out: People(&["ada@example.com write"]),
    },
    Try {
        by: "Windows PowerShell, dump > people.yaml",
        name: "people.yaml",
        file: Utf16Le(
            "- email: \"ada@example.com\"\r\n  permission: \"read\"\r\n  expires: \"7d\"\r\n",
        ),
        options: &[],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "an editor, YAML in Windows-1252",
        name: "people.yaml",
        file: Raw(b"# the people\n# in Z\xfcrich\n- {email: ada@example.com, permission: read}\n"),
        options: &[],
        out: Refused(&["line 2: the file is not UTF-8; save it as UTF-8"]),
    },
    Try {
        by: "a script in Japan, Shift-JIS, whose second bytes can be letters and backslashes",
        name: "people.csv",
        file: Raw(b"name,email,permission\n\x83\x5c\x83\x7c,sora@example.com,read\n"),
        options: &["--ignore-other-columns"],
        out: People(&["sora@example.com read"]),
    },
    Try {
        by: "a mail program in Japan, ISO-2022-JP",
        name: "people.csv",
        file: Raw(b"name,email,permission\n\x1b$B;3ED\x1b(B,yamada@example.com,read\n"),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 2: the file is not text in UTF-8: there is a control character; save it as CSV UTF-8",
        ]),
    },
    Try {
        by: "a hand, text behind the closing quote",
        name: "people.csv",
        file: Utf8("email,permission\r\n\"bob@example.com\"x,read\r\nada@example.com,read\r\n"),
        options: &[],
        out: Refused(&[
            "line 2: text behind the closing quote of a cell; write a quote that belongs to the text twice",
        ]),
    },
    Try {
        by: "MySQL, which puts a backslash before a quote",
        name: "people.csv",
        file: Utf8(
            "\"name\",\"email\",\"permission\"\n\"Ada \\\"Countess\\\" L\",\"ada@example.com\",\"read\"\n",
        ),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 2: text behind the closing quote of a cell; write a quote that belongs to the text twice",
        ]),
    },
    Try {
        by: "a script that forgot a closing quote",
        name: "people.csv",
        file: Utf8("email,permission\n\"ada@example.com,read\n\"bob@example.com\",read\n"),
        options: &[],
        out: Refused(&[
            "line 3: text behind the closing quote of a cell that begins in line 2; see whether that cell has its closing quote",
        ]),
    },
    Try {
        by: "a script that forgot the last quote",
        name: "people.csv",
        file: Utf8("email,permission\nada@example.com,read\n\"bob@example.com,read\n"),
        options: &[],
        out: Refused(&["line 3: the quote that opens here is never closed"]),
    },
    Try {
        by: "a script with blanks behind its commas",
        name: "people.csv",
        file: Utf8("email, permission, Name\nada@example.com, read, \"Lovelace, Ada\"\n"),
        options: &["--ignore-other-columns"],
        out: Refused(&["line 2: a blank before the opening quote of a cell; remove it"]),
    },
    Try {
        by: "Excel on CR, with quotes",
        name: "people.csv",
        file: Utf8Bom(
            "email,Name,permission\r\"ada@example.com\" ,\"a\rb\",read\rbob@example.com,\"x\"y,read\r",
        ),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 4: text behind the closing quote of a cell; write a quote that belongs to the text twice",
        ]),
    },
    Try {
        by: "a chat program, with a character that nobody sees",
        name: "people.csv",
        file: Utf8("email,permission\n\u{200b}ada@example.com,read\n"),
        options: &[],
        out: Refused(&[
            "line 2: the address \"\\u{200b}ada@example.com\" has an invisible character (U+200B) in it; type the address again",
        ]),
    },
    Try {
        by: "a program that lost a character",
        name: "people.csv",
        file: Utf8("email,permission\nj\u{fffd}rg@example.com,read\n"),
        options: &[],
        out: Refused(&[
            "line 2: the address \"j\u{fffd}rg@example.com\" has a character that was lost when the file was written (U+FFFD) in it; type the address again",
        ]),
    },
    Try {
        by: "Outlook, the recipients of a mail",
        name: "people.csv",
        file: Utf8(
            "email,permission\nAda L <ada@example.com>,read\n\"'bob@example.com'\",read\nmailto:cora@example.com,read\n\"dan@example.com; eve@example.com\",read\n",
        ),
        options: &[],
        out: Refused(&[
            "line 2: \"Ada L <ada@example.com>\" is not only an address; write ada@example.com",
            "line 3: \"'bob@example.com'\" is not only an address; write bob@example.com",
            "line 4: \"mailto:cora@example.com\" is not only an address; write cora@example.com",
            "line 5: \"dan@example.com; eve@example.com\" has 2 addresses; list each one separately",
        ]),
    },
];
