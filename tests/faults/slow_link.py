"""A link between phone and server that is slow, far and unreliable, down to the byte.

Both ways have a rate that all connections share, packet by packet, and a delay. Opening a connection costs a round trip.
Connections are cut at a random byte: what is on its way then is lost, and both ends learn of it.
"""

import asyncio
import math
import random
import socket
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType

PACKET_BYTES = 1400
BUFFER_BYTES = 4096


@dataclass(frozen=True)
class Terms:
    """What the link is like. `cut_share` of the connections are cut within their first `span_bytes`, sent and received; those
    that outlive a span face the same odds in the next, so that keeping a connection open is no way around it."""

    bytes_a_second: float
    delay_s: float
    cut_share: float = 0.0
    span_bytes: int = 100_000

    def life(self, chance: random.Random) -> float:
        """The byte at which a new connection is cut."""
        if not self.cut_share:
            return math.inf
        spans = 0
        while chance.random() >= self.cut_share:
            spans += 1
        return self.span_bytes * (spans + chance.random())


@dataclass
class Way:
    """One direction of the link: packets one behind the other. `passed` says when each left, and its size."""

    terms: Terms
    free_at: float = 0.0
    passed: list[tuple[float, int]] = field(default_factory=list)

    async def carry(self, size: int) -> None:
        """Wait for the link, and until so many bytes have left."""
        self.free_at = max(time.monotonic(), self.free_at) + size / self.terms.bytes_a_second
        self.passed.append((self.free_at, size))
        await asyncio.sleep(self.free_at - time.monotonic())

    def since(self, start: float) -> tuple[float, int]:
        """When the first byte after `start` began to leave, and how many bytes have left since then."""
        passed = [one for one in self.passed if one[0] >= start]
        first_at, first_size = passed[0]
        return first_at - first_size / self.terms.bytes_a_second, sum(size for _, size in passed)


class SlowLink:
    """Stands before a server on the loopback interface; see `become` for other terms."""

    def __init__(self, port: int, terms: Terms, seed: int = 1) -> None:
        self.target = port
        self.terms = terms
        self.chance = random.Random(seed)
        self.up, self.down = Way(terms), Way(terms)
        self.opened = self.cut = 0
        self.ends: set[asyncio.StreamWriter] = set()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def become(self, terms: Terms) -> None:
        """Another network: the connections of the one before are gone."""
        self.terms = self.up.terms = self.down.terms = terms
        self.loop.call_soon_threadsafe(self._abort)

    def __enter__(self) -> "SlowLink":
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _listen(self) -> None:
        self.server = await asyncio.start_server(self._connect, sock=self.socket, limit=BUFFER_BYTES)

    async def _close(self) -> None:
        self.server.close()
        self._abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 5)

    def _abort(self) -> None:
        for end in self.ends:
            end.transport.abort()
        self.ends.clear()

    async def _connect(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        self.opened += 1
        self.ends.add(to_phone)
        try:
            await asyncio.sleep(2 * self.terms.delay_s)
            server, to_server = await asyncio.open_connection("127.0.0.1", self.target, limit=BUFFER_BYTES)
            self.ends.add(to_server)
            await self._join(phone, to_server, server, to_phone)
            to_server.transport.abort()
        except OSError:  # no server, or none any more
            pass
        to_phone.transport.abort()

    async def _join(
        self, phone: asyncio.StreamReader, to_server: asyncio.StreamWriter, server: asyncio.StreamReader, to_phone: asyncio.StreamWriter
    ) -> None:
        life = Life(self.terms.life(self.chance))
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._pump(phone, to_server, self.up, life))
                ways.create_task(self._pump(server, to_phone, self.down, life))
        except* OSError:
            pass
        except* CutOff:
            self.cut += 1

    async def _pump(self, source: asyncio.StreamReader, drain: asyncio.StreamWriter, way: Way, life: "Life") -> None:
        """Carry packets until one end closes or the connection's life is over."""
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(_deliver(on_the_way, drain))
        try:
            while packet := await source.read(PACKET_BYTES):
                await way.carry(min(len(packet), life.left()))
                life.spend(len(packet))
                on_the_way.put_nowait((time.monotonic() + self.terms.delay_s, packet))
            on_the_way.put_nowait((time.monotonic() + self.terms.delay_s, b""))
            await delivery
        finally:
            delivery.cancel()


class CutOff(Exception):
    """The connection has reached its last byte."""


@dataclass
class Life:
    """Bytes that a connection has left."""

    bytes_left: float

    def left(self) -> int:
        return int(min(self.bytes_left, PACKET_BYTES))

    def spend(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left <= 0:
            raise CutOff


async def _deliver(on_the_way: asyncio.Queue[tuple[float, bytes]], drain: asyncio.StreamWriter) -> None:
    """Hand over each packet when it is due; an empty one is the end of the stream."""
    while True:
        due_at, packet = await on_the_way.get()
        await asyncio.sleep(due_at - time.monotonic())
        if not packet:
            if drain.can_write_eof():
                drain.write_eof()
            return
        drain.write(packet)
        await drain.drain()
