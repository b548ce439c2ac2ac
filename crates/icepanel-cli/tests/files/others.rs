//! JSON and YAML, and what hands make of files.

use super::Bytes::Utf8;
use super::Out::{People, Refused};
use super::Try;

pub(crate) const TRIES: &[Try] = &[
    Try {
        by: "a hand, a cell too few",
        name: "people.csv",
        file: Utf8("email,permission,expires\nada@example.com,read\n"),
        options: &[],
        out: Refused(&[
            "line 2: 2 cells, where line 1 names 3 columns; a text with the separator in it needs quotes",
        ]),
    },
    Try {
        by: "a hand, a cell too many, with which another column would be the permission",
        name: "people.csv",
        file: Utf8("email,Name,permission\nada@example.com,Lovelace, Admin,read\n"),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 2: 4 cells, where line 1 names 3 columns; a text with the separator in it needs quotes",
        ]),
    },
    Try {
        by: "a hand, one column twice",
        name: "people.csv",
        file: Utf8("email,permission,Permission\nada@example.com,read,admin\n"),
        options: &[],
        out: Refused(&["line 1: the column permission occurs twice"]),
    },
    Try {
        by: "a hand, a slip in the name of a column",
        name: "people.csv",
        file: Utf8("email,permission,expire\nada@example.com,read,7d\n"),
        options: &[],
        out: Refused(&[
            "line 1: the column \"expire\" is unknown: pass --ignore-other-columns to ignore unknown columns, or --columns FIELD=NAME to use a column",
        ]),
    },
    Try {
        by: "two lists put together",
        name: "people.csv",
        file: Utf8("email,permission\nada@example.com,read\nADA@Example.com,write\n"),
        options: &[],
        out: Refused(&["line 3: ADA@Example.com is listed twice, see line 2"]),
    },
    Try {
        by: "a script, JSON with a field twice",
        name: "people.json",
        file: Utf8(
            "[\r\n {\"email\": \"ada@example.com\", \"permission\": \"read\",\r\n  \"email\": \"bob@example.com\"}]",
        ),
        options: &[],
        out: Refused(&["line 2: email occurs twice"]),
    },
    Try {
        by: "a script, JSON with a landscape twice",
        name: "people.json",
        file: Utf8(
            "[{\"email\": \"ada@example.com\", \"permission\": \"read\", \"landscapes\": {\"x\": true, \"x\": false}}]",
        ),
        options: &[],
        out: Refused(&["line 1: the landscape \"x\" occurs twice"]),
    },
    Try {
        by: "a script, JSON without permissions",
        name: "people.json",
        file: Utf8(
            "[{\"email\": \"ada@example.com\"}, {\"email\": \"bob@example.com\", \"permission\": null}]",
        ),
        options: &["--permission", "read"],
        out: People(&["ada@example.com read", "bob@example.com read"]),
    },
    Try {
        by: "a script, JSON with a permission, and one for all",
        name: "people.json",
        file: Utf8("[{\"email\": \"ada@example.com\", \"permission\": \"admin\"}]"),
        options: &["--permission", "read"],
        out: Refused(&[
            "line 1: the entry has a permission, and --permission is given too; leave out one of them",
        ]),
    },
    Try {
        by: "an API, an object and no list",
        name: "people.json",
        file: Utf8("{\"users\": []}"),
        options: &[],
        out: Refused(&[
            "line 1: the plan cannot be read: missing field `organizationId` at line 1 column 13; a file of JSON is what plan --output json wrote, or a roster: a list of people",
        ]),
    },
    Try {
        by: "a hand, JSON with the options for CSV",
        name: "people.json",
        file: Utf8("[]"),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 1: the file is JSON or YAML, and --columns and --ignore-other-columns are for CSV; leave them out",
        ]),
    },
    Try {
        by: "a hand, YAML with a field twice",
        name: "people.yaml",
        file: Utf8("- email: ada@example.com\n  permission: read\n  permission: admin\n"),
        options: &[],
        out: Refused(&["line 3: permission occurs twice"]),
    },
    Try {
        by: "a hand, YAML with a landscape twice, and IcePanel's words",
        name: "people.yaml",
        file: Utf8(
            "- email: ada@example.com\n  permission: Viewer\n- email: bob@example.com\n  permission: EDITOR\n  landscapes: {x: true, x: true}\n",
        ),
        options: &[],
        out: Refused(&["line 3: the landscape \"x\" occurs twice"]),
    },
    Try {
        by: "a hand, YAML with IcePanel's words",
        name: "people.yml",
        file: Utf8(
            "- {email: ada@example.com, permission: Viewer}\r\n- {email: bob@example.com, permission: EDITOR, expires: 12h}\r\n",
        ),
        options: &[],
        out: People(&["ada@example.com read", "bob@example.com write 12h"]),
    },
];
