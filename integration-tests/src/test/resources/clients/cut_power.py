"""Cuts a mounted ext4 off as a power cut does: nothing that is not on the disk yet gets there any more.

    cut_power.py MOUNT_POINT
"""

import fcntl
import os
import struct
import sys

EXT4_IOC_SHUTDOWN = 2 << 30 | 4 << 16 | ord("X") << 8 | 125
WITHOUT_THE_LOG = 2

fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), EXT4_IOC_SHUTDOWN, struct.pack("I", WITHOUT_THE_LOG))
