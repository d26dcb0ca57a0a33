"""Starts the built gateway before the built simulator, on loopback, and asks it over plain sockets. Standard library only."""
import asyncio
import json
import os
import re
import signal
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, "artifacts/bin/Sluice.Cli/release/Sluice.Cli")


class Process:
    """A program of ours that prints where it listens."""

    def __init__(self, arguments, log):
        self.process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                return
        raise SystemExit(f"{arguments[0]} did not start")

    def sample(self):
        """Resident memory in MiB, open handles, threads, seconds of CPU."""
        folder = f"/proc/{self.process.pid}"
        with open(f"{folder}/status") as file:
            status = dict(line.split(":", 1) for line in file)
        with open(f"{folder}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return int(status["VmRSS"].split()[0]) / 1024, len(os.listdir(f"{folder}/fd")), int(status["Threads"]), cpu

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()


def start(settings, chunk_delay_ms=0):
    """The simulator, the gateway, and the folder of their files; URL in the settings is the simulator's address."""
    if not os.path.exists(PROGRAM):
        raise SystemExit("build first: dotnet build Sluice.slnx -c Release")
    folder = tempfile.mkdtemp(prefix="sluice-bench-")
    log = open(os.path.join(folder, "log"), "w")
    simulator = Process(["simulate", "--listen", "127.0.0.1:0", "--chunk-delay-ms", str(chunk_delay_ms)], log)
    config = os.path.join(folder, "sluice.yaml")
    with open(config, "w") as file:
        file.write(settings.replace("URL", f"http://127.0.0.1:{simulator.port}").replace("FOLDER", folder))
    gateway = Process(["serve", "--config", config], log)
    return simulator, gateway, folder


async def post(port, path, body, connection=None):
    """Sends a request; gives the status, the reader and the connection."""
    reader, writer = connection or await asyncio.open_connection("127.0.0.1", port)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nanthropic-version: 2023-06-01\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), head.decode("latin-1").lower(), (reader, writer)


async def read_body(head, reader):
    """The whole body, chunked or by length."""
    if "transfer-encoding: chunked" in head:
        body = bytearray()
        while True:
            size = int((await reader.readline()).split(b";")[0], 16)
            body += (await reader.readexactly(size + 2))[:-2]
            if size == 0:
                return bytes(body)
    length = re.search(r"content-length: (\d+)", head)
    return await reader.readexactly(int(length.group(1))) if length else b""


def ask(dialect, model, text, stream):
    """Path and body of a request."""
    messages = [{"role": "user", "content": text}]
    if dialect == "chat":
        return "/v1/chat/completions", {"model": model, "stream": stream, "messages": messages}
    if dialect == "messages":
        return "/v1/messages", {"model": model, "stream": stream, "max_tokens": 4000, "messages": messages}
    if dialect == "responses":
        return "/v1/responses", {"model": model, "stream": stream, "input": text}
    if dialect == "ollama":
        return "/api/chat", {"model": model, "stream": stream, "messages": messages}
    method = "streamGenerateContent?alt=sse" if stream else "generateContent"
    return f"/v1beta/models/{model}:{method}", {"contents": [{"role": "user", "parts": [{"text": text}]}]}
