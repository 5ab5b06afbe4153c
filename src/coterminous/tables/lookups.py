"""Does a lookup give each block of a layer one area, and each area one name?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.tables import keys


def checked_names(layer: str, names: Mapping[str, str] | pd.Series | None) -> dict[str, str]:
    """Return the one name of each code; a missing or empty one is none."""
    if not isinstance(names, pd.Series):
        given = {str(k): v for k, v in dict(names or {}).items() if not pd.isna(v)}
        return {k: " ".join(str(v).split()) for k, v in given.items() if str(v).strip()}
    codes = pd.Series(names.index.astype("str"), dtype="str")
    texts = pd.Series(names.to_numpy(), dtype="str")
    return keys.one_name(codes, texts, f"`names` of layer {layer!r}", "code", "name")


def checked_lookup(
    name: str, lookup: pd.Series, blocks: pd.Index | None, *, reserved: str
) -> pd.Series:
    """Return the area code of each block of a layer, missing outside it, or say what is wrong.

    Raises
    ------
    InputError
        If a block is repeated, missing or unknown, or a code is a number or the reserved one.
    """
    repeated = lookup.index[lookup.index.duplicated()].unique()
    if len(repeated):
        raise InputError(
            f"`lookup` of layer {name!r} has {len(repeated):,} blocks more than once: "
            f"{first_five(repeated)}; give each block one area"
        )
    if pd.api.types.is_numeric_dtype(lookup) and lookup.notna().any():
        raise InputError(
            f"`lookup` of layer {name!r} holds numbers, not codes ({first_five(lookup.dropna())}); "
            "read the column as text, so that leading zeros stay"
        )
    codes = lookup.astype("str").str.strip()
    codes = codes.mask(codes == "")
    codes.index = codes.index.astype("str")
    distinct = codes.dropna().unique()
    taken = [c for c in distinct if keys.folded(c) == reserved]
    if taken:
        raise InputError(f"`lookup` of layer {name!r} uses {taken[0]!r} as a code; it is reserved")
    keys.check_alike(distinct, f"`lookup` of layer {name!r}")
    if blocks is None:
        return codes.sort_index()
    codes.index = keys.matched(codes.index, blocks, f"`lookup` of layer {name!r}")
    unknown_blocks = codes.index.difference(blocks)
    if len(unknown_blocks):
        raise InputError(
            f"`lookup` of layer {name!r} has {len(unknown_blocks):,} blocks that the geography "
            f"does not: {first_five(unknown_blocks)}"
        )
    missing = blocks.difference(codes.index)
    if len(missing):
        raise InputError(
            f"`lookup` of layer {name!r} lacks {len(missing):,} of {len(blocks):,} blocks: "
            f"{first_five(missing)}; give each a row, with an empty code if it is outside"
        )
    return codes.reindex(blocks)
