"""What are figures held by practice worth by area, and figures by area by practice?"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from coterminous.arguments import asked
from coterminous.errors import InputError, first_five, unknown
from coterminous.files import as_text_cell, replacing, write_csv
from coterminous.owned import hands_out_copies
from coterminous.registers.register import Register
from coterminous.registers.whereabouts import Home
from coterminous.results import Result, dates_of
from coterminous.tables.cells import check_text, read_numbers, said_of
from coterminous.tables.columns import column_named
from coterminous.tables.joins import reindexed
from coterminous.tables.keys import check_alike, folded, is_total, matched
from coterminous.tables.opening import open_any

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

Kind = Literal["count", "rate"]
By = Literal["residence", "home"]
To = Literal["areas", "organisations"]
NO_HOME = "no_home"
log = logging.getLogger(__name__)
#: What a cell may be, besides a number, in figures that need not be known for every code.
_UNKNOWN = ("hidden", "not applicable", "not available", "dash", "empty")


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Attribution(Result):
    """Figures of organisations by area, or of areas by organisation; see `attribute`.

    Attributes
    ----------
    register, layer, kind, by, to, method : str
    table : pandas.DataFrame
        By code: `name`, every figure under its own name, `people` (in the register, that the
        row stands for) and `covered`, the share of them with a figure. Counts by area have rows
        for what lies beyond the layer: ``outside``, ``elsewhere``, ``unknown`` or ``no_home``.
    ledger : pandas.DataFrame
        By figure. Counts: `placed` in the table, `nobody` (given for a code that has no people),
        `not_known` (for codes that the register or layer lacks) and `total`. Rates: `people`
        with and without a figure. Both: how many `codes` have a figure, how many have none
        (`codes_empty`), of which some were hidden (`codes_hidden`), and how many are not known.
    """

    called = "a table of attributed figures"

    register: str
    layer: str
    kind: str
    by: str
    to: str
    method: str
    table: pd.DataFrame
    ledger: pd.DataFrame

    def write(self, path: str | Path) -> None:
        """Write the table as CSV or Excel, by the suffix of the path.

        Parameters
        ----------
        path : str or path
            Ends in ``.csv`` or ``.xlsx``.

        Raises
        ------
        DisclosureError
            If the register is restricted.
        InputError
            If the suffix is another.
        """
        suffix = Path(path).suffix.lower()
        if suffix == ".csv":
            write_csv(self.table, path, index=True)
        elif suffix == ".xlsx":
            safe = self.table.reset_index()
            for column in ("code", "name"):
                safe[column] = safe[column].map(as_text_cell, na_action="ignore")
            safe.columns = pd.Index([as_text_cell(str(c)) for c in safe.columns])
            with replacing(path) as beside:
                safe.to_excel(beside, index=False)
        else:
            raise InputError(f"`path` ends in {suffix!r}; give a .csv or .xlsx file")

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        named = ("register", "layer", "kind", "by", "to", "method")
        return {
            **{k: getattr(self, k) for k in named},
            "notes": list(self.notes),
            "table": self.table.reset_index().to_dict("records"),
            "ledger": self.ledger.to_dict(),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the table, as it is written to a file."""
        return self.table.reset_index()

    def _titled(self) -> str:
        figures = ", ".join(self.ledger.columns)
        return f"Attribution of {figures} ({self.kind}) to {len(self.table)} {self.to} by {self.by}"

    def _finding(self) -> str:
        return f"{self.register} and {self.layer}"

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return ("table", self.table), ("ledger", self.ledger)


@asked
def attribute(
    area: Geography,
    figures: pd.Series | pd.DataFrame | str | Path,
    *,
    layer: str | AnyLayer,
    register: str | Register | None = None,
    kind: Kind = "count",
    by: By = "residence",
    to: To = "areas",
    home: Home | None = None,
    code: str | None = None,
    sheet: str | None = None,
) -> Attribution:
    """Bring figures held by practice to areas, or figures held by area to practices.

    Parameters
    ----------
    area : Geography
    figures : Series, DataFrame or path
        Numbers by code: of organisations, or of areas (also by name or alias) if `to` is
        ``organisations``. The codes of a CSV or Excel file are in the column that holds most of
        those known. Empty cells and marks such as ``*``, ``[c]``, ``z`` or ``..`` are figures that
        are not known; the ledger tells those that were hidden. Rows of totals are left out.
    layer : str or Layer
    register : str or Register, optional
        That of patients if not given.
    kind : {'count', 'rate'}
        A count is shared out, and adds up; a rate (a share, a mean, a score per person) is
        averaged, weighted by people.
    by : {'residence', 'home'}
        Where each organisation's people live, or where the organisation belongs.
    to : {'areas', 'organisations'}
    home : {'site', 'list', 'body'}, optional
        Where an organisation belongs; see `Register.homes`.
    code, sheet : str, optional
        The column of codes, and the sheet, of a file.

    Returns
    -------
    Attribution
        By residence, an organisation's count is spread over areas as its people are: as though
        they were alike wherever they live. The figure is an estimate.

    Raises
    ------
    InputError
        If a choice is none, a code is there twice, a cell is no number, or no code is known.

    Examples
    --------
    >>> import coterminous as ct
    >>> import pandas as pd
    >>> diabetes = pd.Series({"P81002": 4000, "P81029": 1500}, name="diabetes")
    >>> found = attribute(ct.load(), diabetes, layer="footprint2022")
    >>> found.table["diabetes"].round().astype(int).to_dict()["north-and-coastal"]
    5019
    """
    for argument, given, allowed in (
        ("kind", kind, ["count", "rate"]),
        ("by", by, ["residence", "home"]),
        ("to", to, ["areas", "organisations"]),
    ):
        if given not in allowed:
            raise unknown(argument, given, allowed)
    counted = area.register(area.needed(register, "patients", "register"))
    chosen = area.layer(layer)
    weights = _weights(counted, chosen, by, home)
    known = list(weights.index) if to == "areas" else [*chosen.codes, *chosen.names]
    numbers, hidden = _figures(_read(figures, known, code, sheet), kind)
    if to == "areas":
        names = [*chosen.names, *weights.columns[len(chosen.codes) :]]
        through = weights
    else:
        numbers, hidden = _by_area_code(numbers, chosen), _by_area_code(hidden, chosen)
        names = list(counted.organisations["name"])
        through = weights[list(chosen.codes)].T
    numbers = numbers.set_axis(matched(numbers.index, through.index, "`figures`"))
    table, ledger = _carried(numbers, through, kind)
    ledger.loc["codes_hidden"] = hidden.sum().reindex(ledger.columns)
    table.insert(0, "name", names)
    return Attribution(
        register=counted.name,
        layer=chosen.name,
        kind=kind,
        by=by,
        to=to,
        method=counted.method(chosen),
        restricted=counted.restricted,
        sources=counted.sources,
        dates=dates_of(counted),
        table=table,
        ledger=ledger,
        notes=tuple(n for n in dict.fromkeys((chosen.note, counted.note)) if n),
    )


def _weights(register: Register, layer: AnyLayer, by: By, home: Home | None) -> pd.DataFrame:
    """Return the people who tie each organisation (row) to each area (column), and the rest."""
    if by == "residence":
        return register.matrix(layer)
    homes = register.homes(layer, home).fillna(NO_HOME)
    columns = [*layer.codes, NO_HOME]
    found = pd.DataFrame(0, index=register.organisations.index, columns=columns)
    for column in columns:
        found[column] = register.lists.where(homes == column, 0)
    return found.rename_axis(columns="area")


def _carried(
    numbers: pd.DataFrame, weights: pd.DataFrame, kind: Kind
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Carry figures from the rows of `weights` to its columns; return the table and the ledger."""
    strange = numbers.index.difference(weights.index)
    if len(strange) == len(numbers):
        raise InputError(
            f"`figures`: none of its {len(numbers)} codes is known: {first_five(strange)}; the "
            f"codes are such as {first_five(weights.index[:3])}"
        )
    known = numbers.reindex(weights.index)
    cells = weights.to_numpy(dtype=float)
    table = pd.DataFrame(index=weights.columns.rename("code"))
    ledger: dict[str, dict[str, float]] = {}
    people = cells.sum(axis=1)
    for figure in numbers.columns:
        values = known[figure].to_numpy(dtype=float)
        given = np.isfinite(values)
        there = np.where(given, values, 0.0)
        if kind == "count":
            share = np.divide(cells, people[:, None], out=np.zeros_like(cells), where=cells > 0)
            table[figure] = share.T @ there
            account = {
                "placed": float(table[figure].sum()),
                "nobody": float(there[people == 0].sum()),
                "not_known": float(numbers.loc[strange, figure].sum()),
                "total": float(numbers[figure].sum()),
            }
            found = account["placed"] + account["nobody"] + account["not_known"]
            if not np.isclose(found, account["total"], rtol=1e-9, atol=1e-6):
                raise ArithmeticError(f"{found} of {figure!r} was placed of {account['total']}")
        else:
            weighed = cells * given[:, None]
            total = weighed.sum(axis=0)
            table[figure] = np.divide(
                weighed.T @ there, total, out=np.full(len(total), np.nan), where=total > 0
            )
            account = {
                "people_with": float(people[given].sum()),
                "people_without": float(people[~given].sum()),
            }
        ledger[figure] = {
            **account,
            "codes": int(given.sum()),
            "codes_empty": int(numbers[figure].isna().sum()),
            "codes_not_known": len(strange),
        }
    with_any = known.notna().any(axis=1).to_numpy()
    everybody = cells.sum(axis=0)
    table["people"] = weights.sum()
    table["covered"] = np.divide(
        cells[with_any].sum(axis=0),
        everybody,
        out=np.full(len(everybody), np.nan),
        where=everybody > 0,
    )
    return table, pd.DataFrame(ledger)


def _read(
    figures: pd.Series | pd.DataFrame | str | Path,
    known: list[str],
    code: str | None,
    sheet: str | None,
) -> pd.DataFrame:
    """Return figures by code as they were given, whatever they came as."""
    if isinstance(figures, pd.Series):
        return figures.rename(figures.name or "figure").to_frame()
    if isinstance(figures, pd.DataFrame):
        return figures
    where = str(figures)
    read = open_any(Path(figures), sheet=sheet, codes=known)
    if read.shape[1] < 2:
        raise InputError(f"{where} needs a column of codes, and one or more of figures")
    if code is None:
        ours = {folded(k) for k in known}
        held = {c: sum(folded(v) in ours for v in read[c]) for c in read.columns}
        code = max(read.columns, key=lambda c: held[c])
    code = column_named(read, code, "code", where)
    check_text(read, code, where)
    totals = read[code].map(is_total)
    if totals.any():
        log.warning(
            "%s: rows of totals are left out: %s", where, first_five(read.loc[totals, code])
        )
    kept = read[~totals]
    return reindexed(kept, kept[code]).drop(columns=code)


def _figures(given: pd.DataFrame, kind: Kind) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return figures as numbers by code, and which of them were hidden."""
    codes = given.index.astype("str").str.strip()
    twice = codes[codes.duplicated()].unique()
    if len(twice):
        raise InputError(f"`figures` has codes more than once: {first_five(twice)}")
    check_alike(codes, "`figures`")
    reserved = {"name", "people", "covered"} & set(map(str, given.columns))
    if reserved:
        raise InputError(
            f"`figures` has columns of reserved names: {first_five(sorted(reserved))}; "
            "give the columns with numbers, under other names"
        )
    read = {str(c): _numbers(given[c], str(c), kind) for c in given.columns}
    index = codes.rename("code")
    return (
        pd.DataFrame({c: n for c, (n, _) in read.items()}).set_axis(index),
        pd.DataFrame({c: h for c, (_, h) in read.items()}).set_axis(index),
    )


def _numbers(column: pd.Series, name: str, kind: Kind) -> tuple[pd.Series, pd.Series]:
    values, kinds = read_numbers(column, counts=kind != "rate")
    if kind == "rate" and (kinds == "percent").any():
        kinds = kinds.where(kinds != "percent", "number")
        if values[kinds == "number"].notna().any():
            raise InputError(
                f"`figures`: column `{name}` has percentages and other numbers: "
                f"{first_five(column[kinds == 'number'])}; write all in one way"
            )
        text = column.astype("str").str.replace(r"[%,\s]", "", regex=True)
        values = pd.to_numeric(text.where(kinds == "number"), errors="coerce").astype(float)
    bad = ~kinds.isin(["number", *_UNKNOWN])
    if bad.any():
        raise InputError(f"`figures`: column `{name}` has {said_of(column[bad], kinds[bad])}")
    return values, kinds == "hidden"


def _by_area_code(numbers: pd.DataFrame, layer: AnyLayer) -> pd.DataFrame:
    """Replace names and aliases of areas by their codes; what is not known stays as it is."""

    def code(spelling: str) -> str:
        try:
            return layer.find(spelling)
        except InputError:
            return spelling

    codes = pd.Index([code(c) for c in numbers.index], name="code", dtype="str")
    twice = codes[codes.duplicated()].unique()
    if len(twice):
        raise InputError(f"`figures` has areas more than once: {first_five(twice)}")
    return numbers.set_axis(codes)
