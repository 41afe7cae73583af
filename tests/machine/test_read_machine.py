"""A machine is read from its files; what is not there is unknown."""

from pathlib import Path

import pytest

from home_energy.machine import Machine, Panel, Swap, Trouble, Wifi, read_machine
from tests.machine import trees


def pi_5_with(root: Path, files: dict[str, str]) -> Machine:
    return read_machine(trees.plant(trees.pi_5(root), files))


def test_a_pi_5_is_known_by_what_its_kernel_tells(tmp_path: Path) -> None:
    machine = read_machine(trees.pi_5(tmp_path))

    board = machine.board
    assert board.is_raspberry_pi
    assert board.model == "Raspberry Pi 5 Model B Rev 1.0"
    assert board.kernel == "6.12.47+rpt-rpi-2712"
    assert board.page_bytes == 16384
    assert board.uptime_seconds == 259200.25
    assert board.temperature_c == 51.85
    assert board.memory.total_bytes == 4_245_782_528  # 4,146,272 x 1,024
    assert board.memory.available_bytes == 2_867_200_000
    assert board.memory.has_limits is True
    assert machine.is_undervolted is False


def test_display_light_and_finger_of_a_pi_5(tmp_path: Path) -> None:
    screen = read_machine(trees.pi_5(tmp_path)).screen

    assert screen.panels == (Panel("DSI-2", "720x1280"),)
    assert [(b.name, b.step, b.steps) for b in screen.backlights] == [
        ("11-0045", 31, 31)
    ]
    assert screen.touch_panels == ("11-005d Goodix Capacitive TouchScreen",)


def test_card_of_a_pi_5(tmp_path: Path) -> None:
    card = read_machine(trees.pi_5(tmp_path)).card

    assert (card.device, card.filesystem) == ("/dev/mmcblk0p2", "ext4")
    assert card.options == ("rw", "noatime")
    assert card.written_bytes == 102_400_000  # 200,000 sectors of 512
    assert card.swaps == (Swap("/dev/zram0", is_on_card=False),)
    assert card.is_journal_kept is False
    assert card.free_bytes is not None
    assert card.total_bytes is not None
    assert 0 < card.free_bytes <= card.total_bytes


def test_clocks_and_network_of_a_pi_5(tmp_path: Path) -> None:
    machine = read_machine(trees.pi_5(tmp_path))

    clock = machine.timekeeping
    assert clock.is_synchronised is True
    assert clock.rtc == "rpi-rtc soc@107c000000:rpi_rtc"
    assert clock.rtc_battery_volts == pytest.approx(2.964099, abs=1e-9)
    assert clock.rtc_charging_volts == pytest.approx(3.0, abs=1e-9)
    assert clock.has_rtc_battery is True
    assert machine.wifi == Wifi("wlan0", is_up=True, may_sleep=False)


def test_a_pi_4_as_it_comes_writes_to_its_card_and_has_no_limits(
    tmp_path: Path,
) -> None:
    machine = read_machine(trees.pi_4(tmp_path))

    assert machine.is_undervolted is True
    assert machine.board.memory.has_limits is False
    assert machine.card.swaps == (Swap("/var/swap", is_on_card=True),)
    assert machine.card.is_journal_kept is True  # /var/log/journal is there
    assert machine.card.written_bytes == 1_024_000_000
    assert machine.screen.panels == (Panel("HDMI-A-1", "1024x600"),)
    assert machine.screen.touch_panels == ()
    assert machine.screen.backlights == ()
    assert machine.timekeeping.is_synchronised is False
    assert machine.timekeeping.has_rtc_battery is None
    assert machine.wifi is None


def test_a_desktop_is_no_pi_and_its_processor_is_not_its_case(tmp_path: Path) -> None:
    machine = read_machine(trees.desktop(tmp_path))

    assert not machine.board.is_raspberry_pi
    assert machine.board.temperature_c == 91.0
    assert machine.is_undervolted is None
    assert machine.card.swaps is None


def test_in_a_container_most_is_unknown(tmp_path: Path) -> None:
    machine = read_machine(trees.container(tmp_path))

    assert machine.board.model is None
    assert machine.board.page_bytes is None
    assert machine.board.uptime_seconds is None
    assert machine.board.memory.available_bytes is None
    assert machine.board.memory.has_limits is None
    assert machine.troubles_since_start is None
    assert machine.timekeeping.is_synchronised is None
    assert machine.card.written_bytes is None
    assert machine.screen.panels == ()


def test_an_empty_folder_is_a_machine_of_which_nothing_is_known(
    tmp_path: Path,
) -> None:
    machine = read_machine(tmp_path)

    assert machine.board.kernel is None
    assert machine.card.filesystem is None


def test_files_that_hold_something_else_are_unknown(tmp_path: Path) -> None:
    machine = pi_5_with(
        tmp_path,
        {
            "proc/uptime": "soon\n",
            "proc/self/smaps": "KernelPageSize: many kB\n",
            "sys/class/thermal/thermal_zone0/temp": "warm\n",
            "sys/class/hwmon/hwmon2/in0_lcrit_alarm": "",
            "sys/block/mmcblk0/stat": "1 2 3\n",
            f"{trees.PI_5_RTC}/battery_voltage": "?\n",
        },
    )

    assert machine.board.uptime_seconds is None
    assert machine.board.page_bytes is None
    assert machine.board.temperature_c is None
    assert machine.is_undervolted is None
    assert machine.card.written_bytes is None
    assert machine.timekeeping.has_rtc_battery is None


def test_an_empty_connector_is_no_battery(tmp_path: Path) -> None:
    # What a Pi 5 without one was seen to tell: 4,273 microvolts.
    machine = pi_5_with(tmp_path, {f"{trees.PI_5_RTC}/battery_voltage": "4273\n"})

    assert machine.timekeeping.has_rtc_battery is False


def test_memory_swap_that_is_handed_on_to_a_file_wears_the_card(
    tmp_path: Path,
) -> None:
    # Trixie as it comes (`Mechanism=auto`): /var/swap stands behind the memory.
    machine = pi_5_with(tmp_path, {"sys/block/zram0/backing_dev": "/dev/loop0\n"})

    assert machine.card.swaps == (Swap("/dev/zram0", is_on_card=True),)


def test_what_is_mounted_last_on_the_root_counts(tmp_path: Path) -> None:
    machine = pi_5_with(
        tmp_path,
        {
            "proc/mounts": "/dev/mmcblk0p2 / ext4 rw,noatime 0 0\n"
            "overlay / overlay rw 0 0\n"
        },
    )

    assert machine.card.filesystem == "overlay"
    assert machine.card.written_bytes is None


def test_the_last_drop_in_says_where_the_log_is_kept(tmp_path: Path) -> None:
    ours = "etc/systemd/journald.conf.d/50-home-energy.conf"

    machine = pi_5_with(tmp_path, {ours: "[Journal]\nStorage=persistent\n"})

    assert machine.card.is_journal_kept is True


def test_a_drop_in_of_etc_stands_for_the_system_s_of_its_name(tmp_path: Path) -> None:
    same = "etc/systemd/journald.conf.d/40-rpi-volatile-storage.conf"
    root = trees.plant(trees.pi_5(tmp_path), {same: "# Storage=volatile\n"})
    (root / "var/log/journal").mkdir(parents=True)

    machine = read_machine(root)

    assert machine.card.is_journal_kept is True  # auto, and the folder is there


@pytest.mark.parametrize(
    ("asked", "expected"), [("3", True), ("2", False), ("0", None), ("9", None)]
)
def test_network_manager_s_words_for_power_save(
    tmp_path: Path, asked: str, *, expected: bool | None
) -> None:
    machine = pi_5_with(
        tmp_path,
        {"etc/NetworkManager/conf.d/99-mine.conf": f"wifi.powersave = {asked}\n"},
    )

    assert machine.wifi is not None
    assert machine.wifi.may_sleep is expected


def test_an_old_kernel_s_file_tells_the_voltage_where_there_is_no_sensor(
    tmp_path: Path,
) -> None:
    root = trees.container(tmp_path)
    trees.plant(
        root, {"sys/devices/platform/soc/soc:firmware/get_throttled": "50000\n"}
    )

    assert read_machine(root).is_undervolted is True


def test_beside_the_sensor_the_old_file_is_left_alone(tmp_path: Path) -> None:
    # Reading it makes current kernels write a warning into their log.
    machine = pi_5_with(
        tmp_path,
        {
            "sys/devices/platform/soc@107c000000/soc@107c000000:firmware/"
            "get_throttled": "50005\n"
        },
    )

    assert machine.is_undervolted is False


def test_what_the_firmware_was_heard_to_say_holds_since_the_start(
    tmp_path: Path,
) -> None:
    machine = pi_5_with(tmp_path, {"run/home-energy/throttled": "throttled=0x50005\n"})

    assert machine.troubles_since_start == Trouble.UNDERVOLTAGE | Trouble.THROTTLED
