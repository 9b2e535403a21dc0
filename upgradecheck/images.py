"""Image references taken apart, as container runtimes read them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """An image reference. `repository` includes the registry; `tag` and `digest` are empty where absent."""

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """The last part of the repository, which mirrors keep."""
        return self.repository.rpartition("/")[2]

    @classmethod
    def parse(cls, text: str) -> Image:
        """`registry:5000/a/b:v1@sha256:…`. A colon before the last slash is a port, not a tag."""
        rest, _, digest = text.partition("@")
        head, colon, tail = rest.rpartition(":")
        if colon and "/" not in tail:
            return cls(head, tail, digest)
        return cls(rest, "", digest)
