"""packet-socket.py [filter]: listens to the wire, by choice with a filter in the kernel."""
import ctypes
import socket
import struct
import sys
from wait import rest

wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
if "filter" in sys.argv:
    # Loads the byte at 23, passes when it is 1 (ICMP), else drops: the magic-packet trick's simplest form.
    code = [(0x30, 0, 0, 23), (0x15, 0, 1, 1), (0x06, 0, 0, 0x40000), (0x06, 0, 0, 0)]
    program = b"".join(struct.pack("HBBI", *line) for line in code)
    held = ctypes.create_string_buffer(program)
    wire.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HL", len(code), ctypes.addressof(held)))
rest()
