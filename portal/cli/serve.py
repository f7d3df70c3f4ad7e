"""`portal serve` and `portal demo`: the web server, and the example office made ready for it."""

from __future__ import annotations

import socket
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import replace
from urllib.parse import urlsplit

from portal import keys
from portal.cli import exits
from portal.cli.crew import share
from portal.cli.database import has_release, released
from portal.cli.doctor import refuse_fatal
from portal.cli.failure import Failure, reason_of
from portal.cli.folder import checked
from portal.cli.log import write_log
from portal.cli.output import table, tell, working
from portal.cli.parser import Parser
from portal.cli.publish import publishing
from portal.cli.sweep import beside
from portal.cli.work import printing
from portal.settings import Settings
from portal.words import say

HOST, PORT = "127.0.0.1", 8000
"""Only this machine, unless somebody says otherwise."""
MOST_WORKERS = 64
WAITING = 128
"""How many browsers may wait to be let in."""


def add(tree: Parser) -> None:
    """Adds `serve` and `demo`."""
    serve = tree.command("serve")
    serve.choices.add_argument("--host", metavar="HOST", default=HOST, help=say("help-serve-host", host=HOST))
    _add_port(serve)
    serve.choices.add_argument(
        "--workers", metavar="N", type=_workers, default=1, help=say("help-serve-workers", most=MOST_WORKERS)
    )
    serve.set_defaults(run=_serve)
    demo = tree.command("demo")
    demo.choices.add_argument("--no-serve", action="store_true", help=say("help-demo-no-serve"))
    _add_port(demo)
    demo.set_defaults(run=_demo)


def _add_port(command: Parser) -> None:
    command.choices.add_argument(
        "--port", metavar="PORT", type=_port, default=PORT, help=say("help-serve-port", port=PORT)
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) < 65536):
        raise ArgumentTypeError(say("usage-port", value=text))
    return int(text)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 0 < int(text) <= MOST_WORKERS):
        raise ArgumentTypeError(say("usage-count", value=text, most=MOST_WORKERS))
    return int(text)


def _serve(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, _):
        keys.derive(engine, "start")  # without the secret every page would be refused
    refuse_fatal(settings, typed.host)
    with closing(_listening(typed.host, typed.port)) as door:
        if typed.workers > 1:
            return share(typed.workers, lambda: _open(settings, door, typed.host))
        return _open(settings, door, typed.host)


def _demo(typed: Namespace, settings: Settings) -> int:
    if typed.no_serve:
        return _made(settings)
    with closing(_listening(HOST, typed.port)) as door:
        _made(settings)
        return _open(settings, door, HOST)


def _made(settings: Settings) -> int:
    """Makes the demonstration and prints who can log in."""
    from portal.demo import BrokenStory, load

    if not has_release(settings):
        checked(settings)
    making = say("command-demo-making")
    with working(making) as note:
        try:
            accounts = load(settings, lambda text: note(f"{making} {text}"))
        except BrokenStory as error:
            raise Failure("command-demo-broken", code=exits.MISTAKES, story=error) from error
    heads = tuple(say(f"command-demo-{name}") for name in ("login", "password", "label"))
    tell(table((heads, *((each.login, each.password, each.label) for each in accounts))))
    tell(say("command-demo-no-factor"))
    tell(say("command-demo-where"))
    return exits.OK


def _listening(host: str, port: int) -> socket.socket:
    """Returns a socket that waits at an address, taken before anything slow begins.

    Raises:
        Failure: the address cannot be had.
    """
    try:
        family, kind, protocol, _, address = _addresses(host, port)[0]
        door = socket.socket(family, kind, protocol)
        try:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
            door.listen(WAITING)
        except OSError:
            door.close()
            raise
    except (OSError, UnicodeError) as error:
        reason, other = reason_of(error), port % 65535 + 1
        raise Failure("command-port", host=host, port=port, reason=reason, other=other) from error
    return door


def _addresses(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    found: Iterable[tuple[int, int, int, str, tuple[object, ...]]] = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    return list(found)


def _open(settings: Settings, door: socket.socket, host: str) -> int:
    """Serves until it is told to stop."""
    import uvicorn

    from portal.app import create_app
    from portal.cli.guard import LONGEST_HEAD, GuardedProtocol, allow_many_connections

    write_log()
    allow_many_connections()
    config = uvicorn.Config(
        create_app(replace(settings, hosts=_hosts(settings, host))),
        http=GuardedProtocol,
        ws="none",
        h11_max_incomplete_event_size=LONGEST_HEAD,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)
    tell(say("command-serving", address=_address(host, door.getsockname()[1])))
    # Whoever reads a log or a pipe wants the address now and not when the server has stopped.
    sys.stdout.flush()
    # Ctrl-C has closed everything in good order by the time it arrives here.
    with suppress(KeyboardInterrupt), beside(settings), printing(settings), publishing(settings):
        server.run(sockets=[door])
    if not server.started:
        raise Failure("command-serve-failed", code=exits.UNEXPECTED)
    tell(say("command-served"))
    return exits.OK


def _hosts(settings: Settings, host: str) -> tuple[str, ...]:
    """Returns the names that the portal answers to: those of the settings and the one that is printed."""
    name = urlsplit(_address(host, 0)).netloc.rpartition(":")[0].lower()
    return (*settings.hosts, name)


def _address(host: str, port: int) -> str:
    """Returns what a browser opens; a server that listens everywhere is known by the machine's name."""
    name = socket.gethostname() if host in ("", "0.0.0.0", "::") else host  # noqa: S104
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"
