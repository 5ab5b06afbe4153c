"""A hundred and fifty files at random: answered right, refused in one sentence, never else."""

from __future__ import annotations

import json
import time

import pytest

from coterminous.cli import main
from tests.polygons.door_files import fuzzed


@pytest.mark.parametrize("start", range(0, 150, 30))
def test_files_at_random_are_answered_right_or_refused(tmp_path, capsys, start):
    for seed in range(start, start + 30):
        folder = tmp_path / str(seed)
        folder.mkdir()
        file, options, good = fuzzed(seed, folder)
        began = time.process_time()
        status = main(["overlay", str(file), str(file), *options, "--format", "json"])
        out, err = capsys.readouterr()
        assert time.process_time() - began < 20, seed
        if status == 0:
            total = json.loads(out)["ledger"]["total"]
            assert good is not False, (seed, err)
            assert total == pytest.approx(200, rel=0.01), (seed, err)
        else:
            assert good is not True, (seed, err)
            assert (status, out) == (2, ""), seed
            assert err.strip().splitlines()[-1].startswith("coterminous: "), (seed, err)
            assert "Traceback" not in err
