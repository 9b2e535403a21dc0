"""Says by content, not by name, what a piece of text is."""

from __future__ import annotations

import re
from enum import Enum

from .magic import is_archive, other_archive

_HEAD = 64 * 1024
DATA_SUFFIXES = frozenset({"yaml", "yml", "json"})


class What(Enum):
    """What a piece is. The value says it to a person."""

    DATA = "YAML or JSON"
    ARCHIVE = "an archive"
    DUMP = "the output of kubectl cluster-info dump"
    MANIFEST = "a Helm manifest"
    HELM_TEXT = "the text of helm get all or helm status"
    VALUES = "looks like Helm values"
    VERSION = "the text of a version command"
    EMPTY = "empty"
    BINARY = "binary"
    TABLE = "a kubectl table"
    DESCRIBE = "the text of kubectl describe"
    HTML = "a web page"
    OTHER = "no Kubernetes data"


USE_INSTEAD = {
    What.EMPTY: "the output of kubectl get -o yaml",
    What.BINARY: "YAML, JSON, a log, or a .tar, .tar.gz or .zip of them",
    What.TABLE: "use -o yaml",
    What.DESCRIBE: "use kubectl get -o yaml",
    What.HTML: "YAML or JSON",
    What.VALUES: "name it with --current-values or -f",
    What.OTHER: "YAML or JSON of Kubernetes objects",
}
"""What to give instead of a piece that cannot be used."""

_DUMP = b"==== START logs for container "
_SOURCE = re.compile(rb"\A(?:---[^\n]*\n)?(?:#[^\n]*\n)*?# Source: [^\s/]+/")
_HELM_TEXT = re.compile(rb"\ANAME: \S+\r?\n(?:LAST DEPLOYED|CHART|NAMESPACE): ")
_VALUES = re.compile(rb"\A(?:USER-SUPPLIED|COMPUTED) VALUES:")
_VERSION = re.compile(rb"\A(?:Client Version: |version\.(?:Build)?Info\{|&version\.|Server Version: )")
_TABLE = re.compile(rb"\A(?:NAMESPACE\s+)?(?:NAME|LAST SEEN|CONTAINER|REVISION)(?:\s{2,}|\t)[A-Z][A-Z() -]+", re.M)
_DESCRIBE = re.compile(rb"\AName:\s{2,}\S.*\r?\n(?:Namespace|Labels|Roles|API Version|Priority):")
_HTML = re.compile(rb"\A<(?:!doctype|html)", re.I)
_KUBERNETES = re.compile(rb"^(?:- |  )?(?:apiVersion|kind):\s|\A[\[{]|^items:", re.M)

_BY_CONTENT = (
    (_HTML, What.HTML),
    (_HELM_TEXT, What.HELM_TEXT),
    (_VALUES, What.VALUES),
    (_VERSION, What.VERSION),
    (_TABLE, What.TABLE),
    (_DESCRIBE, What.DESCRIBE),
    (_SOURCE, What.MANIFEST),
)


def look(data: bytes, suffix: str) -> What:
    """What a piece is. The suffix only decides where the content does not."""
    head = data[:_HEAD].lstrip()
    if is_archive(data):
        return What.ARCHIVE
    if not head:
        return What.EMPTY
    if b"\0" in head[:8192] or other_archive(data):
        return What.BINARY
    for pattern, what in _BY_CONTENT:
        if pattern.search(head):
            return what
    if data.startswith(_DUMP) or b"\n" + _DUMP in data:
        return What.DUMP
    return What.DATA if suffix in DATA_SUFFIXES or _KUBERNETES.search(head) else What.OTHER


def has_template(data: bytes) -> bool:
    """True where a text that is no YAML holds the `{{` of a Helm template."""
    return b"{{" in data


def as_utf8(data: bytes) -> bytes:
    """UTF-16 with a byte order mark, which is what PowerShell writes, as UTF-8; anything else as it is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf")
