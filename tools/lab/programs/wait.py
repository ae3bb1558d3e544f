"""What the scenarios share: tell the lab that all is in place, then wait to be frozen."""
import sys
import time


def rest(*notes):
    for note in notes:
        print("note", note)
    print("ready")
    sys.stdout.flush()
    while True:
        time.sleep(3600)
