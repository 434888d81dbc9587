"""`config`: the user's settings of the screen: shown, found, edited and removed."""

import os
import shlex
import subprocess
from pathlib import Path

import typer

from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.groups import Subcommands
from collapse_tui.cli.output import confirm, write_message, write_result

app = typer.Typer(
    cls=Subcommands,
    invoke_without_command=True,
    help="Show, find, edit or remove the settings of the screen.",
)


@app.callback()
def show(context: typer.Context) -> int:
    """Show the settings of the screen that are in force, and all actions with their keys."""
    if context.invoked_subcommand is not None:
        return 0
    from collapse_tui.tui.settings import describe_settings  # textual takes 0.3 s

    write_result("\n".join(describe_settings()))
    return 0


@app.command()
def path() -> int:
    """Print the path of the file."""
    write_result(str(_path()))
    return 0


@app.command()
def edit() -> int:
    """Open the file in $VISUAL or $EDITOR, and check it afterwards."""
    from collapse_tui.tui.settings import check_settings
    from collapse_tui.user_config import TEMPLATE

    target = _path()
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise CommandError(f"neither VISUAL nor EDITOR names an editor; the file is {target}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        pass
    except OSError as error:
        from collapse_tui.os_errors import explain_os_error

        raise CommandError(f"cannot write {target}: {explain_os_error(error)}") from None
    words = [*shlex.split(editor), str(target)]
    try:
        code = subprocess.run(words, check=False).returncode  # noqa: S603 - the user's own editor
    except OSError as error:
        raise CommandError(f"cannot start the editor {words[0]!r}: {error.strerror}") from None
    if code:
        raise CommandError(f"the editor {words[0]!r} ended with {code}")
    check_settings()
    write_message(f"{target} holds")
    return 0


@app.command()
def reset() -> int:
    """Remove the file, so that everything is as at first; asks on a terminal."""
    target = _path()
    if not target.exists():
        write_message(f"there is no {target}")
        return 0
    confirm(f"remove {target}?", f"{target} stays")
    try:
        target.unlink()
    except OSError as error:
        from collapse_tui.os_errors import explain_os_error

        raise CommandError(f"cannot remove {target}: {explain_os_error(error)}") from None
    write_message(f"removed {target}")
    return 0


def _path() -> Path:
    from collapse_tui.user_config import VARIABLE, config_path

    target = config_path()
    if target is None:
        raise CommandError(f"this user has no home folder; name a file in {VARIABLE}")
    return target
