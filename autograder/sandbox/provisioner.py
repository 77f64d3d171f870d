"""The Jupyter kernel provisioner: how a kernel manager starts, signals and ends a sandboxed kernel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Dict, List, Unicode

from autograder.sandbox.availability import require_sandbox
from autograder.sandbox.channel import Channel
from autograder.sandbox.folders import remove_folder
from autograder.sandbox.host import Host
from autograder.sandbox.keeper import Request
from autograder.sandbox.limits import Limits
from autograder.surroundings import Surroundings

LIMITS_VARIABLE = "AUTOGRADER_LIMITS"
_POLL_SECONDS = 0.005
_END_SECONDS = 60  # a hundred processes on a busy machine take their time to go
_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


class SandboxProvisioner(LocalProvisioner):
    """Starts kernels in a sandbox. Registered as `autograder-sandbox`.

    A KernelFactory gives it all it needs. Named in a kernel specification, so that nbclient, nbconvert and Jupyter
    use it, it makes its own host: the working folder is the notebook's, and the limits come from the specification's
    metadata or from the environment variable AUTOGRADER_LIMITS, both like {"memory_bytes": 4294967296}.
    """

    limits = Dict(help="Limits by name, in place of the defaults.").tag(config=True)
    readable = List(Unicode(), help="Further folders that the kernel may read.").tag(config=True)
    packages = List(Unicode(), help="Importable packages outside of the installation.").tag(config=True)
    preload = List(Unicode(), help="Fork the kernel from a process that has imported these modules.").tag(config=True)
    require_sandbox = Bool(True, help="Refuse to start a kernel where no sandbox can be made.").tag(config=True)

    _host: Host | None = None
    _owns_host = False
    _work_dir: Path | None = None
    _limits: Limits | None = None
    _in_memory = False
    _folder: int | None = None  # the kernel's folder, open, where it is in memory
    _socket_dir: Path | None = None
    _channel: Channel | None = None
    _ready = False
    _asked_to_end = False
    _why: str | None = None

    def use(self, host: Host, work_dir: Path, limits: Limits, *, in_memory: bool = False) -> None:
        """Start kernels of `host` in `work_dir`, or in a file system `in_memory`, within `limits`."""
        self._host, self._work_dir, self._limits = host, work_dir, limits
        self._in_memory = in_memory

    @property
    def inside_dir(self) -> str:
        assert self._host is not None and self._work_dir is not None
        return self._host.inside_dir(self._work_dir)

    @property
    def outside_dir(self) -> Path:
        if self._folder is not None:
            return Path(f"/proc/self/fd/{self._folder}")
        assert self._work_dir is not None
        return self._work_dir

    def stopped_because(self) -> str | None:
        """Why the kernel ended without being asked to; None while it runs and after it was asked to."""
        self._listen()
        if self._channel is None and self.process is not None and self.process.poll() is not None:
            self._why = self._why or "the kernel exited"
        return None if self._asked_to_end else self._why

    # Starting

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        self._why, self._asked_to_end, self._ready = None, False, False
        if self._host is None:
            await asyncio.to_thread(self._make_own_host, kwargs.get("cwd"))
        assert self._host is not None
        if not self._host.sandboxed:
            kwargs |= {"cwd": str(self._work_dir), "env": self._environment()}
            return await super().pre_launch(**kwargs)
        manager = self.parent
        assert manager is not None
        if self._socket_dir is None:
            self._socket_dir = self._host.socket_dir()
            manager.transport, manager.cache_ports = "ipc", False
            manager.ip = str(self._socket_dir / "s")
            manager.connection_file = str(self._socket_dir / "connection.json")
            for port in _PORTS:
                setattr(manager, port, 0)
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return {"cmd": [], "env": {}}

    def _make_own_host(self, cwd: str | None) -> None:
        if self.require_sandbox:
            require_sandbox()
        chosen = dict(self.limits) | json.loads(os.environ.get(LIMITS_VARIABLE, "{}"))
        surroundings = Surroundings(
            preload=tuple(self.preload),
            readable=tuple(Path(path) for path in self.readable),
            packages=tuple(self.packages),
        )
        host = Host(Limits.from_mapping(chosen), surroundings, warm=bool(self.preload))
        self.use(host, Path(cwd or ".").resolve(), host.limits)
        self._owns_host = True

    def _environment(self) -> dict[str, str]:
        assert self._host is not None and self._work_dir is not None
        return self._host.kernel_env(self._work_dir) | dict(self.kernel_spec.env)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        assert self._host is not None
        if not self._host.sandboxed:
            # What C++ libraries write there is nobody's output.
            kwargs |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            return await super().launch_kernel(cmd, **kwargs)
        assert self.parent is not None and self._socket_dir is not None and self._limits is not None
        ports: Mapping[str, object] = self.connection_info
        work_dir = None if self._in_memory else self._work_dir
        request = Request(
            bubblewrap=self._host.bubblewrap(work_dir, self._socket_dir, self._limits),
            socket_dir=str(self._socket_dir),
            sockets=[f"s-{ports[port]}" for port in _PORTS],
            connection_file=self.parent.connection_file,
            work_dir=str(work_dir) if work_dir is not None else None,
            env=self._environment(),
            limits=self._limits.as_dict(),
            warm=self._host.warm,
            cores=sorted(os.sched_getaffinity(0)),
        )
        self._channel = await asyncio.to_thread(self._host.open_channel)
        self._channel.send(**asdict(request))
        while not self._ready:
            if await self.poll() is not None:
                self._close_channel()
                raise RuntimeError(f"The sandboxed kernel could not be started: {self._why}")
            await asyncio.sleep(_POLL_SECONDS)
        return self.connection_info

    # Living

    @property
    def has_process(self) -> bool:
        return self._channel is not None or self.process is not None

    def _listen(self) -> bool:
        """Take in what the keeper has said; False once it has ended."""
        if self._channel is None:
            return False
        try:
            while (message := self._channel.receive()) is not None:
                if message["event"] == "ready":
                    self._ready, self.pid = True, message["pid"]
                    self._close_folder()
                    self._folder = self._channel.take_descriptor()
                else:
                    self._why = message["why"]
        except EOFError:
            self._why = self._why or ("" if self._asked_to_end else "the process that kept the kernel was killed")
            return False
        return True

    async def poll(self) -> int | None:
        if self._channel is None:
            return await super().poll()
        return None if self._listen() else 1

    async def wait(self) -> int | None:
        if self._channel is None:
            return await super().wait()
        while (status := await self.poll()) is None:
            await asyncio.sleep(_POLL_SECONDS)
        self._close_channel()
        return status

    async def send_signal(self, signum: int) -> None:
        if self._channel is None:
            await super().send_signal(signum)
        elif signum in (signal.SIGKILL, signal.SIGTERM):
            await self.kill()
        elif signum:
            self._tell(do="signal", number=int(signum))

    def _tell(self, **message: object) -> None:
        assert self._channel is not None
        with contextlib.suppress(OSError):  # the keeper has ended, which the next poll sees
            self._channel.send(**message)

    # Ending

    async def shutdown_requested(self, restart: bool = False) -> None:
        self._asked_to_end = True

    async def kill(self, restart: bool = False) -> None:
        if self._listen():
            self._asked_to_end = True
            self._tell(do="end")
            async with asyncio.timeout(_END_SECONDS):
                while await self.poll() is None:
                    await asyncio.sleep(_POLL_SECONDS)
        elif self._channel is None:
            self._asked_to_end = True
            await super().kill(restart)

    async def terminate(self, restart: bool = False) -> None:
        if self._channel is not None:
            await self.kill(restart)
        else:
            await super().terminate(restart)

    async def cleanup(self, restart: bool = False) -> None:
        self._close_channel()
        self._close_folder()
        if not restart:
            if self._socket_dir is not None:
                remove_folder(self._socket_dir)
                self._socket_dir = None
            if self._owns_host:
                assert self._host is not None
                await asyncio.to_thread(self._host.close)
        await super().cleanup(restart)

    def _close_folder(self) -> None:
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None

    def _close_channel(self) -> None:
        """Let go of the keeper; if it still keeps a kernel, it ends it."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
