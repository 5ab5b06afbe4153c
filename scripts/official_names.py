"""The official codes and names of the bundled areas, which no package holds.

Typed from the Office for National Statistics' registers of codes (April 2021 and April 2023)
and from the NHS Organisation Data Service; `tests/test_data.py` compares them with the
official lookups.
"""

from __future__ import annotations

from typing import NamedTuple


class District(NamedTuple):
    """A lower-tier or unitary authority of 2021, and the councils over it then and now."""

    code: str
    upper_2021: str
    lower_2023: str
    upper_2023: str


class Ccg(NamedTuple):
    """A clinical commissioning group of 2021: its GSS code and name, by its ODS code."""

    gss: str
    name: str


class Site(NamedTuple):
    """The main hospital site of an acute trust."""

    trust_code: str
    trust_name: str
    site_name: str
    postcode: str


BLACKBURN, BLACKPOOL = "E06000008", "E06000009"
CUMBERLAND, WESTMORLAND, NORTH_YORKSHIRE_2023 = "E06000063", "E06000064", "E06000065"
CUMBRIA, LANCASHIRE, NORTH_YORKSHIRE_2021 = "E10000006", "E10000017", "E10000023"

COUNCILS = {
    BLACKBURN: "Blackburn with Darwen",
    BLACKPOOL: "Blackpool",
    CUMBERLAND: "Cumberland",
    WESTMORLAND: "Westmorland and Furness",
    NORTH_YORKSHIRE_2023: "North Yorkshire",
    CUMBRIA: "Cumbria",
    LANCASHIRE: "Lancashire",
    NORTH_YORKSHIRE_2021: "North Yorkshire",
}


def _unitary(code: str) -> District:
    """Give a council that was, and is, its own upper tier."""
    return District(code, code, code, code)


def _lancashire(code: str) -> District:
    """Give a district that is still one, under the county council."""
    return District(code, LANCASHIRE, code, LANCASHIRE)


def _merged(code: str, county: str, successor: str) -> District:
    """Give a district that a new unitary council replaced on 1 April 2023."""
    return District(code, county, successor, successor)


DISTRICTS = {
    "Blackburn with Darwen": _unitary(BLACKBURN),
    "Blackpool": _unitary(BLACKPOOL),
    "Allerdale": _merged("E07000026", CUMBRIA, CUMBERLAND),
    "Barrow-in-Furness": _merged("E07000027", CUMBRIA, WESTMORLAND),
    "Carlisle": _merged("E07000028", CUMBRIA, CUMBERLAND),
    "Copeland": _merged("E07000029", CUMBRIA, CUMBERLAND),
    "Eden": _merged("E07000030", CUMBRIA, WESTMORLAND),
    "South Lakeland": _merged("E07000031", CUMBRIA, WESTMORLAND),
    "Burnley": _lancashire("E07000117"),
    "Chorley": _lancashire("E07000118"),
    "Fylde": _lancashire("E07000119"),
    "Hyndburn": _lancashire("E07000120"),
    "Lancaster": _lancashire("E07000121"),
    "Pendle": _lancashire("E07000122"),
    "Preston": _lancashire("E07000123"),
    "Ribble Valley": _lancashire("E07000124"),
    "Rossendale": _lancashire("E07000125"),
    "South Ribble": _lancashire("E07000126"),
    "West Lancashire": _lancashire("E07000127"),
    "Wyre": _lancashire("E07000128"),
    "Craven": _merged("E07000163", NORTH_YORKSHIRE_2021, NORTH_YORKSHIRE_2023),
    "Hambleton": _merged("E07000164", NORTH_YORKSHIRE_2021, NORTH_YORKSHIRE_2023),
    "Harrogate": _merged("E07000165", NORTH_YORKSHIRE_2021, NORTH_YORKSHIRE_2023),
    "Richmondshire": _merged("E07000166", NORTH_YORKSHIRE_2021, NORTH_YORKSHIRE_2023),
    "Ryedale": _merged("E07000167", NORTH_YORKSHIRE_2021, NORTH_YORKSHIRE_2023),
    "Scarborough": _merged("E07000168", NORTH_YORKSHIRE_2021, NORTH_YORKSHIRE_2023),
    "Selby": _merged("E07000169", NORTH_YORKSHIRE_2021, NORTH_YORKSHIRE_2023),
}

CCGS = {
    "00Q": Ccg("E38000014", "NHS Blackburn with Darwen CCG"),
    "00R": Ccg("E38000015", "NHS Blackpool CCG"),
    "00X": Ccg("E38000034", "NHS Chorley and South Ribble CCG"),
    "01A": Ccg("E38000050", "NHS East Lancashire CCG"),
    "01E": Ccg("E38000227", "NHS Greater Preston CCG"),
    "01K": Ccg("E38000228", "NHS Morecambe Bay CCG"),
    "02G": Ccg("E38000200", "NHS West Lancashire CCG"),
    "02M": Ccg("E38000226", "NHS Fylde and Wyre CCG"),
}

SITES = (
    Site("R0A", "Manchester University", "Manchester Royal Infirmary", "M13 9WL"),
    Site("RCF", "Airedale", "Airedale General Hospital", "BD20 6TD"),
    Site("RRF", "Wrightington, Wigan and Leigh", "Royal Albert Edward Infirmary, Wigan", "WN1 2NN"),
    Site("RTX", "University Hospitals of Morecambe Bay", "Royal Lancaster Infirmary", "LA1 4RP"),
    Site(
        "RVY",
        "Southport and Ormskirk Hospital",
        "Southport and Formby District General Hospital",
        "PR8 6PN",
    ),
    Site("RXL", "Blackpool Teaching Hospitals", "Blackpool Victoria Hospital", "FY3 8NR"),
    Site("RXN", "Lancashire Teaching Hospitals", "Royal Preston Hospital", "PR2 9HT"),
    Site("RXR", "East Lancashire Hospitals", "Royal Blackburn Hospital", "BB2 3HH"),
)
