"""The options of `upgradecheck scan`, which other verbs take as well, and what the Tab key offers for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

PATH, DIR = click.Path(), click.Path(file_okay=False)


def offer(name: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """What the Tab key offers for a parameter, imported once it is pressed."""

    def complete(context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from importlib import import_module

        offered: list[CompletionItem] = getattr(import_module(".cli_completion", __package__), name)(
            context, param, incomplete
        )
        return offered

    return complete


_SCAN = [
    click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]..."),
    click.option(
        "--to",
        "to",
        multiple=True,
        metavar="COMPONENT=VERSION",
        shell_complete=offer("components"),
        help="The version to go to. Repeatable.",
    ),
    click.option(
        "-t", "--target-version", default="", metavar="VERSION", help="The same where one component is there."
    ),
    click.option(
        "--from", "start", multiple=True, metavar="COMPONENT=VERSION", help="The version that runs, if not as found."
    ),
    click.option(
        "--tool", "tools", multiple=True, metavar="NAME=VERSION", help="The version of a CLI that will be used."
    ),
    click.option(
        "-f", "--values", multiple=True, type=PATH, metavar="FILE", help="Values that will be given, as helm -f."
    ),
    click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Values that will be given, as helm --set."),
    click.option("--target-chart", default="", type=PATH, metavar="DIR|TGZ", help="The chart to go to, as files."),
    click.option(
        "--current-values", multiple=True, type=PATH, metavar="[RELEASE=]FILE", help="Output of helm get values."
    ),
    click.option("--apply", "apply", multiple=True, type=PATH, metavar="PATH", help="Manifests about to be applied."),
    click.option(
        "--base", default="", metavar="DIR|REF", help="What the manifests were before: a folder, or a git ref."
    ),
    click.option("--collected", multiple=True, metavar="KINDS|all", help="Kinds that the dump holds whole."),
    click.option(
        "--select",
        multiple=True,
        metavar="RULES",
        shell_complete=offer("rule_names"),
        help="Only these rules: ids, beginnings, globs.",
    ),
    click.option(
        "--ignore", multiple=True, metavar="RULES", shell_complete=offer("rule_names"), help="Not these rules."
    ),
    click.option("--rules", multiple=True, type=DIR, metavar="DIR", help="Packs of your own."),
    click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FORMAT[=FILE]",
        shell_complete=offer("formats"),
        help="text (default), json, sarif, junit, github, gitlab, markdown, html, script. Repeatable.",
    ),
    click.option(
        "--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error", show_default=True
    ),
    click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found."),
    click.option("--allow-gaps", is_flag=True, help="Exit 0 although an error rule could not look."),
    click.option("--now", default="", metavar="TIME", help="Judge the dump's age at this time (RFC 3339)."),
    click.option(
        "--baseline", default="", type=PATH, metavar="FILE", help="Findings that were accepted: upgradecheck baseline."
    ),
    click.option(
        "--config", default="", type=PATH, metavar="FILE", help="This configuration, not the one found upwards."
    ),
    click.option("--no-config", is_flag=True, help="No configuration file."),
    click.option("--context", default="", metavar="NAME", help="The live cluster of this context of the kubeconfig."),
    click.option(
        "--kubeconfig", default="", type=PATH, metavar="FILE", help="Another kubeconfig than kubectl would take."
    ),
    click.option(
        "-n", "--namespace", "namespaces", multiple=True, metavar="NAME", help="Only this namespace. Repeatable."
    ),
    click.option("-A", "--all-namespaces", is_flag=True, help="Every namespace of the live cluster, as without it."),
    click.option("--as", "as_user", default="", metavar="USER", help="Read the live cluster as this user."),
    click.option("--as-group", "as_groups", multiple=True, metavar="GROUP", help="And of this group. Repeatable."),
    click.option("--request-timeout", default="", metavar="TIME", help="The most that one request may take (60s)."),
    click.option("-l", "--selector", default="", metavar="LABELS", help="Only objects with these labels."),
    click.option("--explain-access", is_flag=True, help="Print what a live scan would ask for, and the role it needs."),
    click.option("-q", "--quiet", is_flag=True, help="Verdict and findings, a line each."),
    click.option("-v", "--verbose", is_flag=True, help="Reasons, every object, and what was examined."),
]


def scan_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a verb the arguments and options of `scan`, in the order of this list."""
    for option in reversed(_SCAN):
        verb = option(verb)
    return verb
