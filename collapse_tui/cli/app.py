"""The commands and their names; each file loads what it needs when its command is chosen."""

import typer

from collapse_tui.cli.commands import (
    attach,
    batch,
    cite,
    compare,
    config,
    doctor,
    export,
    fetch,
    fork,
    presets,
    reproduce,
    resume,
    runs,
    screen,
    serve,
    show,
    tour,
)
from collapse_tui.cli.groups import Commands

app = typer.Typer(name="collapse-tui", cls=Commands, invoke_without_command=True)
app.callback()(screen.screen)
app.command()(batch.batch)
app.command()(resume.resume)
app.command()(fork.fork)
app.command()(attach.attach)
app.add_typer(runs.app, name="runs")
app.command()(show.show)
app.command()(compare.compare)
app.command()(export.export)
app.command()(cite.cite)
app.command()(reproduce.reproduce)
app.add_typer(presets.app, name="presets")
app.command()(fetch.fetch)
app.command()(doctor.doctor)
app.command()(serve.serve)
app.add_typer(config.app, name="config")
app.command()(tour.tour)
