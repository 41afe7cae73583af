"""A synthetic home and a local server that speaks Amber's API.

::

    spot_quantiles_vic_2025.csv  figures of a real year, made by calibrate.py
    spot_model.py      a seeded spot price for any day   spot_forecast.py  its forecast
    synthetic_home.py  weather, load, hot water, solar   retail_plan.py    all-in prices
    market.py          what the server asks of a home
        synthetic_market.py   answered by the synthetic home
        replay.py             answered by recorded rows
    price_answers.py   rows as they stand at an instant
    amber_server.py    the answers over HTTP    quota.py  faults.py  serving.py
    clocks.py          simulated time

Wire rows keep Amber's own names, units and signs; nothing here is converted.
"""
