"""Answers of `vcgencmd get_throttled`, by the bits that its makers document."""

import pytest

from home_energy.machine.firmware import Throttling, Trouble, parse_throttled

LOW, CAPPED, SLOW, HOT = (
    Trouble.UNDERVOLTAGE,
    Trouble.FREQUENCY_CAPPED,
    Trouble.THROTTLED,
    Trouble.HOT,
)


@pytest.mark.parametrize(
    ("answer", "now", "since_start"),
    [
        ("throttled=0x0\n", Trouble.NONE, Trouble.NONE),
        ("throttled=0x1\n", LOW, Trouble.NONE),
        ("throttled=0x2\n", CAPPED, Trouble.NONE),
        ("throttled=0x4\n", SLOW, Trouble.NONE),
        ("throttled=0x8\n", HOT, Trouble.NONE),
        ("throttled=0x10000\n", Trouble.NONE, LOW),
        ("throttled=0x20000\n", Trouble.NONE, CAPPED),
        ("throttled=0x40000\n", Trouble.NONE, SLOW),
        ("throttled=0x80000\n", Trouble.NONE, HOT),
        # A weak supply, now and over.
        ("throttled=0x50005\n", LOW | SLOW, LOW | SLOW),
        ("throttled=0x50000\n", Trouble.NONE, LOW | SLOW),
        # Hot, now and over.
        ("throttled=0xe0008\n", HOT, CAPPED | SLOW | HOT),
        ("throttled=0xf000f\n", LOW | CAPPED | SLOW | HOT, LOW | CAPPED | SLOW | HOT),
        # The kernel's file has no name and no 0x.
        ("80008\n", HOT, HOT),
        # A bit that nobody has explained yet says nothing.
        ("throttled=0x100010\n", Trouble.NONE, Trouble.NONE),
    ],
)
def test_every_bit_has_its_meaning(
    answer: str, now: Trouble, since_start: Trouble
) -> None:
    assert parse_throttled(answer) == Throttling(now, since_start)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "VCHI initialization failed\n",
        "Can't open device file: /dev/vcio\n",
        'error=1 error_msg="Command not registered"\n',
        "throttled=\n",
    ],
)
def test_a_refusal_is_no_answer(answer: str) -> None:
    assert parse_throttled(answer) is None
