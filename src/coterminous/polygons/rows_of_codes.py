"""Which column names the polygons of a file, and are several rows one area?"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import shapely

from coterminous.blocks.coordinates import Door
from coterminous.errors import InputError, first_five
from coterminous.polygons.fitness import made_valid
from coterminous.tables.columns import CODE_LIKE, NAME_LIKE, likeliest
from coterminous.tables.keys import one_name

#: Columns that hold names whatever is in them, besides those that are likely to.
_NAMES = (*NAME_LIKE, r"\d\dnmw$", r"^names?", r"name\d*$", r"^descript")
_EXACT = 2**53
#: Square units of overlap between rows of one code, as a part of their ground, that is rounding.
_ROUNDING = 1e-9


def text_codes(values: pd.Series, where: str) -> tuple[pd.Series, str]:
    """Return codes that are whole numbers as text, and say so; others as they are.

    Raises
    ------
    InputError
        If they are numbers that are not whole.

    Examples
    --------
    >>> text_codes(pd.Series([1.0, 2.0]), "column `ID`")[0].tolist()
    ['1', '2']
    """
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values, ""
    there = values.dropna()
    broken = there[(there.astype(float) % 1 != 0) | (there.astype(float).abs() > _EXACT)]
    if len(broken):
        raise InputError(
            f"{where} holds numbers that are no whole numbers, and so no codes: "
            f"{first_five(broken)}; choose another column, or write the codes as text in the file"
        )
    out = pd.Series(None, index=values.index, dtype="str", name=values.name)
    out[there.index] = [f"{int(v)}" for v in there]
    return out, (
        f"{where} holds whole numbers, which are taken as text ({first_five(out.dropna())}); "
        "leading zeros, if there were any, are lost."
    )


def code_column(
    frame: Any, columns: list[str], called: str, door: Door, *, several: bool = False
) -> str:
    """Choose the column of codes: text, all different, likeliest first; never one of names.

    Parameters
    ----------
    several
        Whether a code may stand in several rows.

    Raises
    ------
    InputError
        If there is none; it lists the columns.
    """
    best = usable_code(frame, columns, several=several)
    if best is not None:
        return best
    named = [c for c in columns if _is_text(frame[c])]
    twice = [c for c in named if likeliest([c], CODE_LIKE) and _filled(frame[c])]
    hint = ""
    if twice and not several:
        hint = (
            f"; `{twice[0]}` repeats codes: if each row is a part of its area, "
            f"{door.given('code', twice[0])} and {door.named('dissolve')} unite them"
        )
    elif any(_is_names(frame, c) for c in named):
        hint = "; a name is not taken for a code unless it is said"
    raise InputError(
        f"{called}: no column of text has a different code in every row; its columns are "
        f"{', '.join(columns) or '(none)'}; say which to take with {door.named('code')}{hint}"
    )


def usable_code(frame: Any, columns: list[str], *, several: bool = False) -> str | None:
    """Return the likeliest column of codes that can be used as it is, if there is one."""
    texts = [c for c in columns if _is_text(frame[c]) and _filled(frame[c])]
    alone = [c for c in texts if frame[c].astype("str").str.strip().is_unique]
    # A name whose column is called like a code's is still taken, for that was its author's word.
    usable = [c for c in (texts if several else alone) if not likeliest([c], _NAMES)]
    others = [c for c in alone if not _is_names(frame, c)]
    return likeliest(usable, CODE_LIKE) or (others[0] if others else None)


def code_of_frame(frame: Any, code: str | None) -> tuple[str | None, str]:
    """Choose the column of codes of a frame whose rows nobody has named, as of a file's.

    Returns
    -------
    str or None, str
        The column that was given or chosen, None for the index; and a sentence if it was chosen.

    Examples
    --------
    >>> code_of_frame(pd.DataFrame({"SITE24CD": ["S1"], "name": ["Moor"]}), None)
    ('SITE24CD', 'Codes are from the column `SITE24CD`, for the rows have none.')
    """
    if code is not None or not isinstance(frame.index, pd.RangeIndex):
        return code, ""
    columns = [str(c) for c in getattr(frame, "columns", ()) if c != "geometry"]
    chosen = usable_code(frame, columns)
    if chosen is None:
        return None, ""
    return chosen, f"Codes are from the column `{chosen}`, for the rows have none."


def united_rows(frame: Any, codes: pd.Index, name: str | None, called: str) -> tuple[Any, str]:
    """Unite the rows of one code to one polygon, and say what was united.

    Parameters
    ----------
    frame
        With its geometry in `geometry`.
    codes
        Of its rows.
    name
        The column of names, which has to be the same for all rows of a code.

    Returns
    -------
    GeoDataFrame, str
        By code, in the order in which each stands first. A column that is not the same in all
        rows of a code has no value there, for it may be of the part or of the whole.

    Raises
    ------
    InputError
        If a code has two names.
    """
    if codes.is_unique:
        return frame.set_axis(codes, axis=0), ""
    if name is not None:
        told = pd.Series(np.asarray(codes, dtype=object), dtype="str")
        names = frame[name].astype("str").reset_index(drop=True)
        one_name(told, names, called, "code", name)
    groups = pd.Series(range(len(codes)), index=codes).groupby(level=0, sort=False)
    shapes = np.array(frame.geometry.to_numpy(), dtype=object)
    invalid = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    first, joined, crossed, twice = [], [], 0, 0.0
    kept = frame.copy()
    many = [c for c in frame.columns if c != "geometry"]
    for _, rows in groups:
        at = rows.to_numpy()
        first.append(int(at[0]))
        parts = shapes[at]
        if len(at) == 1:
            joined.append(parts[0])
            continue
        parts = shapely.force_2d(parts[~shapely.is_missing(parts)])
        crossed += int(invalid[at].sum())
        bad = ~shapely.is_valid(parts)
        parts[bad] = made_valid(parts[bad])
        whole = shapely.union_all(parts)
        over = float(shapely.area(parts).sum() - whole.area)
        twice += over if over > _ROUNDING * whole.area else 0.0
        joined.append(whole)
        for column in many:
            if frame[column].iloc[at].nunique(dropna=False) > 1:
                kept[column] = kept[column].astype(object)
                kept.iloc[at[0], kept.columns.get_loc(column)] = None
    out = kept.iloc[first].set_geometry(
        type(frame.geometry)(joined, index=kept.index[first], crs=frame.crs)
    )
    out = out.set_axis(codes[first], axis=0)
    said = f"{called}: {len(codes):,} rows are united to {len(out):,} areas, one for each code"
    if crossed:
        said += f"; {crossed:,} rows crossed themselves and were made valid"
    if twice:
        said += f"; rows of one code overlap, and {twice:,.0f} square units of ground count once"
    return out, said + "."


def _is_text(values: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(values) and bool(pd.api.types.is_string_dtype(values))


def _filled(values: pd.Series) -> bool:
    return bool(values.notna().all() and (values.astype("str").str.strip() != "").all())


def _is_names(frame: Any, column: str) -> bool:
    """Say whether a column holds names: it is called so, or most of it is words without figures."""
    if likeliest([column], _NAMES):
        return True
    words = frame[column].dropna().astype("str").str.strip()
    named = words.map(
        lambda w: bool(re.search(r"[^\W\d_][a-z]{2}|\s", w)) and not re.search(r"\d", w)
    )
    return bool(len(words)) and bool(named.mean() > 0.5)
