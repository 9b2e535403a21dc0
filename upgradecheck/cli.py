"""The command line: click verbs. The only place that prints or exits."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from . import __version__
from .errors import UpgradecheckError

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=HELP)
@click.version_option(__version__, "-V", "--version", message="upgradecheck %(version)s")
def upgradecheck() -> None:
    """Says what a Kubernetes upgrade will break, on what evidence, and what to type first."""


@upgradecheck.command(context_settings=HELP)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--to", "to", multiple=True, metavar="COMPONENT=VERSION", help="The version to go to. Repeatable.")
@click.option("-t", "--target-version", default="", metavar="VERSION", help="The same where one component is there.")
@click.option(
    "--from", "start", multiple=True, metavar="COMPONENT=VERSION", help="The version that runs, if not as found."
)
@click.option("--tool", "tools", multiple=True, metavar="NAME=VERSION", help="The version of a CLI that will be used.")
@click.option("-f", "--values", multiple=True, metavar="FILE", help="Values that will be given, as helm -f.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Values that will be given, as helm --set.")
@click.option("--target-chart", default="", metavar="DIR|TGZ", help="The chart to go to, as files.")
@click.option("--current-values", multiple=True, metavar="[RELEASE=]FILE", help="Output of helm get values.")
@click.option("--apply", "apply", multiple=True, metavar="PATH", help="Manifests about to be applied.")
@click.option("--collected", multiple=True, metavar="KINDS|all", help="Kinds that the dump holds whole.")
@click.option("--select", multiple=True, metavar="RULES", help="Only these rules: ids, beginnings, globs.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules.")
@click.option("--rules", multiple=True, metavar="DIR", help="Packs of your own.")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]", help="text (default), json. Repeatable."
)
@click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error", show_default=True)
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--allow-gaps", is_flag=True, help="Exit 0 although an error rule could not look.")
@click.option("--now", default="", metavar="TIME", help="Judge the dump's age at this time (RFC 3339).")
@click.option("-q", "--quiet", is_flag=True, help="Verdict and findings, a line each.")
@click.option("-v", "--verbose", is_flag=True, help="Reasons, every object, and what was examined.")
@click.pass_context
def scan(context: click.Context, /, paths: Sequence[str], **options: Any) -> None:
    """Judge an upgrade against what is running.

    PATH is a dump: files, folders and archives of kubectl output, `-` for standard input. What you are about to
    type goes after `--`:

    \b
        upgradecheck scan dump/ -- helm upgrade cilium cilium/cilium --version 1.12.0 -n kube-system
    """
    from .cli_scan import run

    sys.exit(run(paths, context.obj or [], options))


@upgradecheck.command(context_settings=HELP)
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--rules", "folders", multiple=True, metavar="DIR", help="Packs of your own.")
def rules(output: str, folders: Sequence[str]) -> None:
    """List every rule."""
    from .packs import load_all
    from .report.listing import rules_json, rules_text
    from .terminal import colour, width

    every = [rule for pack in load_all(folders) for rule in pack.rules]
    text = rules_json(every) if output == "json" else rules_text(every, width=width(), colour=colour())
    click.echo(text, nl=False)


@upgradecheck.command(context_settings=HELP)
@click.argument("rule")
@click.option("--rules", "folders", multiple=True, metavar="DIR", help="Packs of your own.")
def explain(rule: str, folders: Sequence[str]) -> None:
    """Explain a rule: what it means and what to do."""
    from difflib import get_close_matches

    from .packs import load_all
    from .report.explain import explain as page
    from .terminal import colour, width

    every = {found.id: found for pack in load_all(folders) for found in pack.rules}
    if rule not in every:
        near = get_close_matches(rule, every, 3, 0.4)
        hint = f"near are {', '.join(near)}" if near else "`upgradecheck rules` lists them"
        raise click.UsageError(f"unknown rule {rule!r}; {hint}")
    click.echo(page(every[rule], width=width(), colour=colour()), nl=False)


@upgradecheck.command(context_settings=HELP)
def version() -> None:
    """Print the version."""
    click.echo(f"upgradecheck {__version__}")


def main(argv: Sequence[str] | None = None) -> None:
    """Cut the arguments at `--` before click sees them, since click drops it, and turn every error into one line."""
    words = list(sys.argv[1:] if argv is None else argv)
    cut = words.index("--") if "--" in words else len(words)
    try:
        upgradecheck.main(words[:cut], "upgradecheck", standalone_mode=False, obj=words[cut + 1 :])
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except UpgradecheckError as error:
        click.echo(f"upgradecheck: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader has gone, as `| head` does: 128 + SIGPIPE, so that it does not look like findings.
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:
        if os.environ.get("UPGRADECHECK_DEBUG"):
            raise
        told = " ".join(f"{type(error).__name__}: {error}".split())
        click.echo(f"upgradecheck: internal error: {told} (UPGRADECHECK_DEBUG=1 shows where)", err=True)
        sys.exit(2)
