"""Folders of small files that play a machine: what its kernel and system would tell.

Names and values are those of public reports of such machines (docs/machine.md).
"""

from pathlib import Path

VOLATILE_LOG = "usr/lib/systemd/journald.conf.d/40-rpi-volatile-storage.conf"
PI_5_RTC = "sys/class/rtc/rtc0"
TOUCH_DISPLAY_2 = """\
I: Bus=0018 Vendor=0416 Product=038f Version=1060
N: Name="11-005d Goodix Capacitive TouchScreen"
P: Phys=input/ts
H: Handlers=mouse0 event4
B: PROP=2
B: EV=b

I: Bus=0019 Vendor=0001 Product=0001 Version=0100
N: Name="pwr_button"
B: PROP=0
B: EV=3

I: Bus=001e Vendor=0000 Product=0000 Version=0001
N: Name="vc4-hdmi-0"
B: PROP=20
"""
"""A panel, a button, and a remote control over HDMI that points but is not touched."""


def plant(root: Path, files: dict[str, str]) -> Path:
    """Write files below `root`; what was there before is replaced."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def pi_5(root: Path) -> Path:
    """A Pi 5 on Trixie as `install.sh` leaves it: all is well with it."""
    (root / "sys/block/mmcblk0/mmcblk0p2").mkdir(parents=True)
    (root / "sys/class/net/wlan0/phy80211").mkdir(parents=True)
    return plant(
        root,
        {
            "proc/device-tree/model": "Raspberry Pi 5 Model B Rev 1.0\0",
            "proc/sys/kernel/osrelease": "6.12.47+rpt-rpi-2712\n",
            "proc/self/smaps": "aaaac0000000-aaaac0004000 r-xp 00000000 b3:02 1 /x\n"
            "Size:                 16 kB\nKernelPageSize:       16 kB\n",
            "proc/meminfo": "MemTotal:        4146272 kB\nMemFree:          101000 kB\n"
            "MemAvailable:    2800000 kB\n",
            "proc/uptime": "259200.25 900000.00\n",
            "proc/cmdline": "coherent_pool=1M cgroup_disable=memory console=tty1 "
            "root=PARTUUID=4d8097e2-02 cgroup_enable=memory consoleblank=0\n",
            "proc/mounts": "/dev/mmcblk0p2 / ext4 rw,noatime 0 0\n"
            "proc /proc proc rw,relatime 0 0\n",
            "proc/swaps": "Filename\tType\tSize\tUsed\tPriority\n"
            "/dev/zram0\tpartition\t2097136\t0\t100\n",
            "proc/bus/input/devices": TOUCH_DISPLAY_2,
            "sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n",
            "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
            "sys/class/thermal/thermal_zone0/temp": "51850\n",
            "sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
            "sys/class/hwmon/hwmon1/name": "rp1_adc\n",
            "sys/class/hwmon/hwmon2/name": "rpi_volt\n",
            "sys/class/hwmon/hwmon2/in0_lcrit_alarm": "0\n",
            "sys/class/drm/card1-DSI-2/status": "connected\n",
            "sys/class/drm/card1-DSI-2/modes": "720x1280\n",
            "sys/class/drm/card1-HDMI-A-1/status": "disconnected\n",
            "sys/class/drm/card1-Writeback-1/status": "unknown\n",
            "sys/class/backlight/11-0045/brightness": "31\n",
            "sys/class/backlight/11-0045/max_brightness": "31\n",
            f"{PI_5_RTC}/name": "rpi-rtc soc@107c000000:rpi_rtc\n",
            f"{PI_5_RTC}/battery_voltage": "2964099\n",
            f"{PI_5_RTC}/charging_voltage": "3000000\n",
            "sys/block/zram0/backing_dev": "none\n",
            # 4,000 reads of 500,000 sectors; 9,000 writes of 200,000 sectors.
            "sys/block/mmcblk0/stat": "4000 100 500000 900 9000 70 200000 5000 0 1 2\n",
            "sys/class/net/wlan0/operstate": "up\n",
            "sys/class/net/eth0/operstate": "down\n",
            "run/systemd/timesync/synchronized": "",
            "etc/NetworkManager/conf.d/50-home-energy.conf": "[connection]\n"
            "wifi.powersave=2\n",
            VOLATILE_LOG: "[Journal]\nStorage=volatile\n",
            "etc/apt/apt.conf.d/52home-energy": "// ours\n",
            "etc/systemd/system/home-energy-collect.service": "[Unit]\n",
        },
    )


def pi_4(root: Path) -> Path:
    """A Pi 4 on Bookworm as it comes, an HDMI screen on it: much is left to do."""
    (root / "sys/block/mmcblk0/mmcblk0p2").mkdir(parents=True)
    (root / "var/log/journal").mkdir(parents=True)
    return plant(
        root,
        {
            "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
            "proc/sys/kernel/osrelease": "6.12.34+rpt-rpi-v8\n",
            "proc/meminfo": "MemTotal: 1900000 kB\nMemAvailable: 120000 kB\n",
            "proc/uptime": "432000.00 1.00\n",
            "proc/cmdline": "console=tty1 cgroup_disable=memory rootwait\n",
            "proc/mounts": "/dev/mmcblk0p2 / ext4 rw,relatime 0 0\n",
            "proc/swaps": "Filename\tType\tSize\tUsed\tPriority\n"
            "/var/swap\tfile\t524272\t0\t-2\n",
            "proc/bus/input/devices": 'N: Name="vc4-hdmi-0"\nB: PROP=20\n',
            "sys/fs/cgroup/cgroup.controllers": "cpuset cpu io pids\n",
            "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
            "sys/class/thermal/thermal_zone0/temp": "81300\n",
            "sys/class/hwmon/hwmon1/name": "rpi_volt\n",
            "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n",
            "sys/class/drm/card0-HDMI-A-1/status": "connected\n",
            "sys/class/drm/card0-HDMI-A-1/modes": "1024x600\n800x600\n",
            # 2,000,000 sectors written.
            "sys/block/mmcblk0/stat": "1 1 1 1 1 1 2000000 1 0 1 1\n",
            "run/systemd/timesync/other": "",
            "var/lib/dpkg/status": "Package: base-files\n"
            "Status: install ok installed\n\nPackage: chromium\n"
            "Status: hold ok installed\n",
        },
    )


def desktop(root: Path) -> Path:
    """A computer without a device tree, whose other parts are warm, too."""
    return plant(
        root,
        {
            "proc/sys/kernel/osrelease": "6.12.48+deb13-amd64\n",
            "proc/meminfo": "MemTotal: 32000000 kB\nMemAvailable: 20000000 kB\n",
            "proc/uptime": "100.0 1.0\n",
            "proc/mounts": "/dev/nvme0n1p2 / btrfs rw,relatime 0 0\n",
            "sys/class/thermal/thermal_zone0/type": "acpitz\n",
            "sys/class/thermal/thermal_zone0/temp": "27800\n",
            "sys/class/thermal/thermal_zone1/type": "x86_pkg_temp\n",
            "sys/class/thermal/thermal_zone1/temp": "91000\n",
            "run/systemd/timesync/synchronized": "",
        },
    )


def container(root: Path) -> Path:
    """Next to nothing."""
    return plant(
        root,
        {
            "proc/sys/kernel/osrelease": "6.18.0\n",
            "proc/meminfo": "MemTotal: 2000000 kB\n",
            "proc/mounts": "overlay / overlay rw,relatime 0 0\n",
        },
    )
