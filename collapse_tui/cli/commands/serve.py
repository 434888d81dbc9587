"""`serve`: the screen in a browser on this machine."""

import asyncio
from typing import Annotated

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.output import write_message, write_result
from collapse_tui.signal_watch import Reply, SignalWatch

LOCAL = ("127.0.0.1", "localhost", "::1")
LATEST = 15.0
"""Seconds after a signal in which the programs of all pages have saved their runs and ended."""


class ServerReply(Reply):
    """Asks the server to end at a signal."""

    def __init__(self) -> None:
        super().__init__()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.stop: asyncio.Event | None = None

    def handle(self, number: int) -> None:
        """Let the server end every program."""
        super().handle(number)
        if self.loop is not None and self.stop is not None:
            self.loop.call_soon_threadsafe(self.stop.set)

    def is_late(self, seconds: float) -> bool:
        """Return whether the programs take longer than they may."""
        return seconds > LATEST


def serve(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    port: Annotated[str, typer.Option(metavar="P", help="0: any that is free.")] = "8000",
    host: Annotated[str, typer.Option(metavar="H", help="Of this machine alone.")] = LOCAL[0],
    preset: opt.MaybePreset = None,
    set_: opt.Settings = None,
    generations: opt.Generations = None,
    replicates: opt.Replicates = None,
    seed: opt.Seed = None,
    stop: opt.Stop = None,
    device: opt.Device = "auto",
    threads: opt.Threads = None,
    marker: opt.Marker = None,
    theme: opt.Theme = None,
) -> int:
    """Open the screen in a browser: prints the address, which holds a token, and serves it.

    Each page is a program of its own; a page that is closed saves its run. Ctrl+C ends all.
    """
    from collapse_tui.cli import overrides
    from collapse_tui.experiment import document
    from collapse_tui.optional_packages import require_extra
    from collapse_tui.storage.runs_folder import runs_folder

    require_extra("serve", "the screen in a browser needs")
    number = overrides.parse_integer(port, "--port", least=0) or 0
    if number > 65535:
        raise CommandError(f"--port must be at most 65535, got {number}")
    if host not in LOCAL:
        raise CommandError(
            f"--host must be one of {', '.join(LOCAL)}, got {host!r}: whoever reaches the program"
            " may do what you may; from elsewhere, forward the port with ssh"
        )
    overrides.check_device(device)
    given = {"generations": generations, "replicates": replicates, "seed": seed}
    settings = overrides.parse_settings(set_ or (), given, stop)
    if preset is not None:
        document.read(preset)
    elif settings:
        raise CommandError("--set, --generations, --replicates, --seed and --stop need --preset")
    options = {
        "--preset": preset, "--generations": generations, "--replicates": replicates,
        "--seed": seed, "--device": device, "--threads": threads, "--marker": marker,
        "--theme": theme,
    }  # fmt: skip
    arguments = ["--runs", str(runs_folder(context.obj))]
    arguments += [word for name, value in options.items() if value is not None
                  for word in (name, value)]  # fmt: skip
    arguments += [word for value in set_ or () for word in ("--set", value)]
    arguments += [word for value in stop or () for word in ("--stop", value)]
    return _serve(arguments, host, number)


def _serve(arguments: list[str], host: str, port: int) -> int:
    from collapse_tui.cli.browser_server import BrowserServer, run_server
    from collapse_tui.os_errors import explain_os_error

    server, reply = BrowserServer(arguments, host, port), ServerReply()

    def say_address() -> None:
        write_result(server.address)
        write_message(
            "open this address in a browser on this machine; whoever has it controls the program"
            " with your rights, so keep it to yourself. Ctrl+C ends it, and saves every run"
        )

    async def main() -> None:
        reply.loop, reply.stop = asyncio.get_running_loop(), asyncio.Event()
        await run_server(server, reply.stop, say_address)

    with SignalWatch(reply):
        try:
            asyncio.run(main())
        except OSError as error:
            raise CommandError(
                f"cannot listen on {host}, port {port}: {explain_os_error(error)}; choose another"
                " one with --port, or 0 for any"
            ) from error
    return reply.exit_code
