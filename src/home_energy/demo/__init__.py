"""A synthetic home and a local server that speaks Amber's API.

::

    spot_model.py      a seeded spot price for any day; its figures of a real year lie
                       in spot_quantiles_vic_2025.csv, made by calibrate.py
    spot_forecast.py   what would have been forecast of it
    synthetic_home.py  weather, load, hot water and solar around it
    retail_plan.py     from spot to all-in prices    price_rows.py  in Amber's words
    market.py          what the server asks of a home
        synthetic_market.py   answered by the synthetic home
        replay.py             answered by recorded rows (read by recording.py)
    price_answers.py   rows as they stand at an instant
    amber_server.py    the answers over HTTP    quota.py  faults.py  serving.py
    clocks.py          simulated time

Wire rows keep Amber's own names, units and signs; nothing here is converted.
"""
