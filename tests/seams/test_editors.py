# SPDX-License-Identifier: GPL-2.0-or-later
"""The lines of docs/editors.md, as they stand there, in the editors themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.seams.world import SIGNED, World, warm, world

pytest.importorskip("pygls")

__all__ = ["warm", "world"]

PAGE = (Path(__file__).parents[2] / "docs/editors.md").read_text("utf-8")
FACE = "\N{GRINNING FACE}"
MESSAGE = f"ring: Add a page\n\nIt stands {FACE} the the last.\n\n{SIGNED}\n"
LOCKED = """\
void ring_add(struct ring *r)
{
	spin_lock(&r->lock);
	r->n++;
	spin_unlock(&r->lock);
}
"""
SLEEPS = LOCKED.replace("r->n++;", "r->page = kmalloc(8, GFP_KERNEL);")
DOUBLED, SLEEP = "3 msg/doubled-word", "4 c/sleep-in-spinlock"
CODE = "drivers/net/lock.c"
MESSAGE_FILE = ".git/COMMIT_EDITMSG"
ALE = Path("/usr/share/vim-ale")

SEE_NVIM = """
vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 20)
local lines = {}
for _, d in ipairs(vim.diagnostic.get(0)) do
  table.insert(lines, (d.lnum + 1) .. " " .. d.code)
end
vim.fn.writefile(lines, "../seen")
local first = vim.diagnostic.get(0)[1]
vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
local asked = vim.lsp.util.make_range_params(0, "utf-16")
asked.context = { diagnostics = {} }
local told = vim.lsp.buf_request_sync(0, "textDocument/codeAction", asked, 9000)
for _, answer in pairs(told or {}) do
  if answer.result and answer.result[1] then
    vim.lsp.util.apply_workspace_edit(answer.result[1].edit, "utf-16")
  end
end
vim.cmd("wqa")
"""
SEE_ALE = """
let s:left = 300
while s:left && empty(getloclist(0))
  sleep 100m
  let s:left -= 1
endwhile
call writefile(map(getloclist(0), {_, e -> e.lnum . ' ' . e.text}), '../seen')
qa!
"""
SEE_QUICKFIX = """
silent make!
let s:said = {_, e -> join([bufname(e.bufnr), e.lnum, e.type, e.text])}
call writefile(map(getqflist(), s:said), '../seen')
qa!
"""
SEE_EGLOT = """
(setq eglot-sync-connect 30)
(find-file (pop command-line-args-left))
(if (string-suffix-p "EDITMSG" buffer-file-name) (text-mode) (diff-mode))
(run-hooks 'post-command-hook)
(let ((left 300))
  (while (and (> left 0) (not (flymake-diagnostics)))
    (accept-process-output nil 0.1)
    (setq left (1- left))))
(defvar seen (mapcar (lambda (d) (format "%d %s"
  (line-number-at-pos (flymake-diagnostic-beg d)) (flymake-diagnostic-text d)))
  (flymake-diagnostics)))
(with-temp-file (expand-file-name "seen" (getenv "TOP"))
  (insert (mapconcat #'identity seen "\\n")))
"""


def block(language: str, wanted: str) -> str:
    """Return the block of the page that has some word."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)
    return next(text for text in found if wanted in text)


def found_by(world: World, words: Sequence[str], **files: str) -> list[str]:
    """Run an editor, with files beside the repository; return what it shows."""
    for name, text in files.items():
        (world.top / name).write_text(text, "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = world.run(*words, PATH=path, TERM="dumb", TOP=str(world.top))
    seen = world.top / "seen"
    assert seen.exists(), f"{done.stdout}{done.stderr}"
    return seen.read_text("utf-8").splitlines()


@pytest.fixture
def edited(world: World) -> World:
    """Return a world with a file that is changed, a message and a patch."""
    world.git("config", "user.name", "A Dev")
    world.git("config", "user.email", "dev@example.org")
    world.commit(CODE, LOCKED, f"ring: Lock\n\nWhy.\n\n{SIGNED}\n")
    world.commit("drivers/net/two.c", "int two;\n", MESSAGE)
    patch = world.git("format-patch", "-1", "--stdout")
    (world.repo / "one.patch").write_text(patch + "\n", "utf-8")
    (world.repo / CODE).write_text(SLEEPS)
    (world.repo / MESSAGE_FILE).write_text(MESSAGE, "utf-8")
    return world


def nvim_lines() -> str:
    """Return the lines for the Neovim that is here."""
    if shutil.which("nvim") is None:
        pytest.skip("no Neovim")
    told = subprocess.run(["nvim", "--version"], capture_output=True, text=True)
    version = re.search(r"v(\d+)\.(\d+)", told.stdout)
    assert version is not None
    is_new = (int(version[1]), int(version[2])) >= (0, 11)
    return block("lua", "vim.lsp.enable" if is_new else "start_client")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [(MESSAGE_FILE, DOUBLED), (CODE, SLEEP), ("one.patch", "msg/doubled-word")],
)
def test_neovim(name: str, wanted: str, edited: World) -> None:
    words = ("nvim", "--headless", "-u", "../init.lua", "-c", "luafile ../see.lua")
    lines = nvim_lines()
    path = edited.repo / name
    before = path.read_text("utf-8")
    (seen,) = found_by(
        edited, (*words, name), **{"init.lua": lines, "see.lua": SEE_NVIM}
    )

    assert seen.endswith(wanted)
    fixed = before.replace("the the", "the")
    assert path.read_text("utf-8") == fixed


@pytest.mark.parametrize(("name", "wanted"), [(MESSAGE_FILE, DOUBLED), (CODE, SLEEP)])
def test_vim_with_ale(name: str, wanted: str, edited: World) -> None:
    if shutil.which("vim") is None or not ALE.exists():
        pytest.skip("no Vim, or no ALE")
    lines = (
        f"set nocompatible\nfiletype plugin on\nset rtp^={ALE}\n"
        f"runtime plugin/ale.vim\n{block('vim', 'ale#linter')}"
        "let g:ale_linters = {'c': ['patchlint'], 'gitcommit': ['patchlint']}\n"
    )
    words = ("vim", "--not-a-term", "-u", "../rc.vim", "-S", "../see.vim", name)
    (seen,) = found_by(edited, words, **{"rc.vim": lines, "see.vim": SEE_ALE})

    assert seen.startswith(wanted)


@pytest.mark.parametrize(
    "words", [("vim", "--not-a-term"), ("nvim", "--headless")], ids=lambda w: w[0]
)
def test_quickfix(words: Sequence[str], edited: World) -> None:
    if shutil.which(words[0]) is None:
        pytest.skip(f"no {words[0]}")
    lines = f"set nocompatible\n{block('vim', 'makeprg')}"
    words = (*words, "-u", "../rc.vim", "-S", "../see.vim")
    (seen,) = found_by(edited, words, **{"rc.vim": lines, "see.vim": SEE_QUICKFIX})

    assert seen.startswith(f"{CODE} 4 E c/sleep-in-spinlock: kmalloc")


@pytest.mark.parametrize(("name", "wanted"), [(MESSAGE_FILE, "3 "), ("one.patch", "")])
def test_emacs(name: str, wanted: str, edited: World) -> None:
    if shutil.which("emacs") is None:
        pytest.skip("no Emacs")
    begin = "(package-initialize)\n(unless (require 'eglot nil t) (kill-emacs 77))\n"
    has = edited.run("emacs", "--batch", "--eval", f"(progn {begin})")
    if has.returncode == 77:
        pytest.skip("no eglot")
    words = ("emacs", "--batch", "-l", "../init.el", "-l", "../see.el", name)
    lines = begin + block("elisp", "eglot-server-programs")
    seen = found_by(edited, words, **{"init.el": lines, "see.el": SEE_EGLOT})

    assert [line for line in seen if line.startswith(wanted)] != []
    assert "doubled-word" in seen[0]
