"""Carry bytes between standard input and output and a port of this machine's loopback.

qemu starts one for each connection that a guest opens to the one address it may reach.
"""

import os
import socket
import sys
import threading


def main(port: int) -> None:
    """Carry until either side ends."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        threading.Thread(target=send, args=(line,), daemon=True).start()
        while heard := line.recv(65536):
            os.write(sys.stdout.fileno(), heard)


def send(line: socket.socket) -> None:
    """Pass on what the guest says."""
    while said := os.read(sys.stdin.fileno(), 65536):
        line.sendall(said)
    line.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    main(int(sys.argv[1]))
