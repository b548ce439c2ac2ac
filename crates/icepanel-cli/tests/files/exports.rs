//! What HR systems and identity providers export.

use super::Bytes::{Utf8, Utf8Bom};
use super::Out::{People, Refused};
use super::Try;

const ENTRA: &str = "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled\r\n\
    ada@example.onmicrosoft.com,Ada L,L,ada@example.com,Ada,1,Member,Engineer,R&D,True\r\n\
    bob_gmail.com#EXT#@example.onmicrosoft.com,Bob,,bob@gmail.com,Bob,2,Guest,,,True\r\n";
const BAMBOO: &str = "\"Employee #\",\"Last name, First name\",\"Work Email\",\"Home Email\",\"Job Title\"\n\
    \"1\",\"Lovelace, Ada\",\"ada@example.com\",\"ada@home.example\",\"Admin\"\n";
const TWO: &str = "Name,Email,Work Email\nAda,ada@home.example,ada@example.com\n";
const ROLES: &str = "Name,Email,Role\nAda,ada@example.com,Admin\nBob,bob@example.com,viewer\n";

pub(crate) const TRIES: &[Try] = &[
    Try {
        by: "Google Workspace, Download users",
        name: "User_Download.csv",
        file: Utf8(
            "First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY],Last Sign In [READ ONLY],Recovery Email,Work Secondary Email\nAda,L,ada@example.com,Active,2026/11/20 09:10:11,ada@home.example,\n",
        ),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "Entra ID, Download users",
        name: "exportUsers.csv",
        file: Utf8Bom(ENTRA),
        options: &["--ignore-other-columns", "--permission", "Viewer"],
        out: People(&["ada@example.com read", "bob@gmail.com read"]),
    },
    Try {
        by: "Entra ID, Download users, without options",
        name: "exportUsers.csv",
        file: Utf8Bom(ENTRA),
        options: &["--permission", "read"],
        out: Refused(&[
            "line 1: the columns \"userPrincipalName\", \"displayName\", \"surname\", \"givenName\", \"id\", \"userType\", \"jobTitle\", \"department\", \"accountEnabled\" are unknown: pass --ignore-other-columns to ignore unknown columns, or --columns FIELD=NAME to use a column",
        ]),
    },
    Try {
        by: "Entra ID, an account without a mailbox",
        name: "exportUsers.csv",
        file: Utf8("userPrincipalName,mail\nscanner@example.com,\n"),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: Refused(&["line 2: email is missing"]),
    },
    Try {
        by: "Entra ID, members of a group, which have no mail",
        name: "members.csv",
        file: Utf8Bom(
            "id,userPrincipalName,displayName,userType\r\n1,ada@example.com,Ada L,Member\r\n",
        ),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: Refused(&[
            "line 1: the column with the e-mail addresses is not recognized; the columns are \"id\", \"userPrincipalName\", \"displayName\", \"userType\"; choose one: --columns email=NAME",
        ]),
    },
    Try {
        by: "Entra ID, members of a group, whose names are their addresses",
        name: "members.csv",
        file: Utf8Bom(
            "id,userPrincipalName,displayName,userType\r\n1,ada@example.com,Ada L,Member\r\n",
        ),
        options: &[
            "--columns",
            "email=userPrincipalName",
            "--ignore-other-columns",
            "--permission",
            "read",
        ],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "Okta, users",
        name: "okta.csv",
        file: Utf8(
            "\"login\",\"firstName\",\"lastName\",\"email\",\"secondEmail\",\"status\"\n\"ada\",\"Ada\",\"L\",\"ada@example.com\",\"ada@home.example\",\"ACTIVE\"\n",
        ),
        options: &["--ignore-other-columns", "--permission", "write"],
        out: People(&["ada@example.com write"]),
    },
    Try {
        by: "BambooHR, where Admin is a job title",
        name: "report.csv",
        file: Utf8(BAMBOO),
        options: &["--ignore-other-columns"],
        out: Refused(&[
            "line 1: the column permission is missing: add it, name the column that has IcePanel's permissions with --columns permission=NAME, or pass --permission read for everybody",
        ]),
    },
    Try {
        by: "BambooHR, with the permission for all",
        name: "report.csv",
        file: Utf8(BAMBOO),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "Workday, a report with its title",
        name: "workday.csv",
        file: Utf8Bom(
            "All Workers\r\nEffective,2026-11-27\r\n\r\nEmployee ID,Worker,Email - Primary Work\r\n7,Ada L,ada@example.com\r\n",
        ),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: Refused(&[
            "line 1: the names of the columns are in line 4 only; delete the lines before it",
        ]),
    },
    Try {
        by: "Workday, without its title, separated by bars",
        name: "workday.txt",
        file: Utf8("Employee ID|Worker|Email - Primary Work\n7|L, Ada|ada@example.com\n"),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "Workday, with the count of its rows below",
        name: "workday.csv",
        file: Utf8("Worker,Work Email\nAda L,ada@example.com\nTotal: 1,\n"),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: Refused(&["line 3: email is missing"]),
    },
    Try {
        by: "an HR system with two addresses",
        name: "people.csv",
        file: Utf8(TWO),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: Refused(&[
            "line 1: both \"Email\" and \"Work Email\" can be the column with the addresses; choose one: --columns email=\"Email\" or --columns email=\"Work Email\"",
        ]),
    },
    Try {
        by: "an HR system with two addresses, one of them named",
        name: "people.csv",
        file: Utf8(TWO),
        options: &[
            "--columns",
            "email=Work Email",
            "--ignore-other-columns",
            "--permission",
            "read",
        ],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "an administrator's own table of roles",
        name: "people.csv",
        file: Utf8(ROLES),
        options: &["--columns", "permission=Role", "--ignore-other-columns"],
        out: People(&["ada@example.com admin", "bob@example.com read"]),
    },
    Try {
        by: "an administrator's own table of roles, which no option names",
        name: "people.csv",
        file: Utf8(ROLES),
        options: &[],
        out: Refused(&[
            "line 1: the column permission is missing: add it, name the column that has IcePanel's permissions with --columns permission=NAME, or pass --permission read for everybody",
            "line 1: the columns \"Name\", \"Role\" are unknown: pass --ignore-other-columns to ignore unknown columns, or --columns FIELD=NAME to use a column",
        ]),
    },
    Try {
        by: "an administrator's own table of roles, with a slip in the option",
        name: "people.csv",
        file: Utf8(ROLES),
        options: &["--columns", "permission=Roles", "--ignore-other-columns"],
        out: Refused(&[
            "line 1: there is no column \"Roles\"; the columns are \"Name\", \"Email\", \"Role\"",
        ]),
    },
    Try {
        by: "a table with permissions, and one for all",
        name: "people.csv",
        file: Utf8("email,permission\nada@example.com,admin\n"),
        options: &["--permission", "read"],
        out: Refused(&[
            "line 1: the file has a column with the permissions; leave out --permission",
        ]),
    },
    Try {
        by: "an administrator's table in German, for everybody",
        name: "people.csv",
        file: Utf8Bom(
            "Vorname;Nachname;E-Mail-Adresse;Rolle;Eintritt\r\nJörg;\"Müller; Dr.\";joerg@example.com;Admin;01.02.2024\r\n;;;;\r\n",
        ),
        options: &["--ignore-other-columns", "--permission", "Viewer"],
        out: People(&["joerg@example.com read"]),
    },
    Try {
        by: "Slack, members",
        name: "slack.csv",
        file: Utf8("username,email,status,billing-active\nada,ada@example.com,Admin,1\n"),
        options: &["--ignore-other-columns", "--permission", "read"],
        out: People(&["ada@example.com read"]),
    },
    Try {
        by: "an HR system that exports HTML by the name of Excel",
        name: "people.xls",
        file: Utf8("\n<html><body><table><tr><td>Email</td></tr></table></body></html>"),
        options: &[],
        out: Refused(&[
            "line 1: the file is HTML or XML, whatever its name says; save it as CSV UTF-8",
        ]),
    },
    Try {
        by: "a script, addresses without a name for their column",
        name: "people.csv",
        file: Utf8("ada@example.com\nbob@example.com\n"),
        options: &["--permission", "read"],
        out: Refused(&[
            "line 1: the first line has an address where the names of the columns should be; add a line before it, for example email,permission",
        ]),
    },
    Try {
        by: "a script, addresses alone",
        name: "people.txt",
        file: Utf8("email\nada@example.com\n\nbob@example.com\n"),
        options: &["--permission", "read"],
        out: People(&["ada@example.com read", "bob@example.com read"]),
    },
];
