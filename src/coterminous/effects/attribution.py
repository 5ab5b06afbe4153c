"""What are figures held by practice worth by area, and figures by area by practice?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five, unknown
from coterminous.files import as_text_cell, replacing, write_csv
from coterminous.folders.recipes import read_table
from coterminous.layer import Layer
from coterminous.registers.register import Home, Register
from coterminous.results import Result, dates_of, shown

if TYPE_CHECKING:
    from coterminous.geography import Geography

Kind = Literal["count", "rate"]
By = Literal["residence", "home"]
To = Literal["areas", "organisations"]
NO_HOME = "no_home"
#: What stands in files for a figure that was hidden or is not known.
MISSING = {"", "*", "-", "..", "n/a", "na", "null", "suppressed"}


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
        with and without a figure. Both: how many `codes` have a figure, how many are `empty`,
        and how many are not known.
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

    def _tables(self) -> Iterable[str]:
        return shown(self.table), shown(self.ledger)


def attribute(
    area: Geography,
    figures: pd.Series | pd.DataFrame | str | Path,
    *,
    layer: str | Layer,
    register: str | Register = "gp",
    kind: Kind = "count",
    by: By = "residence",
    to: To = "areas",
    home: Home | None = None,
) -> Attribution:
    """Bring figures held by practice to areas, or figures held by area to practices.

    Parameters
    ----------
    area : Geography
    figures : Series, DataFrame or path
        Numbers by code: of organisations, or of areas (also by name or alias) if `to` is
        ``organisations``. A CSV or Excel file has the codes in its first column. Empty cells and
        ``*`` are figures that are not known.
    layer : str or Layer
    register : str or Register
    kind : {'count', 'rate'}
        A count is shared out, and adds up; a rate (a share, a mean, a score per person) is
        averaged, weighted by people.
    by : {'residence', 'home'}
        Where each organisation's people live, or where the organisation belongs.
    to : {'areas', 'organisations'}
    home : {'site', 'list', 'body'}, optional
        Where an organisation belongs; see `Register.homes`.

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
    counted, chosen = area.register(register), area.layer(layer)
    numbers = _figures(figures)
    weights = _weights(counted, chosen, by, home)
    if to == "areas":
        names = [*chosen.names, *weights.columns[len(chosen.codes) :]]
        through = weights
    else:
        numbers = _by_area_code(numbers, chosen)
        names = list(counted.organisations["name"])
        through = weights[list(chosen.codes)].T
    table, ledger = _carried(numbers, through, kind)
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


def _weights(register: Register, layer: Layer, by: By, home: Home | None) -> pd.DataFrame:
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


def _figures(figures: pd.Series | pd.DataFrame | str | Path) -> pd.DataFrame:
    """Return figures as numbers by code, whatever they came as."""
    if isinstance(figures, (str, Path)):
        read = read_table(Path(figures))
        if read.shape[1] < 2:
            raise InputError(f"{figures} needs a column of codes, and one or more of figures")
        given = read.set_index(read.columns[0])
    elif isinstance(figures, pd.Series):
        given = figures.rename(figures.name or "figure").to_frame()
    else:
        given = figures
    codes = given.index.astype("str").str.strip()
    twice = codes[codes.duplicated()].unique()
    if len(twice):
        raise InputError(f"`figures` has codes more than once: {first_five(twice)}")
    reserved = {"name", "people", "covered"} & set(map(str, given.columns))
    if reserved:
        raise InputError(
            f"`figures` has columns of reserved names: {first_five(sorted(reserved))}; "
            "give the columns with numbers, under other names"
        )
    made = pd.DataFrame({str(c): _numbers(given[c], str(c)) for c in given.columns})
    return made.set_axis(codes.rename("code"))


def _numbers(column: pd.Series, name: str) -> pd.Series:
    text = column.astype("str").str.strip().str.lower()
    empty = column.isna() | text.isin(MISSING)
    values = pd.to_numeric(column.mask(empty), errors="coerce").astype(float)
    bad = ~np.isfinite(values) & ~empty
    if bad.any():
        raise InputError(
            f"`figures`: column `{name}` has {int(bad.sum()):,} cells that are no numbers: "
            f"{first_five(column[bad])}"
        )
    return values


def _by_area_code(numbers: pd.DataFrame, layer: Layer) -> pd.DataFrame:
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
