"""Files that a user asked for: who may read them."""

from __future__ import annotations

import os
import stat

import pytest

from bot.cli.files import replace_file


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o640), (0o027, 0o640), (0o077, 0o600), (0o000, 0o640)])
def test_a_new_file_is_for_owner_and_group_as_far_as_the_umask_goes_and_never_for_everybody(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        replace_file(str(tmp_path / "deltagere.xlsx"), b"x")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "deltagere.xlsx").stat().st_mode) == mode


def test_a_file_that_was_there_keeps_its_mode(tmp_path):
    """Whoever opened it up, or shut it, meant it."""
    file = tmp_path / "deltagere.xlsx"
    file.write_bytes(b"old")
    file.chmod(0o604)
    replace_file(str(file), b"new")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o604)
