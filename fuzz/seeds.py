# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the seed corpus: one small input of every kind that is read.

Usage: PYTHONPATH=. seeds.py [--cards] FOLDER. With --cards the examples of all rules
come too, once as the patch they are, once with the files after it as new ones: so rules
that need whole files have some.
"""

from __future__ import annotations

import base64
import quopri
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from fuzz import texts
from patchlint.adapters.cards import builtin_cards, load_cards
from tests.examples import unmark
from tests.mails import diff, mbox, patch_mail

LICENCE = "GPL-2.0-or-later"
CORPUS = Path(__file__).parent / "corpus"
DIFF = diff({texts.PATH: texts.OLD}, {texts.PATH: texts.NEW})
TORN = DIFF.replace("@@ -1,4", "@@ -1,9") + "@@ -1 +1,2\n+x\n" + DIFF


def _mail(
    text: str = DIFF, subject: str = "[PATCH] ring: Take the lock", **headers: str
) -> str:
    return patch_mail(
        texts.LOG, text, subject, SPDX_License_Identifier=LICENCE, **headers
    )


def _labelled(body: bytes, *fields: str) -> bytes:
    """Return the usual header with other labels, and a body as it is sent."""
    head = _mail().partition("\n\n")[0]
    return "\n".join([head, *fields, "", ""]).encode() + body


def _thread() -> list[str]:
    """Return a series with a cover letter, an answer, a second version and a ring."""
    top = {"Message_ID": "<0@x>", "To": "list@example.org"}
    parts = [_mail("", "[PATCH v2 0/2] ring: Lock", **top)]
    for number in (1, 2):
        ids = {
            "Message_ID": f"<{number}@x>",
            "In_Reply_To": "<0@x>",
            "To": "list@example.org",
        }
        parts.append(_mail(DIFF, f"[PATCH v2 {number}/2] ring: Part {number}", **ids))
    again = {"Message_ID": "<3@x>", "In_Reply_To": "<2@x>", "References": "<0@x> <2@x>"}
    parts.append(_mail(DIFF, "[PATCH v3 2/2] ring: Part 2", **again))
    talk = {"Message_ID": "<4@x>", "In_Reply_To": "<5@x>"}
    parts.append(_mail("", "Re: [PATCH v2 1/2] ring: Part 1", **talk))
    talk = {"Message_ID": "<5@x>", "In_Reply_To": "<4@x>"}
    parts.append(_mail("", "Re: [PATCH v2 1/2] ring: Part 1", **talk))
    return [*parts, parts[2]]


def _parts(kind: str, *parts: str) -> bytes:
    body = "".join(f"--b0\n{part}\n" for part in parts) + "--b0--\n"
    return _labelled(body.encode(), f"Content-Type: multipart/{kind}; boundary=b0")


def _encoded() -> Iterator[tuple[str, bytes]]:
    body = _mail().partition("\n\n")[2]
    raw, text = body.encode(), "Content-Type: text/plain"
    label = "Content-Transfer-Encoding: "
    yield "base64.eml", _labelled(base64.encodebytes(raw), f"{label}base64")
    yield "quoted.eml", _labelled(quopri.encodestring(raw), f"{label}quoted-printable")
    flowed = body.replace("lock.\n", "lock, \nwhich \nis new.\n").encode()
    yield "flowed.eml", _labelled(flowed, f"{text}; format=flowed; delsp=yes")
    for name in ("latin-1", "utf-7", "gb18030", "utf-16"):
        odd = body.replace("races", "r\u00e4ces").encode(name)
        yield f"{name}.eml", _labelled(odd, f"{text}; charset={name}")
    html = "Content-Type: text/html\n\n<p>x\n"
    plain = f"{text}\n\n{body}"
    yield "alternative.eml", _parts("alternative", plain, html)
    patch = f"Content-Type: text/x-patch; name=x.patch\n\n{DIFF}"
    yield "attached.eml", _parts("mixed", f"{text}\n\nsee below\n", patch)
    yield (
        "mail-in-mail.eml",
        _parts("mixed", f"Content-Type: message/rfc822\n\n{_mail()}"),
    )
    word = {
        "Subject": "[PATCH] =?utf-8?q?r=C3=A4ng?=: =?utf-8?b?eA==?=",
        "To": '"A, B" <a@b>, l: c@d;',
    }
    yield (
        "words.eml",
        _mail(DIFF, word["Subject"], To=word["To"], Cc="=?x?q?y?= <z@w>").encode(),
    )
    yield "returns.eml", _mail().replace("\n", "\r\n").encode()
    yield (
        "wrapped.eml",
        _mail(DIFF.replace("\tguard(mutex)", " guard \n(mutex)")).encode(),
    )


def _diffs() -> Iterator[tuple[str, bytes]]:
    first = f"SPDX-License-Identifier: {LICENCE}\n\n"
    yield "bare.diff", f"{first}{DIFF}".encode()
    yield "bare-utf-16.diff", f"{first}{DIFF}".encode("utf-16")
    yield "older.diff", f"{first}{texts.OLDER}".encode()
    yield "moved.eml", _mail(texts.MOVED).encode()
    yield "combined.eml", _mail(texts.COMBINED).encode()
    yield "torn.eml", _mail(TORN).encode()
    files = {
        "kernel/ring.c": texts.SOURCE,
        "arch/x86/ring_64.S": texts.ASSEMBLY,
        "kernel/Kconfig": texts.KCONFIG,
    }
    for path, text in files.items():
        name = path.rpartition("/")[2].lower().replace(".", "-")
        yield f"new-{name}.eml", _mail(diff({}, {path: text})).encode()
        changed = text.replace("ring_", "loop_").replace("1", "2").replace("!", "")
        yield f"changed-{name}.eml", _mail(diff({path: text}, {path: changed})).encode()


def _boxes() -> Iterator[tuple[str, bytes]]:
    yield "plain.eml", _mail().encode()
    yield "thread.mbox", mbox(_thread())
    mark = "From mboxrd@z Thu Jan  1 00:00:00 1970\n"
    box = "".join(
        f"{mark}{mail}\n".replace("\nFrom ", "\n>From ") for mail in _thread()
    )
    yield "mboxrd.mbox", box.encode()
    talk = _mail(
        f"-- >8 --\nSubject: [PATCH] inner\nFrom: B <b@x>\n\n{texts.LOG}\n---\n{DIFF}",
        "Re: x",
    )
    yield "scissors.eml", talk.replace("---\n\n--", "--").encode()


def seeds() -> dict[str, bytes]:
    """Return the seeds by the names of their files."""
    return dict(sorted((*_boxes(), *_encoded(), *_diffs())))


def of_cards() -> Iterator[tuple[str, bytes]]:
    """Yield the examples of all cards."""
    for card in load_cards(builtin_cards()):
        for number, example in enumerate((*card.bad, *card.good)):
            name = f"card-{card.id.replace('/', '-')}-{number}"
            if example.mail:
                yield name, unmark(example.mail)[0].encode()
                continue
            before, after = _bare(example.before), _bare(example.after)
            log = unmark(example.message)[0] if example.message else texts.LOG
            yield name, patch_mail(log, diff(before, after)).encode()
            yield f"{name}-new", patch_mail(log, diff({}, after)).encode()


def _bare(files: Mapping[str, str]) -> dict[str, str]:
    return {path: unmark(text)[0] for path, text in files.items()}


def main() -> int:
    """Write the files."""
    folder = Path(sys.argv[-1])
    folder.mkdir(parents=True, exist_ok=True)
    extra = of_cards() if "--cards" in sys.argv else ()
    for name, data in (*seeds().items(), *extra):
        (folder / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
