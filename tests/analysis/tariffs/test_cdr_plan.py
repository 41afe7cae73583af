import json
import random
import tomllib
from datetime import date
from typing import Any

import pytest
from tests.analysis.tariffs import cdr_answers as cdr
from tests.analysis.tariffs.cdr_answers import ALL_DAYS, WEEKDAYS, WEEKEND

from home_energy.analysis.tariffs.cdr_plan import CdrChoices, CdrPlan, read_cdr_plan
from home_energy.analysis.tariffs.plan import (
    Block,
    DemandCharge,
    Discount,
    FeedInRate,
    FixedCharge,
    Plan,
    UsageRate,
)
from home_energy.analysis.tariffs.plan_toml import plan_text
from home_energy.errors import DataError

CONTRACT = "electricityContract"


def read(answer: Any, **choices: Any) -> CdrPlan:
    return read_cdr_plan(cdr.content(answer), "plan.json", CdrChoices(**choices))


def refusal(answer: Any, **choices: Any) -> str:
    with pytest.raises(DataError) as caught:
        read(answer, **choices)
    said = str(caught.value)
    assert said.startswith("plan.json: ")
    assert "\n" not in said
    return said


def test_a_flat_plan_is_one_rate_without_gst() -> None:
    plan = read(cdr.plan(cdr.flat_season(cdr.rate("0.2922")))).plan

    period = plan.period[0]
    assert not plan.gst_included
    # 0.2922 dollars are 29.22 cents, 0.90 dollars a day 90 cents
    assert period.usage == (UsageRate(name="General usage", c_per_kwh=29.22),)
    assert period.fixed == (FixedCharge(name="Supply charge", c_per_day=90.0),)
    assert period.feed_in == ()


def test_a_plan_says_what_it_is_and_from_when() -> None:
    plan = read(cdr.plan()).plan

    assert plan.name == "com123456mre1-eme"
    assert plan.title == "Composed Energy Plain Saver, Ausgrid"
    assert plan.clock == "Australia/Sydney"
    # 14:00 UTC on 30 June is midnight of 1 July in Sydney
    assert plan.period[0].start == date(2025, 7, 1)
    assert plan.period[0].source == (
        "Consumer Data Right plan COM123456MRE1@EME of Composed Energy, effective from "
        "2025-07-01; read from plan.json"
    )


def test_prices_may_be_taken_to_hold_from_another_day() -> None:
    plan = read(cdr.plan(), first_day=date(2025, 1, 1), name="mine").plan

    assert plan.name == "mine"
    assert plan.period[0].start == date(2025, 1, 1)
    assert "effective from 2025-07-01, taken to hold from 2025-01-01" in (
        plan.period[0].source
    )


def test_the_plan_alone_reads_as_the_answer_around_it() -> None:
    answer = cdr.plan()

    assert read(answer["data"]) == read(answer)


def test_three_rates_share_the_week_between_them() -> None:
    plan = read(cdr.plan(cdr.timed_season(*cdr.three_rates()), model="TIME_OF_USE"))

    # 06:59, 20:59 and 22:00 are three ways to write an end. Off-peak goes over
    # midnight on all days; the shoulder differs between weekday and weekend.
    assert plan.plan.period[0].usage == (
        UsageRate(
            name="Peak", days=("weekday",), hours=("15:00-21:00",), c_per_kwh=45.0
        ),
        UsageRate(name="Off peak", hours=("00:00-07:00", "22:00-24:00"), c_per_kwh=20),
        UsageRate(
            name="Shoulder",
            days=("weekday",),
            hours=("07:00-15:00", "21:00-22:00"),
            c_per_kwh=28.0,
        ),
        UsageRate(
            name="Shoulder", days=("weekend",), hours=("07:00-22:00",), c_per_kwh=28.0
        ),
    )
    assert plan.plan.public_holidays is None


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("15:00", "21:00", "15:00-21:00"),
        ("15:00", "20:59", "15:00-21:00"),
        ("15:00:00", "20:59:59", "15:00-21:00"),
        ("1500", "2059", "15:00-21:00"),
        ("15:30", "23:59", "15:30-24:00"),
        ("15:30", "00:00", "15:30-24:00"),
        ("15:30", "24:00", "15:30-24:00"),
        ("15:30", "21:29", "15:30-21:30"),
    ],
)
def test_hours_are_written_in_many_ways(start: str, end: str, hours: str) -> None:
    answer = cdr.plan(
        solarFeedInTariff=[cdr.varying_feed_in(("PEAK", "0.10", start, end))]
    )

    sold = read(answer).plan.period[0].feed_in

    assert sold[0].hours == (hours,)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("15:10", "21:00"),
        ("15:00", "21:01"),
        ("15:00Z", "21:00Z"),
        ("15:00+10:00", "21:00+10:00"),
        ("3 pm", "9 pm"),
        ("25:00", "26:00"),
        ("15:00", "15:00"),
        ("24:00", "21:00"),
    ],
)
def test_hours_that_are_no_half_hours_are_refused(start: str, end: str) -> None:
    answer = cdr.plan(
        solarFeedInTariff=[cdr.varying_feed_in(("PEAK", "0.10", start, end))]
    )

    assert f"{CONTRACT}.solarFeedInTariff[0]" in refusal(answer)


def test_seasons_are_months_and_their_rates_keep_apart() -> None:
    summer = cdr.flat_season(cdr.rate("0.40"), start="11-01", end="03-31")
    winter = cdr.flat_season(cdr.rate("0.30"), start="04-01", end="10-31")
    summer["displayName"], winter["displayName"] = "Summer", "Winter"

    usage = read(cdr.plan(summer, winter)).plan.period[0].usage

    assert usage == (
        UsageRate(
            name="General usage, Summer", months=(1, 2, 3, 11, 12), c_per_kwh=40.0
        ),
        UsageRate(
            name="General usage, Winter", months=(4, 5, 6, 7, 8, 9, 10), c_per_kwh=30.0
        ),
    )


def test_seasons_called_the_same_are_two_lines_of_the_bill() -> None:
    summer = cdr.flat_season(cdr.rate("0.40"), start="11-01", end="03-31")
    winter = cdr.flat_season(cdr.rate("0.30"), start="04-01", end="10-31")

    usage = read(cdr.plan(summer, winter)).plan.period[0].usage

    assert [rate.name for rate in usage] == [
        "General usage, All year",
        "General usage, All year 2",
    ]


def test_midnight_to_midnight_is_the_whole_day() -> None:
    offer = cdr.varying_feed_in(("PEAK", "0.10", "00:00", "00:00"))

    sold = read(cdr.plan(solarFeedInTariff=[offer])).plan.period[0].feed_in

    assert sold == (FeedInRate(name="Solar by time", c_per_kwh=10.0),)


def test_a_supply_charge_where_the_standard_has_none_is_refused() -> None:
    path = [*PERIOD, "timeOfUseRates", 0, "dailySupplyCharge"]
    answer = cdr.changed(cdr.full_plan(), path, "0.5")

    assert "tariffPeriod[0]: dailySupplyCharge in Peak" in refusal(answer)


def test_two_supply_charges_of_one_controlled_load_are_refused() -> None:
    rates = [
        {**rate, "dailySupplyCharge": charge}
        for rate, charge in zip(
            cdr.three_rates(), ["0.04", "0.05", "0.04"], strict=True
        )
    ]
    load = {
        "displayName": "Hot water",
        "rateBlockUType": "timeOfUseRates",
        "timeOfUseRates": rates,
    }

    assert "controlledLoad[0]: several dailySupplyCharge" in refusal(
        cdr.plan(controlledLoad=[load])
    )


def test_volumes_are_lengths_of_steps() -> None:
    answer = cdr.plan(
        cdr.flat_season(cdr.rate("0.30", 10), cdr.rate("0.35", 15.5), cdr.rate("0.40"))
    )

    rate = read(answer).plan.period[0].usage[0]

    # the first 10 kWh of a day, the next 15.5 to 25.5, and all beyond
    assert rate.blocks == (
        Block(up_to_kwh=10.0, c_per_kwh=30.0),
        Block(up_to_kwh=25.5, c_per_kwh=35.0),
        Block(c_per_kwh=40.0),
    )
    assert rate.block_period == "day"


@pytest.mark.parametrize(("period", "word"), [("P1M", "month"), ("P1Y", "year")])
def test_steps_are_counted_over_their_period(period: str, word: str) -> None:
    answer = cdr.plan(
        cdr.flat_season(cdr.rate("0.30", 300), cdr.rate("0.35"), period=period)
    )

    assert read(answer).plan.period[0].usage[0].block_period == word


def test_steps_of_one_price_are_no_steps() -> None:
    answer = cdr.plan(
        cdr.flat_season(cdr.rate("0.30", 1020), cdr.rate("0.30"), period="P3M")
    )

    assert read(answer).plan.period[0].usage[0].c_per_kwh == 30.0


def test_demand_keeps_its_window_and_months() -> None:
    priced = cdr.flat_season()
    measured = cdr.season(
        "11-01",
        "03-31",
        rateBlockUType="demandCharges",
        demandCharges=[cdr.demand(minDemand="1.5")],
        dailySupplyCharge="0",
    )

    found = read(cdr.plan(priced, measured))

    assert found.plan.period[0].demand == (
        DemandCharge(
            name="Demand",
            aud_per_kw_per_day=0.35,
            days=("weekday",),
            months=(1, 2, 3, 11, 12),
            hours=("15:00-21:00",),
            minimum_kw=1.5,
        ),
    )
    assert any("half an hour" in note for note in found.notes)


def test_demand_of_a_whole_season_is_charged_by_month() -> None:
    charge = cdr.demand(measurementPeriod="TARIFF_PERIOD", chargePeriod="MONTH")

    found = read(cdr.plan(cdr.flat_season(demandCharges=[charge])))

    demand = found.plan.period[0].demand[0]
    assert demand.measured_over == "season"
    assert (demand.aud_per_kw_per_month, demand.aud_per_kw_per_day) == (0.35, None)


def test_controlled_load_has_its_price_and_its_supply() -> None:
    answer = cdr.plan(
        model="SINGLE_RATE_CONT_LOAD", controlledLoad=[cdr.controlled_load()]
    )

    period = read(answer).plan.period[0]

    assert period.usage[1] == UsageRate(
        name="Controlled load 1", channel="controlled_load", c_per_kwh=18.0
    )
    assert period.fixed[1] == FixedCharge(name="Controlled load 1 supply", c_per_day=4)


def test_of_two_controlled_loads_one_is_chosen() -> None:
    loads = [cdr.controlled_load(), cdr.controlled_load("0.22", "Controlled load 2")]
    answer = cdr.plan(controlledLoad=loads)

    assert "--controlled-load 1" in refusal(answer)
    assert "expected 0 to 2" in refusal(answer, controlled_load=3)
    assert read(answer, controlled_load=2).plan.period[0].usage[1].c_per_kwh == 22.0
    assert len(read(answer, controlled_load=0).plan.period[0].usage) == 1


def test_controlled_load_without_hours_holds_whenever_it_runs() -> None:
    load = {
        "displayName": "Hot water",
        "rateBlockUType": "timeOfUseRates",
        "timeOfUseRates": [
            {
                "displayName": "Hot water",
                "type": "OFF_PEAK",
                "rates": [cdr.rate("0.18")],
                "timeOfUse": [{"additionalInfo": "for at least six hours a day"}],
            }
        ],
    }

    usage = read(cdr.plan(controlledLoad=[load])).plan.period[0].usage

    assert usage[1] == UsageRate(
        name="Hot water", channel="controlled_load", c_per_kwh=18.0
    )


def test_feed_in_is_positive_when_the_household_is_paid() -> None:
    answer = cdr.plan(
        solarFeedInTariff=[
            cdr.varying_feed_in(
                ("PEAK", "0.082", "16:00", "20:59"),
                ("OFF_PEAK", "-0.012", "10:00", "14:59"),
            )
        ]
    )

    found = read(answer)

    assert found.plan.period[0].feed_in == (
        FeedInRate(name="Solar by time peak", hours=("16:00-21:00",), c_per_kwh=8.2),
        FeedInRate(
            name="Solar by time off-peak", hours=("10:00-15:00",), c_per_kwh=-1.2
        ),
        FeedInRate(name="Feed-in at other times", c_per_kwh=0.0),
    )
    assert "feed-in at times that the plan leaves out earns nothing" in found.notes


def test_feed_in_tariffs_to_choose_from_are_listed() -> None:
    offers = [cdr.feed_in("0.04", "Plain"), cdr.feed_in("0.07", "With our panels")]
    answer = cdr.plan(solarFeedInTariff=offers)

    said = refusal(answer)
    chosen = read(answer, feed_in=(2,))
    none = read(answer, feed_in=(0,))

    assert "1 Plain; 2 With our panels" in said
    assert "--feed-in" in said
    assert chosen.plan.period[0].feed_in == (
        FeedInRate(name="With our panels", c_per_kwh=7.0),
    )
    assert none.plan.period[0].feed_in == ()


def test_version_one_wrote_one_object_for_a_list() -> None:
    answer = cdr.plan(solarFeedInTariff=[cdr.feed_in()])
    offer = cdr.varying_feed_in(("PEAK", "0.10", "16:00", "20:59"))
    offer["timeVaryingTariffs"] = offer["timeVaryingTariffs"][0]
    season = answer["data"][CONTRACT]["tariffPeriod"][0]
    season["dailySupplyCharges"] = season.pop("dailySupplyCharge")

    answer["data"][CONTRACT]["solarFeedInTariff"] = [offer]

    period = read(answer).plan.period[0]
    assert period.feed_in[0].c_per_kwh == 10.0
    assert period.fixed[0].c_per_day == 90.0


def test_a_discount_counts_only_when_it_is_guaranteed() -> None:
    share = {"methodUType": "percentOfBill", "percentOfBill": {"rate": "0.07"}}
    answer = cdr.plan(
        discounts=[
            {"displayName": "Welcome", "type": "GUARANTEED", **share},
            {
                "displayName": "On time",
                "type": "CONDITIONAL",
                "category": "PAY_ON_TIME",
                **share,
            },
        ]
    )

    found = read(answer)

    assert found.plan.period[0].discount == (
        Discount(name="Welcome", percent=7.0, of="usage and supply"),
    )
    assert "discount not counted (pay on time): On time, 7 %" in found.notes


def test_regular_fees_are_charges_and_single_ones_are_notes() -> None:
    answer = cdr.plan(
        fees=[
            {"type": "MEMBERSHIP", "term": "MONTHLY", "amount": "11.00"},
            {"type": "MEMBERSHIP", "term": "WEEKLY", "amount": "7.70"},
            {"type": "CONNECTION", "term": "FIXED", "amount": "16.50"},
            {"type": "CC_PROCESSING", "term": "PERCENT_OF_BILL", "rate": "0.0065"},
            {"type": "PAPER_BILL", "term": "FIXED", "amount": "0.00"},
        ]
    )

    found = read(answer)

    # Fees include GST: 11.00 / 1.1 = 10.00 a month; 7.70 / 7 / 1.1 = 1.00 a day.
    assert found.plan.period[0].fixed[1:] == (
        FixedCharge(name="Membership fee", aud_per_month=10.0),
        FixedCharge(name="Membership fee", c_per_day=100.0),
    )
    assert "fee not counted: connection, $16.50, fixed" in found.notes
    assert (
        "fee not counted: cc processing, 0.65 % of the bill, percent of bill"
        in found.notes
    )
    assert not any("paper" in note for note in found.notes)


def test_a_meter_charge_by_the_year_is_spread_over_its_months() -> None:
    answer = cdr.changed(
        cdr.plan(),
        ["meteringCharges"],
        [
            {"displayName": "Smart meter", "minimumValue": "132.00", "period": "P1Y"},
            {"displayName": "Reading", "minimumValue": "9.90"},
        ],
    )

    found = read(answer)

    # 132.00 / 12 / 1.1 = 10.00
    assert found.plan.period[0].fixed[1] == FixedCharge(
        name="Smart meter", aud_per_month=10.0
    )
    assert "meter charge not counted: Reading, $9.90, once" in found.notes


def test_public_holidays_are_those_of_the_state() -> None:
    rates = [
        cdr.timed("Peak", "PEAK", "0.45", cdr.window(WEEKDAYS, "07:00", "22:00")),
        cdr.timed(
            "Off peak",
            "OFF_PEAK",
            "0.20",
            cdr.window(WEEKDAYS, "22:00", "07:00"),
            cdr.window([*WEEKEND, "PUBLIC_HOLIDAYS"], "00:00", "23:59"),
        ),
    ]
    answer = cdr.plan(cdr.timed_season(*rates), model="TIME_OF_USE")
    elsewhere = cdr.changed(answer, ["geography", "distributors"], ["Nowhere Power"])
    elsewhere["data"][CONTRACT]["timeZone"] = "AEST"

    plan = read(answer).plan

    assert plan.public_holidays == "NSW"
    assert plan.period[0].usage[2] == UsageRate(
        name="Off peak", days=("weekend", "holiday"), c_per_kwh=20.0
    )
    assert "--state NSW" in refusal(elsewhere)
    assert read(elsewhere, state="sa").plan.public_holidays == "SA"


def test_holidays_that_change_nothing_need_no_state() -> None:
    every = [*ALL_DAYS, "PUBLIC_HOLIDAYS"]
    rates = [
        cdr.timed("Peak", "PEAK", "0.45", cdr.window(every, "15:00", "21:00")),
        cdr.timed("Off peak", "OFF_PEAK", "0.2", cdr.window(every, "21:00", "15:00")),
    ]

    plan = read(cdr.plan(cdr.timed_season(*rates), model="TIME_OF_USE")).plan

    assert plan.public_holidays is None


def test_aest_is_the_clock_of_the_market() -> None:
    timed = cdr.plan(cdr.timed_season(*cdr.three_rates()), model="TIME_OF_USE")
    said = cdr.changed(timed, [CONTRACT, "timeZone"], "AEST")
    silent = cdr.changed(timed, [CONTRACT, "timeZone"], ...)
    flat = cdr.changed(cdr.plan(), [CONTRACT, "timeZone"], ...)

    assert read(said).plan.clock == "NEM"
    assert read(silent).plan.clock == "NEM"
    assert read(flat).plan.clock == "Australia/Sydney"


def test_rates_called_the_same_are_told_apart() -> None:
    rates = [{**rate, "displayName": "Flexible"} for rate in cdr.three_rates()]

    usage = read(cdr.plan(cdr.timed_season(*rates), model="FLEXIBLE"))

    names = [rate.name for rate in usage.plan.period[0].usage]
    assert names == [
        "Flexible peak",
        "Flexible off-peak",
        "Flexible shoulder",
        "Flexible shoulder",
    ]
    assert any("flexible" in note for note in usage.notes)


def test_what_is_offered_in_words_is_noted() -> None:
    answer = cdr.plan(
        incentives=[
            {"displayName": "A credit a day", "category": "OTHER", "description": "-"}
        ],
        greenPowerCharges=[{"displayName": "GreenPower", "tiers": []}],
    )

    notes = read(answer).notes

    assert notes == (
        "incentive not counted: A credit a day",
        "green power not counted: GreenPower",
    )


PERIOD: list[str | int] = [CONTRACT, "tariffPeriod", 0]
FIRST: list[str | int] = [*PERIOD, "timeOfUseRates", 0]


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (
            [CONTRACT, "pricingModel"],
            "QUOTA",
            "electricityContract.pricingModel: QUOTA",
        ),
        ([CONTRACT, "pricingModel"], "SPOT", "electricityContract.pricingModel"),
        (["fuelType"], "GAS", "fuelType: GAS"),
        ([CONTRACT], ..., "fuelType: ELECTRICITY without"),
        (["planId"], ..., "no planId"),
        (["effectiveFrom"], ..., "effectiveFrom: missing"),
        (["effectiveFrom"], "soon", "effectiveFrom: 'soon'"),
        ([*PERIOD, "endDate"], "06-15", "tariffPeriod[0]: the season 07-01 to 06-15"),
        ([*PERIOD, "startDate"], "1 July", "tariffPeriod[0].startDate: '1 July'"),
        ([*PERIOD, "startDate"], "08-01", "dailySupplyCharge differs by season"),
        (
            [*PERIOD, "dailySupplyChargeType"],
            "BAND",
            "tariffPeriod[0].bandedDailySupplyCharges",
        ),
        ([*PERIOD, "rateBlockUType"], "singleRate", "tariffPeriod[0].rateBlockUType"),
        ([*PERIOD, "carbonCharge"], "0.01", "tariffPeriod[0].carbonCharge: this part"),
        (
            [*FIRST, "rates", 0, "measureUnit"],
            "KVA",
            "timeOfUseRates[0].rates[0].measureUnit: KVA",
        ),
        (
            [*FIRST, "rates", 0, "volume"],
            20,
            "timeOfUseRates[0].rates[0].volume: 20 on the last step",
        ),
        ([*FIRST, "rates", 0, "unitPrice"], "free", "rates[0].unitPrice"),
        ([*FIRST, "rates"], [], "timeOfUseRates[0].rates"),
        (
            [*FIRST, "timeOfUse", 0, "days"],
            ["MON", "TUE"],
            "timeOfUseRates[0].timeOfUse[0].days: MON, TUE",
        ),
        (
            [*FIRST, "timeOfUse", 0, "endTime"],
            "20:00",
            "tariffPeriod: weekday, January, 20:00-20:30 is covered by no rate",
        ),
        (
            [*FIRST, "timeOfUse", 0, "startTime"],
            "14:00",
            "weekday, January, 14:00-14:30 is covered by Peak and by Shoulder",
        ),
        (
            [*PERIOD, "demandCharges", 0, "measureUnit"],
            ...,
            "demandCharges[0].measureUnit: KWH",
        ),
        (
            [*PERIOD, "demandCharges", 0, "measurementPeriod"],
            "DAY",
            "demandCharges[0].measurementPeriod: DAY",
        ),
        (
            [*PERIOD, "demandCharges", 0, "chargePeriod"],
            "TARIFF_PERIOD",
            "demandCharges[0].chargePeriod: TARIFF_PERIOD",
        ),
        (
            [*PERIOD, "demandCharges", 0, "maxDemand"],
            "10",
            "demandCharges[0].maxDemand: 10",
        ),
        (
            [CONTRACT, "discounts", 0],
            {
                "displayName": "Credit",
                "type": "GUARANTEED",
                "methodUType": "fixedAmount",
                "fixedAmount": {"amount": "50"},
            },
            "discounts[0].methodUType: fixedAmount",
        ),
        (
            [CONTRACT, "discounts", 0, "percentOfUse", "rate"],
            "5",
            "discounts[0].percentOfUse.rate",
        ),
        ([CONTRACT, "fees", 0, "term"], "BIANNUAL", "fees[0].term: BIANNUAL"),
        (
            [CONTRACT, "solarFeedInTariff", 0, "tariffUType"],
            "spot",
            "solarFeedInTariff[0].tariffUType",
        ),
        (
            ["meteringCharges"],
            [{"displayName": "Meter", "minimumValue": "1", "period": "weekly"}],
            "meteringCharges[0].period: 'weekly'",
        ),
        (
            ["meteringCharges"],
            [
                {
                    "displayName": "Meter",
                    "minimumValue": "1",
                    "maximumValue": "2",
                    "period": "P1M",
                }
            ],
            "meteringCharges[0].maximumValue",
        ),
    ],
)
def test_a_part_that_is_not_supported_is_named(
    path: list[str | int], value: Any, named: str
) -> None:
    answer = cdr.changed(cdr.full_plan(), path, value)

    assert named in refusal(answer)


def test_names_in_a_plan_do_not_break_the_line_of_an_error() -> None:
    key = cdr.changed(cdr.full_plan(), [*PERIOD, "a\nb\x1b[31m"], 1)
    offers = [cdr.feed_in(name="one\ntwo"), cdr.feed_in()]

    assert "tariffPeriod[0].a b [31m: this part" in refusal(key)
    assert "(1 one two; 2 Solar)" in refusal(cdr.plan(solarFeedInTariff=offers))


def test_steps_by_the_quarter_are_refused() -> None:
    answer = cdr.plan(
        cdr.flat_season(cdr.rate("0.30", 1020), cdr.rate("0.35"), period="P3M")
    )

    assert f"{CONTRACT}.tariffPeriod[0].singleRate.period: steps of 'P3M'" in refusal(
        answer
    )


def test_two_supply_charges_in_one_month_are_refused() -> None:
    extra = cdr.season(
        rateBlockUType="demandCharges",
        demandCharges=[cdr.demand()],
        dailySupplyCharge="0.2",
    )

    assert "two periods of the same month" in refusal(
        cdr.plan(cdr.flat_season(), extra)
    )


def test_two_prices_for_one_kilowatt_hour_are_refused() -> None:
    network = cdr.timed_season(*cdr.three_rates(), dailySupplyCharge="0")

    assert "tariffPeriod[1]: a second price" in refusal(
        cdr.plan(cdr.flat_season(), network)
    )


def test_a_local_plan_of_an_unknown_place_asks_for_the_state() -> None:
    answer = cdr.changed(cdr.plan(), ["geography"], ...)

    assert "--state NSW" in refusal(answer)
    assert read(answer, state="QLD").plan.clock == "Australia/Brisbane"
    assert "--state XX" in refusal(answer, state="XX")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"plan"',
        b"\xff\xfe",
        b'{"data": []}',
        b'{"data": {"planId": 5}}',
        b"[" * 100_000,
        b"PK\x03\x04",
        b'{"data": {"planId": "half a character \\ud800"}}',
    ],
)
def test_what_is_no_plan_is_refused(text: bytes) -> None:
    with pytest.raises(DataError, match=r"^plan.json: "):
        read_cdr_plan(text, "plan.json")


def test_a_plan_with_any_part_taken_away_or_spoilt_is_read_or_refused() -> None:
    chance = random.Random(20251122)

    for _ in range(1500):
        answer = json.loads(json.dumps(cdr.full_plan()))
        _spoil(answer["data"], chance)
        try:
            found = read(answer)
        except DataError as error:
            assert str(error).startswith("plan.json: ")  # noqa: PT017 - either is right
        else:
            assert isinstance(found.plan, Plan)


def _spoil(tree: Any, chance: random.Random) -> None:
    """Take away, or replace, one part somewhere in the tree."""
    while True:
        keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(tree[key], dict | list) and chance.random() < 0.8:
            tree = tree[key]
            continue
        if chance.random() < 0.5:
            del tree[key]
        else:
            spoilt: list[Any] = [
                None,
                "",
                "x",
                -1,
                1e999,
                [],
                {},
                True,
                "07:30",
                "\ud800",
                "NaN",
            ]
            tree[key] = chance.choice(spoilt)
        return


PLANS = {
    "flat": cdr.plan(),
    "everything": cdr.full_plan(),
    "steps": cdr.plan(cdr.flat_season(cdr.rate("0.30", 10), cdr.rate("0.35"))),
    "odd words": cdr.changed(
        cdr.plan(), ["displayName"], 'Quote " back \\ line \n delete \x7f end é'
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_written_as_toml_is_the_same_plan(name: str) -> None:
    found = read(PLANS[name])

    text = plan_text(found.plan, [*found.notes, "two\nlines"])

    assert Plan.model_validate(tomllib.loads(text)) == found.plan
