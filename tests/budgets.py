"""What each page and each endpoint may cost: the one table, held by tests and by `make bench`.

The queries are asked at one row and at three, and are as many at both. In each the log's tip is
one: no answer without its validators. A page asks one for each kind of choice of its form;
"expanded" is the API with all that it can embed. A record's page shows all that belongs to it; one
for each kind of thing. The changes expanded ask which of them are the last word on their record;
only those embed it.

Kilobytes, as they are before they are packed, and milliseconds of the processor are at most so
many in a world of two hundred rounds (scale 1), for a full page and for a file of all rows.
"""

from typing import NamedTuple


class Budget(NamedTuple):
    queries: int
    kilobytes: int
    milliseconds: int


LISTS = {
    "changes": {
        "json": Budget(3, 20, 40),
        "csv": Budget(4, 2450, 690),
        "expanded": Budget(4, 50, 40),
        "page": Budget(7, 60, 130),
    },
    "initiatives": {
        "json": Budget(7, 30, 60),
        "csv": Budget(8, 20, 60),
        "expanded": Budget(28, 660, 470),
        "page": Budget(12, 40, 140),
    },
    "initiative-parties": {
        "json": Budget(3, 40, 20),
        "csv": Budget(3, 30, 20),
        "expanded": Budget(12, 210, 80),
    },
    "representations": {
        "json": Budget(3, 50, 30),
        "csv": Budget(3, 60, 30),
        "expanded": Budget(13, 210, 70),
    },
    "mandates": {
        "json": Budget(3, 20, 20),
        "csv": Budget(3, 20, 20),
        "expanded": Budget(13, 50, 70),
        "page": Budget(6, 30, 50),
    },
    "chapters": {
        "json": Budget(7, 80, 90),
        "csv": Budget(8, 210, 370),
        "expanded": Budget(15, 190, 140),
        "page": Budget(12, 80, 270),
    },
    "parties": {
        "json": Budget(3, 10, 20),
        "csv": Budget(3, 10, 20),
        "expanded": Budget(5, 20, 30),
        "page": Budget(8, 20, 50),
    },
    "organizations": {
        "json": Budget(3, 40, 30),
        "csv": Budget(3, 30, 20),
        "expanded": Budget(7, 70, 30),
        "page": Budget(6, 50, 80),
    },
    "documents": {
        "json": Budget(3, 70, 30),
        "csv": Budget(3, 640, 80),
        "expanded": Budget(17, 320, 240),
        "page": Budget(12, 80, 180),
    },
    "lineage": {
        "json": Budget(3, 40, 20),
        "csv": Budget(3, 20, 20),
        "expanded": Budget(21, 140, 160),
    },
    "agreements": {
        "json": Budget(7, 50, 70),
        "csv": Budget(8, 40, 70),
        "expanded": Budget(19, 320, 330),
        "page": Budget(12, 70, 190),
    },
    "statements": {
        "json": Budget(3, 50, 30),
        "csv": Budget(3, 620, 70),
        "expanded": Budget(13, 130, 50),
        "page": Budget(10, 90, 130),
    },
    "rounds": {
        "json": Budget(3, 60, 30),
        "csv": Budget(3, 130, 30),
        "expanded": Budget(17, 2200, 290),
        "page": Budget(19, 130, 190),
    },
    "sessions": {
        "json": Budget(3, 60, 30),
        "csv": Budget(3, 1260, 170),
        "expanded": Budget(17, 280, 150),
    },
    "outcomes": {
        "json": Budget(3, 50, 30),
        "csv": Budget(3, 850, 130),
        "expanded": Budget(19, 250, 160),
    },
    "participations": {
        "json": Budget(3, 60, 30),
        "csv": Budget(3, 3170, 270),
        "expanded": Budget(17, 260, 80),
    },
    "tablings": {
        "json": Budget(3, 60, 30),
        "csv": Budget(3, 270, 40),
        "expanded": Budget(23, 400, 170),
    },
    "undertakings": {
        "json": Budget(3, 60, 20),
        "csv": Budget(3, 100, 20),
        "expanded": Budget(13, 230, 70),
    },
    "people": {
        "json": Budget(3, 30, 20),
        "csv": Budget(3, 90, 30),
        "expanded": Budget(3, 30, 20),
        "page": Budget(12, 60, 80),
    },
}
RECORDS = {
    "party": {"json": Budget(3, 10, 20), "page": Budget(13, 30, 60)},
    "bloc": {"json": Budget(3, 10, 20), "page": Budget(9, 30, 60)},
    "organization": {"json": Budget(3, 10, 20), "page": Budget(13, 80, 140)},
    "initiative": {"json": Budget(22, 40, 110), "page": Budget(45, 160, 380)},
    "mandate": {"json": Budget(3, 10, 20), "page": Budget(12, 30, 80)},
    "chapter": {"json": Budget(7, 10, 40), "page": Budget(35, 40, 160)},
    "agreement": {"json": Budget(7, 10, 50), "page": Budget(12, 20, 90)},
    "document": {"json": Budget(3, 10, 30), "page": Budget(56, 30, 150)},
    "person": {"json": Budget(3, 10, 20), "page": Budget(7, 20, 50)},
    "round": {"json": Budget(7, 50, 50), "page": Budget(31, 60, 190)},
    "home": {"page": Budget(23, 60, 220)},
    "matrix": {"json": Budget(32, 90, 100), "page": Budget(28, 130, 120)},
    "calendar": {"page": Budget(18, 130, 200)},
}
