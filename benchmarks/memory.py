"""What an export adds to an idle process: `python -m benchmarks.memory KEY SEAT`, in the database of the benchmark.

A process of its own, since the most that one ever held never goes down again.
"""

import os
import re
import sys
from importlib import import_module
from pathlib import Path

import django


def held(line: str) -> int:
    """KB, by a line of what the kernel keeps of this process: VmRSS now, VmHWM the most ever. (`getrusage` would count
    the larger process that started this one.)"""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(rf"^{line}:\s+(\d+)", told, re.MULTILINE)[1])


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    exports, models = import_module("benchmarks.exports"), import_module("townships.models")
    seat = models.Seat.objects.get(pk=sys.argv[2])
    exports.export_of(sys.argv[1], seat, most=1)
    idle = held("VmRSS")
    exports.export_of(sys.argv[1], seat)
    print((held("VmHWM") - idle) // 1024)
    return 0


if __name__ == "__main__":
    sys.exit(main())
