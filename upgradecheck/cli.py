"""The command line: click verbs. The only place that prints or exits."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from . import __version__
from .cli_live import COLLECTING
from .cli_options import DIR, PATH, offer, scan_options
from .errors import UpgradecheckError

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=HELP)
@click.version_option(__version__, "-V", "--version", message="upgradecheck %(version)s")
def upgradecheck() -> None:
    """Says what a Kubernetes upgrade will break, on what evidence, and what to type first."""


@upgradecheck.command(context_settings=HELP)
@scan_options
@click.pass_context
def scan(context: click.Context, /, paths: Sequence[str], **options: Any) -> None:
    """Judge an upgrade against what is running.

    PATH is a dump: files, folders and archives of kubectl output, `-` for standard input. Without one the live
    cluster is read. What you are about to type goes after `--`:

    \b
        upgradecheck scan dump/ -- helm upgrade cilium cilium/cilium --version 1.12.0 -n kube-system
    """
    from .cli_scan import run

    sys.exit(run(paths, context.obj or [], _filled(context, options)))


def _filled(context: click.Context, options: dict[str, Any]) -> dict[str, Any]:
    """The options with what the environment and the configuration say where nothing was typed."""
    from .cli_config import hints, merged

    for hint in hints():
        click.echo(f"upgradecheck: {hint}", err=True)
    return merged(context, options)


@upgradecheck.command(context_settings=HELP, params=list(scan.params))
@click.option("--update", is_flag=True, help="Write the file anew where it is there already.")
@click.pass_context
def baseline(context: click.Context, /, paths: Sequence[str], update: bool, **options: Any) -> None:
    """Accept what a scan finds now: write it to a file for `scan --baseline`.

    Takes what `scan` takes. The file is that of --baseline, or upgradecheck-baseline.yaml.
    """
    from .cli_baseline import record

    sys.exit(record(paths, context.obj or [], _filled(context, options), update=update))


@upgradecheck.command(context_settings=HELP, params=[p for p in scan.params if p.name in COLLECTING])
@click.argument("file", default="", type=PATH, metavar="FILE")
@click.option("--force", is_flag=True, help="Write the file anew where it is there already.")
@click.pass_context
def collect(context: click.Context, /, file: str, force: bool, **options: Any) -> None:
    """Save what a live scan would read, without its secrets, to scan it elsewhere.

    FILE is a .tar.gz, `-` for standard output. Takes those options of `scan` that decide what is read, and the
    command after `--`.
    """
    from .cli_collect import run

    sys.exit(run(file, context.obj or [], _filled(context, options), force=force))


@upgradecheck.command(context_settings=HELP)
@click.option("--config", default="", type=PATH, metavar="FILE", help="This configuration, not the one found upwards.")
@click.option("--no-config", is_flag=True, help="No configuration file.")
def config(config: str, no_config: bool) -> None:
    """Print the configuration that counts here, and where each part of it comes from."""
    from .cli_config import effective, hints
    from .config.listing import listing

    for hint in hints():
        click.echo(f"upgradecheck: {hint}", err=True)
    beneath = effective(config, no_config)
    click.echo(listing(beneath.config, beneath.settings), nl=False)


@upgradecheck.command(context_settings=HELP)
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--rules", "folders", multiple=True, type=DIR, metavar="DIR", help="Packs of your own.")
def rules(output: str, folders: Sequence[str]) -> None:
    """List every rule."""
    from .cli_config import rule_folders
    from .packs import load_all
    from .report.listing import rules_json, rules_text
    from .terminal import colour, width

    every = [rule for pack in load_all(rule_folders(folders)) for rule in pack.rules]
    text = rules_json(every) if output == "json" else rules_text(every, width=width(), colour=colour())
    click.echo(text, nl=False)


@upgradecheck.command(context_settings=HELP)
@click.argument("rule", shell_complete=offer("rule_ids_alone"))
@click.option("--rules", "folders", multiple=True, type=DIR, metavar="DIR", help="Packs of your own.")
def explain(rule: str, folders: Sequence[str]) -> None:
    """Explain a rule: what it means and what to do."""
    from difflib import get_close_matches

    from .cli_config import rule_folders
    from .packs import load_all
    from .report.explain import explain as page
    from .terminal import colour, width

    every = {found.id: found for pack in load_all(rule_folders(folders)) for found in pack.rules}
    if rule not in every:
        near = get_close_matches(rule, every, 3, 0.4)
        hint = f"near are {', '.join(near)}" if near else "`upgradecheck rules` lists them"
        raise click.UsageError(f"unknown rule {rule!r}; {hint}")
    click.echo(page(every[rule], width=width(), colour=colour()), nl=False)


@upgradecheck.command(context_settings=HELP)
def version() -> None:
    """Print the version."""
    click.echo(f"upgradecheck {__version__}")


@upgradecheck.command(context_settings=HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell. docs/ci.md says where it goes."""
    from .cli_completion import script

    click.echo(script(upgradecheck, shell), nl=False)


def main(argv: Sequence[str] | None = None, program: str = "upgradecheck") -> None:
    """Cut the arguments at `--` before click sees them, since click drops it, and turn every error into one line.
    `program` is how usage lines call it."""
    words = list(sys.argv[1:] if argv is None else argv)
    cut = words.index("--") if "--" in words else len(words)
    try:
        rest = words[cut + 1 :]
        upgradecheck.main(words[:cut], program, "_UPGRADECHECK_COMPLETE", standalone_mode=False, obj=rest)
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
